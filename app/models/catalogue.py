"""What RIO says: programmes and their cohorts.

A row of facts is written once and not changed: it counts from its `edition` up to `until`, and
`catalogue` says which edition it is now. So a synchronisation writes as long as it likes, and
students see the old catalogue or the new one, whole (CAT-1).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from app.models.columns import Moment, Uuid, metadata, number

FOREVER = 2**62  # `until` of a row that nothing has replaced

catalogue = Table(  # one row
    "catalogue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition", BigInteger, nullable=False),
    Column("changes", BigInteger, nullable=False),  # drafts hold the number they were filled with
    Column("synced_at", Moment),  # when the last whole synchronisation began
    Column("followed_until", Moment),  # how far the change feed was followed
    Column("problem", String(200), nullable=False, server_default=""),  # of the last try
    Column("problem_at", Moment),
)

catalogue_run = Table(  # a synchronisation that isn't finished: one row at most
    "catalogue_run",
    metadata,
    Column("edition", BigInteger, primary_key=True, autoincrement=False),  # what it will be
    Column("holder", Uuid, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("leased_until", Float, nullable=False),  # machine time, seconds since 1970
    Column("providers", JSON, nullable=False),
    Column("done", JSON, nullable=False),  # codes of the providers whose programmes were read
)

catalogue_read = Table(  # what that synchronisation has read
    "catalogue_read",
    metadata,
    Column("programme_id", Uuid, primary_key=True),
)

provider = Table(
    "provider",
    metadata,
    Column("code", String(7), primary_key=True),
    Column("brin", ForeignKey("institution.brin"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("email", String(200), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("website", String(500), nullable=False),
    Column("contact_context", String(40), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("digest", String(64), nullable=False),
)

programme = Table(  # which there are, and were
    "programme",
    metadata,
    Column("id", Uuid, primary_key=True),
    # Of whom it was when it came; whose it is now is among its facts.
    Column("provider_code", ForeignKey("provider.code"), nullable=False, index=True),
    Column("whitelisted", Boolean, nullable=False, server_default=false()),  # ticked by the school
    Column("return_url", String(2048), nullable=False, server_default=""),
    Column("return_url_failed", String(2048), nullable=False, server_default=""),
)

programme_facts = Table(
    "programme_facts",
    metadata,
    number(),
    Column("programme_id", ForeignKey("programme.id"), nullable=False),
    Column("edition", BigInteger, nullable=False, index=True),
    Column("until", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("active", Boolean, nullable=False),  # RIO has it
    Column("provider_code", String(7), nullable=False, server_default=""),
    Column("brin", ForeignKey("institution.brin"), nullable=False),
    Column("name", String(225), nullable=False),
    Column("name_english", String(225), nullable=False),
    Column("official_name", String(225), nullable=False),
    Column("group_key", String(32), nullable=False),  # the same for one name at one school
    Column("crebo", String(5), nullable=False),
    Column("level", Integer),
    Column("leertraject", String(10), nullable=False),
    Column("restricted", Boolean, nullable=False),  # toegankelijkheid SPEC
    Column("requirements", Boolean, nullable=False),  # toelatingseisen JA
    Column("place", String(80), nullable=False),
    Column("street", String(100), nullable=False),
    Column("language", String(3), nullable=False),
    Column("website", String(500), nullable=False),
    Column("description", Text, nullable=False),
    Column("duration", String(20), nullable=False),
    Column("ends", Date),  # the last day that the programme is there
    Index(
        "uq_programme_facts_now",
        "programme_id",
        unique=True,
        sqlite_where=text(f"until = {FOREVER}"),
        postgresql_where=text(f"until = {FOREVER}"),
    ),
    Index("ix_programme_facts_until", "programme_id", "until"),
    Index("ix_programme_facts_group", "group_key"),
    Index("ix_programme_facts_school", "brin", "crebo"),
)

cohort = Table(  # which there are, and were
    "cohort",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("programme_id", ForeignKey("programme.id"), nullable=False),
    Column("code", String(60), nullable=False),
    UniqueConstraint("programme_id", "code"),
)

cohort_facts = Table(  # counts as long as its programme's row does
    "cohort_facts",
    metadata,
    number(),
    Column(
        "facts_id",
        ForeignKey("programme_facts.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("cohort_id", ForeignKey("cohort.id"), nullable=False, index=True),
    Column("open", Boolean, nullable=False),
    Column("apply_from", Date, nullable=False),
    Column("apply_until", Date),
    Column("start", Date),
    Column("start_from", Date),
    Column("start_until", Date),
    Column("permission_required", Boolean, nullable=False),
    Column("permission_note", Text, nullable=False),
    Column("places", Integer),
    Column("access_code", String(60), nullable=False),
)
