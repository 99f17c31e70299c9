"""The closed vocabulary of what can happen: `area:act`, each with the facts it must carry and the sentence a citizen reads.

A retired action stays in this list, so that old records can be read.
"""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """Everything the log can say."""

    IDENTITY_VERIFIED = "identity:verified"
    IDENTITY_REFUSED = "identity:refused"
    IDENTITY_SIGNED_OUT = "identity:signed_out"
    IDENTITY_PREFERENCES_CHANGED = "identity:preferences_changed"
    CONSENT_GIVEN = "consent:given"
    CONSENT_REFUSED = "consent:refused"
    CONSENT_WITHDRAWN = "consent:withdrawn"
    CONSENT_SPENT = "consent:spent"
    CONSENT_EXPIRED = "consent:expired"
    DATA_REQUESTED = "data:requested"
    DATA_LANDED = "data:landed"
    DATA_NONE_HELD = "data:none_held"
    DATA_FAILED = "data:failed"
    PARCEL_SEALED = "parcel:sealed"
    PARCEL_FAILED = "parcel:failed"
    PARCEL_VIEWED = "parcel:viewed"
    PARCEL_RELEASED = "parcel:released"
    PARCEL_PURGED = "parcel:purged"
    REMARK_MADE = "remark:made"
    REMARK_SENT = "remark:sent"
    REMARK_ANSWERED = "remark:answered"
    REMARK_GIVEN_UP = "remark:given_up"
    CODE_SHOWN = "code:shown"
    CODE_OPENED = "code:opened"
    CODE_REVOKED = "code:revoked"
    CODE_EXPIRED = "code:expired"
    NOTICE_SENT = "notice:sent"
    NOTICE_GIVEN_UP = "notice:given_up"


TROUBLE = frozenset(
    (
        Action.IDENTITY_REFUSED,
        Action.CONSENT_REFUSED,
        Action.DATA_NONE_HELD,
        Action.DATA_FAILED,
        Action.PARCEL_FAILED,
        Action.REMARK_GIVEN_UP,
        Action.NOTICE_GIVEN_UP,
    )
)
"""What was refused, failed, or brought nothing: a record that left these out would be a lie."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The facts an action carries (all required) and its sentence in zh and en, with facts in braces."""

    facts: frozenset[str]
    zh: str
    en: str


def _meaning(facts: str, zh: str, en: str) -> Meaning:
    return Meaning(frozenset(facts.split()), zh, en)


MEANINGS: dict[Action, Meaning] = {
    Action.IDENTITY_VERIFIED: _meaning(
        "method level", "您驗證了身分（安全等級 {level}）", "You proved who you are (assurance level {level})"
    ),
    Action.IDENTITY_REFUSED: _meaning(
        "method reason", "有人以您的身分驗證，未通過", "Somebody tried to sign in as you and was refused"
    ),
    Action.IDENTITY_SIGNED_OUT: _meaning("", "您登出了", "You signed out"),
    Action.IDENTITY_PREFERENCES_CHANGED: _meaning(
        "language told_by", "您改了通知的設定", "You changed how you are told"
    ),
    Action.CONSENT_GIVEN: _meaning(
        "grant datasets purpose wording_hash level", "您同意取得資料", "You agreed to have your data fetched"
    ),
    Action.CONSENT_REFUSED: _meaning("grant datasets", "您不同意取得資料", "You refused to have your data fetched"),
    Action.CONSENT_WITHDRAWN: _meaning("grant datasets", "您撤回了同意", "You withdrew your consent"),
    Action.CONSENT_SPENT: _meaning(
        "grant datasets", "這次的同意已用完，不能再用", "This consent has been used and cannot be used again"
    ),
    Action.CONSENT_EXPIRED: _meaning("grant datasets", "這次的同意已到期", "This consent has run out"),
    Action.DATA_REQUESTED: _meaning(
        "grant parcel datasets", "平臺依您的同意向機關取資料", "The portal asked the agencies for your data, as agreed"
    ),
    Action.DATA_LANDED: _meaning(
        "parcel dataset", "資料到達並通過簽章檢查", "The data arrived and their signature was checked"
    ),
    Action.DATA_NONE_HELD: _meaning(
        "parcel dataset", "機關回覆沒有您的紀錄", "The agency answered that it holds no record of you"
    ),
    Action.DATA_FAILED: _meaning("parcel dataset reason", "這項資料沒有取得", "These data could not be had"),
    Action.PARCEL_SEALED: _meaning(
        "parcel datasets", "資料已封存，只有您的瀏覽器能打開", "Your data were sealed; only your browser opens them"
    ),
    Action.PARCEL_FAILED: _meaning("parcel datasets", "這次沒有取得任何資料", "No data could be had this time"),
    Action.PARCEL_VIEWED: _meaning("parcel dataset", "您預覽了資料", "You looked at your data"),
    Action.PARCEL_RELEASED: _meaning(
        "parcel datasets sha256 size", "您領取了資料檔", "You took the file with your data"
    ),
    Action.PARCEL_PURGED: _meaning(
        "parcel because datasets", "平臺上的資料已銷毀", "The data on the portal were destroyed"
    ),
    Action.REMARK_MADE: _meaning(
        "remark dataset path", "您反映資料有誤", "You reported that something in your data is wrong"
    ),
    Action.REMARK_SENT: _meaning(
        "remark dataset path", "您的反映已送到機關", "Your report was handed over to the agency"
    ),
    Action.REMARK_ANSWERED: _meaning(
        "remark dataset path outcome", "機關答覆了您的反映", "The agency answered your report"
    ),
    Action.REMARK_GIVEN_UP: _meaning(
        "remark dataset path because", "您的反映沒有得到機關的答覆", "Your report was not answered by the agency"
    ),
    Action.CODE_SHOWN: _meaning(
        "parcel code datasets",
        "您出示了取件碼，可以在另一個裝置打開資料",
        "You showed a code that opens your data elsewhere",
    ),
    Action.CODE_OPENED: _meaning(
        "parcel code datasets", "您用取件碼在另一個裝置打開了資料", "You opened your data on another device by a code"
    ),
    Action.CODE_REVOKED: _meaning(
        "parcel code datasets", "取件碼已撤銷，不能再用", "A code was revoked and opens nothing any more"
    ),
    Action.CODE_EXPIRED: _meaning(
        "parcel code datasets", "取件碼已過期，不能再用", "A code ran out and opens nothing any more"
    ),
    Action.NOTICE_SENT: _meaning("channel template", "已通知您", "You were told"),
    Action.NOTICE_GIVEN_UP: _meaning("channel template", "通知沒有送達", "A notice could not be delivered"),
}


def sentence(action: str, payload: dict[str, object] | None) -> dict[str, str]:
    """Return the sentence of an event in `zh` and `en`, as a citizen reads it."""
    meaning = MEANINGS[Action(action)]
    facts = dict.fromkeys(meaning.facts, "—") | (payload or {})
    return {"zh": meaning.zh.format(**facts), "en": meaning.en.format(**facts)}
