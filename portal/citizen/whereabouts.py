"""資料現在在哪裡, in one sentence for every state of a parcel."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mydata.core import clock
from personal_cloud.parcels import ParcelView
from portal.design import times
from portal.design.places import AGENCY, DESTROYED, SEALED, YOU, Whereabouts


def untouched() -> Whereabouts:
    """Say where the data are before anybody agreed to anything."""
    return Whereabouts(at=AGENCY, sentence=_("您的資料還在機關，沒有被取用。"))


def of(parcel: ParcelView) -> Whereabouts:
    """Say where the data of a parcel are."""
    return _SENTENCES[parcel.state](parcel)


def _collecting(parcel: ParcelView) -> Whereabouts:
    told = _("機關正在把資料送來；到一項、檢查一項、封存一項。")
    return Whereabouts(at=AGENCY, sentence=told, since=parcel.created_at, on_the_way=True)


def _sealed(parcel: ParcelView) -> Whereabouts:
    end = times.moment(parcel.expires_at, now=clock.now())
    told = _SHARED[_holds_data(parcel)] if parcel.is_shared else _WHO_OPENS[_holds_data(parcel), parcel.opens_here]
    return Whereabouts(at=SEALED, sentence=told % {"end": end}, since=parcel.sealed_at, by_way_of=(AGENCY,))


def _failed(parcel: ParcelView) -> Whereabouts:
    return Whereabouts(at=AGENCY, sentence=_("這次沒有取得任何資料；您的資料都還在機關。"), since=parcel.created_at)


def _released(parcel: ParcelView) -> Whereabouts:
    if parcel.last_sent_at is None:
        told = _("資料檔做好了，等您取走；只有領取時的瀏覽器能打開。")
        return Whereabouts(at=SEALED, sentence=told, since=parcel.released_at, by_way_of=(AGENCY,))
    told = _("資料檔已送出給您。您確認存好之後，平臺上的這一份立即銷毀。")
    return Whereabouts(at=YOU, sentence=told, since=parcel.released_at, by_way_of=(AGENCY, SEALED))


def _purged(parcel: ParcelView) -> Whereabouts:
    been = {AGENCY: True, SEALED: parcel.sealed_at is not None, YOU: parcel.released_at is not None}
    return Whereabouts(
        at=DESTROYED,
        sentence=_("平臺上已沒有這份資料。"),
        since=parcel.purged_at,
        by_way_of=tuple(place for place, was_there in been.items() if was_there),
        proof=reverse("deletion_receipt", args=[parcel.id]),
    )


def _holds_data(parcel: ParcelView) -> bool:
    return any(item.state == "landed" for item in parcel.items)


_WHO_OPENS = {
    (True, True): gettext_lazy("您的資料封存在平臺上，只有這個瀏覽器能打開。%(end)s 自動銷毀。"),
    (True, False): gettext_lazy("您的資料封存在平臺上，只有當初同意的那個瀏覽器能打開。%(end)s 自動銷毀。"),
    (False, True): gettext_lazy(
        "機關都回覆沒有您的紀錄。這份回覆封存在平臺上，只有這個瀏覽器能打開。%(end)s 自動銷毀。"
    ),
    (False, False): gettext_lazy(
        "機關都回覆沒有您的紀錄。這份回覆封存在平臺上，只有當初同意的那個瀏覽器能打開。%(end)s 自動銷毀。"
    ),
}
"""By whether any data are sealed and whether this browser opens them."""

_SHARED = {
    True: gettext_lazy("您的資料封存在平臺上，只有當初同意的瀏覽器和您用取件碼打開的裝置能打開。%(end)s 自動銷毀。"),
    False: gettext_lazy(
        "機關都回覆沒有您的紀錄。這份回覆封存在平臺上，只有當初同意的瀏覽器和您用取件碼打開的裝置能打開。%(end)s 自動銷毀。"
    ),
}
"""The same once another device was handed the way to open them."""

_SENTENCES = {
    "collecting": _collecting,
    "sealed": _sealed,
    "failed": _failed,
    "released": _released,
    "purged": _purged,
}
