"""What may vanish: one contract for the table, on both databases, and for Redis."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine

from app import clock, db, keys
from app.api.throttle import STEP
from app.store import RedisStore, Store, StoreDown, TableStore, open_store
from tests import services
from tests.portal import ADULT, open_portal
from tests.race import asks, at_once, guesses, stored

KEYS = (("test", b"t" * 32),)


@dataclass
class Kind:
    store: Store
    database_url: str
    redis_url: str


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def kind(request: pytest.FixtureRequest) -> Kind:
    database = "sqlite" if request.param == "redis" else request.param
    if request.param != "sqlite":
        request.applymarker(request.param)
    redis_url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    url = request.getfixturevalue(f"{database}_url")
    keys.use(KEYS)
    db.connect(url)
    return Kind(open_store(redis_url), url, redis_url)


@pytest.fixture
def store(kind: Kind) -> Store:
    return kind.store


def test_the_setting_decides_which_it_is() -> None:
    assert isinstance(open_store(""), TableStore)
    assert isinstance(open_store("redis://localhost"), RedisStore)


def test_what_is_put_is_there(store: Store) -> None:
    assert store.get("a") is None
    store.put("a", b"\x00\xff1", 60)
    assert store.get("a") == b"\x00\xff1"
    assert store.get("A") is None
    store.put("a", b"2", 60)
    assert store.get("a") == b"2"
    store.ping()


def test_what_is_deleted_is_gone(store: Store) -> None:
    store.put("a", b"1", 60)
    store.delete("a")
    store.delete("a")
    assert store.get("a") is None


def test_what_is_taken_is_gone(store: Store) -> None:
    store.put("a", b"1", 60)
    assert store.take("a") == b"1"
    assert store.take("a") is None
    assert store.get("a") is None


def test_a_life_ends(store: Store) -> None:
    store.put("short", b"1", 1)
    store.put("taken", b"1", 1)
    store.put("long", b"1", 60)
    store.incr("count", 1)
    assert store.incr("count", 60) == 2
    later(store, 1.1)
    assert store.get("short") is None
    assert store.take("taken") is None
    assert store.get("long") == b"1"
    assert store.incr("count", 60) == 1, "counting does not renew a life"


def test_what_is_left_of_a_life_is_known(store: Store) -> None:
    assert store.left("a") == 0
    store.put("a", b"1", 60)
    store.incr("count", 60)
    store.put("short", b"1", 1)
    assert store.left("short") == 1
    assert {store.left("a"), store.left("count")} <= {59, 60}
    later(store, 1.1)
    store.incr("count", 60)
    assert store.left("short") == 0
    assert {store.left("a"), store.left("count")} <= {58, 59}


def test_putting_again_renews_a_life(store: Store) -> None:
    store.put("a", b"1", 1)
    store.put("a", b"2", 60)
    later(store, 1.1)
    assert store.get("a") == b"2"


moved: list[time_machine.travel] = []


def later(store: Store, seconds: float) -> None:
    """Redis has a clock of its own."""
    if isinstance(store, RedisStore):
        time.sleep(seconds)
        return
    moved.append(time_machine.travel(time.time() + seconds, tick=True))
    moved[-1].start()


@pytest.fixture(autouse=True)
def _real_time() -> Iterator[None]:
    yield
    while moved:
        moved.pop().stop()


def test_sweeping_removes_what_has_expired_and_nothing_else(store: Store) -> None:
    if isinstance(store, RedisStore):
        assert store.sweep() == 0
        return
    store.put("gone", b"1", 1)
    store.put("stays", b"1", 60)
    later(store, 1.1)
    assert store.sweep() == 1
    assert store.sweep() == 0
    assert store.get("stays") == b"1"


@pytest.mark.long
@pytest.mark.rule("IDN-5")
@pytest.mark.each_run_on("postgresql")
def test_of_thirty_who_take_one_gets_it(kind: Kind) -> None:
    for _ in range(2):
        kind.store.put("once", b"1", 60)
        got = at_once(kind.database_url, stored, [(kind.redis_url, "take", "once")] * 30)
        assert got.count(b"1") == 1
        assert got.count(None) == 29


@pytest.mark.each_run(1)
@pytest.mark.each_run_on("postgresql")
def test_eight_who_count_to_fifty_come_to_four_hundred(kind: Kind) -> None:
    counted = at_once(
        kind.database_url, stored, [(kind.redis_url, "incr", "count", 60)] * 8, each=50
    )
    assert sorted(number for numbers in counted for number in numbers) == list(range(1, 401))


def test_putting_at_once_keeps_one_of_them(kind: Kind) -> None:
    values = [b"%d" % n for n in range(8)]
    calls = [(kind.redis_url, "put", "same", value, 60) for value in values]
    assert at_once(kind.database_url, stored, calls) == [None] * 8
    assert kind.store.get("same") in values


@contextmanager
def running_redis(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of our own, to stop."""
    socket = folder / "r.socket"
    process = subprocess.Popen(
        [
            *(services.program("redis-server", "redis-server"), "--port", "0", "--save", ""),
            *("--unixsocket", str(socket), "--dir", str(folder)),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + services.START
        while not socket.exists():
            assert time.monotonic() < deadline, "Redis does not start"
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.wait()


CALLS = {
    "get": ("a",),
    "put": ("a", b"1", 60),
    "take": ("a",),
    "incr": ("a", 60),
    "delete": ("a",),
    "left": ("a",),
    "ping": (),
}


@pytest.mark.redis
@pytest.mark.parametrize("call", CALLS)
def test_without_redis_every_call_says_so(call: str, tmp_path: Path) -> None:
    nowhere = RedisStore(f"unix://{tmp_path}/nobody.socket")
    with pytest.raises(StoreDown, match=r"^$"):
        getattr(nowhere, call)(*CALLS[call])


@pytest.mark.redis
def test_redis_gone_is_a_page_and_a_red_light_until_it_is_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    url = f"unix://{tmp_path}/r.socket"
    with running_redis(tmp_path):
        portal = open_portal(sqlite_url, url)
        student = portal.student(ADULT).walk_to("contact")
        step = student.page.url.path
        assert portal.browser().get("/readyz").status_code == 200
    (tmp_path / "r.socket").unlink(missing_ok=True)
    ready = portal.browser().get("/readyz")
    assert (ready.status_code, ready.text) == (503, "store")
    assert portal.browser().get("/healthz").status_code == 200
    assert portal.browser().get("/").status_code == 200
    assert student.browser.post(step).status_code == 503
    page = student.get(step)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "60"
    assert "Het is nu te druk" in page.text
    assert "Sem" not in page.text
    with running_redis(tmp_path):
        assert portal.browser().get("/readyz").status_code == 200
        student.log_in()
        assert student.page.url.path == step, "what was answered is in the database"


@pytest.mark.parametrize("call", sorted(CALLS))
def test_a_locked_database_is_a_store_that_is_down(
    call: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "WAIT", 0.05)
    db.connect(sqlite_url)
    other = db.create_engine(sqlite_url)
    with other.connect() as connection:
        connection.connection.dbapi_connection.isolation_level = None  # type: ignore[union-attr]
        connection.connection.execute("BEGIN EXCLUSIVE")  # type: ignore[attr-defined]
        if call in ("get", "left", "ping"):  # WAL: who reads waits for nobody
            getattr(TableStore(), call)(*CALLS[call])
        else:
            with pytest.raises(StoreDown):
                getattr(TableStore(), call)(*CALLS[call])


@pytest.mark.postgresql
def test_a_database_that_is_gone_is_a_red_light(sqlite_url: str, tmp_path: Path) -> None:
    portal = open_portal(sqlite_url)
    db.connect(f"postgresql://portal@/nothing?host={tmp_path}")
    answer = portal.browser().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "database")


@pytest.mark.redis
def test_a_redis_that_is_silent_is_waited_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.PAUSE", 0.5)
    with running_redis(tmp_path) as process:
        store = RedisStore(f"unix://{tmp_path}/r.socket", patience=0.2)
        store.put("a", b"1", 60)
        process.send_signal(signal.SIGSTOP)
        times = []
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(StoreDown):
                store.get("a")
            times.append(time.monotonic() - began)
        process.send_signal(signal.SIGCONT)
        assert times[0] >= 0.2
        assert max(times[1:]) < 0.1
        time.sleep(0.6)
        assert store.get("a") == b"1"


@pytest.mark.long
@pytest.mark.rule("SIS-6")
@pytest.mark.each_run_on("postgresql")
def test_processes_count_together_who_asks_too_often(kind: Kind) -> None:
    """To within a step of each, and nobody too early."""
    while clock.real_seconds() % 60 > 50:  # so that the minute doesn't end
        time.sleep(1)
    refused = sum(at_once(kind.database_url, asks, [(kind.redis_url, 600, 300)] * 3))
    assert 300 - 3 * STEP <= refused <= 300


@pytest.mark.rule("IDN-4")
@pytest.mark.each_run_on("postgresql")
def test_who_guesses_at_once_guesses_no_more_often(kind: Kind) -> None:
    told = at_once(kind.database_url, guesses, [(kind.redis_url, "10.0.0.1", 20, 10)] * 4)
    assert sum(told) == 20
