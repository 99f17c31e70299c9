"""What became of one dataset, honestly: waiting, here, no record, or not had, why, and when to try again."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mydata.core import clock
from personal_cloud.parcels import ItemView
from portal.design import times

REASONS: dict[str, str | Promise] = {
    "no_record": gettext_lazy("機關回覆沒有您的紀錄。這是查詢的結果，不是錯誤。"),
    "provider_down": gettext_lazy("%(provider)s目前沒有回應。您的其他資料不受影響；稍後可以重新申請這一項。"),
    "provider_refused": gettext_lazy("%(provider)s沒有接受這次查詢。您的其他資料不受影響；請向機關詢問。"),
    "too_slow": gettext_lazy("到期前%(provider)s還沒有備妥，因此沒有取得。可以重新申請這一項。"),
    "level_too_low": gettext_lazy("機關現在要求更強的驗證方式，因此沒有取得。請用更強的方式驗證後重新申請。"),
    "withheld_by_law": gettext_lazy("%(provider)s依法不提供這項資料。"),
    "bad_answer": gettext_lazy(
        "%(provider)s送來的資料沒有通過簽章或格式檢查，已當場丟棄，沒有保存。稍後可以重新申請。"
    ),
    "wrong_person": gettext_lazy("%(provider)s送來的不是您的資料，已當場丟棄，沒有保存，也沒有人看到。"),
    "over_quota": gettext_lazy("%(provider)s目前查詢的人太多，因此沒有取得。稍後可以重新申請。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row: the item, a short mark, its kind for the eye, and a sentence."""

    item: ItemView
    mark: str
    kind: str
    sentence: str


def outcome(item: ItemView) -> Outcome:
    """Say how an item stands; after the purge, how it ended."""
    state = item.outcome if item.state == "erased" else item.state
    mark, kind = _marks().get(state, (_("沒有送出"), ""))
    return Outcome(item=item, mark=mark, kind=kind, sentence=_sentence(item, state))


def _marks() -> dict[str, tuple[str, str]]:
    return {
        "waiting": (_("等候機關"), ""),
        "fetching": (_("取得中"), ""),
        "landed": (_("已取得"), "here"),
        "none_held": (_("沒有紀錄"), ""),
        "failed": (_("沒有取得"), "trouble"),
    }


def _sentence(item: ItemView, state: str) -> str:
    if state == "failed":
        return str(REASONS.get(item.reason or "", _("這項資料沒有取得。"))) % {"provider": item.provider}
    if state == "none_held":
        return str(REASONS["no_record"])
    if state == "waiting" and item.ready_at is not None and item.ready_at > clock.now():
        return _("機關正在準備，%(time)s 再去取。") % {"time": times.moment(item.ready_at, now=clock.now())}
    if state in {"waiting", "fetching"}:
        return _("一般約 %(span)s。") % {"span": times.span(item.estimated_seconds)}
    if state == "landed":
        return _("簽章已檢查。") if item.state == "erased" else _("簽章已檢查，已封存。")
    return _("撤回或到期前還沒有取得。")
