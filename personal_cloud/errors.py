"""What the personal cloud refuses."""

from typing import ClassVar

from mydata.core.errors import Gone, MyDataError, NotFound


class AlreadyClaimed(MyDataError):
    """Somebody, perhaps this person in another window, has claimed the file."""

    code = "already_claimed"
    status = 409
    sentences: ClassVar = {
        "zh": "這份資料檔已經領取過一次。請回到領取時的頁面繼續下載。",
        "en": "This file has been claimed once. Go on with the download where you claimed it.",
    }


class ClaimFirst(MyDataError):
    """The file is handed only to whoever claimed it."""

    code = "claim_first"
    status = 409
    sentences: ClassVar = {
        "zh": "請先按「領取」，再下載資料檔。",
        "en": "Claim the file first, then download it.",
    }


class OtherEtag(ClaimFirst):
    """`If-Match` names another file."""

    status = 412


class Damaged(Gone):
    """What is on the disk is not what was sealed; nothing of it opens, so the data are as good as destroyed."""

    sentences: ClassVar = {
        "zh": "平臺上的這份密文已經損壞，無法打開，也沒有交給任何人。請撤回這次的同意，再重新申請。",
        "en": "The sealed data on the portal are damaged: they do not open and were given to nobody. Withdraw and ask anew.",
    }


class DigestMismatch(MyDataError):
    """What arrived is not what was sent."""

    code = "digest_mismatch"
    status = 409
    sentences: ClassVar = {
        "zh": "您收到的檔案與平臺送出的不同，資料尚未銷毀。請再下載一次。",
        "en": "The file that you received is not the one sent; nothing was destroyed. Download it again.",
    }


class CodeMistyped(MyDataError):
    """The text is no code: it is too long or too short, has a sign that codes do not have, or its check symbol fails."""

    code = "code_mistyped"
    status = 422
    sentences: ClassVar = {
        "zh": "取件碼打錯了。請對照出示的畫面，逐字再輸入一次；這次不計入錯誤次數。",
        "en": "The code was mistyped. Compare it with the screen and enter it again; this does not count as a wrong code.",
    }


class UnknownCode(NotFound):
    """There is no such code, or it opens somebody else's parcel: the answer is the same."""

    sentences: ClassVar = {
        "zh": "沒有這個取件碼，或它不是您的。沒有任何資料被取用。請確認兩個裝置都是以您的身分登入，再輸入一次。",
        "en": "There is no such code, or it is not yours. Nothing was touched. See that you are signed in on both devices, and "
        "enter it again.",
    }


class CodeUsed(MyDataError):
    """The code has opened what it opens; it does so once."""

    code = "code_used"
    status = 409
    sentences: ClassVar = {
        "zh": "這個取件碼已經用過了，每個取件碼只能用一次。需要時請在能打開資料的裝置上再出示一個。",
        "en": "This code has been used, and each opens once. Show a new one on a device that opens the data, if you need it.",
    }


class CodeRevoked(MyDataError):
    """The code was taken back, another took its place, or what it opened is no longer there to be opened."""

    code = "code_revoked"
    status = 409
    sentences: ClassVar = {
        "zh": "這個取件碼已經撤銷、已換成新的，或資料已經領取或銷毀。這次沒有任何資料被取用。請看出示的裝置上現在是什麼。",
        "en": "This code was revoked, a newer one took its place, or the data were taken or destroyed. Nothing was touched. See what the "
        "device that showed it says now.",
    }


class CodeExpired(MyDataError):
    """The code's time is over."""

    code = "code_expired"
    status = 410
    sentences: ClassVar = {
        "zh": "這個取件碼已經過期。沒有任何資料被取用。請在能打開資料的裝置上再出示一個。",
        "en": "This code has run out. Nothing was touched. Show a new one on a device that opens the data.",
    }


class TooManyWrongCodes(MyDataError):
    """This person, or this network, has entered too many wrong codes in a while; `retry_after` in seconds."""

    code = "limit_reached"
    status = 429
    sentences: ClassVar = {
        "zh": "錯誤的取件碼輸入太多次，暫時不能再試。您的資料不受影響，仍可以在原來的裝置上打開。",
        "en": "Too many wrong codes; none is looked at for a while. Your data are safe and still open on the first device.",
    }


class NotAllowedForService(MyDataError):
    """The code was asked for a service or an agent, and no service takes codes yet."""

    code = "not_allowed_for_service"
    status = 422
    sentences: ClassVar = {
        "zh": "目前沒有申辦服務或代理人可以用條碼取用資料，因此沒有產生條碼。要在您自己的另一個裝置打開，請不要指定服務與代理人。",
        "en": "No service or agent can take data by a code yet, so none was made. To open the data on another device of your "
        "own, name neither service nor agent.",
    }
