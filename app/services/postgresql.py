"""PostgreSQL's own programs: pg_dump, and pg_restore into psql. The password goes by the
environment, never on a command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, inspect, text

from app.services.archive import CHUNK, Refused, copy

FOLDER = Path("/usr/lib/postgresql")  # Debian's, by version; outside PATH
SCHEMA = "public"
PASSED = ("PATH", "HOME", "LANG", "TMPDIR")  # and what libpq reads: none of our own secrets
WAIT = "10s"  # for a table that somebody else has
HALF = "half_restored"  # a table that stands there until a restore is over

# Whatever the portal made, of whichever release; what belongs to extensions stays.
GONE = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', one.tablename);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS
      (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', one.name);
  END LOOP;
END $$;
"""


class Failed(Exception):
    """One of the programs gave up; what it said."""


def program(name: str, server: int) -> str:
    """The one of the server's own version, or else the newest. Raises Refused when there is none
    that can speak with it."""
    there = {int(p.parent.parent.name): p for p in FOLDER.glob(f"[0-9]*/bin/{name}")}
    if there and max(there) >= server:
        return str(there.get(server) or there[max(there)])
    if not there and (found := shutil.which(name)):
        return found
    raise Refused(f"{name} is missing: apt-get install postgresql-client-{server}")


def dump(engine: Engine, snapshot: str, sink: IO[bytes], moved: Callable[[int], None]) -> None:
    """What this snapshot holds, in the custom format; the tables of what may vanish empty.
    Raises Failed, Refused."""
    options = (
        *("--format=custom", "--no-owner", "--no-privileges", f"--schema={SCHEMA}"),
        *(f"--exclude-table-data={SCHEMA}.store", f"--snapshot={snapshot}"),
        *("--lock-wait-timeout=10000", "--no-password"),
    )
    with _running(engine, "pg_dump", *options, stdout=subprocess.PIPE) as dumping:
        copy(dumping.stdout, sink, moved)  # type: ignore[arg-type]


def load(engine: Engine, source: IO[bytes], rows: Mapping[str, int]) -> None:
    """What `dump` gave, in place of all that is there, if it has so many rows then: in one
    transaction, so that whatever goes wrong leaves everything as it was. It is half restored until
    `finished`. Raises Failed, Refused."""
    into = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-")
    script = ("--file=-", f"--schema={SCHEMA}", "--no-owner", "--no-privileges")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    quietly = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    with _running(engine, "psql", *into, "--no-password", **quietly) as loading:
        target = loading.stdin
        assert target is not None
        try:
            target.write(GONE.encode())
            with _running(None, "pg_restore", *script, server=_version(engine), **pipes) as reading:
                feeding = threading.Thread(target=_feed, args=(source, reading.stdin), daemon=True)
                feeding.start()
                assert reading.stdout is not None
                shutil.copyfileobj(reading.stdout, target, CHUNK)
                feeding.join()
            target.write(_counted(rows).encode())
            target.write(f"CREATE TABLE IF NOT EXISTS {SCHEMA}.{HALF} ();\n".encode())
            target.close()  # which commits: only now is everything there
        except BrokenPipeError:
            pass  # it stopped, and says why
        except BaseException:
            loading.kill()
            raise


def finished(connection: Connection) -> None:
    connection.execute(text(f"DROP TABLE {SCHEMA}.{HALF}"))


def is_half_restored(connection: Connection) -> bool:
    """Whether who was removed may be there again: a restore is under way, or never ended."""
    return inspect(connection).has_table(HALF)


def _feed(source: IO[bytes], target: IO[bytes]) -> None:
    """Until who reads has enough, or has given up, which is then said elsewhere."""
    try:
        shutil.copyfileobj(source, target, CHUNK)
        target.close()
    except (BrokenPipeError, ValueError):
        pass


def _counted(rows: Mapping[str, int]) -> str:
    """SQL that fails for another number of rows."""
    each = [
        sql.SQL("IF (SELECT count(*) FROM {}) <> {} THEN RAISE EXCEPTION {}; END IF;").format(
            sql.Identifier(SCHEMA, name), sql.Literal(number), sql.Literal(f"rows of {name}")
        )
        for name, number in rows.items()
    ]
    body = sql.SQL("\n").join(each).as_string(None)
    return f"\nDO $$ BEGIN {body} END $$;\n"


@contextmanager
def _running(
    engine: Engine | None, name: str, *options: str, server: int = 0, **pipes: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that must end well. Raises Failed with the first of its errors."""
    environ = {n: v for n, v in os.environ.items() if n in PASSED or n.startswith("PG")}
    command = [program(name, server or _version(engine)), *options]
    if engine is not None:
        named = engine.url.translate_connect_args(username="user", database="dbname")
        given = {**named, **engine.url.query}
        if password := given.pop("password", None):
            environ["PGPASSWORD"] = password
        environ["PGOPTIONS"] = f"-c lock_timeout={WAIT} -c timezone=UTC"
        command.append(f"--dbname={make_conninfo(**given)}")
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=environ, stderr=errors, **pipes)
        try:
            yield process
        except BaseException:
            process.kill()
            process.wait()
            raise
        code = process.wait()
        if code:
            errors.seek(0)
            raise Failed(_first(errors.read().decode(errors="replace")) or f"{name} ended: {code}")


def _version(engine: Engine | None) -> int:
    assert engine is not None
    with engine.connect() as connection:
        return int((connection.dialect.server_version_info or (0,))[0])


def _first(said: str) -> str:
    """The first error, without the rows that it may quote."""
    lines = [line for line in said.splitlines() if "error:" in line.lower()]
    return lines[0].split(":  ")[-1][:200] if lines else ""
