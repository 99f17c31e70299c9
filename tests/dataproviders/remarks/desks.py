"""A desk that answers inside the test, remarks for it, and what is left of them."""

import json
import uuid
from io import StringIO
from typing import Any

import jwt
from django.core.management import call_command

from audit.models import Event
from dataproviders.models import Dataset, Remark
from dataproviders.remarks import making
from dataproviders.remarks.answering import Answer
from dataproviders.remarks.making import Place
from mydata.core import clock, keys, outbound, signing

SUBJECT = "reference-of-somebody"
CANARY, RIGHT, SAID = "車色寫錯了Kanari0193ab", "銀色才對", "與原始文件相符鯤鶴。"
TITLE: Any = {"zh": "車色", "en": "Colour"}
URL = "http://127.0.0.1:9/desk"


class Desk:
    """Takes remarks or not, as the test says, and keeps what it heard."""

    def __init__(self) -> None:
        self.reply: outbound.Reply | Exception = outbound.Reply(202, {})
        self.heard: list[outbound.Call] = []

    def fetch(self, call: outbound.Call) -> tuple[outbound.Reply, bytes]:
        self.heard.append(call)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply, b"whatever"

    def claims(self) -> dict[str, Any]:
        """Verify the last remark as an agency does."""
        (key,) = signing.jwks()["keys"]
        statement = (self.heard[-1].body or b"").decode()
        assert jwt.get_unverified_header(statement)["typ"] == "mydata-remark+jws"
        # The time is the test's, not the machine's.
        read: dict[str, Any] = jwt.decode(
            statement, jwt.PyJWK(key), algorithms=["ES256"], audience="tests", options={"verify_iat": False}
        )
        return read


def place(dataset: Dataset, path: str = "/colour", tx_id: uuid.UUID | None = None) -> Place:
    return Place(dataset=dataset, tx_id=tx_id or uuid.uuid4(), path=path, title=TITLE)


def make(dataset: Dataset, where: Place | None = None, subject: str = SUBJECT) -> Remark:
    return making.make(subject, where or place(dataset), making.written(CANARY, RIGHT), now=clock.now())


def upheld(sentence: str = SAID) -> Answer:
    return Answer(outcome=Remark.Outcome.UPHELD, available_from=None, sentence=sentence)


def again(remark: Remark) -> Remark:
    return Remark.objects.select_related("dataset__provider").get(pk=remark.pk)


def told(remark: Remark) -> list[str]:
    found = [event for event in Event.objects.all() if (event.payload or {}).get("remark") == str(remark.pk)]
    return sorted(event.action for event in found)


def has_key(kind: str, name: object) -> bool:
    return str(name) in set(keys.store().names(kind, older_than=-60))


def dump() -> str:
    """Everything that any table holds, binary values as hex and as they are."""
    said = StringIO()
    call_command("dumpdata", stdout=said)
    raw = [bytes(row.text_sealed or b"") + bytes(row.sentence_sealed or b"") for row in Remark.objects.all()]
    return said.getvalue() + "".join(content.decode("utf-8", "replace") for content in raw)


def in_the_clear(words: str) -> bool:
    """Say whether words stand anywhere in the database, as they are or as JSON writes them."""
    return words in dump() or json.dumps(words)[1:-1] in dump()
