"""Six situations in which people need their papers, each with the datasets that the deck names for it （應用方式）."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation in life: its name in addresses, what people call it, and the datasets that are asked for in it."""

    name: str
    title: str | Promise
    examples: str | Promise
    datasets: frozenset[str]


SITUATIONS = (
    Situation(
        "loan",
        _("申請信用卡或貸款"),
        _("信用卡、信貸、車貸、房貸"),
        frozenset(
            (
                "labor-insured",
                "labor-pension-contribution",
                "personal-income",
                "property",
                "nhi-enrolment",
                "nhi-premium",
            )
        ),
    ),
    Situation(
        "care",
        _("照顧家人"),
        _("長期照護、身心障礙福利、急難救助"),
        frozenset(("household-individual", "household-whole", "kinship", "low-income-register")),
    ),
    Situation(
        "school",
        _("孩子就學"),
        _("學雜費減免、大學備審資料、育兒津貼"),
        frozenset(("senior-high-student-record", "household-whole", "low-income-register")),
    ),
    Situation(
        "car",
        _("用車與停車"),
        _("車貸、身心障礙者專用停車位識別證"),
        frozenset(
            ("vehicle-registration", "driver-licence", "traffic-violation", "etc-arrears", "licence-tax-certificate")
        ),
    ),
    Situation(
        "home",
        _("房屋與土地"),
        _("房貸、住宅補貼、土地徵收、農業用地"),
        frozenset(("land-and-price", "house-tax-certificate", "property", "household-individual")),
    ),
    Situation(
        "business",
        _("創業與紓困"),
        _("企業貸款展延、營運資金、振興補助"),
        frozenset(("business-registration", "company-registration", "income-tax-record", "labor-pension-contribution")),
    ),
)


def of(name: str) -> Situation | None:
    """Return the situation of that name, or None."""
    return next((one for one in SITUATIONS if one.name == name), None)
