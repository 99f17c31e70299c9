"""Errors that can explain themselves: a stable code for programs, a sentence for the person reading it."""

from typing import ClassVar


class MyDataError(Exception):
    """A refusal with a stable `code`, an HTTP `status` and one sentence per language.

    Keyword arguments become members of the RFC 9457 problem document; they never hold personal data.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    sentences: ClassVar[dict[str, str]]

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    def explain(self, language: str = "zh") -> str:
        """Return what happened and what to do, in `zh` or `en`."""
        return self.sentences.get(language, self.sentences["zh"])


class Malformed(MyDataError):
    """The body or a parameter cannot be read as what the call takes."""

    code = "malformed"
    status = 400
    sentences: ClassVar = {
        "zh": "送來的內容無法讀取，沒有任何資料被取用。請檢查格式後再送一次。",
        "en": "What was sent cannot be read; nothing was touched. Check its form and send it again.",
    }


class NotFound(MyDataError):
    """There is no such thing, or it belongs to somebody else: the answer is the same."""

    code = "not_found"
    status = 404
    sentences: ClassVar = {
        "zh": "找不到這一項，或它不屬於您。請核對網址，或從首頁重新找。",
        "en": "There is no such thing here, or it is not yours. Check the address, or start from the front page.",
    }


class Gone(MyDataError):
    """What was here has been destroyed."""

    code = "gone"
    status = 410
    sentences: ClassVar = {
        "zh": "這份資料已經銷毀，平臺上不再有。需要時請重新申請。",
        "en": "These data have been destroyed and are no longer on the portal. Ask for them anew if you need them.",
    }


class IllegalMove(MyDataError):
    """The thing is not in a state from which this act is possible."""

    code = "illegal_state"
    status = 409
    sentences: ClassVar = {
        "zh": "目前的狀態不能做這個動作，沒有任何改變。請重新整理後再看一次。",
        "en": "This cannot be done in the present state; nothing was changed. Reload and look again.",
    }


class TooLarge(MyDataError):
    """The body is larger than the call takes."""

    code = "too_large"
    status = 413
    sentences: ClassVar = {
        "zh": "送來的內容太大，沒有任何資料被取用。",
        "en": "What was sent is too large; nothing was touched.",
    }


class Busy(MyDataError):
    """The portal cannot take this on right now."""

    code = "busy"
    status = 503
    sentences: ClassVar = {
        "zh": "現在忙碌中，您的資料不受影響。請稍候再試。",
        "en": "Busy right now; your data are not affected. Try again in a moment.",
    }


class IdempotencyMismatch(MyDataError):
    """An idempotency key came again with another body."""

    code = "idempotency_mismatch"
    status = 422
    sentences: ClassVar = {
        "zh": "同一個 Idempotency-Key 送來了不同的內容，沒有再做一次。",
        "en": "The same Idempotency-Key came with another body; nothing was done again.",
    }
