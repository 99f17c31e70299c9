"""What the catalogue refuses, and why an agency's answer is not taken."""

from enum import StrEnum
from typing import ClassVar

from mydata.core.errors import MyDataError


class UnknownDataset(MyDataError):
    """There is no such dataset, or it cannot be fetched yet."""

    code = "unknown_dataset"
    status = 422
    sentences: ClassVar = {
        "zh": "沒有這個資料集，或目前還不能取用。請從資料目錄選擇標示為可取用的資料。",
        "en": "There is no such dataset, or it cannot be fetched yet. Choose one that the catalogue shows as available.",
    }


class BadParameters(MyDataError):
    """The parameters do not fit the dataset; `path` names where."""

    code = "bad_parameters"
    status = 422
    sentences: ClassVar = {
        "zh": "查詢條件不符合這項資料的要求，請依欄位說明修改。",
        "en": "The parameters do not fit this dataset. Correct them as the field's description says.",
    }


class Reason(StrEnum):
    """Why an item was not had, in the contract's words."""

    NO_RECORD = "no_record"
    PROVIDER_DOWN = "provider_down"
    PROVIDER_REFUSED = "provider_refused"
    TOO_SLOW = "too_slow"
    LEVEL_TOO_LOW = "level_too_low"
    BAD_ANSWER = "bad_answer"
    WRONG_PERSON = "wrong_person"


class NotTaken(Exception):
    """An agency's answer that is not taken, with the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class BadAnswer(NotTaken):
    """Signature, digest, form or schema does not hold."""

    def __init__(self) -> None:
        super().__init__(Reason.BAD_ANSWER)


class WrongPerson(NotTaken):
    """A well-signed answer about somebody else."""

    def __init__(self) -> None:
        super().__init__(Reason.WRONG_PERSON)
