"""Students, their drafts and applications.

What is personal is one encrypted `document` a row (app/keys.py); only what the process must
query is a column.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    text,
    true,
)

from app.domain.status import APPLICATION
from app.models.columns import Moment, Uuid, metadata, number

student = Table(
    "student",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("bsn_hash", String(64), unique=True),  # none: without DigiD (INT-3)
    Column("document", LargeBinary, nullable=False),
    Column("known_version", Integer, nullable=False),
    Column("language", String(5), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False, index=True),
    Column("wants_mail", Boolean, nullable=False, server_default=true()),  # about statuses (MIJ-4)
    Column("warned_at", Moment),  # that all will be removed (RET-1)
    Column("group_id", Uuid),  # once an application of theirs was removed, see there
)

draft = Table(
    "draft",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", ForeignKey("student.id"), nullable=False, index=True),
    Column("cohort_id", ForeignKey("cohort.id"), index=True),
    Column("document", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Column("reminded_at", Moment),  # that it waits
)

# Of one that was removed stays what totals need: no student, draft, ketenId or document, and of
# its moments the day (RET-1).
application = Table(
    "application",
    metadata,
    number(),
    Column("student_id", ForeignKey("student.id"), index=True),
    Column("kind", String(1), nullable=False, server_default=APPLICATION),
    Column("draft_id", Uuid, unique=True),  # sending it twice finds the first
    Column("ca_keten_id", Uuid, nullable=False, unique=True),
    Column("keten_id", String(13), unique=True),
    Column("koppelpunt_id", ForeignKey("koppelpunt.id"), nullable=False),
    Column("cohort_id", ForeignKey("cohort.id"), nullable=False, index=True),
    Column("brin", ForeignKey("institution.brin"), nullable=False),
    Column("status", String(10), nullable=False),
    Column("document", LargeBinary),
    Column("requested_at", Moment, nullable=False),  # when the request arrived (WIZ-18)
    Column("submitted_at", Moment, nullable=False),
    Column("removed_at", Moment),
    Column("group_id", Uuid),  # the same of one person's removed ones, and leads to nobody
    Column("age_band", String(10), nullable=False, server_default=""),  # of one that was removed
    Index("ix_application_koppelpunt_id", "koppelpunt_id", "requested_at"),
    Index("ix_application_brin", "brin", "requested_at"),
    # SQLite uses an index with a condition only for one that is written the same.
    Index(
        "ix_application_kept",
        *("submitted_at", "id"),
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
)

application_status = Table(
    "application_status",
    metadata,
    number(),
    Column("application_id", ForeignKey("application.id"), nullable=False, index=True),
    Column("status", String(10), nullable=False),
    Column("source", String(10), nullable=False),
    Column("since", Moment, nullable=False),  # the sender's moment, five minutes ahead at most
    Column("until", Moment),
    # Without it: known, but no move that counts (STA-3).
    Column("counts", Boolean, nullable=False, server_default=true()),
    Column("message_id", String(100), nullable=False, server_default=""),  # of the koppelpunt's
    Column("reason", String(20), nullable=False, server_default=""),  # why it was withdrawn
    # The one that the student chose instead.
    Column("kept_id", ForeignKey("application.id", ondelete="SET NULL"), index=True),
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

email_link = Table(  # one a mail: who presses it has the mailbox (WIZ-5)
    "email_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("student_id", ForeignKey("student.id"), nullable=False, index=True),
    Column("email_hash", String(64), nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
)
