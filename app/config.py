"""Settings: one frozen object, read from the environment and checked at the start."""

from __future__ import annotations

import base64
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or wrong. The message names it and says what to type."""


@dataclass(frozen=True)
class Settings:
    """See README.md for what each is and its default. A register's URL is empty where the
    test service in `digistub` serves it, which production refuses."""

    env: str
    base_url: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    data_keys: tuple[tuple[str, bytes], ...] = field(repr=False)
    deletion_ledger: Path
    trusted_proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    digid_issuer: str
    digid_client_id: str
    digid_client_secret: str = field(repr=False)
    digid_client_key: str = field(repr=False)
    digid_bsn_claim: str
    digid_level: str
    bsn_organisation: str
    security_contact: str
    sis_contact: str  # a mail address, for who connects a SIS
    privacy_contact: str  # and for who asks about their data
    duo_persons_url: str
    duo_education_url: str
    duo_timeout: float
    duo_secrecy: frozenset[int]
    rio_url: str
    rio_feed_url: str  # empty: off
    sbb_url: str
    bag_url: str
    mail_url: str = field(repr=False)
    mail_from: str
    guardians: int
    deadlines: Mapping[int, date]  # in place of 1 April, by year
    vavo_statuses: bool  # let through to Centraal Aanmelden (STA-4)
    vva_ilt_codes: tuple[tuple[int, int], ...]  # the first and the last of each range
    vva_age_limit: int  # years
    instance: Path

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def secure(self) -> bool:
        """Served over https: cookie with the __Host- prefix, Secure, HSTS."""
        return self.base_url.startswith("https://")


ENVIRONMENTS = ("development", "test", "production")
BODY = 256 * 1024  # bytes that we take in at once; the longest form is a few kB
MOST_TIMEOUT = 4.0  # seconds: all that one page may ask of others
LEVELS = ("10", "20", "25", "30")
NAMED = (  # what production must be told
    *("DATABASE_URL", "SECRET_KEY", "DATA_KEYS", "BSN_ORGANISATION", "MAIL_FROM"),
    *("SECURITY_CONTACT", "SIS_CONTACT", "PRIVACY_CONTACT", "DELETION_LEDGER"),
)
REGISTERS = {
    "DIGID_ISSUER": "the DigiD broker",
    "DUO_PERSONS_URL": "DUO's persons",
    "DUO_EDUCATION_URL": "DUO's prior education",
    "RIO_URL": "RIO",
    "SBB_URL": "SBB's leerbedrijven",
    "BAG_URL": "the register of addresses",
    "MAIL_URL": "the mail server",
}
ILT_CODES = "0090,0400,2210,2400-2599,2700-3099"  # of prior education, for the koppelpunt VO
ADDRESSES = (*(name for name in REGISTERS if name != "MAIL_URL"), "RIO_FEED_URL")


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in `environ` (default: the process's). Raises SettingsError."""
    env = os.environ if environ is None else environ

    def text(name: str, default: str = "") -> str:
        return env.get(name, "").strip() or default

    mode = text("APP_ENV", "development")
    if mode not in ENVIRONMENTS:
        raise SettingsError(f"APP_ENV must be one of {', '.join(ENVIRONMENTS)}")
    production = mode == "production"
    instance = Path(text("INSTANCE", str(ROOT / "instance")))
    base_url = text("BASE_URL", f"http://{text('HOST', '127.0.0.1')}:{text('PORT', '8000')}")
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise SettingsError("BASE_URL must be http(s)://host[:port] without a path")
    if production:
        for name in NAMED:
            if not text(name):
                raise SettingsError(f"{name} must be set in production")
        for name, what in REGISTERS.items():
            if not text(name):
                raise SettingsError(
                    f"{name} is missing: in production {what} needs an address; "
                    "there is no test service"
                )
        if parts.scheme != "https":
            raise SettingsError("BASE_URL must begin with https:// in production")
        for name in ADDRESSES:
            if not text(name, "https://").startswith("https://"):
                raise SettingsError(f"{name} must begin with https:// in production")
        if not (text("DIGID_CLIENT_SECRET") or text("DIGID_CLIENT_KEY")):
            raise SettingsError("DIGID_CLIENT_KEY (or DIGID_CLIENT_SECRET) must be set")
    ledger = Path(text("DELETION_LEDGER", str(instance / "deletions.log")))
    if production and not ledger.is_absolute():
        raise SettingsError("DELETION_LEDGER is the whole path of a file, such as /var/lib/…")
    level = text("DIGID_LEVEL", "20")
    if level not in LEVELS:
        raise SettingsError(f"DIGID_LEVEL must be one of {', '.join(LEVELS)}")
    guardians = text("GUARDIANS", "2")
    if guardians not in ("1", "2"):
        raise SettingsError("GUARDIANS must be 1 or 2")
    vavo = text("VAVO_STATUSES", "refuse")
    if vavo not in ("refuse", "portal"):
        raise SettingsError("VAVO_STATUSES must be refuse or portal")
    age_limit = text("VVA_AGE_LIMIT", "23")
    if not re.fullmatch(r"[0-9]{1,2}", age_limit):
        raise SettingsError("VVA_AGE_LIMIT is a number of years, such as 23")
    try:
        proxies = tuple(
            ipaddress.ip_network(p.strip()) for p in text("TRUSTED_PROXIES").split(",") if p.strip()
        )
        secrecy = frozenset(int(n) for n in text("DUO_SECRECY").split(",") if n.strip()) | {7}
        timeout = float(text("DUO_TIMEOUT", "3"))
    except ValueError as error:
        raise SettingsError(f"TRUSTED_PROXIES, DUO_SECRECY or DUO_TIMEOUT: {error}") from None
    if not 0 < timeout <= MOST_TIMEOUT:
        raise SettingsError(f"DUO_TIMEOUT is a number of seconds, at most {MOST_TIMEOUT:g}")
    for name in ADDRESSES:
        if text(name) and not re.fullmatch(r"https?://[^/\s]+(/\S*)?", text(name)):
            raise SettingsError(f"{name} must begin with http:// or https://")
    if "://" in text("MAIL_URL") and not text("MAIL_URL").startswith("smtp://"):
        raise SettingsError("MAIL_URL is smtp://[user:password@]host[:port] or a folder")
    contact = text("SECURITY_CONTACT", "mailto:security@centraalaanmelden.example")
    if not re.fullmatch(r"mailto:\S+@\S+|https://\S+", contact):
        raise SettingsError("SECURITY_CONTACT begins with mailto: or https://")
    sis_contact = text("SIS_CONTACT", "koppelen@centraalaanmelden.example")
    privacy_contact = text("PRIVACY_CONTACT", "privacy@centraalaanmelden.example")
    for name, address in (("SIS_CONTACT", sis_contact), ("PRIVACY_CONTACT", privacy_contact)):
        if not re.fullmatch(r"[^\s@]+@[^\s@]+", address):
            raise SettingsError(f"{name} is a mail address")
    if not secrecy <= set(range(1, 8)):
        raise SettingsError("DUO_SECRECY is a list of numbers 1 to 6, such as 1,2,3")
    return Settings(
        env=mode,
        base_url=base_url.rstrip("/"),
        database_url=text("DATABASE_URL", f"sqlite:///{instance / 'portal.db'}"),
        redis_url=text("REDIS_URL"),
        secret_key=text("SECRET_KEY") or made_once(instance, "secret_key"),
        data_keys=data_keys(text("DATA_KEYS") or f"dev:{made_once(instance, 'data_key')}"),
        trusted_proxies=proxies,
        deletion_ledger=ledger,
        digid_issuer=text("DIGID_ISSUER").rstrip("/"),
        digid_client_id=text("DIGID_CLIENT_ID", "centraal-aanmelden"),
        digid_client_secret=text("DIGID_CLIENT_SECRET"),
        digid_client_key=text("DIGID_CLIENT_KEY"),
        digid_bsn_claim=text("DIGID_BSN_CLAIM", "bsn"),
        digid_level=level,
        bsn_organisation=text("BSN_ORGANISATION", "Coöperatie MBO Voorzieningen"),
        security_contact=contact,
        sis_contact=sis_contact,
        privacy_contact=privacy_contact,
        duo_persons_url=text("DUO_PERSONS_URL").rstrip("/"),
        duo_education_url=text("DUO_EDUCATION_URL").rstrip("/"),
        duo_timeout=timeout,
        duo_secrecy=secrecy,
        rio_url=text("RIO_URL").rstrip("/"),
        rio_feed_url=text("RIO_FEED_URL").rstrip("/"),
        sbb_url=text("SBB_URL").rstrip("/"),
        bag_url=text("BAG_URL").rstrip("/"),
        mail_url=text("MAIL_URL", str(instance / "mail")),
        mail_from=text("MAIL_FROM", "noreply@centraalaanmelden.example"),
        guardians=int(guardians),
        deadlines=deadlines(text("DEADLINES")),
        vavo_statuses=vavo == "portal",
        vva_ilt_codes=ilt_codes(text("VVA_ILT_CODES", ILT_CODES)),
        vva_age_limit=int(age_limit),
        instance=instance,
    )


