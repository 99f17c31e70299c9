"""What is due about one remark: handing it over, giving it up, or forgetting what the agency said. Held by a lease."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from audit.actions import Action
from audit.recording import record
from dataproviders.models import Remark
from dataproviders.remarks import desk, sealed
from dataproviders.remarks.making import facts
from mydata.core import clock, leases, states

LEASE = 45.0
FIRST_WAIT = dt.timedelta(seconds=5)
LONGEST_WAIT = dt.timedelta(hours=1)
TRIED_FOR = dt.timedelta(days=7)
ANSWER_WITHIN = dt.timedelta(days=30)


def step(remark_id: UUID) -> None:
    """Do what is due about one remark, if nobody else is at it."""
    now = clock.now()
    token = leases.claim(states.row(Remark, remark_id), now=now, seconds=LEASE)
    if token is None:
        return
    remark = Remark.objects.select_related("dataset__provider").get(pk=remark_id)
    if remark.state == Remark.State.QUEUED:
        _hand_over(remark, token, now)
    elif remark.state == Remark.State.SENT:
        _give_up(remark, token, Remark.Because.NO_ANSWER, now)
    else:
        _forget(remark, token)


def due(now: dt.datetime) -> list[UUID]:
    """Name the remarks about which something is due."""
    return list(leases.due(Remark.objects.all(), now).values_list("pk", flat=True)[:500])


def mark_sent(remark: Remark, *, token: UUID | None, now: dt.datetime) -> bool:
    """In the caller's transaction: the agency has it, and nobody needs the text any more. Say whether it was still queued.

    With a `token` only under that lease; without one the agency's own answer is the proof.
    """
    rows = states.row(Remark, remark.pk)
    sent = Remark.LIFE.attempt(
        rows if token is None else rows.filter(lease_token=token),
        Remark.State.SENT,
        sent_at=now,
        text_sealed=None,
        due_at=now + ANSWER_WITHIN,
        attempts=0,
        lease_token=None,
        lease_until=None,
    )
    if sent:
        record(Action.REMARK_SENT, subject=remark.subject, actor="portal", **facts(remark))
    return sent


def _hand_over(remark: Remark, token: UUID, now: dt.datetime) -> None:
    try:
        desk.hand_over(remark, sealed.open_text(remark), now=now)
    except sealed.WordsGone:
        _give_up(remark, token, Remark.Because.TEXT_LOST, now)
    except desk.NotTaken as refusal:
        _try_later(remark, token, refusal.wait, now)
    else:
        with transaction.atomic():
            sent = mark_sent(remark, token=token, now=clock.now())
        if sent:
            sealed.forget_text(remark.pk)


def _try_later(remark: Remark, token: UUID, asked: dt.timedelta | None, now: dt.datetime) -> None:
    """Wait as long as the desk asked for, else twice as long every time, and give up after a week."""
    if now - remark.made_at > TRIED_FOR:
        _give_up(remark, token, Remark.Because.NOT_TAKEN, now)
        return
    wait = asked or min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(remark.attempts - 1, 10))
    rows = states.row(Remark, remark.pk).filter(lease_token=token, state=Remark.State.QUEUED)
    states.change(rows, due_at=clock.now() + wait, lease_token=None, lease_until=None)


def _give_up(remark: Remark, token: UUID, because: Remark.Because, now: dt.datetime) -> None:
    with transaction.atomic():
        ended = Remark.LIFE.attempt(
            states.row(Remark, remark.pk).filter(lease_token=token, state=remark.state),
            Remark.State.GIVEN_UP,
            because=because,
            text_sealed=None,
            ended_at=now,
            due_at=None,
            lease_token=None,
            lease_until=None,
        )
        if ended:
            record(
                Action.REMARK_GIVEN_UP, subject=remark.subject, actor="portal", because=str(because), **facts(remark)
            )
    if ended:
        sealed.forget_text(remark.pk)


def _forget(remark: Remark, token: UUID) -> None:
    """Destroy what the agency said; what became of the remark stays."""
    sealed.forget_sentence(remark.sentence_key)
    rows = states.row(Remark, remark.pk).filter(lease_token=token)
    states.change(rows, sentence_sealed=None, sentence_key=None, due_at=None, lease_token=None, lease_until=None)
