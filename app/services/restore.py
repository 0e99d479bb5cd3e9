"""A backup in place of what is there (RET-3): looked at first, whole or not at all, and then what
was removed since is removed once more."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

from alembic.script import ScriptDirectory
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, select, table, text
from sqlalchemy.exc import DBAPIError

from app import db, keys, migrate
from app.services import archive, backup, ledger, postgresql, search_index
from app.services.archive import CONTENT, Manifest, NotReady, Progress, Refused
from app.services.catalogue_run import alone
from app.services.ledger import Entry
from app.services.sealed import SEALED, under

UNDER_WAY = timedelta(hours=1)  # what a removal may take from its line in the ledger to its commit
LEAVING = 20  # looks, a tenth of a second apart
Replay = Callable[[Sequence[Entry]], None]  # removes these rows where they are there again

# What `migrate`, a worker or a tester leaves where nobody has done anything yet.
OF_NOBODY = {"alembic_version", "catalogue", "store", "job", "tester_clock"}

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def restore(
    path: Path, url: str, replace: bool, removed: Path, replay: Replay, progress: Progress
) -> Manifest:
    """The database at `url` as it was, brought to this release's schema, without what the deletion
    ledger (`removed`) holds. Raises archive.Refused or postgresql.Failed, and then nothing has
    changed; and archive.NotReady."""
    with archive.opened(path) as (manifest, file):
        entries = ledger.entries(removed).entries
        _fits(manifest, entries, removed)
        _is_free(replace)
        since = _since(manifest, entries)
        if manifest.database == "sqlite":
            _sqlite(file, manifest, url, lambda: replay(since), progress)
        else:
            _postgresql(file, manifest, url, lambda: replay(since), progress)
    return manifest


def _since(manifest: Manifest, entries: Sequence[Entry]) -> list[Entry]:
    """What was removed since the backup was made, or was being removed then. What was before is
    gone from it; and if it isn't, because it was never done, somebody goes on with it."""
    then = datetime.fromisoformat(manifest.made_at) - UNDER_WAY
    late = enumerate(entries)
    return [entry for n, entry in late if n >= manifest.removed or entry.at >= then]


def _fits(manifest: Manifest, entries: Sequence[Entry], removed: Path) -> None:
    """Whether this release, with these settings, can make something of it. Raises Refused."""
    mine = db.engine().dialect.name
    if manifest.database != mine:
        raise Refused(f"it is a backup of {manifest.database}, and DATABASE_URL is {mine}")
    script = ScriptDirectory(str(migrate.MIGRATIONS))
    if manifest.schema not in {one.revision for one in script.walk_revisions()}:
        raise Refused(f"a newer release made this backup (schema {manifest.schema})")
    if lacking := sorted(set(manifest.keys) - set(keys.ids())):
        raise Refused(f"it is sealed with keys that DATA_KEYS lacks: {', '.join(lacking)}")
    if len(entries) < manifest.removed:
        raise Refused(
            f"the deletion ledger {removed} has {len(entries)} entries, and had {manifest.removed} "
            "when this backup was made: what was removed would come back"
        )


def _is_free(replace: bool) -> None:
    """Whether the database may be written over. Raises Refused."""
    try:
        with db.engine().connect() as connection:
            if db.engine().dialect.name == "postgresql" and _others(connection):
                raise Refused("others are connected to the database: stop portals and workers")
            if not replace and not is_empty(connection):
                raise Refused("the database isn't empty; --replace puts the backup in its place")
    finally:
        db.engine().dispose()


def _others(connection: Connection) -> bool:
    """Who was stopped a moment ago is still leaving."""
    for _ in range(LEAVING):
        if not connection.scalar(OTHERS):
            return False
        connection.rollback()  # or the next look is the same one
        time.sleep(0.1)
    return True


def is_empty(connection: Connection) -> bool:
    names = backup.tables(connection) - OF_NOBODY
    return not any(
        connection.execute(select(text("1")).select_from(table(name)).limit(1)).first()
        for name in sorted(names)
    )


def _sqlite(
    file: ZipFile, manifest: Manifest, url: str, replay: Callable[[], None], progress: Progress
) -> None:
    """Made ready in a file beside it, and then written over in one transaction."""
    target = Path(db.engine().url.database or "")
    name = CONTENT["sqlite"]
    size = file.getinfo(name).file_size
    with archive.half(target) as folder:
        copy = folder / "copy"
        with file.open(name) as source, copy.open("wb") as sink:
            archive.copy(source, sink, lambda n: progress("Unpacking", n / max(size, 1)))
        try:
            _is_sound(copy, manifest)
            _brought_up(f"sqlite:///{copy}", manifest)
            replay()
        finally:
            db.connect(url)
        with closing(sqlite3.connect(copy)) as ready, closing(_alone(target)) as over:
            ready.backup(over)


def _alone(target: Path) -> sqlite3.Connection:
    """A connection while no other process has the file open. Raises Refused."""
    connection = sqlite3.connect(target, timeout=0, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")  # refused beside anybody else
    except sqlite3.OperationalError:
        connection.close()
        raise Refused(f"{target} is in use: stop portals and workers") from None
    except sqlite3.DatabaseError:
        connection.close()
        raise Refused(f"{target} is no database any more: move it away") from None
    return connection


def _is_sound(copy: Path, manifest: Manifest) -> None:
    try:
        with closing(sqlite3.connect(copy)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
        db.connect(f"sqlite:///{copy}")
        with db.reading() as reading:
            _, rows, _ = backup.about(reading)
    except (sqlite3.DatabaseError, DBAPIError):
        raise Refused("the database in it is damaged") from None
    if found != "ok" or loose:
        raise Refused("the database in it is damaged")
    if rows != manifest.rows:
        raise Refused("it holds other rows than its manifest says")


def _postgresql(
    file: ZipFile, manifest: Manifest, url: str, replay: Callable[[], None], progress: Progress
) -> None:
    """In one transaction. Migrating and removing come after that: until the end nobody is let
    in, and that stays so when this process is killed."""
    progress("Loading", 0)
    with file.open(CONTENT["postgresql"]) as source:
        postgresql.load(db.engine(), source, manifest.rows)
    try:
        _brought_up(url, manifest)
        replay()
        with db.transaction() as connection:
            postgresql.finished(connection)
    except Exception as error:
        raise NotReady(str(error)) from error


def _brought_up(url: str, manifest: Manifest) -> None:
    """To the schema of this release; and the keys open it."""
    migrate.upgrade(url)
    with db.transaction() as connection:
        alone(connection)
        search_index.keep_up(connection)
    with db.reading() as connection:
        for one in SEALED:
            for key_id in manifest.keys:
                wanted = select(one.table).where(under(one.column, key_id)).limit(1)
                row = connection.execute(wanted).first()
                try:
                    row and keys.unsealed(one.place_of(row), getattr(row, one.column.name))
                except InvalidTag:
                    raise Refused(f"the key {key_id} of DATA_KEYS is another than then") from None
