"""Words as somebody mistypes them."""

from __future__ import annotations

from hypothesis import strategies as st

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def mistyped(draw: st.DrawFn, word: str) -> str:
    """With one letter too many, too few, or another, or two changed about."""
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(LETTERS))
    kind = draw(st.sampled_from(("more", "fewer", "other", "about")))
    if kind == "more":
        return word[:at] + letter + word[at:]
    if kind == "fewer":
        return word[:at] + word[at + 1 :]
    if kind == "other":
        return word[:at] + letter + word[at + 1 :]
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
