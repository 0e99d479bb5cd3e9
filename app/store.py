"""What may vanish: sessions, login state, throttles, locks. A table, or Redis.

Both keep the same contract: a key lives for a number of seconds of machine time; `take` gives a
value to one caller only; `incr` counts within a life that begins with the first. Redis gone, or
the database locked, raises StoreDown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import Protocol, cast

from redis import Redis
from redis.exceptions import RedisError, TimeoutError
from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError

from app import clock, db
from app.models import store
from app.prepared import Prepared

PAUSE = 2  # seconds


class StoreDown(Exception):
    """What may vanish can't be reached now."""


_GET = Prepared(
    select(store.c.value).where(store.c.key == bindparam("k"), store.c.expires_at > bindparam("t"))
)


class Store(Protocol):
    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, value: bytes, life: int) -> None: ...

    def keep(self, key: str, value: bytes, life: int) -> None:
        """Put, but only over what is there: what was deleted meanwhile doesn't come back."""

    def take(self, key: str) -> bytes | None:
        """Get and delete, once among any number of callers."""

    def incr(self, key: str, life: int) -> int:
        """One more; the new count. The life is not renewed by counting."""

    def left(self, key: str) -> int:
        """Whole seconds until it vanishes, the last one begun; 0 when it isn't there."""

    def delete(self, key: str) -> None: ...

    def ping(self) -> None:
        """Raises StoreDown."""

    def sweep(self) -> int:
        """Remove what has expired; how many that were."""

    def clear(self) -> None:
        """Everything vanishes: a tester starts over."""


@contextmanager
def _changing() -> Iterator[Connection]:
    try:
        with db.transaction() as connection:
            yield connection
    except (db.Busy, DBAPIError):
        raise StoreDown() from None


class TableStore:
    """In the application's own database."""

    def get(self, key: str) -> bytes | None:
        try:
            with db.reading() as connection:
                row = _GET.first(connection, k=key, t=clock.real_seconds())
        except DBAPIError:
            raise StoreDown() from None
        return row[0] if row else None

    def put(self, key: str, value: bytes, life: int) -> None:
        row = {"key": key, "value": value, "expires_at": clock.real_seconds() + life}
        with _changing() as connection:
            changed = connection.execute(update(store).where(store.c.key == key).values(row))
            if not changed.rowcount:
                connection.execute(
                    db.insert(connection, store).on_conflict_do_update(
                        index_elements=["key"], set_=row
                    ),
                    row,
                )

    def keep(self, key: str, value: bytes, life: int) -> None:
        now = clock.real_seconds()
        with _changing() as connection:
            connection.execute(
                update(store)
                .where(store.c.key == key, store.c.expires_at > now)
                .values(value=value, expires_at=now + life)
            )

    def take(self, key: str) -> bytes | None:
        with _changing() as connection:
            row = connection.execute(
                delete(store)
                .where(store.c.key == key, store.c.expires_at > clock.real_seconds())
                .returning(store.c.value)
            ).first()
        return row[0] if row else None

    def incr(self, key: str, life: int) -> int:
        now = clock.real_seconds()
        with _changing() as connection:
            connection.execute(delete(store).where(store.c.key == key, store.c.expires_at <= now))
            row = None
            while row is None:  # somebody may delete it between these two
                connection.execute(
                    db.insert(connection, store).on_conflict_do_nothing(index_elements=["key"]),
                    {"key": key, "value": b"0", "expires_at": now + life},
                )
                row = connection.execute(
                    select(store.c.value).where(store.c.key == key).with_for_update()
                ).first()
            count = int(row[0]) + 1
            connection.execute(
                update(store).where(store.c.key == key).values(value=str(count).encode())
            )
        return count

    def left(self, key: str) -> int:
        try:
            with db.reading() as connection:
                until = connection.execute(
                    select(store.c.expires_at).where(store.c.key == key)
                ).scalar()
        except DBAPIError:
            raise StoreDown() from None
        return max(0, ceil((until or 0) - clock.real_seconds()))

    def delete(self, key: str) -> None:
        with _changing() as connection:
            connection.execute(delete(store).where(store.c.key == key))

    def ping(self) -> None:
        self.get("ping")

    def sweep(self) -> int:
        with _changing() as connection:
            gone = connection.execute(
                delete(store).where(store.c.expires_at <= clock.real_seconds())
            )
        return gone.rowcount

    def clear(self) -> None:
        with db.transaction() as connection:
            connection.execute(delete(store))


class RedisStore:
    """A Redis that doesn't answer is left alone for PAUSE seconds: else every page waits for it."""

    def __init__(self, url: str, patience: float = 2) -> None:
        self.redis = Redis.from_url(url, socket_timeout=patience, socket_connect_timeout=1)
        self.silent_until = 0.0

    @contextmanager
    def _asking(self) -> Iterator[Redis]:
        if clock.ticks() < self.silent_until:
            raise StoreDown()
        try:
            yield self.redis
        except TimeoutError:
            self.silent_until = clock.ticks() + PAUSE
            raise StoreDown() from None
        except RedisError:
            raise StoreDown() from None

    def get(self, key: str) -> bytes | None:
        with self._asking() as redis:
            return cast(bytes | None, redis.get(key))

    def put(self, key: str, value: bytes, life: int) -> None:
        with self._asking() as redis:
            redis.set(key, value, ex=life)

    def keep(self, key: str, value: bytes, life: int) -> None:
        with self._asking() as redis:
            redis.set(key, value, ex=life, xx=True)

    def take(self, key: str) -> bytes | None:
        with self._asking() as redis:
            return cast(bytes | None, redis.getdel(key))

    def incr(self, key: str, life: int) -> int:
        with self._asking() as redis, redis.pipeline() as pipeline:
            pipeline.set(key, 0, ex=life, nx=True)
            pipeline.incr(key)
            return int(pipeline.execute()[1])

    def left(self, key: str) -> int:
        with self._asking() as redis:
            return max(0, ceil(redis.pttl(key) / 1000))

    def delete(self, key: str) -> None:
        with self._asking() as redis:
            redis.delete(key)

    def ping(self) -> None:
        with self._asking() as redis:
            redis.ping()

    def sweep(self) -> int:
        return 0  # Redis does it itself

    def clear(self) -> None:
        with self._asking() as redis:
            redis.flushdb()


def open_store(redis_url: str) -> Store:
    return RedisStore(redis_url) if redis_url else TableStore()
