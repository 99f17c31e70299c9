"""Acts of the house run against each other, many times, on one database. A program: `python -m tests.faults.contests`.

Every contest lets two or more acts start at the same moment and then says how it came out, in one line; the test says which
outcomes are legal. It runs in an environment of its own, whose database may be SQLite or PostgreSQL, with no worker beside.
"""

import asyncio
import datetime as dt
import hashlib
import json
import os
import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - there are no models before setup
from django.db import connection  # noqa: E402 - as above

from audit.models import Event  # noqa: E402 - as above
from consent import grants  # noqa: E402 - as above
from consent.models import Grant  # noqa: E402 - as above
from identity import holder  # noqa: E402 - as above
from identity.envelope import Envelope  # noqa: E402 - as above
from identity.gates import SignIn  # noqa: E402 - as above
from identity.levels import AssuranceLevel  # noqa: E402 - as above
from mydata.core import clock, keys, outbound, sealing  # noqa: E402 - as above
from mydata.core.errors import MyDataError  # noqa: E402 - as above
from personal_cloud import codes, collecting, parcels, purging, rounds, spool, vault  # noqa: E402 - as above
from personal_cloud.delivery import download  # noqa: E402 - as above
from personal_cloud.models import Item, Parcel  # noqa: E402 - as above
from personal_cloud.purging import Because  # noqa: E402 - as above
from portal import seeding  # noqa: E402 - as above
from tests.faults.agency import Agency  # noqa: E402 - as above

ROUNDS = int(os.environ.get("ROUNDS", "30"))
DATASET = "small"
HOLDER = b"h" * 32
Act = Callable[[], object]
RECORDED = threading.Event()
"""Set whenever a transaction has written its event and is about to commit."""


def race(*acts: Act) -> list[str]:
    """Start all acts in the same moment; return what each brought: its value as text, or the name of its refusal."""
    line = threading.Barrier(len(acts))
    brought = [""] * len(acts)

    def run(number: int, act: Act) -> None:
        connection.ensure_connection()
        line.wait()
        time.sleep(random.choice([0, 0, 0.001, 0.003, 0.01]))
        try:
            brought[number] = str(act())
        except MyDataError as refusal:
            brought[number] = type(refusal).__name__
        except Exception:  # noqa: BLE001 - what nobody foresaw is an outcome, and an illegal one
            brought[number] = traceback.format_exc()
        finally:
            connection.close()

    runners = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return brought


def sign_in() -> SignIn:
    now = clock.now()
    return SignIn(
        subject="contestant",
        level=AssuranceLevel(1),
        method="citizen_certificate",
        verified_at=now,
        expires_at=now + dt.timedelta(hours=1),
    )


def drafted() -> Grant:
    return grants.draft(sign_in(), [grants.Choice(DATASET)], language="zh", now=clock.now())


def give(grant: Grant) -> Parcel:
    envelope = Envelope(uid="A123456789", birth_date=None, name=None)
    return again(collecting.begin(sign_in(), grant, envelope=envelope, holder_secret=HOLDER, now=clock.now())[1])


def half(parcel: Parcel) -> bytes:
    return holder.half_of(HOLDER, parcel.pk)


def given(grant: Grant) -> str:
    give(grant)
    return "given"


def refused(grant: Grant) -> str:
    grants.refuse(sign_in(), grant.pk, now=clock.now())
    return "refused"


def seen(parcel: Parcel) -> str:
    parcels.preview(parcel, DATASET, half=half(parcel))
    return "seen"


def held(agency: Agency, parcel: Parcel) -> Callable[[], None]:
    """Take the parcel's item as a worker does, with the answer at hand; return what lands it."""
    item = Item.objects.get(parcel=parcel)
    taken = rounds._take(parcel, item)
    assert taken is not None
    body = agency.zip_for(DATASET, str(item.tx_id), taken.errand.expected.sub)
    asyncio.run(taken.body.write(body))
    return lambda: rounds._land(parcel, taken, outbound.Reply(200, {"content-type": "application/zip"}))


def sealed(agency: Agency) -> Parcel:
    parcel = give(drafted())
    held(agency, parcel)()
    collecting.settle(parcel.pk, now=clock.now())
    return again(parcel)


def claim(parcel: Parcel, key: str | None = None) -> str:
    download.claim(sign_in(), parcel, half=half(parcel), passphrase=None, key=key)
    return "claimed"


def purge(parcel: Parcel, because: Because) -> str:
    purging.purge(parcel.pk, because=because, now=clock.now())
    return "purged"


def again(parcel: Parcel) -> Parcel:
    return Parcel.objects.select_related("grant").get(pk=parcel.pk)


def rest(*parcels_of_it: Parcel) -> str:
    """Say what is left of parcels: nothing where they are purged, and everything that belongs to live ones."""
    found = []
    for parcel in map(again, parcels_of_it):
        names = [entry.name for entry in spool.names()]
        items = list(Item.objects.filter(parcel=parcel))
        named = {name for name in (parcel.file_spool, *(item.spool for item in items)) if name}
        mine = [
            name for name in names if any(str(owner) in name for owner in (parcel.pk, *(item.pk for item in items)))
        ]
        share = has_share(parcel.pk)
        events = Counter(
            Event.objects.filter(action="parcel:purged", payload__parcel=str(parcel.pk)).values_list("action")
        )
        is_clean = set(mine) == named and share == (parcel.state != "purged")
        is_once = events.total() == int(parcel.state == "purged")
        states = "+".join(sorted({item.state for item in items}))
        found.append(f"{parcel.state} {states} {parcel.grant.state} {'clean' if is_clean and is_once else 'LEFT OVER'}")
    return ", ".join(found)


