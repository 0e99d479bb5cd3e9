"""The Dutch texts are readable at B1, and what makes a text hard is seen."""

from __future__ import annotations

import pytest

from scripts import readability
from scripts.readability import LIMIT, LONGEST, PRESCRIBED, catalogue, measure, plain, sentences

EASY = "Kies een school. Je krijgt een mail van ons. Dan weet je of je een plek hebt."
HARD = (
    "De communicatieverantwoordelijkheid betreffende identificatiegegevens wordt "
    "gedelegeerd aan samenwerkingsverbanden."
)


def test_every_dutch_text_is_readable() -> None:
    assert measure(catalogue()).faults() == []


def test_an_easy_text_has_no_faults_and_a_hard_one_has() -> None:
    assert measure([EASY]).faults() == []
    figures = measure([HARD])
    assert figures.score < LIMIT < measure([EASY]).score
    assert len(figures.faults()) == 2, "the score, and a word"
    assert figures.passive == (HARD,)


def test_a_sentence_of_more_than_twenty_words_is_refused() -> None:
    for words, faults in ((LONGEST, 0), (LONGEST + 1, 1)):
        assert len(measure([" ".join(["kat"] * words) + "."]).faults()) == faults


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Vul in indien nodig.", "indien"),
        ("Wat wil u doen?", "u"),
        ("Dit is uw school.", "uw"),
        ("Kies m.b.t. dit.", "m.b.t."),
        ("Reeds verstuurd.", "Reeds"),
        ("Kies een cohort.", "cohort"),
        ("Je school is er.", ""),
        ("Dat duurt nu een uur.", ""),
        ("Je e-mailadres.", ""),
    ],
)
def test_a_word_that_we_do_not_write_is_refused(text: str, refused: str) -> None:
    (*found,) = measure([text]).refused
    assert [line.split("»")[0] for line in found] == ([f"«{refused}"] if refused else [])


@pytest.mark.rule("IDN-6", "DUO-3", "STA-1")
def test_only_prescribed_texts_are_left_out_and_are_all_there() -> None:
    texts = catalogue()
    left_out = set(texts) - set(readability.ours(texts))
    assert len(left_out) == len(PRESCRIBED) == 3
    assert [text for text in left_out if not measure([f"- {text}"]).refused] == []


def test_a_text_is_read_as_people_see_it() -> None:
    assert plain("Begin <b>op</b> %(day)s bij %(school)s") == "Begin op 1 april 2027 bij ROC Zwolle"
    assert sentences("Hallo,\n\nDit is 1. En dit? Ja") == ["Hallo,", "Dit is 1.", "En dit?", "Ja"]
    assert readability.words("Mail naam@voorbeeld.nl, of bel 06 12345678.") == 6
    with pytest.raises(KeyError):
        plain("Dag %(nobody)s")
