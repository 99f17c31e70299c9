"""When an agency is at work on its own systems, in words: what is announced, and until when it lasts now."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dataproviders.maintenance import moment
from dataproviders.models import Dataset
from mydata.core import clock
from portal.design import times

WEEKDAYS = {
    "monday": gettext_lazy("每週一"),
    "tuesday": gettext_lazy("每週二"),
    "wednesday": gettext_lazy("每週三"),
    "thursday": gettext_lazy("每週四"),
    "friday": gettext_lazy("每週五"),
    "saturday": gettext_lazy("每週六"),
    "sunday": gettext_lazy("每週日"),
}


def announced(dataset: Dataset) -> list[str]:
    """Say each time that is announced, those that are over aside."""
    return [_in_words(entry) for entry in dataset.maintenance if not _is_over(entry)]


def now_until(dataset: Dataset) -> str:
    """Say until when it lasts now; nothing where the agency is not at work."""
    window = dataset.maintenance_now
    return "" if window is None else times.moment(window.ends_at, now=clock.now())


def _in_words(entry: Mapping[str, str]) -> str:
    if "weekday" in entry:
        facts = {"day": WEEKDAYS[entry["weekday"]], "begins": entry["from"], "ends": entry["until"]}
        return _("%(day)s %(begins)s–%(ends)s") % facts
    begins, ends = (times.moment(moment(entry[name]), now=clock.now()) for name in ("from", "until"))
    return _("%(begins)s 到 %(ends)s") % {"begins": begins, "ends": ends}


def _is_over(entry: Mapping[str, str]) -> bool:
    return "weekday" not in entry and moment(entry["until"]) <= clock.now()