def has_share(parcel: UUID) -> bool:
    try:
        keys.store().get(vault.SHARES, str(parcel))
    except keys.KeyGone:
        return False
    return True


def withdraw_and_claim(agency: Agency) -> str:
    parcel = sealed(agency)
    return line(race(lambda: purge(parcel, Because.WITHDRAWN), lambda: claim(parcel)), parcel)


def two_claims_under_one_key(agency: Agency) -> str:
    parcel = sealed(agency)
    return line(sorted(race(lambda: claim(parcel, "k"), lambda: claim(parcel, "k"))), parcel)


def give_twice(_: Agency) -> str:
    grant = drafted()
    came = sorted(race(lambda: given(grant), lambda: given(grant)))
    made = Parcel.objects.filter(grant=grant)
    live = {str(pk) for pk in Parcel.objects.exclude(state="purged").values_list("pk", flat=True)}
    strays = set(keys.store().names(vault.SHARES, older_than=-1)) - live
    return f"{' | '.join(came)} -> {made.count()} parcel, {len(strays)} stray shares"


def give_and_refuse(_: Agency) -> str:
    grant = drafted()
    came = race(lambda: given(grant), lambda: refused(grant))
    state = Grant.objects.get(pk=grant.pk).state
    return f"{' | '.join(came)} -> {state}, {Parcel.objects.filter(grant=grant).count()} parcel"


def acknowledge_twice(agency: Agency) -> str:
    parcel = sealed(agency)
    claim(parcel)
    parcel = again(parcel)

    def acknowledge() -> str:
        return download.acknowledge(parcel, sha256=parcel.file_sha256, now=clock.now()).deletion_receipt

    receipts = race(acknowledge, acknowledge, acknowledge)
    wrong = [receipt for receipt in receipts if receipt != again(parcel).deletion_receipt]
    return line(wrong, parcel)


def purge_and_download(agency: Agency) -> str:
    parcel = sealed(agency)
    claim(parcel)
    parcel = again(parcel)

    def read() -> str:
        file = download.open_file(parcel, half=half(parcel), claim_cookie=None, etag=parcel.etag)
        content = b"".join(slowly(file.read()))
        return "whole" if hashlib.sha256(content).hexdigest() == parcel.file_sha256 else "OTHER BYTES"

    return line(race(lambda: purge(parcel, Because.RECEIVED), read), parcel)


def purge_and_preview(agency: Agency) -> str:
    parcel = sealed(agency)
    return line(race(lambda: purge(parcel, Because.WITHDRAWN), lambda: seen(parcel)), parcel)


def purge_and_land(agency: Agency) -> str:
    parcel = give(drafted())
    land = held(agency, parcel)
    RECORDED.clear()

    def purge_meanwhile() -> str:
        RECORDED.wait(random.choice([0.0, 2.0]))
        return purge(parcel, Because.WITHDRAWN)

    return line(race(purge_meanwhile, land), parcel)


def purge_and_take(_: Agency) -> str:
    parcel = give(drafted())
    item = Item.objects.get(parcel=parcel)
    return line(race(lambda: purge(parcel, Because.EXPIRED), lambda: rounds._take(parcel, item) and "taken"), parcel)


def purge_and_settle(agency: Agency) -> str:
    parcel = give(drafted())
    held(agency, parcel)()
    return line(
        race(lambda: purge(parcel, Because.WITHDRAWN), lambda: collecting.settle(parcel.pk, now=clock.now())), parcel
    )


def purge_thrice(agency: Agency) -> str:
    parcel = sealed(agency)
    return line(race(*[lambda: purge(parcel, Because.WITHDRAWN)] * 3), parcel)


def line(came: list[str], parcel: Parcel) -> str:
    return f"{' | '.join(came)} -> {rest(parcel)}"


def slowly(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        time.sleep(0.002)
        yield piece


def widen(seconds: float) -> None:
    """Keep every transaction open a little longer before it commits, so that others fall into it."""
    for module in (purging, rounds, collecting, grants, download, codes):
        record = getattr(module, "record")  # noqa: B009 - each module imports it by name

        def slow(*words: object, _record: Callable[..., object] = record, **facts: object) -> object:
            done = _record(*words, **facts)
            RECORDED.set()
            time.sleep(random.random() * seconds)
            return done

        setattr(module, "record", slow)  # noqa: B010 - each module has its own name for it


CONTESTS = (
    withdraw_and_claim,
    two_claims_under_one_key,
    give_twice,
    give_and_refuse,
    acknowledge_twice,
    purge_and_download,
    purge_and_preview,
    purge_and_land,
    purge_and_take,
    purge_and_settle,
    purge_thrice,
)


def main(contests: Sequence[Callable[[Agency], str]]) -> None:
    """Run every contest and print `{contest: {outcome: how often}}`."""
    call_command("migrate", interactive=False, verbosity=0)
    agency = Agency("http://127.0.0.1:9", sealing.new_secret().hex())
    with agency:
        seeding.load(json.dumps(agency.seed()).encode())
        widen(0.03)
        outcomes = {each.__name__: Counter(each(agency) for _ in range(ROUNDS)) for each in contests}
    print(json.dumps(outcomes))  # noqa: T201 - a program's answer


if __name__ == "__main__":
    main(CONTESTS)
