"""The proof on paper: whom it is for, what it says, and that anybody can read it (WIZ-14)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from app import proof
from app.i18n import BY_CODE, LOCALES, translate
from tests import watch
from tests.applicants import adult
from tests.days import in_words
from tests.length import at_length
from tests.papers import Applicant, numbers
from tests.portal import Portal, Student
from tests.sent import says

pytestmark = pytest.mark.rule("WIZ-14")
TITLE = "Bewijs van aanmelding"
LANGUAGES = [locale.code for locale in LOCALES]
HOSTILE = (
    "#panic() *a* _b_ $x$ \\ <b> \"q\" 'r' `code` @ref ~ = // /* */ [x] {y}",
    '#read("/etc/passwd") #import "@preview/x:1.0.0": y',
    "https://example.nl/a -- --- ... 'n",
    "Łukasz Đặng Øyvind Ωμέγα Юлія Їжак ĳ ŉ",
    "O’Neill \u200d👍🏽",
    "%(name)s {{ 7*7 }} %s &amp; &lt;",
)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture(scope="module")
def one(portal: Portal) -> Applicant:
    return Applicant(portal)


@pytest.fixture
def applicant(portal: Portal) -> Applicant:
    return Applicant(portal)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_accessible_in_every_language(one: Applicant, language: str) -> None:
    paper = one.paper(language)
    assert "<pdfuaid:part>1</pdfuaid:part>" in paper.about
    assert paper.root["/MarkInfo"]["/Marked"].value
    assert paper.root["/Lang"] == language
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"].value
    direction = {"ltr": "/L2R", "rtl": "/R2L"}[BY_CODE[language].dir]
    assert paper.root["/ViewerPreferences"]["/Direction"] == direction
    assert paper.reader.metadata is not None
    assert paper.reader.metadata.title == translate(language, TITLE)
    assert len(paper.reader.pages) == 1
    assert [part for part in paper.parts() if part in ("/H1", "/H2")] == ["/H1", "/H2", "/H2"]
    assert paper.parts().count("/LI") == 9
    assert "/Figure" not in paper.parts(), "there is nothing to describe"
    assert paper.drawn_unmarked() == []


def test_it_says_what_was_sent_and_how_to_check_it(one: Applicant) -> None:
    text = one.paper().text
    page = one.student.get(one.here)
    name = watch.answers("application", draft_id=one.draft).name
    for said in (TITLE, one.row.keten_id, one.code, "127.0.0.1:8000/controleer", "op of voor"):
        assert said in text, said
    assert one.code in page.text, "the page can be printed and checked as well"
    for said in (f"Naam {name}", "Op tijd Ja", "intake", "Leertraject BOL"):
        assert said in text, said


def test_it_says_nothing_that_nobody_need_know(one: Applicant) -> None:
    paper = one.paper()
    assert "Lindelaan" not in paper.text
    for part in ("1234AB", "1234 AB", "voorbeeld.nl", one.student.bsn, "geboren"):
        assert part not in paper.text
        assert part.encode() not in paper.bytes
    assert one.student.bsn not in str(one.file("bewijs.pdf").headers)


def test_in_arabic_it_is_read_from_right_to_left(one: Applicant) -> None:
    text = one.paper("ar").text
    for word in ("إثبات", "طلب", "التسجيل", "المدرسة"):
        assert word in text
    assert one.row.keten_id in text
    assert one.code in text


def test_what_isn_t_ours_is_marked_as_dutch(one: Applicant) -> None:
    assert one.paper("ar").languages().count("nl") >= 3, "programme, school and place"
    assert one.paper("nl").languages() == []


@pytest.mark.parametrize("name", [HOSTILE[0], HOSTILE[3], *at_length(*HOSTILE)])
def test_a_name_is_printed_as_it_is(applicant: Applicant, name: str) -> None:
    applicant.is_called(name)
    applicant.chose(institution=name, programme=name)
    paper = applicant.paper()
    assert paper.text.replace(" ", "").count(name.replace(" ", "")) >= 3
    assert "pdfuaid" in paper.about
    assert len(paper.reader.pages) == 1


def test_a_name_from_right_to_left_is_printed_in_either_direction(applicant: Applicant) -> None:
    applicant.is_called("محمد عبد")
    for language in ("nl", "ar"):
        text = applicant.paper(language).text
        assert "دمحم" in text or "محمد" in text


def test_a_name_of_any_length_fits(applicant: Applicant) -> None:
    applicant.is_called("Anna-Maria " * 20 + "x" * 190)
    applicant.chose(institution="Scholengemeenschap " * 8, programme="Medewerker " * 10)
    paper = applicant.paper()
    assert len(paper.reader.pages) <= 2
    assert applicant.code in paper.text
    parts = re.findall("x{10,}", paper.reader.pages[0].extract_text().replace("\u200b", ""))
    assert sum(map(len, parts)) == 190, "all of it"
    assert max(map(len, parts)) < 60, "on lines of its own"


def test_letters_that_no_font_has_do_not_stop_it(applicant: Applicant) -> None:
    """The standard forbids a letter without a shape: then the paper doesn't claim to keep it."""
    applicant.is_called("山田太郎 ሰላም")
    paper = applicant.paper()
    assert applicant.code in paper.text
    assert "pdfuaid" not in paper.about
    assert paper.root["/MarkInfo"]["/Marked"].value


