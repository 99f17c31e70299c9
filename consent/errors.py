"""What consent refuses."""

from typing import ClassVar

from mydata.core.errors import MyDataError


class TooManyDatasets(MyDataError):
    """More than five datasets at once."""

    code = "too_many_datasets"
    status = 422
    sentences: ClassVar = {
        "zh": "一次最多選五項資料。請移除幾項，或分次取得。",
        "en": "At most five datasets at a time. Remove some, or ask for them in turn.",
    }


class WordingChanged(MyDataError):
    """What would be agreed to is no longer what was shown."""

    code = "wording_changed"
    status = 409
    sentences: ClassVar = {
        "zh": "同意的內容在您閱讀之後有了變動，因此沒有送出。請重新閱讀後再決定。",
        "en": "What you would agree to changed after it was shown, so nothing was sent. Read it again and decide.",
    }
