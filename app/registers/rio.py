"""RIO, the register of institutions and programmes: its open API (LOD) version 2.

Collections come as HAL (`_embedded`, `_links.next`) or as a plain array; both are read. There
is no total and no change feed, and a cohort names no parent: it is asked for by programme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from app.domain.ports import CohortRecord, MalformedReply, ProgrammeRecord, ProviderRecord
from app.registers.http import MOST_CONNECTIONS, Client, page_budget
from app.registers.reply import Reply
from app.registers.rio_shared import Known, Shared

REGISTER = "rio"
PAGE_SIZE = 100  # the most that RIO gives
MOST_PAGES = 10_000
NAME = 225  # characters of a programme's name, as RIO has it
CONTACTS = {"eMailadres": 200, "telefoonnummer": 40, "webadres": 500}  # characters; else left out
VOCATIONAL_LAW = "WEB"  # Wet educatie en beroepsonderwijs: mbo and vavo
MBO = "AANGEBODENMBOOPLEIDING"
VAVO = "AANGEBODENVAVOOPLEIDING"
COHORTS = "aangeboden-opleiding-cohorten"
OFFERING = "AANGEBODEN[A-Z]+"  # there are more kinds, which are nothing to us
CONTEXTS = ("CENTRAAL_AANMELDEN_MBO", "ALGEMEEN")  # CAT-2, in this order
PROVIDER_CODE = r"\d{3}A\d{3}"
BRIN = r"\d{2}[A-Z]{2}"
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
WEBSITE = re.compile(r"https?://\S+", re.IGNORECASE)


class RioCatalogue:
    """Every method raises a RegisterError where RIO can't be asked or answers nonsense."""

    def __init__(self, client: Client, page_size: int = PAGE_SIZE) -> None:
        self._client = client
        self._page_size = page_size
        self._known = Known()

    def school_name(self, brin: str) -> str | None:
        if not re.fullmatch(BRIN, brin, re.ASCII):
            return None
        school = self._one(f"/erkenningen/{brin}")
        if not school.data:
            return None
        if school.required("code") != brin:
            raise school.malformed("another school")
        return school.required("volledigeNaam", longest=80)

    def providers(self) -> Iterator[ProviderRecord]:
        self._known = Known()
        for brin, data in self._units():
            yield self._provider(brin, data)

    def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
        if self._known.stale:
            self._known = Known()
        read = partial(self._programme, provider_code, self._known)
        pool = ThreadPoolExecutor(MOST_CONNECTIONS, thread_name_prefix="rio")
        try:
            for kind in (MBO, VAVO):
                filters = {"type": kind, "organisatorischeEenheidcode": provider_code}
                for page in self._pages("/aangeboden-opleidingen", filters):
                    # A page is read whole before any of it is written: threads that read would
                    # lengthen the transactions of who writes, and students wait for those.
                    yield from list(
                        pool.map(read, [item for item in page if item.text("type") == kind])
                    )
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def programme(self, programme_id: str, seconds: float = 30) -> ProgrammeRecord | None:
        if not re.fullmatch(UUID, programme_id):
            return None
        with page_budget(seconds):
            return self._by_key(programme_id)

    def _by_key(self, programme_id: str) -> ProgrammeRecord | None:
        path = f"/aangeboden-opleidingen/{programme_id}"
        answer = self._client.get_json(path, absent=True)
        if answer is None:
            # Not when everything is «not found», as behind a gateway that lost its way.
            self._client.get_json("/aangeboden-opleidingen", {"page": 0, "pageSize": 1})
            return None
        data = Reply.of(REGISTER, answer)
        if data.required("id", UUID).lower() != programme_id.lower():
            raise data.malformed("another programme")
        if data.required("type", OFFERING) not in (MBO, VAVO):
            return None
        unit = Reply.of(REGISTER, self._client.get_json(f"{path}/onderwijsaanbieder"))
        return self._programme(unit.required("code", PROVIDER_CODE), None, data)

    def _units(self) -> Iterator[tuple[str, Reply]]:
        """Each onderwijsaanbieder of a school for mbo or vavo, once, with the school's BRIN."""
        seen: set[str] = set()
        kind = {"erkenningtype": "ERKENDE_ONDERWIJSINSTELLING"}
        for school in chain.from_iterable(self._pages("/erkenningen", kind)):
            if school.text("wet") != VOCATIONAL_LAW:
                continue
            brin = school.required("code", BRIN)
            for unit in self._all(f"/erkenningen/{brin}/organisatorische-eenheden"):
                code = unit.required("code")
                if unit.text("type") == "ONDERWIJSAANBIEDER" and code not in seen:
                    seen.add(code)
                    yield brin, unit

    def _provider(self, brin: str, data: Reply) -> ProviderRecord:
        code = data.required("code", PROVIDER_CODE)
        records = self._all(f"/organisatorische-eenheden/{code}/contactadressen")
        context = _context(records)
        records = [r for r in records if r.text("context") == context]
        return ProviderRecord(
            code=code,
            brin=brin,
            name=data.required("naam", longest=80),
            email=_first(records, "eMailadres"),
            phone=_first(records, "telefoonnummer"),
            website=_website(_first(records, "webadres")),
            contact_context=context,
        )

    def _programme(self, provider_code: str, known: Known | None, data: Reply) -> ProgrammeRecord:
        """Without `known`, everything is asked."""
        programme_id = data.required("id", UUID).lower()
        path = f"/aangeboden-opleidingen/{programme_id}"
        vavo = data.text("type") == VAVO
        known, alone = known or Known(), known is None
        training = self._below(known.trainings, data, alone)
        location = self._below(known.places, data, alone)
        official_name = training.text("volledigeNaam", longest=NAME)
        return ProgrammeRecord(
            id=programme_id,
            provider_code=provider_code,
            name=data.text("eigennaam", longest=NAME) or official_name,
            name_english=data.text("eigennaamEngels", longest=NAME),
            leertraject="VAVO" if vavo else data.required("leertraject", "[A-Z_]{1,10}"),
            crebo="" if vavo else self._crebo(training.text("id"), known.crebos),
            official_name=official_name,
            level=_level(data),
            restricted=data.text("toegankelijkheid", "ALL|SPEC") == "SPEC",
            requirements=data.text("toelatingseisen", "JA|NEE") == "JA",
            place=location.text("plaatsnaam", longest=80),
            street=_street(location),
            language=data.text("voertaal", "[A-Z]{3}") or "NLD",
            website=_website(data.text("website")),
            description=data.text("omschrijving"),
            duration=_duration(data),
            ends=data.day("einddatum"),
            cohorts=tuple(map(_cohort, self._all(f"{path}/{COHORTS}", lacking=vavo or not alone))),
        )

    def _below(self, shared: Shared, data: Reply, alone: bool) -> Reply:
        """The location or opleiding of a programme."""
        programme_id = data.required("id", UUID).lower()
        known = shared.of(programme_id)
        if known is not None:
            return known
        thing = self._one(f"/aangeboden-opleidingen/{programme_id}/{shared.below}")
        code, kind = thing.text(shared.key, shared.pattern), data.text("type")
        if code and not alone and shared.first(code, kind, thing):
            filters = {"type": kind, shared.filter_by: code}
            for other in chain.from_iterable(self._pages("/aangeboden-opleidingen", filters)):
                shared.add(other.required("id", UUID).lower(), code)
        return thing

    def _crebo(self, training_id: str, crebos: dict[str, str]) -> str:
        if training_id and training_id not in crebos:
            recognition = self._one(f"/opleidingen/{training_id}/opleidingserkenning")
            crebos[training_id] = recognition.text("erkendeopleidingscode", r"\d{5}")
        return crebos.get(training_id, "")

    def _one(self, path: str) -> Reply:
        """Empty when RIO has nothing there."""
        answer = self._client.get_json(path, absent=True)
        return Reply.of(REGISTER, {} if answer is None else answer)

    def _all(self, path: str, lacking: bool = True) -> list[Reply]:
        """A collection below something; RIO doesn't page those, so far. With `lacking`, «not
        found» is an empty one: a synchronisation, which sees them all, notices when many are."""
        answer = self._client.get_json(path, absent=lacking)
        return [] if answer is None else _items(answer)

    def _pages(self, path: str, filters: Mapping[str, str]) -> Iterator[list[Reply]]:
        """Each item once, also when RIO changes between two pages."""
        seen: set[str] = set()
        for page in range(MOST_PAGES):
            place: dict[str, str | int] = {"page": page, "pageSize": self._page_size, "sort": "id"}
            answer = self._client.get_json(path, {**filters, **place})
            items = {item.required("id"): item for item in _items(answer)}
            if page and not items:
                raise MalformedReply(REGISTER, "nothing where more was promised")
            yield [item for item_id, item in items.items() if item_id not in seen]
            seen.update(items)
            if not _has_next(answer):
                return
        raise MalformedReply(REGISTER, "no last page")


