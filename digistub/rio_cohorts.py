"""Every kind of intake that a student can meet. Programmes name them."""

from __future__ import annotations

from types import MappingProxyType

from digistub.rio_types import Cohort

NOTE = (
    "Voor deze opleiding voeren we eerst een gesprek met je. Bel ons voordat je je aanmeldt, dan "
    "plannen we samen een afspraak. Neem je laatste rapport en een brief over jezelf mee. Na het "
    "gesprek hoor je binnen een week of je welkom bent. Je hebt ook een verklaring omtrent het "
    "gedrag (VOG) nodig; hoe je die aanvraagt, leggen we je uit. Heb je hulp nodig bij de taal of "
    "bij je spullen? Zeg het gerust, dan denken we mee."
)
LONG_NAME = "instroom-na-de-zomer-met-extra-lessen-taal"  # of a code longer than most

COHORTS = MappingProxyType(
    {
        "vast": Cohort(opens=-60, closes=90),
        "februari": Cohort(opens=-60, closes=60, february=True),
        "flexibel": Cohort(opens=-30, closes=120, flexible=True),
        "later": Cohort(opens=30, closes=150),
        "dicht": Cohort(opens=-60, closes=60, status="G"),
        "voorbij": Cohort(opens=-200, closes=-10),
        "zonder-einde": Cohort(opens=-60, closes=None, places=24),
        "toestemming": Cohort(opens=-60, closes=90, permission=NOTE),
        "twee-plaatsen": Cohort(opens=-60, closes=90, places=2),
        "tweede-jaar": Cohort(opens=-60, closes=90, year=2),
        "derde-jaar": Cohort(opens=-60, closes=90, year=3),
        "met-code": Cohort(opens=-60, closes=90, access_code="Horizon 24"),
        "code-voor-iedereen": Cohort(opens=-60, closes=90, access_code="OPEN-DEUR"),
        "online": Cohort(opens=-60, closes=90, form="KLASSIKAAL_EN_ONLINE"),
        LONG_NAME: Cohort(opens=-60, closes=90),
    }
)
