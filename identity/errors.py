"""What identity refuses."""

from typing import ClassVar

from mydata.core.errors import MyDataError


class NotSignedIn(MyDataError):
    """Nobody is signed in."""

    code = "not_signed_in"
    status = 401
    sentences: ClassVar = {
        "zh": "請先驗證身分。沒有任何資料被取用。",
        "en": "Prove who you are first. Nothing was touched.",
    }


class StepUp(MyDataError):
    """The session is not strong enough; `required_level` says what is."""

    code = "step_up"
    status = 403
    sentences: ClassVar = {
        "zh": "這項資料需要更強的身分驗證方式。沒有任何資料被取用。",
        "en": "These data ask for a stronger way to prove who you are. Nothing was touched.",
    }


class OtherBrowser(MyDataError):
    """The data were sealed for another browser."""

    code = "other_browser"
    status = 409
    sentences: ClassVar = {
        "zh": "這份資料在這個瀏覽器打不開，要用當初同意取得的那個瀏覽器。您可以回到那裡領取；或在那裡出示取件碼，到這裡輸入；也可以在這裡撤回後重新申請。",
        "en": "This browser cannot open these data; the one in which you agreed can. Go back to it, or show a code there and enter "
        "it here, or withdraw here and ask anew.",
    }


class AlreadyAnswered(MyDataError):
    """The verification has been decided."""

    code = "already_answered"
    status = 409
    sentences: ClassVar = {
        "zh": "這次身分驗證已經結束。請重新開始。",
        "en": "This verification is over. Start a new one.",
    }


class BadNationalId(MyDataError):
    """The number is no national ID or resident number: a digit is wrong or missing."""

    code = "bad_national_id"
    status = 422
    sentences: ClassVar = {
        "zh": "身分證字號或居留證號有誤，請逐碼核對。",
        "en": "This is not a valid ID or resident number. Check it digit by digit.",
    }


class BadPhrase(MyDataError):
    """The phrase for notices is not of letters only, or too short or too long."""

    code = "bad_parameters"
    status = 422
    sentences: ClassVar = {
        "zh": "辨識語請用 2 到 16 個字的中文或英文，不含數字、標點與網址；原來的設定沒有改變。",
        "en": "A phrase is 2 to 16 letters, without digits, punctuation or addresses. Nothing was changed.",
    }
