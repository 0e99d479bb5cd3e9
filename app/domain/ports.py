"""What the portal needs from other people's systems, in the portal's own words.

«Absent» is None or empty, «couldn't ask» is one of the five errors. No text of an error
holds anything personal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from app.domain.education import PriorEducation
from app.domain.leerbedrijf import Accreditation, Companies, Leerbedrijf
from app.domain.person import Address, Person


class RegisterError(Exception):
    """A register couldn't be asked, or its answer can't be used."""

    retryable = False

    def __init__(self, register: str, reason: str = "") -> None:
        super().__init__(f"{type(self).__name__} {register} {reason}".strip())
        self.register = register


class Unavailable(RegisterError):
    """No connection, no answer in time, or 5xx. `answered`: by 500, to this question."""

    retryable = True

    def __init__(self, register: str, reason: str = "", answered: bool = False) -> None:
        super().__init__(register, reason)
        self.answered = answered


class RateLimited(Unavailable):
    """429."""


class Misconfigured(RegisterError):
    """401, 403, a bad certificate: for the operator, retrying is of no use."""


class RequestRejected(RegisterError):
    """Any other 4xx: we sent nonsense."""


class MalformedReply(RegisterError):
    """Not JSON, too big, of another shape, or about another person."""

    hides = False  # what could be read says that the address is secret (DUO-3)


class PersonRegister(Protocol):
    def person(self, bsn: str) -> Person | None:
        """Who has this BSN; None when the register doesn't know them."""


class EducationRegister(Protocol):
    def educations(self, bsn: str) -> tuple[PriorEducation, ...]:
        """The prior education of whoever has this BSN, newest first; empty when none is known."""


class AddressRegister(Protocol):
    def on_number(self, postcode: str, number: str) -> tuple[Address, ...]:
        """Every address with exactly this postcode (1234AB) and house number (digits): one for
        each addition. Empty when there is none."""


class LeerbedrijfRegister(Protocol):
    """`on` is the day on which somebody would begin there: accreditation is asked for that day.
    An equivalent crebo counts."""

    def search(self, crebo: str, query: str, on: date, page: int = 1, size: int = 10) -> Companies:
        """Accredited companies in whose name or place every word of `query` begins a word;
        without a query any. `page` is from 1."""

    def find(self, company_id: str) -> Leerbedrijf | None:
        """One by its number; None when SBB doesn't have it."""

    def accreditation(self, company_id: str, crebo: str, on: date) -> Accreditation: ...


@dataclass(frozen=True)
class ProviderRecord:
    """An onderwijsaanbieder as RIO gives it, with the contact shown to students (CAT-2)."""

    code: str  # nnnAnnn
    brin: str
    name: str
    email: str = ""
    phone: str = ""
    website: str = ""
    contact_context: str = ""  # CENTRAAL_AANMELDEN_MBO, ALGEMEEN or nothing


@dataclass(frozen=True)
class CohortRecord:
    """An intake. Windows are whole days in Europe/Amsterdam, both ends included."""

    code: str  # at most 60 characters, unique within its programme
    open: bool  # status O; G is closed
    apply_from: date
    apply_until: date | None = None
    start: date | None = None  # a fixed start, or else start_from..start_until
    start_from: date | None = None
    start_until: date | None = None
    permission_required: bool = False
    permission_note: str = ""
    places: int | None = None
    access_code: str = field(default="", repr=False)


@dataclass(frozen=True)
class ProgrammeRecord:
    """An aangeboden opleiding: one provider x location x leertraject (CAT-3)."""

    id: str  # uuid, RIO's aangebodenOpleidingcode
    provider_code: str
    name: str
    leertraject: str  # BOL, BBL, OVO, ODT or EX as RIO has it; VAVO for vavo
    name_english: str = ""
    crebo: str = ""  # empty for vavo
    official_name: str = ""
    level: int | None = None
    restricted: bool = False  # toegankelijkheid SPEC: only for a certain group
    requirements: bool = False  # toelatingseisen JA
    place: str = ""
    street: str = ""
    language: str = "NLD"
    website: str = ""
    description: str = ""
    duration: str = ""  # amount and unit, such as «24 M»
    ends: date | None = None
    cohorts: tuple[CohortRecord, ...] = ()


class CatalogueSource(Protocol):
    def school_name(self, brin: str) -> str | None:
        """Of any school that RIO knows, by its BRIN (DUO-7); None when it knows none."""

    def providers(self) -> Iterator[ProviderRecord]:
        """All of them. A synchronisation begins with this: what was read before it is forgotten."""

    def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
        """All of one provider, the unit by which a synchronisation resumes. A call that fails
        raises: a half list never ends as if it were whole."""

    def programme(self, programme_id: str, seconds: float = 30) -> ProgrammeRecord | None:
        """One by its key, read afresh within so many seconds; None when RIO doesn't have it (any
        more)."""


@dataclass(frozen=True)
class Changed:
    """Which programmes changed in some way, or went, after a moment and up to `until`."""

    keys: tuple[str, ...]
    until: datetime  # ask from here the next time


class ChangeFeed(Protocol):
    """Keys only: each is read again from the CatalogueSource."""

    def changed(self, since: datetime) -> Changed: ...


class Level(StrEnum):
    """DigiD's levels of assurance, in ascending order."""

    BASIS = "10"
    MIDDEN = "20"
    SUBSTANTIEEL = "25"
    HOOG = "30"


@dataclass(frozen=True)
class LoginStart:
    """Where to send the browser, and what to keep until it comes back."""

    url: str = field(repr=False)
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Identity:
    bsn: str = field(repr=False)
    level: Level
    id_token: str = field(default="", repr=False)  # the hint for logging out


class LoginFailed(Exception):
    """Logging in didn't succeed. Texts never hold what the provider sent."""


class LoginCancelled(LoginFailed):
    """The student pressed cancel at DigiD."""


class LoginUnavailable(LoginFailed):
    """DigiD is out of order or says it has an error."""


class LoginRefused(LoginFailed):
    """Something in the answer isn't right: a check of IDN-5 failed. `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LevelTooLow(LoginFailed):
    """Logged in below the level asked."""


class IdentityProvider(Protocol):
    def start(self, redirect_uri: str) -> LoginStart:
        """Raises LoginUnavailable when the provider can't be reached."""

    def finish(self, start: LoginStart, answer: Mapping[str, str], redirect_uri: str) -> Identity:
        """Every check of IDN-5. `answer` is the query of the callback. Raises a LoginFailed."""

    def logout_url(self, id_token: str, return_to: str) -> str | None:
        """The provider's end-session address; None when it has none or can't be reached."""


@dataclass(frozen=True)
class Mail:
    """One message to one recipient."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    message_id: str
    language: str = "nl"
    html: str = field(default="", repr=False)  # says the same; none: text only


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Raises Unavailable when it may be tried again, RequestRejected when it may not."""


@dataclass(frozen=True)
class News:
    """How much waits at a koppelpunt; nothing personal (SIS-9)."""

    code: str
    name: str
    waiting: int


class SisNudger(Protocol):
    def nudge(self, url: str, news: News) -> None:
        """Tell a SIS. Raises a RegisterError."""


@dataclass(frozen=True)
class Registers:
    """Every foreign system, handed to the services that need one."""

    persons: PersonRegister
    educations: EducationRegister
    addresses: AddressRegister
    companies: LeerbedrijfRegister
    catalogue: CatalogueSource
    identity: IdentityProvider
    mail: Mailer
    nudger: SisNudger
    feed: ChangeFeed | None = None  # None: the source has none
