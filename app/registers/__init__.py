"""The foreign systems, each behind a Protocol of `app.domain.ports`."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from app.config import Settings
from app.domain.ports import Registers
from app.registers.digid import DigidProvider
from app.registers.duo import DuoPersons
from app.registers.http import Client
from app.registers.mail import mailer
from app.registers.rio import RioCatalogue
from app.registers.rio_feed import RioFeed

TEST_SERVICES = "/digistub"
TEST_SECRET = "digistub"  # what DigiStub knows us by; it opens nothing else
CATALOGUE_SECONDS = 10.0  # nobody waits for a synchronisation


def build(settings: Settings, transport: Callable[[str], httpx.BaseTransport | None]) -> Registers:
    """Every register at the address in `settings`, or else (outside production) at its test
    service below BASE_URL. `transport(address)` says how an address is reached; None is the
    network. Asks nothing of anybody yet.
    """
    stub = settings.base_url + TEST_SERVICES
    issuer = settings.digid_issuer or stub
    duo_url = settings.duo_persons_url or f"{stub}/duo"
    rio_url = settings.rio_url or f"{stub}/rio"
    feed_url = settings.rio_feed_url
    secret = settings.digid_client_secret or ("" if settings.digid_issuer else TEST_SECRET)
    return Registers(
        persons=DuoPersons(
            Client("duo", duo_url, transport(duo_url), settings.duo_timeout),
            settings.duo_secrecy,
        ),
        catalogue=RioCatalogue(Client("rio", rio_url, transport(rio_url), CATALOGUE_SECONDS)),
        identity=DigidProvider(
            issuer=issuer,
            client_id=settings.digid_client_id,
            client_secret=secret,
            client_key=settings.digid_client_key,
            bsn_claim=settings.digid_bsn_claim,
            level=settings.digid_level,
            transport=transport(issuer),
        ),
        mail=mailer(settings.mail_url, settings.mail_from),
        feed=RioFeed(Client("rio-feed", feed_url, transport(feed_url), CATALOGUE_SECONDS))
        if feed_url
        else None,
    )
