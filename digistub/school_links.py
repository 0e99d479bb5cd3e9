"""The deeplinks on a school's website: the ways that are meant, and those that may not be."""

from __future__ import annotations

from typing import NamedTuple

from digistub.rio_types import School
from digistub.school_programmes import FEW, NOTHING, Programme, Set, State
from digistub.school_tricks import tricks, visible

UNKNOWN = "00000000-0000-4000-8000-000000000000"


class Asked(NamedTuple):
    """What a return link of this website holds of its own, and the kenmerk beside it: both must
    come back as they were."""

    own: str
    kenmerk: str = ""
    failed: bool = False  # for who doesn't succeed


PLAIN = Asked("bron=site&keuze=a%20b")
FOLDER = Asked("bron=site&keuze=a%20b&k=1", "folder-2026")
ODD = Asked("bron=site&keuze=a%20b&k=2", "50% & meer +é=ü ?#/;,\"'<b>«ja»%20")
SAME_NAMES = Asked("bron=site&keuze=a%20b&k=3&status=eigen&kenmerk=oud&leeg=", "een, twee")
FAILED = Asked("bron=site&keuze=a%20b&k=4&jammer", "folder-2026", failed=True)
OF_SCHOOL, OF_PROGRAMME = Asked("bron=school"), Asked("bron=opleiding")  # set in the portal
ASKED = (PLAIN, FOLDER, ODD, SAME_NAMES, FAILED, OF_SCHOOL, OF_PROGRAMME)

# Its text, a detail, and where to return to: with success, and without.
WAYS_BACK: tuple[tuple[str, str, Asked | None, Asked | None], ...] = (
    ("Met een link terug", "", PLAIN, None),
    ("Met een kenmerk", FOLDER.kenmerk, FOLDER, None),
    ("Met een kenmerk vol rare tekens", ODD.kenmerk, ODD, None),
    (
        "Met eigen gegevens die ook «status» en «kenmerk» heten",
        "die blijven staan",
        SAME_NAMES,
        None,
    ),
    ("Met een andere link voor wie niet slaagt", "", FOLDER, FAILED),
    ("Met alleen een link voor wie niet slaagt", "slaag je, dan is er geen knop", None, FAILED),
)


class Link(NamedTuple):
    text: str
    detail: str
    query: dict[str, str]


class Group(NamedTuple):
    heading: str
    expect: str  # what a tester should see
    links: list[Link]


def good(school: School, offered: list[Programme], back: str, told: Set = NOTHING) -> list[Group]:
    """`back` is where this website takes its students back."""
    seen = [programme for programme in offered if not programme.hidden]
    open_ = [programme for programme in seen if programme.in_state(State.OPEN)]
    crebos = {p.crebo: p.name for p in reversed(open_) if p.crebo}
    return _filled(
        Group(
            "Alleen de school",
            "Je ziet de school. Na het inloggen kies je een opleiding van die school.",
            [Link(f"Aanmelden bij {school.name}", "", {"instelling": school.brin})],
        ),
        Group(
            "En daarna terug naar deze site",
            "Op de laatste bladzijde staat een knop terug. Die komt hier uit, en hier zie je of "
            "alles goed meekwam.",
            [
                Link(text, detail, {"instelling": school.brin, **_return(back, done, failed)})
                for text, detail, done, failed in WAYS_BACK
            ],
        ),
        Group(
            "Terug zoals de school het zelf instelde",
            "Een link zonder terugweg volgt wat voor de opleiding is ingesteld («bron=opleiding»), "
            "en anders voor de school («bron=school»). Staat er een terugweg in de link, dan "
            "wint die.",
            _set(school, open_, back, told),
        ),
        Group(
            "Een opleiding",
            "Je ziet deze opleiding en deze school, en kunt inloggen.",
            [Link(p.name, p.where, {"opleiding": p.id}) for p in open_],
        ),
        Group(
            "Een opleiding met een cohort",
            "Net zo, en ook de start staat vast.",
            [
                Link(p.name, f"{p.where} · {i.code}", {"opleiding": p.id, "cohort": i.code})
                for p in open_
                for i in p.in_state(State.OPEN)
                if not i.access_code
            ],
        ),
        Group(
            "Een crebo",
            "De opleiding ligt vast. Plaats, leertraject en start kies je na het inloggen.",
            [
                Link(f"Crebo {crebo}", name, {"instelling": school.brin, "crebo": crebo})
                for crebo, name in sorted(crebos.items())
            ],
        ),
        Group(
            "Met een toegangscode",
            "Na het kiezen wordt om de toegangscode gevraagd.",
            [
                Link(
                    p.name,
                    f"{p.where} · code voor testers: {i.access_code}",
                    {"opleiding": p.id, "cohort": i.code},
                )
                for p in open_
                for i in p.in_state(State.OPEN)
                if i.access_code
            ],
        ),
    )


