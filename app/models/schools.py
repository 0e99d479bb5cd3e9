"""Schools, as the operator and they themselves set them up."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
)

from app.models.columns import Moment, Uuid, metadata, number

institution = Table(
    "institution",
    metadata,
    Column("brin", String(4), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("domains", JSON, nullable=False),  # allowed hosts of return links (DEE-3)
    Column("aliases", JSON, nullable=False, server_default="[]"),  # what people call it
    Column("whitelist", Boolean, nullable=False, server_default=false()),  # only what is ticked
    Column("return_url", String(2048), nullable=False, server_default=""),
    Column("return_url_failed", String(2048), nullable=False, server_default=""),
    Column("privacy_url", String(2048), nullable=False, server_default=""),  # its own statement
    # What opens an interessemelding without DigiD (INT-1), sealed; and the hash to compare with.
    Column("registratiecode", LargeBinary),
    Column("registratiecode_hash", String(64)),
)

koppelpunt = Table(
    "koppelpunt",
    metadata,
    number(),
    Column("code", String(60), nullable=False, unique=True),
    Column("uuid", Uuid, nullable=False, unique=True),
    Column("brin", ForeignKey("institution.brin"), nullable=False, index=True),
    Column("active_from", Moment, nullable=False),
    Column("last_change", BigInteger, nullable=False, server_default="0"),
    Column("name", String(80), nullable=False, server_default=""),
    # The code without capitals: no other code may differ from it in those alone (ADM-4).
    Column("code_key", String(60), nullable=False, unique=True),
    Column("off", Boolean, nullable=False, server_default=false()),
    Column("sis", String(30), nullable=False, server_default=""),  # its kind, such as Osiris
    Column("acknowledging", Boolean, nullable=False, server_default=false()),  # SIS-1
    Column("nudge_url", String(2048), nullable=False, server_default=""),  # SIS-9
    Column("seen_at", Moment),  # when its SIS was here last
)

koppelpunt_provider = Table(  # an extra koppelpunt has some; one without is the school's default
    "koppelpunt_provider",
    metadata,
    Column("koppelpunt_id", ForeignKey("koppelpunt.id"), primary_key=True),
    Column("provider_code", ForeignKey("provider.code"), primary_key=True),
)

refused_link = Table(  # the school's log of links that don't count (DEE-3), one row a kind
    "refused_link",
    metadata,
    number(),
    Column("brin", ForeignKey("institution.brin"), nullable=False),
    Column("parameter", String(30), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("link", String(200), nullable=False),  # without query: that may hold personal data
    Column("times", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    UniqueConstraint("brin", "parameter", "reason", "link"),
)
