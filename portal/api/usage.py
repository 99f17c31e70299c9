"""可查詢個人資料使用紀錄, and the notices that told of it."""

from rest_framework.request import Request
from rest_framework.response import Response

from identity import gates
from portal.api import answers, cursors
from portal.api.describing import AFTER, tells
from portal.api.operation import Operation
from portal.journeys import download
from portal.notices import reading as notices


class Usage(Operation):
    """`/usage`."""

    gate = "citizen"

    @tells(
        "listUsage",
        "What happened with your data, the newest first",
        answers={200: answers.page_of(answers.UsageLine)},
        parameters=(AFTER,),
        refusals={400: "malformed"},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """List everything that was done with the citizen's data, what was refused or failed too."""
        page = download.usage(self.http, after=cursors.after(self.http))
        return Response(cursors.listing(answers.UsageLine(page.items, many=True).data, page.next))


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
