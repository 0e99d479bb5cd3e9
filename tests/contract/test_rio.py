"""RIO: our adapter against the test service."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.ports import RequestRejected
from app.registers.http import Client
from app.registers.rio import RioCatalogue
from digistub import rio_data
from tests.contract import described
from tests.contract.digistub_process import running_digistub
from tests.contract.world import Stub
from tests.length import at_length
from tests.source import everything

UNKNOWN = "0b6f0e1c-8d5f-4a53-9c1e-1f6d2f0a7b11"


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("page_size", [*at_length(1), 3, 100])
def test_the_whole_catalogue_comes_over(stub: Stub, page_size: int) -> None:
    programmes = list(everything(RioCatalogue(stub.rio(), page_size)))
    assert {p.id for p in programmes} == {offer.id for offer in rio_data.OFFERS}
    assert len(programmes) == len(rio_data.OFFERS)


@pytest.mark.rule("CAT-1")
def test_a_programme_has_all_that_the_portal_needs(stub: Stub) -> None:
    programmes = {p.id: p for p in everything(RioCatalogue(stub.rio()))}
    kok = programmes[offer_id("kok-bol-zwolle")]
    assert kok.provider_code == "991A001"
    assert (kok.name, kok.official_name, kok.name_english) == (
        "Kok in het restaurant",
        "Kok",
        "Cook",
    )
    assert (kok.leertraject, kok.crebo, kok.level, kok.duration) == ("BOL", "25180", 2, "24 M")
    assert (kok.place, kok.street, kok.language) == ("Zwolle", "Horizonplein 1", "NLD")
    assert kok.website == "https://www.school.example/kok-bol-zwolle"


def offer_id(key: str) -> str:
    return next(offer.id for offer in rio_data.OFFERS if offer.key == key)


@pytest.mark.rule("CAT-3")
def test_leertrajecten_come_as_rio_has_them(stub: Stub) -> None:
    programmes = list(everything(RioCatalogue(stub.rio())))
    assert {p.leertraject for p in programmes} == {"BOL", "BBL", "EX", "OVO", "ODT", "VAVO"}
    vavo = next(p for p in programmes if p.id == offer_id("havo-vavo"))
    assert (vavo.crebo, vavo.level, vavo.official_name) == ("", None, "Havo")
    koks = {(p.place, p.leertraject) for p in programmes if p.crebo == "25180"}
    assert koks == {("Zwolle", "BOL"), ("Zwolle", "BBL"), ("Deventer", "BOL")}


def test_a_programme_without_a_name_of_its_own_has_the_official_one(stub: Stub) -> None:
    nursing = RioCatalogue(stub.rio()).programme(offer_id("verpleegkundige-bol"))
    assert nursing is not None
    assert nursing.name == nursing.official_name == "Mbo-Verpleegkundige"


@pytest.mark.each_run(1)
@pytest.mark.rule("CAT-4")
@pytest.mark.parametrize("today", [date(2027, 1, 15), date(2027, 6, 30), date(2028, 12, 31)])
def test_windows_follow_the_day(stub: Stub, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stub.world, "today", lambda: today)
    found = [c for p in everything(RioCatalogue(stub.rio())) for c in p.cohorts]
    cohorts = {c.code: c for c in found}
    assert len(cohorts) == len(found)
    fixed = cohorts["KOK-BOL-ZWOLLE-VAST"]
    assert fixed.open
    assert fixed.apply_until is not None
    assert fixed.apply_from < today <= fixed.apply_until
    assert fixed.start is not None
    assert fixed.apply_until < fixed.start
    flexible = cohorts["KOK-BBL-ZWOLLE-FLEXIBEL"]
    assert flexible.start is None
    assert flexible.start_from is not None
    assert flexible.start_until is not None
    assert flexible.start_from < flexible.start_until
    assert cohorts["KOK-BOL-DEVENTER-LATER"].apply_from > today
    assert not cohorts["KOK-BOL-ZWOLLE-DICHT"].open
    over = cohorts["KOK-BOL-ZWOLLE-VOORBIJ"].apply_until
    assert over is not None
    assert over < today
    endless = cohorts["SOFTWARE-BOL-ZONDER-EINDE"]
    assert (endless.apply_until, endless.places) == (None, 24)


@pytest.mark.rule("CAT-7")
def test_a_cohort_that_needs_permission_says_why(stub: Stub) -> None:
    nursing = RioCatalogue(stub.rio()).programme(offer_id("verpleegkundige-bol"))
    assert nursing is not None
    asks = {c.code[-11:]: (c.permission_required, bool(c.permission_note)) for c in nursing.cohorts}
    assert asks == {"GE-BOL-VAST": (False, False), "TOESTEMMING": (True, True)}


@pytest.mark.rule("CAT-2")
def test_contacts_are_those_for_applying_or_else_the_general_ones(stub: Stub) -> None:
    providers = {p.code: p for p in RioCatalogue(stub.rio()).providers()}
    assert {p.brin for p in providers.values()} == {"99XX", "91XX", "92XX"}
    horizon, aventijn = providers["991A001"], providers["921A001"]
    assert (horizon.contact_context, horizon.email) == (
        "CENTRAAL_AANMELDEN_MBO",
        "aanmelden@roc.example",
    )
    assert (aventijn.contact_context, aventijn.email) == ("ALGEMEEN", "info@aventijn.example")


def test_one_by_its_key(stub: Stub) -> None:
    catalogue = RioCatalogue(stub.rio())
    all_of_them = {p.id: p for p in everything(catalogue)}
    assert {key: catalogue.programme(key) for key in all_of_them} == all_of_them
    assert catalogue.programme(UNKNOWN) is None
    assert catalogue.programme("../erkenningen") is None


@pytest.mark.rule("DUO-7")
def test_the_name_of_any_school_by_its_brin(stub: Stub) -> None:
    """Also of one that is no institution here: the providers above are of three schools only."""
    catalogue = RioCatalogue(stub.rio())
    assert catalogue.school_name("99XX") == "ROC De Horizon"
    assert catalogue.school_name("81XX") == "Scholengemeenschap De Waterlelie"
    assert catalogue.school_name("89XX") is None
    assert catalogue.school_name("../aangeboden-opleidingen") is None


def test_over_a_real_socket(tmp_path: Path) -> None:
    with running_digistub(tmp_path) as issuer:
        transport = described.Described(httpx.HTTPTransport(), described.rio(), "/digistub/rio")
        catalogue = RioCatalogue(Client("rio", f"{issuer}/rio", transport, 10), 5)
        assert len(list(everything(catalogue))) == len(rio_data.OFFERS)


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/aangeboden-opleidingen", {"soort": "x"}),
        ("/aangeboden-opleidingen", {"type": "x"}),
        ("/aangeboden-opleidingen", {"pageSize": "101"}),
        ("/aangeboden-opleidingen", {"pageSize": "0"}),
        ("/aangeboden-opleidingen", {"page": "-1"}),
        ("/aangeboden-opleidingen", {"sort": "eigennaam"}),
        ("/aangeboden-opleiding-cohorten", {"status": "X"}),
        ("/erkenningen", {"datumGeldigOp": "gisteren"}),
        ("/onderwijslocaties/991X001", {"page": "0"}),
        ("/onderwijslocaties/000X000", {}),
        ("/wijzigingen", {}),
        ("/wijzigingen", {"sinds": "2027-01-01T00:00:00"}),
        ("/wijzigingen", {"sinds": "gisteren"}),
    ],
)
def test_the_test_service_refuses_what_rio_would(
    stub: Stub, path: str, params: dict[str, str]
) -> None:
    with pytest.raises(RequestRejected):
        stub.rio(checked=False).get_json(path, params)


@pytest.mark.parametrize(
    ("path", "params", "count"),
    [
        ("/organisatorische-eenheden", {"organisatorischeEenheidType": "ONDERWIJSAANBIEDER"}, 4),
        ("/organisatorische-eenheden", {"organisatorischeEenheidType": "ONDERWIJSBESTUUR"}, 0),
        ("/organisatorische-eenheden", {"instellingserkenningId": "99XX"}, 2),
        ("/organisatorische-eenheden/991A001/erkenningen", {}, 1),
        ("/aangeboden-opleidingen", {"onderwijslocatieId": "991X002", "pageSize": 100}, 8),
        ("/aangeboden-opleidingen", {"opleidingseenheidcode": "1001O0007"}, 2),
        ("/aangeboden-opleiding-cohorten", {"status": "G", "pageSize": 100}, 3),
        ("/aangeboden-opleiding-cohorten", {"aanmeldperiode": "1999-01-01"}, 0),
    ],
)
def test_the_test_service_filters(stub: Stub, path: str, params: Any, count: int) -> None:
    answer = stub.rio().get_json(path, params)
    (items,) = answer["_embedded"].values()
    assert len(items) == count


@pytest.mark.parametrize(
    "path",
    [
        "/organisatorische-eenheden/991A001",
        "/onderwijslocaties/991X001",
        "/opleidingen/1001O0009/opleidingserkenning",
    ],
)
def test_every_single_thing_is_as_described(stub: Stub, path: str) -> None:
    assert stub.rio().get_json(path)["id"]


def test_ids_stay_the_same_for_ever() -> None:
    assert offer_id("kok-bol-zwolle") == "a485671d-f3c3-52c7-a352-a104f0ec9dd2"


def test_deeplinks_offer_no_odt() -> None:
    links = rio_data.deeplinks()
    assert set(links) == {"99XX", "91XX", "92XX"}
    assert offer_id("media-odt") not in links["91XX"]
    assert links["99XX"][offer_id("verpleegkundige-bol")] == "Mbo-Verpleegkundige"


def test_no_window_is_empty_on_any_day(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    first = date(2027, 1, 1)
    catalogue = RioCatalogue(stub.rio(checked=False))
    for n in range(0, 730, 37):
        day = first + timedelta(days=n)
        monkeypatch.setattr(stub.world, "today", lambda day=day: day)
        kok = catalogue.programme(offer_id("kok-bol-deventer"))
        assert kok is not None
        assert all(c.apply_from <= (c.apply_until or day) for c in kok.cohorts)