def _items(answer: Any) -> list[Reply]:
    if isinstance(answer, list):
        return [Reply.of(REGISTER, item) for item in answer]
    embedded = Reply.of(REGISTER, answer).child("_embedded")
    if not embedded.data and "_links" not in answer:
        raise MalformedReply(REGISTER, "not a collection")
    return [item for key in embedded.data for item in embedded.children(key)]


def _has_next(answer: Any) -> bool:
    if isinstance(answer, list):
        return False
    return bool(Reply.of(REGISTER, answer).child("_links").child("next").data)


def _context(records: list[Reply]) -> str:
    present = {record.text("context") for record in records}
    return next((context for context in CONTEXTS if context in present), "")


def _first(records: list[Reply], key: str) -> str:
    """One context may have several records, of which not each holds everything."""
    ordered = sorted(records, key=lambda record: record.text("subcontextnummer"))
    found = (record.text(key) for record in ordered)
    return next((value for value in found if value and len(value) <= CONTACTS[key]), "")


def _website(address: str) -> str:
    """Shown as a link, so nothing but http."""
    return address if len(address) <= 500 and WEBSITE.fullmatch(address) else ""


def _level(data: Reply) -> int | None:
    text = data.text("mboniveau", "MBO-[1-4]")
    return int(text[-1]) if text else None


