"""Parcels whose agencies answer inside the test: no socket, and everything else, from the lease to the seal, as it runs."""

import datetime as dt
import random
import uuid
from collections.abc import Callable

from consent import grants
from dataproviders import tokens
from dataproviders.models import Dataset, Endpoint, Provider, ProviderKey
from identity import holder
from identity.envelope import Envelope
from identity.gates import SignIn
from identity.levels import AssuranceLevel
from mydata.core import clock, keys, outbound, references
from personal_cloud import collecting, rounds, spool, vault
from personal_cloud.delivery import download
from personal_cloud.models import Item, Parcel
from tests.dataproviders.papers import SCHEMA, document, rsa_signer, signed_zip

HOLDER = b"h" * 32
SUBJECT = "reference-of-somebody"
WHO = Envelope(uid="A123456789", birth_date=None, name=None)
Answer = Callable[[str, str], tuple[outbound.Reply, bytes]]


def right(name: str, tx_id: str) -> tuple[outbound.Reply, bytes]:
    """Answer as an agency should."""
    return _zip(name, tx_id)


def large(name: str, tx_id: str) -> tuple[outbound.Reply, bytes]:
    """Answer with more than is held in memory."""
    paper = b"%PDF-1.4\n" + random.Random(name).randbytes(2 * spool.IN_MEMORY)
    return _zip(name, tx_id, (f"{name}.pdf", paper))


def no_record(_name: str, _tx_id: str) -> tuple[outbound.Reply, bytes]:
    """Say that nothing is held."""
    return outbound.Reply(204, {}), b""


def later(_name: str, _tx_id: str) -> tuple[outbound.Reply, bytes]:
    """Ask to be called again in a minute."""
    return outbound.Reply(429, {"retry-after": "60"}), b""


def silent(_name: str, _tx_id: str) -> tuple[outbound.Reply, bytes]:
    """Say nothing."""
    raise outbound.Unreachable


class Agencies:
    """Answers in the place of every agency: rightly, unless told otherwise for a dataset."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.said: dict[str, bytes] = {}

    async def send(self, call: outbound.Call, sink: outbound.Sink) -> outbound.Reply:
        name = call.url.rpartition("/")[2]
        self.asked.append(name)
        reply, body = self.answers.get(name, right)(name, call.headers["tx_id"])
        self.said[name] = body
        for start in range(0, len(body), 64 * 1024):
            await outbound._put(sink, body[start : start + 64 * 1024])
        return reply


def dataset(name: str, *, level: int = 4, **members: object) -> Dataset:
    """Register a dataset that can be fetched."""
    provider, _ = Provider.objects.get_or_create(id="tests", name="測試機關")
    made = Dataset.objects.create(
        id=name, provider=provider, minimum_level=level, wire="signed_zip", **{"name": name, "schema": SCHEMA} | members
    )
    Endpoint.objects.create(dataset=made, stage=Endpoint.Stage.LIVE, url=f"http://127.0.0.1:9/{name}")
    ProviderKey.objects.create(
        dataset=made, certificate_pem=rsa_signer().pem, fingerprint=name, registered_at=clock.now()
    )
    return made


def sign_in(level: int = 1, method: str = "citizen_certificate", subject: str = SUBJECT) -> SignIn:
    """Return somebody who is signed in."""
    now = clock.now()
    ends = now + dt.timedelta(hours=1)
    return SignIn(subject=subject, level=AssuranceLevel(level), method=method, verified_at=now, expires_at=ends)


def given(*names: str, level: int = 1, method: str = "citizen_certificate") -> Parcel:
    """Agree to have these datasets fetched; nobody has been asked yet."""
    now, who = clock.now(), sign_in(level, method)
    grant = grants.draft(who, [grants.Choice(name) for name in names], language="zh", now=now)
    grants.check(who, grant, wording_hash=grant.wording_hash, now=now)
    return again(collecting.begin(who, grant, envelope=WHO, holder_secret=HOLDER, now=now)[1])


def collected(*names: str) -> Parcel:
    """Agree, and let the worker make one round."""
    parcel = given(*names)
    rounds.run(parcel.pk)
    return again(parcel)


def half(parcel: Parcel) -> bytes:
    """Return the holder's half of a parcel."""
    return holder.half_of(HOLDER, parcel.pk)


def claimed(*names: str) -> Parcel:
    """Agree, collect and claim the file."""
    parcel = collected(*names)
    claim(parcel)
    return again(parcel)


def claim(parcel: Parcel) -> None:
    """Claim the file of a sealed parcel."""
    download.claim(sign_in(), parcel, half=half(parcel), passphrase=None, key=None)


def again(parcel: Parcel) -> Parcel:
    """Return the parcel as it stands now."""
    return Parcel.objects.select_related("grant").get(pk=parcel.pk)


def item_of(parcel: Parcel, name: str) -> Item:
    """Return one item as it stands now."""
    return Item.objects.get(parcel=parcel, dataset_id=name)


def files() -> set[str]:
    """Name what stands in the spool."""
    return {entry.name for entry in spool.names()}


def has_key(kind: str, name: uuid.UUID | str) -> bool:
    """Say whether the key store has it."""
    try:
        keys.store().get(kind, str(name))
    except keys.KeyGone:
        return False
    return True


def left_of(parcel: Parcel) -> list[str]:
    """List what is still there of a parcel's keys and files."""
    items = list(Item.objects.filter(parcel=parcel))
    shares = ["share"] if has_key(vault.SHARES, parcel.pk) else []
    worker = [f"token of {item.dataset_id}" for item in items if has_key(tokens.KIND, item.pk)]
    owners = [str(parcel.pk), *(str(item.pk) for item in items)]
    return [*shares, *worker, *(name for name in files() if any(owner in name for owner in owners))]


def _zip(name: str, tx_id: str, *more: tuple[str, bytes]) -> tuple[outbound.Reply, bytes]:
    sub = references.per_transaction(SUBJECT, tx_id)
    said = document(dataset=name, tx_id=tx_id, sub=sub, issued_at=clock.rfc3339(clock.now()))
    return outbound.Reply(200, {"content-type": "application/zip"}), signed_zip(said, dataset=name, more=more)
