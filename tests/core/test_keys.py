"""Both key stores keep one contract: what is put comes back until it is destroyed, and then never again."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from mydata.core.keys import DirectoryKeyStore, KeyGone, KeyStore, RedisKeyStore
from runner import environment, waiting
from tests.house.standing import until

PROGRAM = shutil.which("redis-server", path=f"{environment.PROGRAMS}:{os.environ.get('PATH', os.defpath)}")


def server(folder: Path, port: int, *options: str) -> "subprocess.Popen[bytes]":
    if PROGRAM is None:
        pytest.skip("Redis cannot be started here")
    words = ["--port", str(port), "--bind", waiting.HOST, "--dir", str(folder), *options]
    started = subprocess.Popen([PROGRAM, *words], stdout=subprocess.DEVNULL)
    until(lambda: waiting.listens(port), what="Redis")
    return started


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = waiting.free_port()
    started = server(tmp_path_factory.mktemp("redis"), port, "--save", "", "--appendonly", "no")
    yield f"redis://{waiting.HOST}:{port}/0"
    started.terminate()
    started.wait()


@pytest.fixture(params=["directory", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> KeyStore:
    if request.param == "directory":
        return DirectoryKeyStore(tmp_path)
    found = RedisKeyStore(request.getfixturevalue("redis_url"))
    found.redis.flushall()
    return found


def test_what_is_put_comes_back(store: KeyStore) -> None:
    for value in (b"", b"\0", bytes(range(256)), b"x" * 5000):
        store.put("share", "one", value)
        assert store.get("share", "one") == value


def test_a_new_value_takes_the_place_of_the_old(store: KeyStore) -> None:
    store.put("share", "one", b"long and old")
    store.put("share", "one", b"new")
    assert store.get("share", "one") == b"new"


def test_of_many_who_bring_the_first_value_one_is_first(store: KeyStore) -> None:
    values = [bytes([number]) * 32 for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        kept = set(pool.map(lambda value: store.keep_first("lookup", "one", value), values))
    assert len(kept) == 1
    assert store.get("lookup", "one") in kept
    assert list(store.names("lookup", older_than=-1)) == ["one"], "a draft was left behind"


def test_kinds_and_names_are_apart(store: KeyStore) -> None:
    store.put("share", "one", b"1")
    store.put("token", "one", b"2")
    store.put("share", "two", b"3")
    store.destroy("share", "one")
    assert store.get("token", "one") == b"2"
    assert store.get("share", "two") == b"3"


def test_what_was_never_there_is_gone(store: KeyStore) -> None:
    with pytest.raises(KeyGone):
        store.get("share", "nobody")
    store.destroy("share", "nobody")
    with pytest.raises(KeyGone):
        store.get("share", "nobody")


def test_what_is_destroyed_is_gone_and_can_be_destroyed_again(store: KeyStore) -> None:
    store.put("share", "one", b"secret")
    store.destroy("share", "one")
    store.destroy("share", "one")
    with pytest.raises(KeyGone):
        store.get("share", "one")


def test_names_are_listed_by_kind_and_age(store: KeyStore) -> None:
    # Redis counts idle time in whole seconds of a clock that may tick in between.
    waited, age = (3.1, 2.0) if isinstance(store, RedisKeyStore) else (0.2, 0.15)
    store.put("share", "old", b"old")
    store.put("token", "other", b"other")
    assert list(store.names("share", older_than=60)) == []
    time.sleep(waited)
    store.put("share", "young", b"young")
    assert list(store.names("share", older_than=age)) == ["old"]
    assert list(store.names("nothing", older_than=0)) == []


def test_a_store_in_good_order_passes_its_check(store: KeyStore) -> None:
    store.check()
    assert list(store.names("probe", older_than=-1)) == []


def test_a_destroyed_file_was_overwritten_first(tmp_path: Path) -> None:
    store = DirectoryKeyStore(tmp_path)
    store.put("share", "one", b"secret" * 10)
    with (tmp_path / "share" / "one").open("rb") as still_open:
        store.destroy("share", "one")
        left = still_open.read()
    assert len(left) == 60
    assert b"secret" not in left


def test_only_the_owner_reads_the_directory(tmp_path: Path) -> None:
    DirectoryKeyStore(tmp_path).put("share", "one", b"secret")
    assert (tmp_path / "share").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "share" / "one").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "share").iterdir()] == ["one"], "a draft was left behind"


def test_the_draft_of_a_writer_that_died_is_listed_so_that_it_can_be_destroyed(tmp_path: Path) -> None:
    store = DirectoryKeyStore(tmp_path)
    store.put("share", "one", b"1")
    draft = tmp_path / "share" / ".two.0123456789abcdef"
    draft.write_bytes(b"half a secret")
    os.utime(draft, (0, 0))
    assert list(store.names("share", older_than=60)) == [draft.name]
    store.destroy("share", draft.name)
    assert not draft.exists()


def test_a_directory_that_cannot_be_written_fails_its_check(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match=r"probe|Not a directory"):
        DirectoryKeyStore(tmp_path / "file").check()


def test_a_redis_that_does_not_answer_fails_its_check() -> None:
    with pytest.raises(redis.RedisError):
        RedisKeyStore(f"redis://{waiting.HOST}:{waiting.free_port()}/0").check()


@pytest.mark.parametrize("options", [("--appendonly", "yes", "--save", ""), ("--save", "60", "1")])
def test_a_redis_that_writes_keys_to_a_disk_is_refused(tmp_path: Path, options: tuple[str, ...]) -> None:
    port = waiting.free_port()
    started = server(tmp_path, port, *options)
    try:
        with pytest.raises(OSError, match="must not"):
            RedisKeyStore(f"redis://{waiting.HOST}:{port}/0").check()
    finally:
        started.kill()
        started.wait()
