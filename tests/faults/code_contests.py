"""Acts on the code of one parcel, run against each other and against the parcel's end: `python -m tests.faults.code_contests`."""

import dataclasses
import itertools
import random
import time
from collections import Counter

from tests.faults.contests import Act, claim, half, line, main, purge, race, sealed, sign_in  # isort: skip - it sets Django up

from audit.models import Event
from mydata.core import clock, keys, sealing
from personal_cloud import barcodes, codes, wraps
from personal_cloud.codes import Shown
from personal_cloud.delivery import pickup
from personal_cloud.models import CounterCode, Parcel
from personal_cloud.purging import Because
from tests.faults.agency import Agency

NEWCOMERS = itertools.count(1)


def show(parcel: Parcel) -> Shown:
    return codes.show(sign_in(), parcel, half=half(parcel), now=clock.now())


def shown(parcel: Parcel) -> str:
    show(parcel)
    return "shown"


def pick_up(code: Shown, *, spoken: bool = False) -> str:
    opened = pickup.pick_up(sign_in(), (code.spoken if spoken else code.qr).text, address="192.0.2.1")
    return "opened" if opened.half == half(opened.parcel) else "ANOTHER HALF"


def revoke(code: Shown) -> str:
    codes.revoke(CounterCode.objects.select_related("parcel").get(pk=code.id), now=clock.now())
    return "revoked"


def end_of_code(parcel: Parcel) -> str:
    """Say how the codes of a parcel stand, and whether wraps and log agree with it."""
    rows = list(CounterCode.objects.filter(parcel=parcel).values_list("pk", "state"))
    live = {str(pk) for pk, state in rows if state in CounterCode.LIVE}
    wrapped = {str(pk) for pk, _ in rows} & set(keys.store().names(wraps.KIND, older_than=-1))
    told = Counter(
        Event.objects.filter(action__startswith="code:", payload__parcel=str(parcel.pk)).values_list(
            "action", flat=True
        )
    )
    ended = Counter({"accepted": "opened"}.get(state, state) for _, state in rows if state not in CounterCode.LIVE)
    expected = {f"code:{how}": often for how, often in ended.items()} | {"code:shown": len(rows)}
    is_clean = wrapped == live and told == Counter(expected)
    return f"{'+'.join(sorted(state for _, state in rows))} {'clean' if is_clean else 'LEFT OVER'}"


def pick_up_many_times(agency: Agency) -> str:
    """Bring one code twelve times at once, in both its writings: more often than anybody has wrong tries."""
    parcel = sealed(agency)
    code = show(parcel)
    came = race(*[lambda: pick_up(code), lambda: pick_up(code, spoken=True)] * 6)
    told = ", ".join(f"{word} {often}" for word, often in sorted(Counter(came).items()))
    return f"{told} -> {end_of_code(parcel)}"


def pick_up_and_revoke(agency: Agency) -> str:
    parcel = sealed(agency)
    code = show(parcel)
    came = race(lambda: pick_up(code), lambda: later(lambda: revoke(code)))
    return f"{' | '.join(came)} -> {end_of_code(parcel)}"


def pick_up_and_withdraw(agency: Agency) -> str:
    parcel = sealed(agency)
    code = show(parcel)
    came = race(lambda: pick_up(code), lambda: later(lambda: purge(parcel, Because.WITHDRAWN)))
    return f"{line(came, parcel)}, {end_of_code(parcel)}"


def pick_up_and_claim(agency: Agency) -> str:
    parcel = sealed(agency)
    code = show(parcel)
    came = race(lambda: pick_up(code), lambda: claim(parcel))
    return f"{line(came, parcel)}, {end_of_code(parcel)}"


def guess_many_times(_: Agency) -> str:
    """Bring twelve wrong codes at once, somebody new each round from a network of their own."""
    number = next(NEWCOMERS)
    who = dataclasses.replace(sign_in(), subject=f"guesser-{number}")
    wrong = [barcodes.write(barcodes.Kind.QR, sealing.new_secret()).text for _ in range(12)]
    acts = [lambda text=text: pickup.pick_up(who, text, address=f"2001:db8:{number:x}::1") for text in wrong]
    return ", ".join(f"{word} {often}" for word, often in sorted(Counter(race(*acts)).items()))


def later(act: Act) -> object:
    """Do it so much later that what has to reckon first, stretching a code, may be as far."""
    time.sleep(random.random() * 0.15)
    return act()


def show_thrice(agency: Agency) -> str:
    parcel = sealed(agency)
    race(*[lambda: show(parcel)] * 3)
    return end_of_code(parcel)


def show_and_withdraw(agency: Agency) -> str:
    parcel = sealed(agency)
    came = race(lambda: shown(parcel), lambda: later(lambda: purge(parcel, Because.WITHDRAWN)))
    return f"{line(came, parcel)}, {end_of_code(parcel)}"


CONTESTS = (
    pick_up_many_times,
    pick_up_and_revoke,
    pick_up_and_withdraw,
    pick_up_and_claim,
    show_thrice,
    show_and_withdraw,
    guess_many_times,
)


if __name__ == "__main__":
    main(CONTESTS)
