"""What programmes are found by.

Titles, words and places outlive the programmes that brought them, until `catalogue_run.tidy`; an
entry comes and goes with its row of facts, whose `until` it follows by itself.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
)
from sqlalchemy.dialects.postgresql import VARCHAR

from app.models.catalogue import programme_facts
from app.models.columns import Big, metadata, number


def _ordered(length: int) -> String:
    """Text that a range finds the beginnings of, in the same order on both databases."""
    return String(length).with_variant(VARCHAR(length, collation="C"), "postgresql")


search_title = Table(  # the names of a programme, together; many programmes share them
    "search_title",
    metadata,
    number(),
    Column("digest", String(32), nullable=False, unique=True),
)

search_word = Table(  # of titles
    "search_word",
    metadata,
    number(),
    Column("word", _ordered(40), nullable=False, unique=True),
)

search_posting = Table(
    "search_posting",
    metadata,
    Column("word_id", ForeignKey("search_word.id"), primary_key=True),
    Column(
        "title_id",
        ForeignKey("search_title.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("weight", Integer, nullable=False),
    Column("edition", BigInteger, nullable=False, server_default="0"),  # the first that has it
    sqlite_with_rowid=False,
)

search_inner = Table(  # the ends of a word: «beheerder» of «systeembeheerder»
    "search_inner",
    metadata,
    Column("form", _ordered(40), primary_key=True),
    Column(
        "word_id", ForeignKey("search_word.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    sqlite_with_rowid=False,
)

search_trace = Table(  # what is left of a word where letters fell out
    "search_trace",
    metadata,
    Column("form", _ordered(10), primary_key=True),
    Column(
        "word_id", ForeignKey("search_word.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    sqlite_with_rowid=False,
)

search_place = Table(
    "search_place",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("edition", BigInteger, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

search_entry = Table(  # a programme in a span that it can be applied for, with days as ordinals
    "search_entry",
    metadata,
    Column("title_id", ForeignKey("search_title.id"), primary_key=True),  # kept in this order
    Column("facts_id", Big, primary_key=True, index=True),
    Column("until", BigInteger, nullable=False),
    Column("edition", BigInteger, nullable=False),
    Column("group_id", BigInteger, nullable=False, index=True),  # from the group_key
    Column("brin", String(4), nullable=False, index=True),
    Column("place", String(80), nullable=False, index=True),
    Column("level", Integer, nullable=False),  # 0: none
    Column("leertraject", String(10), nullable=False),
    Column("opens", Integer, primary_key=True, autoincrement=False),
    Column("closes", Integer, nullable=False),
    Column("called", BigInteger, nullable=False),  # from its name, to sort by
    ForeignKeyConstraint(
        ["facts_id", "until"],
        ["programme_facts.id", "programme_facts.until"],
        ondelete="CASCADE",
        onupdate="CASCADE",
    ),
    sqlite_with_rowid=False,
)

# What an entry's `until` follows.
Index("uq_programme_facts_id_until", programme_facts.c.id, programme_facts.c.until, unique=True)
