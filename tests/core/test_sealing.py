"""What is sealed opens whole, for the right hands, or not at all."""

import io
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from mydata.core.sealing import CHUNK, TAG, Binding, CannotOpen, Opened, derive, private_key, seal, unwrap, wrap

KEY = X25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()
BOUND = Binding(parcel="p", grant="g", dataset="d", subject="s", expires_at="2026-11-23T00:00:00Z").encode()
SIZES = [0, 1, 2, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 3 * CHUNK + 7]
STEP = CHUNK + TAG


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def pieces(whole: bytes, seed: int) -> list[bytes]:
    """Cut `whole` anywhere, empty pieces included."""
    chance = random.Random(seed)
    cuts = sorted(chance.randint(0, len(whole)) for _ in range(chance.randint(0, 9)))
    return [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


def sealed(size: int, *, seed: int = 0, bound: bytes = BOUND) -> tuple[bytes, bytes]:
    """Return the sealed key and the ciphertext of `content(size)`."""
    written = bytearray()
    key = seal(PUBLIC, bound, pieces(content(size), seed), written.extend)
    return key, bytes(written)


def opened(key: bytes, ciphertext: bytes, *, bound: bytes = BOUND, by: X25519PrivateKey = KEY) -> bytes:
    return Opened(by, key, bound, io.BytesIO(ciphertext)).whole()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(3))
def test_any_size_comes_back_however_it_was_cut(size: int, seed: int) -> None:
    key, ciphertext = sealed(size, seed=seed)
    assert opened(key, ciphertext) == content(size)
    assert Opened(KEY, key, BOUND, io.BytesIO(ciphertext)).size == size
    assert len(ciphertext) == size + TAG * max(1, -(-size // CHUNK))


@pytest.mark.parametrize("size", SIZES)
def test_a_range_is_the_same_slice(size: int) -> None:
    key, ciphertext = sealed(size)
    whole, chance = content(size), random.Random(size)
    there = Opened(KEY, key, BOUND, io.BytesIO(ciphertext))
    edges = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, size, size + 5]
    asked = [(start, end) for start in edges for end in edges if start <= end]
    for _ in range(30):
        start = chance.randint(0, size)
        asked.append((start, chance.randint(start, size)))
    for start, end in asked:
        assert b"".join(there.read(start, end)) == whole[start:end], (start, end)
    assert b"".join(there.read(size // 2)) == whole[size // 2 :]


@pytest.mark.parametrize("size", SIZES)
def test_a_missing_end_opens_nothing_whole(size: int) -> None:
    key, ciphertext = sealed(size)
    for short in {1, TAG, TAG + 1, STEP, len(ciphertext) % STEP or STEP}:
        with pytest.raises(CannotOpen):
            opened(key, ciphertext[: max(0, len(ciphertext) - short)])


def test_bytes_at_the_end_that_nobody_sealed() -> None:
    key, ciphertext = sealed(CHUNK)
    for more in (b"\0", b"\0" * TAG, b"\0" * STEP, ciphertext):
        with pytest.raises(CannotOpen):
            opened(key, ciphertext + more)


def test_chunks_in_another_order_missing_or_of_another_seal() -> None:
    key, ciphertext = sealed(3 * CHUNK + 7)
    _, other = sealed(3 * CHUNK + 7)
    chunks = [ciphertext[start : start + STEP] for start in range(0, len(ciphertext), STEP)]
    strange = other[:STEP]
    for wrong in (
        [chunks[1], chunks[0], *chunks[2:]],
        [*chunks[:2], chunks[3]],
        chunks[1:],
        chunks[:3],
        [chunks[0], chunks[0], *chunks[2:]],
        [strange, *chunks[1:]],
    ):
        with pytest.raises(CannotOpen):
            opened(key, b"".join(wrong))


def test_a_changed_bit_anywhere() -> None:
    key, ciphertext = sealed(CHUNK + 100)
    chance = random.Random(1)
    for at in [0, CHUNK, STEP, len(ciphertext) - 1, *(chance.randrange(len(ciphertext)) for _ in range(20))]:
        with pytest.raises(CannotOpen):
            opened(key, ciphertext[:at] + bytes([ciphertext[at] ^ 1]) + ciphertext[at + 1 :])
    for at in range(len(key)):
        with pytest.raises(CannotOpen):
            opened(key[:at] + bytes([key[at] ^ 1]) + key[at + 1 :], ciphertext)


@pytest.mark.parametrize("key", [b"", b"x", b"\0" * 31, b"\0" * 200])
def test_a_key_that_is_none(key: bytes) -> None:
    with pytest.raises(CannotOpen):
        opened(key, sealed(3)[1])


@pytest.mark.parametrize("member", ["parcel", "grant", "dataset", "subject", "expires_at", "version"])
def test_another_binding(member: str) -> None:
    members = {"parcel": "p", "grant": "g", "dataset": "d", "subject": "s", "expires_at": "2026-11-23T00:00:00Z"}
    key, ciphertext = sealed(100)
    assert opened(key, ciphertext, bound=Binding(**members).encode()) == content(100)
    with pytest.raises(CannotOpen):
        opened(key, ciphertext, bound=Binding(**{**members, member: "x"}).encode())


def test_another_key_and_half_a_key() -> None:
    half, share = b"h" * 32, b"s" * 32
    mine = private_key(half, share, "parcel")
    written = bytearray()
    key = seal(mine.public_key().public_bytes_raw(), BOUND, [b"secret"], written.extend)
    assert opened(key, bytes(written), by=private_key(half, share, "parcel")) == b"secret"
    for wrong in (
        private_key(half, b"\0" * 32, "parcel"),
        private_key(b"\0" * 32, share, "parcel"),
        private_key(share, half, "parcel"),
        private_key(half, share, "another parcel"),
    ):
        with pytest.raises(CannotOpen):
            opened(key, bytes(written), by=wrong)


def test_every_seal_has_a_key_of_its_own() -> None:
    (first_key, first), (second_key, second) = sealed(100), sealed(100)
    assert first != second
    with pytest.raises(CannotOpen):
        opened(first_key, second)
    with pytest.raises(CannotOpen):
        opened(second_key, first)


def test_derived_keys_are_apart_for_every_context() -> None:
    contexts = [(), ("a",), ("a", "b"), ("ab",), ("", "ab"), ("a", "", "b"), ("b", "a")]
    assert len({derive(b"x" * 32, *context) for context in contexts}) == len(contexts)
    assert derive(b"x" * 32, "a") == derive(b"x" * 32, "a")


def test_a_wrapped_value_opens_by_its_key_and_binding_only() -> None:
    key, wrapped = b"k" * 32, wrap(b"k" * 32, b"value", b"bound")
    assert unwrap(key, wrapped, b"bound") == b"value"
    for wrong in ((b"x" * 32, wrapped, b"bound"), (key, wrapped, b"other"), (key, wrapped[:-1], b"bound")):
        with pytest.raises(CannotOpen):
            unwrap(*wrong)
    for short in range(0, 28, 3):
        with pytest.raises(CannotOpen):
            unwrap(key, wrapped[:short], b"bound")
