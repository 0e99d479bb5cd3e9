"""What no student should type, and programs do. Seventy values, by what they are."""

from __future__ import annotations

import unicodedata

MARKUP = '"><img src=x onerror=1>'
LONG = 1_000_000  # characters

# The first of each kind also goes through the real route.
KINDS: dict[str, tuple[str, ...]] = {
    "markup": (
        MARKUP,
        "<script>alert(1)</script>",
        "</textarea></title><svg/onload=alert(1)>",
        "<!--",
        "]]>",
        "&lt;b&gt; &amp;amp; &#39; &#x0;",
        "' autofocus onfocus='alert(1)",
        "javascript:alert(1)",
    ),
    "nul": ("a\x00b", "\x00", "a\x0b\x1bb", "\x7f", "\x85\x9c", "a\x08\x08b"),
    "long": ("a" * LONG, "é" * 3000, "🌻" * 3000, "9" * 5000),
    "emoji": ("Sanne 🌻👩\u200d🔧", "🏳️\u200d🌈", "👍🏽", "\U000e0041\U000e0042"),
    "direction": ("a\u202eb", "\u200fmohammed", "a\u2066b\u2069", "محمد عبد الله", "می\u200cخواهم"),
    "combining": (
        "Rene\u0301e",
        "z" + "\u0335\u0327\u0301" * 30,
        "\u0301",
        "ﬁ ǆ Ⅷ",
        "\u1100\u1161",
    ),
    "surrogate": ("a\ud800b", "\udfff", "\ud83d\ude00"),
    "invisible": ("a\u200bb", "a\ufeffb", "\u00ad", "\u2060", "\u3164", "\u2800"),
    "blank": (" ", "\u00a0", "\u2003\u3000", "\t\r\n", "\u2028\u2029"),
    "template": ("{{ 7*7 }}{% raw %}", "%(name)s %s %d", "{0.__class__}", "${7*7} #{7*7}"),
    "sql": ("Robert'); DROP TABLE x;-- ", "' OR '1'='1", "\\'; --", "%_%"),
    "log": ('x\r\n{"event":"login"}', "a\nSet-Cookie: b=c", "100%20%0d%0a"),
    "digits": ("١٢٣٤٥٦٧٨٩٠", "１２", "²³", "-1", "1e9", "0x10", "NaN"),
    "other": ("../../etc/passwd", "null", "[]", "\ufffd\ufffe\uffff", "=1+1", "@SUM(A1)"),
}
VALUES = [value for values in KINDS.values() for value in values]


def kept(text: str) -> str:
    """The same text: composed, on one line without blanks around it, digits in Latin script."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(str(unicodedata.decimal(c, c)) for c in line)