def _street(location: Reply) -> str:
    number = location.number("huisnummer")
    street = location.text("straatnaam", longest=80)
    parts = (street, str(number or ""), location.text("huisnummertoevoeging", longest=8))
    return " ".join(part for part in parts if part)


def _duration(data: Reply) -> str:
    amount = data.number("afwijkendeOpleidingsduuromvang")
    unit = data.text("afwijkendeOpleidingsduureenheid", "[JMWDU]")
    return f"{amount} {unit}" if amount and unit else ""


def _cohort(data: Reply) -> CohortRecord:
    return CohortRecord(
        code=data.required("code", ".{1,60}"),
        open=data.required("status", "[OG]") == "O",
        apply_from=_required_day(data, "beginAanmeldperiode"),
        apply_until=data.day("eindeAanmeldperiode"),
        start=data.day("instroommoment"),
        start_from=data.day("beginInstroomperiode"),
        start_until=data.day("eindeInstroomperiode"),
        permission_required=data.text("toestemmingVereistVoorAanmelding", "JA|NEE") == "JA",
        permission_note=data.text("toelichtingVereisteToestemming"),
        places=data.number("deelnemersplaatsen"),
        access_code=data.text("toegangscodeCohort", longest=60),
    )


def _required_day(data: Reply, key: str) -> date:
    day = data.day(key)
    if day is None:
        raise data.malformed(key)
    return day
