"""安全等級: 1 is the strongest. Levels are asked, never compared with `<`."""

from collections.abc import Iterable

from django.db import models


class AssuranceLevel(models.IntegerChoices):
    """The deck's four levels, each by the methods that reach it."""

    CITIZEN_CERTIFICATE = 1, "自然人憑證"
    MOBILE_IDENTITY = 2, "臺灣行動身分識別(TW FidO)"
    HEALTH_CARD = 3, "健保卡"
    TWO_DOCUMENTS = 4, "雙證件驗證"

    def satisfied_by(self, held: "AssuranceLevel | None") -> bool:
        """Say whether somebody who holds `held` may do what asks for this level."""
        return held is not None and held.value <= self.value


def strictest(levels: Iterable[AssuranceLevel]) -> AssuranceLevel:
    """Return the one of `levels` that satisfies all of them. Raises ValueError for none."""
    return AssuranceLevel(min(level.value for level in levels))
