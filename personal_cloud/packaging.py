"""The citizen's zip: papers, manifest, signature, receipt, and how to check all of it without trusting anybody.

It is made once, at the claim, while the holder is there, and goes straight into the seal: no plain byte touches a disk, and
one item at a time stands in memory.
"""

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import pyzipper
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings

from dataproviders.connectors import registry
from dataproviders.connectors.base import Part
from mydata.core import clock, pades, references, signing
from personal_cloud import parcels, readme, vault
from personal_cloud.documents import csv, pdf
from personal_cloud.documents.about import about
from personal_cloud.models import Item, Parcel
from personal_cloud.presentation import present

MEDIA_TYPES = {".zip": "application/zip", ".jws": "application/jose"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What the row keeps of the file: `sha256` lower-case hex, `size` in bytes."""

    sha256: str
    size: int


class Package:
    """One zip on its way: iterate over its bytes, then ask for `packed`."""

    def __init__(self, parcel: Parcel, key: X25519PrivateKey, *, passphrase: str | None, now: dt.datetime) -> None:
        self._parcel, self._key, self._passphrase, self._now = parcel, key, passphrase, now
        self._digest = hashlib.sha256()
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield the zip's bytes. Raises Damaged, Gone."""
        tape = _Tape()
        with _archive(tape, self._passphrase) as archive:
            for name, content in self._files():
                archive.writestr(_entry(archive, name, self._now), content)
                yield from self._counted(tape.take())
        yield from self._counted(tape.take())

    @property
    def packed(self) -> Packed:
        """What was yielded, once all of it was."""
        return Packed(sha256=self._digest.hexdigest(), size=self._size)

    def _counted(self, piece: bytes) -> Iterator[bytes]:
        self._digest.update(piece)
        self._size += len(piece)
        yield piece

    def _files(self) -> Iterator[tuple[str, bytes]]:
        entries = []
        for item in self._parcel.items.select_related("dataset__provider"):
            entry: dict[str, Any] = _entry_of(item)
            if item.state == Item.State.LANDED:
                for part in _papers(self._parcel, item, self._key, now=self._now):
                    name = f"{item.dataset_id}/{part.name}"
                    entry["files"].append(
                        {"name": name, "sha256": _sha256(part.content), "media_type": part.media_type}
                    )
                    yield name, part.content
            entries.append(entry)
        manifest = _manifest(self._parcel, entries, self._now)
        yield "manifest.json", manifest
        yield "manifest.p7s", signing.detached_cms(manifest)
        yield "portal-ca.pem", signing.ca_pem()
        yield "consent.jws", self._parcel.grant.receipt.encode()
        yield "README.txt", readme.text(entries).encode()


def file_name(parcel: Parcel, *, today: dt.date) -> str:
    """Return a name that a person can read: `MyData-個人所得資料-2026-11-23.zip`."""
    items = list(parcel.items.select_related("dataset").filter(state=Item.State.LANDED))
    names = [item.dataset.name for item in items or parcel.items.select_related("dataset")]
    label = names[0] if len(names) == 1 else f"{names[0]}等{len(names)}項"
    safe = "".join(sign for sign in label if sign.isalnum() or sign in "-_、()")
    return f"MyData-{safe[:60]}-{today.isoformat()}.zip"


class _Tape(io.RawIOBase):
    """A file that cannot go back, from which what was written is taken."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._at = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._at

    def write(self, content: Any) -> int:  # noqa: ANN401 - whatever the io protocol gives
        self._held += content
        self._at += len(content)
        return len(content)

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


class _PlainZip(zipfile.ZipFile):
    """A zip that names the class of its entries, as the encrypting one does."""

    zipinfo_cls = zipfile.ZipInfo


def _archive(tape: _Tape, passphrase: str | None) -> _PlainZip:
    """Open a zip, with a passphrase a WinZip AES-256 one."""
    if not passphrase:
        return _PlainZip(cast("Any", tape), "w", zipfile.ZIP_DEFLATED)
    archive = pyzipper.AESZipFile(tape, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES)
    archive.setpassword(passphrase.encode())
    archive.setencryption(pyzipper.WZ_AES, nbits=256)
    return cast("_PlainZip", archive)


def _entry(archive: _PlainZip, name: str, now: dt.datetime) -> zipfile.ZipInfo:
    """Return the head of one file in the archive, dated in Taipei and readable by its owner only."""
    local = now.astimezone(clock.TAIPEI)
    entry = archive.zipinfo_cls(name, local.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _papers(parcel: Parcel, item: Item, key: X25519PrivateKey, *, now: dt.datetime) -> list[Part]:
    """Return an item's files: JSON, CSV and PDF, the agency's own where it made them, and the agency's own bytes.

    A PDF that the portal makes carries the portal's signature; one that the agency made stays as it was sent.
    """
    provenance, original = vault.open_item(parcel, item, key)
    connector = registry.of(provenance.wire)
    parts = {part.name: part for part in connector.parts(original, item.dataset_id)}
    data = parcels.data_of(provenance, original, item.dataset_id)
    schema = item.dataset.schema or {}
    csv_name, pdf_name = f"{item.dataset_id}.csv", f"{item.dataset_id}.pdf"
    if csv_name not in parts:
        parts[csv_name] = Part(name=csv_name, media_type="text/csv", content=csv.render_csv(schema, data))
    if pdf_name not in parts:
        content = pades.sign(_pdf(parcel, item, provenance, data), at=now)
        parts[pdf_name] = Part(name=pdf_name, media_type="application/pdf", content=content)
    ending = connector.original_name.removeprefix("original")
    own = Part(name=connector.original_name, media_type=MEDIA_TYPES[ending], content=original)
    return [*parts.values(), own]


def _pdf(parcel: Parcel, item: Item, provenance: vault.Provenance, data: dict[str, Any]) -> bytes:
    schema, reference = item.dataset.schema or {}, references.pairwise(parcel.subject, "citizen")
    head = pdf.Head(
        title=item.dataset.name,
        provider=item.dataset.provider.name,
        subject=about(schema, data) or reference,
        issued_at=dt.datetime.fromisoformat(provenance.issued_at),
        received_at=dt.datetime.fromisoformat(provenance.received_at),
        provenance=[
            f"機關簽章金鑰 {provenance.signer}",
            f"交易編號 {provenance.tx_id}",
            f"當事人代號 {reference}（與 manifest.json 的 subject 相同）",
        ],
        file=f"{item.dataset_id}/{item.dataset_id}.pdf",
        portal=settings.ISSUER,
    )
    return pdf.render_pdf(head, present(schema, data))


def _entry_of(item: Item) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "dataset": item.dataset_id,
        "name": item.dataset.name,
        "provider": item.dataset.provider.name,
        "state": item.state,
        "files": [],
    }
    return entry | ({"reason": item.reason} if item.reason else {})


def _manifest(parcel: Parcel, entries: list[dict[str, Any]], now: dt.datetime) -> bytes:
    document = {
        "version": 1,
        "issuer": settings.ISSUER,
        "parcel": str(parcel.pk),
        "grant": str(parcel.grant_id),
        "subject": references.pairwise(parcel.subject, "citizen"),
        "created_at": clock.rfc3339(now),
        "items": entries,
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
