"""Words that are somebody's own business: sealed in the row, under a random key that only the key store has.

The citizen's go with the key of the remark's id, destroyed when the remark has been handed over or given up. The agency's go
with a key whose name the row keeps, destroyed when the answer has been shown long enough. Lost with the key store, they are gone.
"""

import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from dataproviders.models import Remark
from mydata.core import keys, sealing

TEXTS = "remark"
SENTENCES = "remark-answer"


class WordsGone(Exception):
    """The key is destroyed, or was lost with the key store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is wrong, in the citizen's words, and what would be right where they say it."""

    remark: str
    proposed: str | None = None


def seal_text(remark: uuid.UUID, text: Text) -> bytes:
    """Return the text as the row keeps it; its key stands in the key store from now on."""
    return _seal(TEXTS, remark, json.dumps(asdict(text)).encode())


def open_text(remark: Remark) -> Text:
    """Return the text of a remark that has not been handed over. Raises WordsGone."""
    return Text(**json.loads(_open(TEXTS, remark.pk, remark.text_sealed)))


def forget_text(remark: uuid.UUID) -> None:
    """Destroy the text's key."""
    keys.store().destroy(TEXTS, str(remark))


def seal_sentence(name: uuid.UUID, sentence: str) -> bytes:
    """Return the agency's sentence as the row keeps it, its key under a `name` of its own."""
    return _seal(SENTENCES, name, sentence.encode())


def open_sentence(remark: Remark) -> str:
    """Return what the agency said. Raises WordsGone."""
    if remark.sentence_key is None:
        raise WordsGone
    return _open(SENTENCES, remark.sentence_key, remark.sentence_sealed).decode()


def forget_sentence(name: uuid.UUID | None) -> None:
    """Destroy a sentence's key."""
    if name is not None:
        keys.store().destroy(SENTENCES, str(name))


def sweep(*, older_than: float) -> None:
    """Destroy the keys that no row needs: of a writer that died before its row, or a row that ended before its key."""
    waiting = Remark.objects.filter(state=Remark.State.QUEUED)
    _sweep(TEXTS, (str(pk) for pk in waiting.values_list("pk", flat=True)), older_than)
    told = Remark.objects.exclude(sentence_key=None)
    _sweep(SENTENCES, (str(name) for name in told.values_list("sentence_key", flat=True)), older_than)


def _sweep(kind: str, live: Iterable[str], older_than: float) -> None:
    # The keys are listed before the rows are read: what is written meanwhile is not among them.
    found = set(keys.store().names(kind, older_than=older_than))
    for name in found - set(live) if found else ():
        keys.store().destroy(kind, name)


def _seal(kind: str, name: uuid.UUID, words: bytes) -> bytes:
    key = sealing.new_secret()
    keys.store().put(kind, str(name), key)
    return sealing.wrap(key, words, name.bytes)


def _open(kind: str, name: uuid.UUID, sealed: bytes | memoryview | None) -> bytes:
    if sealed is None:
        raise WordsGone
    try:
        return sealing.unwrap(keys.store().get(kind, str(name)), bytes(sealed), name.bytes)
    except (keys.KeyGone, sealing.CannotOpen) as error:
        raise WordsGone from error