def _set(school: School, offered: list[Programme], back: str, told: Set) -> list[Link]:
    if school.brin not in told.schools:
        return []
    own = [p for p in offered if p.id in told.programmes][:1]
    other = [p for p in offered if p.id not in told.programmes][:1]
    return [
        *(Link(p.name, "ingesteld voor de opleiding", {"opleiding": p.id}) for p in own),
        *(Link(p.name, "ingesteld voor de school", {"opleiding": p.id}) for p in other),
        *(
            Link(
                p.name,
                "ingesteld, maar de link wint",
                {"opleiding": p.id} | _return(back, PLAIN, None),
            )
            for p in own
        ),
    ]


def shut(brin: str, offered: list[Programme], back: str) -> list[Group]:
    """What can't be applied for now; the way back says so (status nietMogelijk)."""
    seen = [programme for programme in offered if not programme.hidden]
    home = _return(back, FOLDER, FAILED)

    def intakes(state: State, detail: str) -> list[Link]:
        return [
            Link(
                p.name,
                f"{p.where} · {detail.format(i)}",
                {"opleiding": p.id, "cohort": i.code} | home,
            )
            for p in seen
            for i in p.in_state(state)
        ]

    return _filled(
        Group(
            "Nog niet open",
            "Je leest wanneer het opengaat, waar je terechtkunt, en wat bij deze school wel kan.",
            intakes(State.LATER, "open vanaf {0.begins}"),
        ),
        Group(
            "Voorbij",
            "Je leest dat de aanmeldtijd voorbij is, en wat bij deze school wel kan.",
            intakes(State.OVER, "{0.code}"),
        ),
        Group(
            "Door de school gesloten",
            "Je leest dat de school de aanmelding heeft gesloten, en wat bij deze school wel kan.",
            intakes(State.CLOSED, "{0.code}"),
        ),
        Group(
            "Snel vol",
            "Meld zoveel studenten aan als er plaatsen zijn. De volgende leest dat het vol is.",
            [
                Link(
                    p.name,
                    f"{p.where} · plaatsen: {i.places}",
                    {"opleiding": p.id, "cohort": i.code} | home,
                )
                for p in seen
                for i in p.in_state(State.OPEN)
                if 0 < i.places <= FEW
            ],
        ),
        Group(
            "Zonder start",
            "Je leest dat je je nu niet kunt aanmelden, en wat bij deze school wel kan.",
            [Link(p.name, p.where, {"opleiding": p.id} | home) for p in seen if not p.intakes],
        ),
        Group(
            "Verborgen of onbekend",
            "Overal staat dezelfde tekst: deze link werkt niet. Er is geen knop terug.",
            [
                *(Link(p.name, p.hidden, {"opleiding": p.id} | home) for p in offered if p.hidden),
                Link("Een opleiding die niet bestaat", "", {"opleiding": UNKNOWN} | home),
                Link(
                    "Een opleiding met een code die geen code is", "", {"opleiding": "kok"} | home
                ),
                Link("Een school die niet bestaat", "", {"instelling": "00AA"} | home),
                Link(
                    "Een crebo die hier niet bestaat",
                    "",
                    {"instelling": brin, "crebo": "99999"} | home,
                ),
                Link("Niets", "", home),
            ],
        ),
    )


def bad(school: School, back: str) -> list[Group]:
    """Every return link here must be refused (DEE-3)."""
    return [
        Group(
            "Terug naar een plek die niet van de school is",
            "Je ziet gewoon de school, en kunt inloggen. Na de aanmelding is er geen knop terug, "
            "en nergens staat iets van deze link. De school leest in haar logboek waarom.",
            [
                Link(text, visible(url), {"instelling": school.brin, "returnUrl": url})
                for text, url in tricks(school.website)
            ],
        ),
        Group(
            "Eén goede en één slechte link terug",
            "De slechte telt niet, de goede wel.",
            [
                Link(
                    "Goed bij slagen, slecht bij niet slagen",
                    "",
                    {"instelling": school.brin, **_return(back, FOLDER, None)}
                    | {"returnUrlNietGeslaagd": "https://kwaad.example/"},
                )
            ],
        ),
        Group(
            "Een kenmerk dat te lang is",
            "Je ziet gewoon de school. Het kenmerk telt niet: terug op deze site ontbreekt het.",
            [
                Link(
                    "Een kenmerk van 256 tekens",
                    "",
                    {
                        "instelling": school.brin,
                        **_return(back, FOLDER, None),
                        "kenmerk": "a" * 256,
                    },
                )
            ],
        ),
    ]


def _return(back: str, done: Asked | None, failed: Asked | None) -> dict[str, str]:
    query = {
        name: f"{back}?{asked.own}"
        for name, asked in (("returnUrl", done), ("returnUrlNietGeslaagd", failed))
        if asked
    }
    kenmerk = next((asked.kenmerk for asked in (done, failed) if asked), "")
    return query | ({"kenmerk": kenmerk} if kenmerk else {})


def _filled(*groups: Group) -> list[Group]:
    return [group for group in groups if group.links]
