"""可查詢個人資料使用紀錄, and the notices that told of it."""

import datetime as dt

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from audit.reading import KINDS, Asked
from identity import gates
from mydata.core.errors import Malformed
from portal.api import answers, cursors
from portal.api.describing import AFTER, tells
from portal.api.operation import Operation
from portal.journeys import download
from portal.notices import reading as notices

LONGEST_ID = 64
ASKED = (
    OpenApiParameter("dataset", OpenApiTypes.STR, description="only what is about this dataset"),
    OpenApiParameter("kind", OpenApiTypes.STR, enum=KINDS, description="an area of `action`, or all that went wrong"),
    OpenApiParameter("since", OpenApiTypes.DATE, description="the first day, in Taipei"),
    OpenApiParameter("until", OpenApiTypes.DATE, description="the last day, in Taipei"),
)


class Usage(Operation):
    """`/usage`."""

    gate = "citizen"

    @tells(
        "listUsage",
        "What happened with your data, the newest first",
        answers={200: answers.page_of(answers.UsageLine)},
        parameters=(AFTER, *ASKED),
        refusals={400: "malformed"},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """List everything that was done with the citizen's data, what was refused or failed too."""
        page = download.usage(self.http, asked=self._asked(), after=cursors.after(self.http))
        return Response(cursors.listing(answers.UsageLine(page.items, many=True).data, page.next))

    def _asked(self) -> Asked:
        """Read what narrows the list. Raises Malformed, naming the parameter."""
        query = self.http.GET
        dataset, kind = query.get("dataset", ""), query.get("kind", "")
        if len(dataset) > LONGEST_ID or "\x00" in dataset:
            raise Malformed(path="dataset")
        if kind and kind not in KINDS:
            raise Malformed(path="kind")
        return Asked(dataset=dataset, kind=kind, since=self._day("since"), until=self._day("until"))

    def _day(self, name: str) -> dt.date | None:
        written = self.http.GET.get(name, "")
        try:
            return dt.date.fromisoformat(written) if written else None
        except ValueError as error:
            raise Malformed(path=name) from error


class Notices(Operation):
    """`/notices`."""

    gate = "citizen"

    @tells(
        "listNotices",
        "What you were told, the newest first",
        answers={200: answers.page_of(answers.Notice)},
        parameters=(AFTER,),
        refusals={400: "malformed"},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """List the e-mails and text messages; each is about one event of `listUsage`."""
        page = notices.notices_for(gates.sign_in(self.http).subject, after=cursors.after(self.http))
        return Response(cursors.listing(answers.Notice(page.items, many=True).data, page.next))
