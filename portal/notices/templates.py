"""What citizens are told: short, complete without a link, nothing personal but the phrase that they chose themselves."""

from dataclasses import dataclass

from audit.actions import Action
from portal.design.language import Language

Texts = dict[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A notice about one kind of event, in both languages: its title, what an e-mail says, what a text message says.

    `everywhere`: told by every way there is, whatever the citizen prefers, for it may be about a thief.
    """

    name: str
    title: Texts
    email: Texts
    sms: Texts
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A notice as it is sent."""

    subject: str
    body: str


CLOSING: Texts = {
    "zh": "這則通知不含連結。若不是您本人所為，請親自輸入平臺網址登入，查看使用紀錄。",
    "en": "This notice holds no link. If it was not you, type the portal's address yourself, sign in and look at your record of use.",
}
SMS_CLOSING: Texts = {
    "zh": "非本人所為，請自行登入平臺查看使用紀錄。",
    "en": "Not you? Sign in to the portal and check your record of use.",
}
PHRASE: Texts = {"zh": "您的辨識語：{phrase}", "en": "Your phrase: {phrase}"}
SMS_PHRASE: Texts = {"zh": "〔{phrase}〕", "en": "[{phrase}] "}

BY_ACTION: dict[str, Template] = {
    Action.CONSENT_GIVEN: Template(
        name="consent_given",
        title={"zh": "MyData：您同意取得個人資料", "en": "MyData: you agreed to have your data fetched"},
        email={
            "zh": "您剛剛在 MyData 平臺同意取得個人資料，僅限這一次。",
            "en": "You have just agreed on the MyData portal to have your data fetched, for this one time.",
        },
        sms={"zh": "您同意取得個人資料，僅限這一次。", "en": "You agreed to have your data fetched, this once."},
    ),
    Action.PARCEL_SEALED: Template(
        name="parcel_ready",
        title={"zh": "MyData：資料準備好了", "en": "MyData: your data are ready"},
        email={
            "zh": "您申請的資料已全部有回覆，封存在平臺上，請用同意時的瀏覽器登入預覽與領取；逾時會自動銷毀。",
            "en": "Every agency has answered. Your data lie sealed on the portal; sign in with the browser in which you agreed to"
            " look at them and take them. They are destroyed when their time is over.",
        },
        sms={
            "zh": "資料準備好了，請用同意時的瀏覽器登入領取；逾時自動銷毀。",
            "en": "Your data are ready. Sign in with the browser in which you agreed, before they are destroyed.",
        },
    ),
    Action.PARCEL_FAILED: Template(
        name="parcel_failed",
        title={"zh": "MyData：這次沒有取得資料", "en": "MyData: no data could be had this time"},
        email={
            "zh": "您申請的資料這次都沒有取得，平臺沒有保存任何資料。登入後可看各機關的回覆。",
            "en": "None of the data you asked for could be had, and the portal keeps none. Sign in to see what each agency answered.",
        },
        sms={"zh": "這次沒有取得任何資料，平臺也沒有保存。", "en": "No data could be had this time; none are kept."},
    ),
    Action.PARCEL_RELEASED: Template(
        name="parcel_released",
        title={"zh": "MyData：資料已領取", "en": "MyData: your data were taken"},
        email={"zh": "您的資料檔已在平臺上領取。", "en": "The file with your data was taken on the portal."},
        sms={"zh": "您的資料檔已領取。", "en": "The file with your data was taken."},
    ),
    Action.PARCEL_PURGED: Template(
        name="parcel_purged",
        title={"zh": "MyData：資料已銷毀", "en": "MyData: your data were destroyed"},
        email={
            "zh": "平臺上的這份資料已經銷毀，登入後可在使用紀錄查看銷毀證明。",
            "en": "The data on the portal were destroyed. Sign in to see the deletion receipt in your record of use.",
        },
        sms={"zh": "平臺上的這份資料已經銷毀。", "en": "The data on the portal were destroyed."},
    ),
    Action.REMARK_ANSWERED: Template(
        name="remark_answered",
        title={"zh": "MyData：機關答覆了您反映的資料", "en": "MyData: an agency answered your report"},
        email={
            "zh": "您反映資料有誤，機關已經查對並答覆，登入後可在使用紀錄的「我反映的資料」查看結果。",
            "en": "You reported that your data are wrong. The agency has looked into it and answered; sign in and look at your"
            " reports in the record of use.",
        },
        sms={
            "zh": "您反映的資料，機關已經答覆，登入後可查看結果。",
            "en": "The agency answered your report. Sign in to see what it says.",
        },
    ),
    Action.REMARK_GIVEN_UP: Template(
        name="remark_given_up",
        title={"zh": "MyData：您反映的資料沒有得到答覆", "en": "MyData: your report was not answered"},
        email={
            "zh": "您反映資料有誤，機關沒有收下，或沒有在期限內答覆。登入後可在使用紀錄的「我反映的資料」查看原因。",
            "en": "You reported that your data are wrong. The agency did not take the report, or did not answer in time. Sign in"
            " and look at your reports in the record of use.",
        },
        sms={
            "zh": "您反映的資料沒有得到機關的答覆，登入後可查看原因。",
            "en": "Your report was not answered by the agency. Sign in to see why.",
        },
    ),
    Action.CODE_OPENED: Template(
        name="code_opened",
        title={"zh": "MyData：資料在另一個裝置打開了", "en": "MyData: your data were opened on another device"},
        email={
            "zh": "剛剛有人以您的身分登入並輸入取件碼，從另一個裝置也能打開您封存在平臺上的資料；資料仍然只能領取一次。",
            "en": "Somebody signed in as you and entered the pick-up code, so that another device opens your sealed data too. They"
            " can still be taken only once.",
        },
        sms={
            "zh": "有人以您的身分用取件碼在另一個裝置打開了您的資料。",
            "en": "Somebody signed in as you and opened your data on another device by the pick-up code.",
        },
        everywhere=True,
    ),
    Action.IDENTITY_REFUSED: Template(
        name="identity_refused",
        title={"zh": "MyData：有一次身分驗證未通過", "en": "MyData: an identity check was refused"},
        email={
            "zh": "有人以您的身分在 MyData 平臺驗證，沒有通過，沒有任何資料被取用。",
            "en": "Somebody tried to prove on the MyData portal to be you and was refused. No data were touched.",
        },
        sms={
            "zh": "有人以您的身分驗證，沒有通過，沒有資料被取用。",
            "en": "Somebody tried to sign in as you and was refused. No data were touched.",
        },
        everywhere=True,
    ),
    Action.IDENTITY_PREFERENCES_CHANGED: Template(
        name="preferences_changed",
        title={"zh": "MyData：通知的設定改了", "en": "MyData: how you are told was changed"},
        email={
            "zh": "您在 MyData 平臺的通知方式、語言或辨識語已經更改。",
            "en": "The way, the language or the phrase of your notices from the MyData portal was changed.",
        },
        sms={"zh": "您的通知設定已更改。", "en": "How you are told was changed."},
        everywhere=True,
    ),
}

BY_NAME = {template.name: template for template in BY_ACTION.values()}


def write(template: Template, *, channel: str, language: Language, phrase: str | None) -> Written:
    """Write a notice for one way of telling, with the citizen's phrase at its head where there is one."""
    if channel == "sms":
        head = SMS_PHRASE[language].format(phrase=phrase) if phrase else ""
        return Written(
            template.title[language], f"{head}MyData：{template.sms[language]}{_gap(language)}{SMS_CLOSING[language]}"
        )
    lines = [template.email[language], CLOSING[language]]
    return Written(
        template.title[language], "\n\n".join([PHRASE[language].format(phrase=phrase), *lines] if phrase else lines)
    )


def _gap(language: Language) -> str:
    """Return what stands between two sentences."""
    return " " if language == "en" else ""
