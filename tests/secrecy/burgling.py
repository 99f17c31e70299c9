"""What a thief does with all that lay on the disks: the house's own code, and every secret found, tried on every parcel.

A program: `python -m tests.secrecy.burgling FOLDER… [--cookie VALUE] [--code TEXT]` in the environment of the stolen copy. Prints
`{"tried": number of secrets, "opened": {parcel: [datasets]}}`.
"""

import argparse
import base64
import binascii
import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import django

SECRET_BYTES = 32
BASE64 = re.compile(rb"(?<![\w-])[\w-]{43}(?![\w-])")
HEX = re.compile(rb"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")


def in_content(content: bytes) -> Iterator[bytes]:
    """Yield what could be a secret of 32 bytes: all of it, or a run of base64url or hex of that length."""
    if len(content) == SECRET_BYTES:
        yield content
    for written in BASE64.findall(content):
        try:
            yield base64.urlsafe_b64decode(written + b"=")
        except binascii.Error:
            continue
    for written in HEX.findall(content):
        yield bytes.fromhex(written.decode())


def in_folder(folder: Path) -> Iterator[bytes]:
    """Yield what could be a secret in any file of `folder`."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield from in_content(path.read_bytes())


def in_database() -> Iterator[bytes]:
    """Yield what could be a secret in any row, sessions unpacked."""
    from django.apps import apps  # noqa: PLC0415 - there are no apps before django.setup()
    from django.contrib.sessions.models import Session  # noqa: PLC0415 - as above

    for model in apps.get_models():
        for row in model._default_manager.values_list():
            for value in row:
                yield from in_content(_as_bytes(value))
    for session in Session.objects.all():
        yield from in_content(json.dumps(session.get_decoded()).encode())


def opened_by(secrets: set[bytes], shares: set[bytes]) -> dict[str, list[str]]:
    """Try every secret as the holder's and as the half of each parcel, with the parcel's own share and with every one of `shares`."""
    from personal_cloud.models import Parcel  # noqa: PLC0415 - as above

    found = {}
    for parcel in Parcel.objects.exclude(state=Parcel.State.PURGED).prefetch_related("items"):
        if key := _key(parcel, secrets, shares):
            found[str(parcel.pk)] = _datasets(parcel, key)
    return found


def _key(parcel: Any, secrets: set[bytes], shares: set[bytes]) -> Any:  # noqa: ANN401 - models before setup
    from identity import holder  # noqa: PLC0415 - as above
    from mydata.core import keys, sealing  # noqa: PLC0415 - as above
    from personal_cloud import vault  # noqa: PLC0415 - as above

    halves = {half for secret in secrets for half in (secret, holder.half_of(secret, parcel.pk))}
    tried = set(shares)
    with contextlib.suppress(keys.KeyGone):
        tried.add(keys.store().get(vault.SHARES, str(parcel.pk)))
    for half in halves:
        for share in tried:
            key = sealing.private_key(half, share, str(parcel.pk))
            if key.public_key().public_bytes_raw() == bytes(parcel.public_key):
                return key
    return None


def _datasets(parcel: Any, key: Any) -> list[str]:  # noqa: ANN401 - models before setup
    from personal_cloud import vault  # noqa: PLC0415 - as above

    landed = [item for item in parcel.items.all() if item.sealed_key]
    return sorted(item.dataset_id for item in landed if vault.open_item(parcel, item, key)[1])


def in_wraps(code: str) -> Iterator[bytes]:
    """Yield what this code unwraps from anything that lies in the key store, whatever the rows say."""
    from mydata.core import keys, sealing  # noqa: PLC0415 - as above
    from personal_cloud import barcodes, wraps  # noqa: PLC0415 - as above

    key = wraps.key_of(barcodes.read(code))
    for name in keys.store().names(wraps.KIND, older_than=-9e9):
        with contextlib.suppress(sealing.CannotOpen):
            yield wraps.unwrap(UUID(name), key)


def _as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def main() -> None:
    """Try everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--cookie", default="")
    parser.add_argument("--code", default="")
    asked = parser.parse_args()
    django.setup()
    found = {secret for folder in asked.folders for secret in in_folder(folder)} | set(in_database())
    cookie = set(in_content(asked.cookie.encode())) | (set(in_wraps(asked.code)) if asked.code else set())
    # What was found is tried as the holder's secret; with the cookie at hand, what was found is tried as the share too.
    opened = opened_by(found | cookie, set()) | opened_by(cookie, found)
    print(json.dumps({"tried": len(found), "opened": opened}))  # noqa: T201 - a program's answer


if __name__ == "__main__":
    main()
