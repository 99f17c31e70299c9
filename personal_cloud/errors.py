"""What the personal cloud refuses."""

from typing import ClassVar

from mydata.core.errors import Gone, MyDataError


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
