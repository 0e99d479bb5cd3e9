"""The tables. No behaviour.

What is personal is one encrypted `document` a row (app/keys.py); only what the process must
query is a column.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware on both sides."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        assert value.tzinfo is not None, "a moment without a time zone"
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Uuid = String(36)
Big = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only an INTEGER itself


def number() -> Column[int]:
    return Column("id", Big, Identity(), primary_key=True)


institution = Table(
    "institution",
    metadata,
    Column("brin", String(4), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("domains", JSON, nullable=False),  # allowed hosts of return links (DEE-3)
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

programme = Table(
    "programme",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("provider_code", ForeignKey("provider.code"), nullable=False, index=True),
    Column("name", String(225), nullable=False),
    Column("name_english", String(225), nullable=False),
    Column("official_name", String(225), nullable=False),
    Column("search_text", Text, nullable=False),  # folded: name, crebo, institution, place
    Column("crebo", String(5), nullable=False, index=True),
    Column("level", Integer),
    Column("leertraject", String(10), nullable=False),
    Column("location_code", String(7), nullable=False),
    Column("place", String(80), nullable=False),
    Column("street", String(100), nullable=False),
    Column("language", String(3), nullable=False),
    Column("website", String(500), nullable=False),
    Column("description", Text, nullable=False),
    Column("duration", String(20), nullable=False),
    Column("first_start", Date),
    Column("last_start", Date),
    Column("ends", Date),
    Column("active", Boolean, nullable=False),
    Column("digest", String(64), nullable=False),
)

cohort = Table(
    "cohort",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("programme_id", ForeignKey("programme.id"), nullable=False),
    Column("code", String(60), nullable=False),
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
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("programme_id", "code"),
)

student = Table(
    "student",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("bsn_hash", String(64), nullable=False, unique=True),
    Column("document", LargeBinary, nullable=False),
    Column("known_version", Integer, nullable=False),
    Column("language", String(5), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", ForeignKey("student.id"), nullable=False, index=True),
    Column("cohort_id", ForeignKey("cohort.id")),
    Column("document", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
)

application = Table(
    "application",
    metadata,
    number(),
    Column("student_id", ForeignKey("student.id"), nullable=False, index=True),
    Column("draft_id", Uuid, nullable=False, unique=True),  # sending it twice finds the first
    Column("ca_keten_id", Uuid, nullable=False, unique=True),
    Column("keten_id", String(13), nullable=False, unique=True),
    Column("koppelpunt_id", ForeignKey("koppelpunt.id"), nullable=False),
    Column("cohort_id", ForeignKey("cohort.id"), nullable=False),
    Column("brin", ForeignKey("institution.brin"), nullable=False),
    Column("status", String(10), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("requested_at", Moment, nullable=False),  # when the request arrived (WIZ-18)
    Column("submitted_at", Moment, nullable=False),
)

application_status = Table(
    "application_status",
    metadata,
    number(),
    Column("application_id", ForeignKey("application.id"), nullable=False, index=True),
    Column("status", String(10), nullable=False),
    Column("source", String(10), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)

running = Table(  # a row claimed by submitting, so that nobody applies twice (WIZ-15)
    "running",
    metadata,
    Column("student_id", ForeignKey("student.id"), primary_key=True),
    Column("cohort_id", ForeignKey("cohort.id"), primary_key=True),
    Column("application_id", ForeignKey("application.id"), nullable=False),
)

place = Table(  # only for a cohort whose places are counted (CAT-5)
    "place",
    metadata,
    Column("cohort_id", ForeignKey("cohort.id"), primary_key=True),
    Column("maximum", Integer, nullable=False),
    Column("taken", Integer, nullable=False, server_default="0"),
    CheckConstraint("taken >= 0 AND taken <= maximum", name="not_over"),
)

message = Table(  # what a SIS reads, numbered in the order of commits
    "message",
    metadata,
    number(),
    Column("koppelpunt_id", ForeignKey("koppelpunt.id"), nullable=False),
    Column("change_number", BigInteger, nullable=False),
    Column("application_id", ForeignKey("application.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("koppelpunt_id", "change_number"),
)

job = Table(
    "job",
    metadata,
    number(),
    Column("name", String(40), nullable=False),
    Column("document", LargeBinary),  # what it is about; none for a periodic job
    Column("document_id", Uuid, nullable=False, unique=True),
    Column("due_at", Float, nullable=False),  # machine time, seconds since 1970
    Column("leased_until", Float, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("first_tried_at", Float),
    Column("failed_at", Float),  # given up: shown to the operator
    Column("last_run_at", Float),
    Column("last_error", String(200), nullable=False, server_default=""),
    Index("ix_job_due", "failed_at", "due_at"),
)

store = Table(
    "store",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

tester_clock = Table(  # one row; outside production only
    "tester_clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("offset_seconds", Float, nullable=False),
)
