"""The coupling with the schools' systems: who may read, what there is to read, what came back."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    column,
    text,
    true,
)

from app.models.columns import Moment, Uuid, metadata, number

message = Table(  # what a SIS reads of an application: one row a change, in the order of commits
    "message",
    metadata,
    number(),
    Column("koppelpunt_id", ForeignKey("koppelpunt.id"), nullable=False),
    Column("change_number", BigInteger, nullable=False),
    Column("application_id", ForeignKey("application.id"), nullable=False, index=True),
    Column("programme_id", ForeignKey("programme.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("document", LargeBinary),  # gone once a later change takes its place
    Column("latest", Boolean, nullable=False, server_default=true()),  # of its application
    Column("waiting", Boolean, nullable=False, server_default=true()),  # `nieuw` gives it
    Column("given_at", Moment),  # for the first time
    Column("acknowledged_at", Moment),
    Column("error_at", Moment),  # reported by the SIS, and not acknowledged since
    UniqueConstraint("koppelpunt_id", "change_number"),
    # SQLite uses an index with a condition only for one that is written the same.
    Index(
        "ix_message_waiting",
        *("koppelpunt_id", "change_number"),
        sqlite_where=text("waiting = 1"),
        postgresql_where=column("waiting"),
    ),
    Index(
        "uq_message_latest_application_id",
        "application_id",
        unique=True,
        sqlite_where=text("latest = 1"),
        postgresql_where=column("latest"),
    ),
    Index(
        "ix_message_latest",
        *("koppelpunt_id", "change_number"),
        sqlite_where=text("latest = 1"),
        postgresql_where=column("latest"),
    ),
    # Of one programme in that order, whatever else is stored.
    Index("ix_message_programme", "koppelpunt_id", "programme_id", "change_number"),
)

error_report = Table(  # what a SIS could not do with a message; the same twice is one
    "error_report",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", ForeignKey("message.id"), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    UniqueConstraint("message_id", "text_hash"),
)

sis_client = Table(  # a SIS that may log in, known by its OIN
    "sis_client",
    metadata,
    Column("client_id", String(60), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("created_at", Moment, nullable=False),
)

sis_client_school = Table(  # whose koppelpunten it sees
    "sis_client_school",
    metadata,
    Column("client_id", ForeignKey("sis_client.client_id"), primary_key=True),
    Column("brin", ForeignKey("institution.brin"), primary_key=True, index=True),
)

sis_key = Table(  # several at once, so that keys change without a pause
    "sis_key",
    metadata,
    number(),
    Column("client_id", ForeignKey("sis_client.client_id"), nullable=False),
    Column("kind", String(11), nullable=False),  # jwk, secret, certificate
    Column("kid", String(100), nullable=False),
    Column("value", Text, nullable=False),  # a public JWK, or a secret's hash
    Column("active_from", Moment, nullable=False),
    Column("until", Moment),
    UniqueConstraint("client_id", "kid"),
)

status_message = Table(  # the mbo-koppelpunt's log: ids, parties and times, no content (STA-5)
    "status_message",
    metadata,
    number(),
    Column("brin", String(4), nullable=False),
    Column("message_id", String(100), nullable=False),
    Column("sender", String(60), nullable=False),
    Column("ca_keten_id", Uuid, index=True),  # none: an id of the school's own
    Column("content_hash", String(64), nullable=False),
    Column("receivers", JSON, nullable=False),
    Column("result", JSON, nullable=False),  # said again to who sends it again
    Column("sent_at", Moment),
    Column("received_at", Moment, nullable=False, index=True),
    UniqueConstraint("brin", "message_id"),
)

audit = (
    Table(  # who looked at whom, or changed what; rows are added only (ADM-2, checklist item 52)
        "audit",
        metadata,
        number(),
        Column("at", Moment, nullable=False),
        Column("actor_kind", String(15), nullable=False),
        Column("actor", String(60), nullable=False),
        Column("action", String(30), nullable=False),
        Column("object", Text, nullable=False),  # caKetenIds, or what an operator set
        Column("result", String(30), nullable=False),
        Column("origin", String(45), nullable=False),
        Column("brin", String(4), nullable=False),
        Column("number", Integer, nullable=False, server_default="0"),  # of persons
        Index("ix_audit_brin_at", "brin", "at"),
    )
)
