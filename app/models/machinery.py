"""What keeps it running: jobs, what may vanish, the tester's clock."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from app.models.columns import Uuid, metadata, number

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
    Column("student_id", ForeignKey("student.id"), index=True),  # about whom, if about anybody
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
