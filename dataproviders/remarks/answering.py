"""What became of a remark, in the agency's words: read as hostile, kept sealed, told once.

Agency: `POST {portal}/connect/remarks/{jti}` with HTTP Basic (provider id and desk secret) and a JSON body
`{outcome: corrected, available_from, sentence?}` or `{outcome: upheld | forwarded, sentence}`. `available_from` is the day
(ISO 8601) from which the corrected data can be fetched. The same answer may be sent again; another one is refused.
"""

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from audit.actions import Action
from audit.recording import record
from dataproviders import integrity
from dataproviders.errors import BadAnswer
from dataproviders.models import Provider, Remark
from dataproviders.remarks import sealed
from dataproviders.remarks.making import facts
from dataproviders.remarks.sending import mark_sent
from mydata.core import states
from mydata.core.errors import IllegalMove, Malformed, NotFound

LONGEST_SENTENCE = 200
KEPT = dt.timedelta(days=30)
"""So long the agency's sentence can be read; its outcome stays."""
FURTHEST = dt.timedelta(days=366)
MEMBERS = {"outcome", "available_from", "sentence"}

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNFIT = {"Cc", "Cf", "Cs"}
"""Controls, marks that turn the direction of writing, and halves of characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An outcome that was read and may be believed in form: a day for what was corrected, a sentence for the rest."""

    outcome: Remark.Outcome
    available_from: dt.date | None
    sentence: str


def read(body: bytes, *, today: dt.date) -> Answer:
    """Read an agency's answer. Raises Malformed, naming the member."""
    try:
        said = integrity.read_json(body)
    except BadAnswer as error:
        raise Malformed from error
    if not isinstance(said, dict) or not said.keys() <= MEMBERS:
        raise Malformed
    outcome = _outcome(said)
    is_corrected = outcome == Remark.Outcome.CORRECTED
    if not is_corrected and said.get("available_from") is not None:
        raise Malformed(path="available_from")
    return Answer(
        outcome=outcome,
        available_from=_day(said, today) if is_corrected else None,
        sentence=_sentence(said, needed=not is_corrected),
    )


def answer(provider: Provider, remark_id: uuid.UUID, given: Answer, *, now: dt.datetime) -> Remark:
    """Keep what became of a remark of this agency, once. Raises NotFound, IllegalMove.

    An answer to what is still queued proves that it arrived: whoever handed it over has not come to say so.
    """
    remark = Remark.objects.filter(pk=remark_id, dataset__provider=provider).first()
    if remark is None:
        raise NotFound
    if remark.state != Remark.State.ANSWERED:
        _keep(remark, given, now)
    elif (remark.outcome, remark.available_from) != (given.outcome, given.available_from):
        raise IllegalMove
    sealed.forget_text(remark_id)
    return Remark.objects.get(pk=remark_id)


def _keep(remark: Remark, given: Answer, now: dt.datetime) -> None:
    """Seal the sentence under a key of a name of its own, so that of two answers at once the loser destroys only its own."""
    name = uuid.uuid4() if given.sentence else None
    words = sealed.seal_sentence(name, given.sentence) if name is not None else None
    try:
        with transaction.atomic():
            mark_sent(remark, token=None, now=now)
            Remark.LIFE.move(
                states.row(Remark, remark.pk),
                Remark.State.ANSWERED,
                outcome=given.outcome,
                available_from=given.available_from,
                sentence_sealed=words,
                sentence_key=name,
                ended_at=now,
                due_at=now + KEPT if name is not None else None,
                lease_token=None,
                lease_until=None,
            )
            actor = f"provider:{remark.dataset.provider_id}"
            record(
                Action.REMARK_ANSWERED,
                subject=remark.subject,
                actor=actor,
                outcome=str(given.outcome),
                **facts(remark),
            )
    except BaseException:
        sealed.forget_sentence(name)
        raise


def _outcome(said: Mapping[str, object]) -> Remark.Outcome:
    try:
        return Remark.Outcome(str(said.get("outcome")))
    except ValueError as error:
        raise Malformed(path="outcome") from error


def _day(said: Mapping[str, object], today: dt.date) -> dt.date:
    written = said.get("available_from")
    if not isinstance(written, str) or not _DAY.fullmatch(written):
        raise Malformed(path="available_from")
    try:
        day = dt.date.fromisoformat(written)
    except ValueError as error:
        raise Malformed(path="available_from") from error
    if abs(day - today) > FURTHEST:
        raise Malformed(path="available_from")
    return day


def _sentence(said: Mapping[str, object], *, needed: bool) -> str:
    """Return it on one line, without what could make a page say something else than what was written."""
    written = said.get("sentence")
    if written is None and not needed:
        return ""
    sentence = " ".join(written.split()) if isinstance(written, str) else ""
    if not 0 < len(sentence) <= LONGEST_SENTENCE or any(unicodedata.category(one) in _UNFIT for one in sentence):
        raise Malformed(path="sentence")
    return sentence
