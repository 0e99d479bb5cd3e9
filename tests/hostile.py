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
# Odd, and yet right or nearly so: by the field that keeps it in a notation of its own.
NEARLY: dict[str, tuple[str, ...]] = {
    "email": (
        *("Sem.B+School@VOORBEELD.nl", "o'neill@bücher.example", "a@b@voorbeeld.nl", "a@voorbeeld"),
        *('"a b"@voorbeeld.nl', "Sem <sem@voorbeeld.nl>", "a@voorbeeld.nl\u200b", "é@voorbeeld.nl"),
        *("a@[127.0.0.1]", "a.@voorbeeld.nl", "A@XN--BCHER-KVA.example", "a@voorbeeld.nl,b@c.nl"),
    ),
    "phone": (
        *("٠٦ ١٢٣٤٥٦٧٨", "+31 (0)6-12345678", "0031612345678", "tel:+31612345678", "0612345678 x9"),
        *("+32 470 12 34 56", "06１２３４５６７８", "+3161234567890123", "0", "112", "0900-8844"),
    ),
    "postcode": ("１２３４ ａｂ", "1234ab", "NL-1234 AB", "٩٩٩٩ xz", "0123 AB", "1234 SS"),
    "number": ("0077", "77 bis", "00077-2", "٧٧", "77 A\u0301", "77½", "0", "123456", "77--"),
    "suffix": ("bis", "Å", "À-2", "a\u0301", "٢"),
}
VALUES = [value for values in KINDS.values() for value in values]


def kept(text: str) -> str:
    """The same text: composed, on one line without blanks around it, digits in Latin script."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(str(unicodedata.decimal(c, c)) for c in line)