def test_the_same_twice_is_the_same(one: Applicant) -> None:
    assert one.paper().bytes == one.paper().bytes


@pytest.mark.parametrize(
    ("beside", "said", "never"),
    [
        ({"in_time": False}, "Op tijd Nee, het was na 1 april", "recht op een plek. De"),
        ({"in_time": None, "april": None}, "Ontvangen op", "Op tijd"),
        ({"april": None}, "Op tijd Ja", "op of voor"),
        ({"proof": None}, "Wat gebeurt er nu?", "controle"),
    ],
    ids=["late", "no difference", "of an earlier release", "without a code"],
)
def test_it_claims_no_more_than_is_so(
    applicant: Applicant, beside: dict[str, object], said: str, never: str
) -> None:
    applicant.kept(**beside)
    text = applicant.paper().text
    assert said in text
    assert never not in text


@pytest.mark.rule("WIZ-16")
def test_where_a_school_closes_first_it_says_which_day_is_which(applicant: Applicant) -> None:
    april = date.fromisoformat(watch.document("application", draft_id=applicant.draft)["april"])
    closes, law = april - timedelta(days=31), "volgens de wet meestal recht op een plek"
    places = ("/mijn/gegevens/alles", f"/mijn/{applicant.draft}", applicant.here)
    for shut, told in ((april, False), (closes, True)):
        applicant.chose(apply_until=shut)
        pages = [re.sub("<[^>]*>", "", applicant.student.get(at).text) for at in places]
        for text in (applicant.paper().text, *pages):
            assert f"op of voor {in_words(april)}" in text
            assert (law in text) is told
            assert (f"aanmelden kan daar tot en met {in_words(closes)}" in text) is told
    assert len(applicant.paper("ar").reader.pages) == 1


@pytest.mark.rule("INT-4")
def test_an_interessemelding_says_that_it_is_no_application(applicant: Applicant) -> None:
    applicant.is_now(kind="I")
    text = applicant.paper().text
    assert "Dit is nog geen aanmelding." in text
    assert "Bewijs van interesse" in text
    for never in (TITLE, "april", "Op tijd", "recht op een plek"):
        assert never not in text


def test_what_has_ended_still_has_its_proof(applicant: Applicant) -> None:
    before = applicant.paper().text
    says(applicant.draft, "LNI")
    assert applicant.paper().text == before


def test_nobody_else_gets_it(one: Applicant, portal: Portal) -> None:
    other = Applicant(portal, 1)
    begun = portal.student(adult(next(numbers))).walk_to("controleren")
    for file in ("bewijs.pdf", "start.ics"):
        assert other.student.browser.get(f"{one.here}/{file}").status_code == 404
        unsent = begun.browser.get(f"/aanmelding/{begun.draft}/verstuurd/{file}")
        assert unsent.status_code == 404


def test_who_logs_in_for_it_comes_back_to_its_page(one: Applicant, portal: Portal) -> None:
    stranger = Student(portal.browser(), one.student.bsn)
    stranger.get(f"{one.here}/bewijs.pdf")
    assert stranger.log_in().url.path == one.here


@pytest.mark.rule("RET-2")
@pytest.mark.parametrize(("kind", "what"), [("A", "aanmelding"), ("I", "interesse")])
def test_it_is_kept_nowhere_and_named_after_its_number(
    applicant: Applicant, kind: str, what: str
) -> None:
    """Which a student finds again, and nobody else is told anything by."""
    applicant.is_now(kind=kind)
    headers = applicant.file("bewijs.pdf").headers
    assert headers["Cache-Control"] == "no-store"
    number = applicant.row.keten_id.replace(":", "-")
    assert headers["Content-Disposition"] == (
        f"attachment; filename=bewijs-van-{what}-{number}.pdf"
    )


def test_it_needs_nobody_outside() -> None:
    source = (proof.TEMPLATES / "proof.typ").read_text(encoding="utf-8")
    assert "@preview" not in source
    assert "#import" not in source
