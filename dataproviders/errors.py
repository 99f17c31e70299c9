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


class UnknownField(MyDataError):
    """The path leads to no place that this paper's schema names."""

    code = "unknown_field"
    status = 422
    sentences: ClassVar = {
        "zh": "這份資料裡沒有這個欄位，沒有送出任何內容。請從預覽頁選擇要反映的欄位。",
        "en": "There is no such field in these data; nothing was sent. Choose the field in the preview.",
    }


class NoDesk(MyDataError):
    """The agency has not registered a desk that takes remarks."""

    code = "no_desk"
    status = 409
    sentences: ClassVar = {
        "zh": "這個機關還沒有線上的反映窗口，沒有送出任何內容。請直接向機關反映。",
        "en": "This agency has no desk for remarks yet; nothing was sent. Please turn to the agency directly.",
    }


class AlreadyRemarked(MyDataError):
    """The same place of the same paper is being looked at; `remark` names the open remark."""

    code = "already_remarked"
    status = 409
    sentences: ClassVar = {
        "zh": "這個欄位您已經反映過，機關正在處理，沒有再送一次。請等候答覆。",
        "en": "You have already reported this field and the agency is looking into it; nothing was sent again.",
    }


class TooManyRemarks(MyDataError):
    """One citizen's remarks of one day are used up; `retry_after` says in how many seconds there are new ones."""

    code = "limit_reached"
    status = 429
    sentences: ClassVar = {
        "zh": "今天反映的次數已達上限，這一則沒有送出。請明天再試，或直接向機關反映。",
        "en": "You have reported as much as one day allows; this was not sent. Try tomorrow, or turn to the agency.",
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
