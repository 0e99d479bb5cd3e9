"""Words as people type them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain import words
from tests.typing_errors import LETTERS, mistyped

pytestmark = pytest.mark.rule("WIZ-7")
WORDS = st.text(LETTERS, min_size=4, max_size=14)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Kök", "kok"),
        ("  ICT–beheer\t(niveau 4) ", "ict beheer niveau 4"),
        ("foto's en ’s-Hertogenbosch", "fotos en s hertogenbosch"),
        ("Ĳsselstein Straße", "ijsselstein strasse"),
        ("KAPPER İSTANBUL tımmerman", "kapper istanbul timmerman"),
        ("Łódź Ørsted œuvre", "lodz orsted oeuvre"),
        ("٢٥٦٥٥", "25655"),
        ("zorg & welzijn 100%_", "zorg welzijn 100"),
        ("طبّاخ", "طباخ"),
        ("الطَّبّـــاخ", "طباخ"),
        ("ممرضة أمن إلى آلة", "ممرضه امن الي اله"),
        ("کهربایی", "كهربايي"),
        ("🙂", ""),
        ("kok\x00\u202e", "kok"),
    ],
)
def test_folding_keeps_what_matters(text: str, plain: str) -> None:
    assert words.folded(text) == plain


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = words.folded(text)
    assert words.folded(once) == once
    assert words.folded(text.upper().lower()) == words.folded(text.upper())


def test_a_dash_splits_and_joins() -> None:
    assert words.split("E-commerce specialist") == ["e", "commerce", "specialist", "ecommerce"]
    assert words.split("Verkoop - retail") == ["verkoop", "retail"]


@pytest.mark.parametrize(
    ("query", "told", "level", "leertraject"),
    [
        ("ik wil kapper worden bij het roc", ("kapper",), 0, ""),
        ("mbo opleiding zorg niveau 2", ("zorg",), 2, ""),
        ("jag vill bli kock nivå 2", ("kock",), 2, ""),
        ("mbo4 verpleegkunde", ("verpleegkunde",), 4, ""),
        ("Nivo 3 BBL", (), 3, "BBL"),
        ("bol kok", ("kok",), 0, "BOL"),
        ("niveau 7 kok", ("7", "kok"), 0, ""),
        ("mbo", ("mbo",), 0, ""),
        ("kok kok KOK", ("kok",), 0, ""),
        ("een twee drie vier vijf zes zeven", ("twee", "drie", "vier", "vijf", "zes"), 0, ""),
        ("%%% ' \" 🙂", (), 0, ""),
    ],
)
def test_what_a_query_asks_for(
    query: str, told: tuple[str, ...], level: int, leertraject: str
) -> None:
    typed = words.read(query)
    assert (typed.words, typed.level, typed.leertraject) == (told, level, leertraject)


def test_the_last_word_may_be_growing() -> None:
    assert words.read("kok va").unfinished == "va"
    assert words.read("kok va ").unfinished == ""
    assert words.begins_idle("va")
    assert not words.begins_idle("kok")


@pytest.mark.parametrize(
    ("typed", "word", "same"),
    [
        ("verplegkundige", "verpleegkundige", True),
        ("verpelegkundige", "verpleegkundige", True),
        ("verplekundige", "verpleegkundige", True),  # two, in a long word
        ("verplkundig", "verpleegkundige", False),
        ("lsaser", "lasser", True),
        ("laser", "lasser", True),
        ("zorh", "zorg", True),
        ("zrg", "zorg", True),
        ("bok", "kok", False),  # too short to guess
        ("kok", "kok", True),
        ("kokk", "kok", True),  # but one letter too many
        ("kkok", "kok", True),
        ("kopk", "kok", True),
        ("kop", "kok", False),
        ("ok", "kok", False),
        ("kokkk", "kok", False),
        ("rock", "roc", False),  # a word without a meaning
        ("2555", "255", False),
        ("25656", "25655", False),  # another number is something else
        ("", "zorg", False),
    ],
)
def test_near_is_within_the_typing_errors_of_a_word(typed: str, word: str, same: bool) -> None:
    assert words.near(typed, word) is same


@given(WORDS, st.data())
def test_one_typing_error_is_near_and_leaves_a_trace(word: str, data: st.DataObject) -> None:
    typed = data.draw(mistyped(word))
    assert words.near(typed, word)
    assert words.near_beginning(typed, word)
    assert words.traces(word) & words.traces_of_typed(typed)


@given(WORDS, st.data())
def test_so_does_one_in_a_beginning(word: str, data: st.DataObject) -> None:
    begun = word[: data.draw(st.integers(5, 14))]
    typed = data.draw(mistyped(begun))
    if len(typed) > 4:
        assert words.near_beginning(typed, word)
        assert words.traces(word) & words.traces_of_typed(typed)


@given(st.text(LETTERS, min_size=9, max_size=14), st.data())
def test_so_do_two_in_a_long_word(word: str, data: st.DataObject) -> None:
    typed = data.draw(mistyped(data.draw(mistyped(word))))
    if words.near(typed, word):
        assert words.traces(word) & words.traces_of_typed(typed)


@given(st.text(LETTERS, min_size=3, max_size=3), st.integers(0, 3), st.sampled_from(LETTERS))
def test_a_short_word_with_a_letter_too_many_leaves_a_trace(word: str, at: int, more: str) -> None:
    assume(word not in words.IDLE)
    typed = word[:at] + more + word[at:]
    assert words.near(typed, word)
    assert words.traces(word) & words.traces_of_typed(typed)


def test_of_a_plural_the_singular() -> None:
    assert words.singular("koks") == "kok"
    assert words.singular("gas") == words.singular("kok") == words.singular("25s") == ""


def test_an_inner_word_begins_within() -> None:
    assert "beheerder" in words.inner("systeembeheerder")
    assert "systeembeheerder" not in words.inner("systeembeheerder")
    assert words.inner("kok") == []
