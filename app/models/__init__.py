"""The tables. No behaviour."""

from app.models.catalogue import (
    FOREVER,
    catalogue,
    catalogue_read,
    catalogue_run,
    cohort,
    cohort_facts,
    programme,
    programme_facts,
    provider,
)
from app.models.columns import Moment, metadata
from app.models.machinery import job, store, tester_clock
from app.models.schools import institution, koppelpunt, refused_link
from app.models.search import (
    search_entry,
    search_inner,
    search_place,
    search_posting,
    search_title,
    search_trace,
    search_word,
)
from app.models.students import (
    application,
    application_status,
    draft,
    email_link,
    message,
    place,
    running,
    student,
)

__all__ = [
    "FOREVER",
    "Moment",
    "application",
    "application_status",
    "catalogue",
    "catalogue_read",
    "catalogue_run",
    "cohort",
    "cohort_facts",
    "draft",
    "email_link",
    "institution",
    "job",
    "koppelpunt",
    "message",
    "metadata",
    "place",
    "programme",
    "programme_facts",
    "provider",
    "refused_link",
    "running",
    "search_entry",
    "search_inner",
    "search_place",
    "search_posting",
    "search_title",
    "search_trace",
    "search_word",
    "store",
    "student",
    "tester_clock",
]
