"""A school's name where DUO gives only its number (DUO-7)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from app import db
from app.domain.education import PriorEducation
from app.domain.ports import CatalogueSource, RegisterError
from app.store import Store, StoreDown

MOST = 5  # names that one page asks for
KNOWN, UNKNOWN = 24 * 3600, 3600  # seconds that what RIO said is kept


def named(
    educations: tuple[PriorEducation, ...], catalogue: CatalogueSource, store: Store
) -> tuple[PriorEducation, ...]:
    """The same, each school by its name where RIO knows it.

    RIO is asked within the budget of the page, and no further once it fails: then the number
    stays, and the next page asks again.
    """
    names: dict[str, str] = {}
    with suppress(RegisterError):
        for brin in [*dict.fromkeys(e.number for e in educations if e.number)][:MOST]:
            names[brin] = _name(brin, catalogue, store)
    return tuple(replace(e, school=names.get(e.number) or e.school) for e in educations)


def _name(brin: str, catalogue: CatalogueSource, store: Store) -> str:
    """Empty where RIO knows none. Raises a RegisterError."""
    key = f"school:{brin}"
    kept = store.get(key)
    if kept is not None:
        return kept.decode()
    db.let_go()
    name = catalogue.school_name(brin) or ""
    with suppress(StoreDown):  # busy: the next page asks again
        store.put(key, name.encode(), KNOWN if name else UNKNOWN)
    return name
