"""The foreign systems, each behind a Protocol of `app.domain.ports`."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from app.config import Settings
from app.domain.ports import Registers
from app.registers.bag import Bag
from app.registers.digid import DigidProvider
from app.registers.duo import DuoPersons
from app.registers.duo_education import DuoEducation
from app.registers.http import Client
from app.registers.mail import mailer
from app.registers.news import Nudger
from app.registers.rio import RioCatalogue
from app.registers.rio_feed import RioFeed
from app.registers.sbb import Sbb

TEST_SERVICES = "/digistub"
TEST_SECRET = "digistub"  # what DigiStub knows us by; it opens nothing else
LOOK_UP_SECONDS = 2.0  # a student waits for it, and can do without
CATALOGUE_SECONDS = 10.0  # nobody waits for a synchronisation


def build(settings: Settings, transport: Callable[[str], httpx.BaseTransport | None]) -> Registers:
    """Every register at the address in `settings`, or else (outside production) at its test
    service below BASE_URL. `transport(address)` says how an address is reached; None is the
    network. Asks nothing of anybody yet.
    """
    stub = settings.base_url + TEST_SERVICES
    issuer = settings.digid_issuer or stub
    duo_url = settings.duo_persons_url or f"{stub}/duo"
    education_url = settings.duo_education_url or f"{stub}/duo"
    rio_url = settings.rio_url or f"{stub}/rio"
    sbb_url = settings.sbb_url or f"{stub}/sbb"
    bag_url = settings.bag_url or f"{stub}/bag"
    feed_url = settings.rio_feed_url
    secret = settings.digid_client_secret or ("" if settings.digid_issuer else TEST_SECRET)
    return Registers(
        persons=DuoPersons(
            Client("duo", duo_url, transport(duo_url), settings.duo_timeout),
            settings.duo_secrecy,
        ),
        educations=DuoEducation(
            Client("duo", education_url, transport(education_url), settings.duo_timeout)
        ),
        addresses=Bag(Client("bag", bag_url, transport(bag_url), LOOK_UP_SECONDS)),
        companies=Sbb(Client("sbb", sbb_url, transport(sbb_url), LOOK_UP_SECONDS)),
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
        nudger=Nudger(transport, public_only=settings.production),
        feed=RioFeed(Client("rio-feed", feed_url, transport(feed_url), CATALOGUE_SECONDS))
        if feed_url
        else None,
    )