def deadlines(value: str) -> Mapping[int, date]:
    """Days such as `2027-05-01,2028-04-03`, each in place of 1 April of its year (WIZ-16)."""
    try:
        days = [date.fromisoformat(item.strip()) for item in value.split(",") if item.strip()]
    except ValueError:
        raise SettingsError("DEADLINES is a list of days, such as 2027-05-01") from None
    return {day.year: day for day in days}


def ilt_codes(value: str) -> tuple[tuple[int, int], ...]:
    """Codes of four digits and ranges of them, both ends included (STA-4)."""
    found = []
    for item in value.split(","):
        part = re.fullmatch(r"\s*([0-9]{4})(?:-([0-9]{4}))?\s*", item)
        if part is None or int(part[2] or part[1]) < int(part[1]):
            raise SettingsError("VVA_ILT_CODES is a list such as 0090,0400,2400-2599")
        found.append((int(part[1]), int(part[2] or part[1])))
    return tuple(found)


def data_keys(value: str) -> tuple[tuple[str, bytes], ...]:
    """`id:base64,id:base64` as pairs; the first is current."""
    keys = []
    for item in value.split(","):
        key_id, _, encoded = item.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not key_id.isalnum() or len(key_id) > 8 or len(key) != 32:
            raise SettingsError(
                "DATA_KEYS is id:base64[,id:base64…]: an id of at most 8 letters or digits, "
                "and 32 bytes; make one with: openssl rand -base64 32"
            )
        keys.append((key_id, key))
    if len({key_id for key_id, _ in keys}) != len(keys):
        raise SettingsError("DATA_KEYS holds the same id twice")
    return tuple(keys)


def made_once(instance: Path, name: str) -> str:
    """A secret for development, made on first use; only its owner can read it."""
    path = instance / name
    instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f".{name}.{secrets.token_hex(4)}")
        fresh.touch(0o600)
        fresh.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        try:
            os.link(fresh, path)  # the server and the worker start together: one of them wins
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text().strip()
