"""What citizens are told: short, complete without a link, nothing personal."""

from dataclasses import dataclass

from audit.actions import Action


@dataclass(frozen=True, slots=True)
class Template:
    """A notice's subject line and body."""

    name: str
    subject: str
    body: str


CLOSING = "這則通知不含連結。若不是您本人所為，請親自輸入平臺網址登入，查看使用紀錄。"

BY_ACTION: dict[str, Template] = {
    Action.CONSENT_GIVEN: Template(
        "consent_given",
        "MyData：您同意取得個人資料",
        f"您剛剛在 MyData 平臺同意取得個人資料，僅限這一次。{CLOSING}",
    ),
    Action.PARCEL_SEALED: Template(
        "parcel_ready",
        "MyData：資料準備好了",
        f"您申請的資料已全部有回覆，封存在平臺上，請用同意時的瀏覽器登入預覽與領取；逾時會自動銷毀。{CLOSING}",
    ),
    Action.PARCEL_FAILED: Template(
        "parcel_failed",
        "MyData：這次沒有取得資料",
        f"您申請的資料這次都沒有取得，平臺沒有保存任何資料。登入後可看各機關的回覆。{CLOSING}",
    ),
    Action.PARCEL_RELEASED: Template(
        "parcel_released",
        "MyData：資料已領取",
        f"您的資料檔已在平臺上領取。{CLOSING}",
    ),
    Action.PARCEL_PURGED: Template(
        "parcel_purged",
        "MyData：資料已銷毀",
        f"平臺上的這份資料已經銷毀，登入後可在使用紀錄查看銷毀證明。{CLOSING}",
    ),
    Action.CODE_OPENED: Template(
        "code_opened",
        "MyData：資料在另一個裝置打開了",
        f"剛剛有人以您的身分登入並輸入取件碼，從另一個裝置也能打開您封存在平臺上的資料；資料仍然只能領取一次。{CLOSING}",
    ),
    Action.IDENTITY_REFUSED: Template(
        "identity_refused",
        "MyData：有一次身分驗證未通過",
        f"有人以您的身分在 MyData 平臺驗證，沒有通過，沒有任何資料被取用。{CLOSING}",
    ),
}

BY_NAME = {template.name: template for template in BY_ACTION.values()}
