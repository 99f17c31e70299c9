"""The operations that exist, as the contract names them, and what each takes."""

from dataclasses import dataclass
from typing import Any

SOMETHING = "5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10"
"""The id of something that is not there."""


@dataclass(frozen=True)
class Call:
    """One line of section 3 of the contract; `body` is a well-formed one, None where the call has none."""

    id: str
    method: str
    path: str
    gate: str
    body: Any = None


OPERATIONS = [
    Call("getSession", "GET", "/session", "anyone"),
    Call("endSession", "DELETE", "/session", "anyone", {}),
    Call("listDatasets", "GET", "/datasets", "anyone"),
    Call("listServices", "GET", "/services", "anyone"),
    Call("startVerification", "POST", "/verifications", "anyone", {"method": "x", "claim": {}}),
    Call("answerVerification", "POST", f"/verifications/{SOMETHING}/answer", "anyone", {"cms": "x"}),
    Call("draftGrant", "POST", "/grants", "citizen", {"datasets": [{"id": "nothing"}]}),
    Call("giveGrant", "POST", f"/grants/{SOMETHING}/give", "citizen", {"wording_hash": "0" * 64}),
    Call("refuseGrant", "POST", f"/grants/{SOMETHING}/refuse", "citizen", {}),
    Call("withdrawGrant", "POST", f"/grants/{SOMETHING}/withdraw", "citizen", {}),
    Call("getReceipt", "GET", f"/grants/{SOMETHING}/receipt", "citizen"),
    Call("listParcels", "GET", "/parcels", "citizen"),
    Call("getParcel", "GET", f"/parcels/{SOMETHING}", "citizen"),
    Call("previewItem", "GET", f"/parcels/{SOMETHING}/items/personal-income", "citizen"),
    Call(
        "makeRemark",
        "POST",
        f"/parcels/{SOMETHING}/items/personal-income/remarks",
        "citizen",
        {"path": "/name", "remark": "x"},
    ),
    Call("claimParcel", "POST", f"/parcels/{SOMETHING}/claim", "citizen", {}),
    Call("downloadParcel", "GET", f"/parcels/{SOMETHING}/file", "citizen"),
    Call("acknowledgeParcel", "POST", f"/parcels/{SOMETHING}/received", "citizen", {"sha256": "0" * 64}),
    Call("getAccount", "GET", "/account", "citizen"),
    Call("setPreferences", "PUT", "/account", "citizen", {"told_by": "both", "language": "zh"}),
    Call("listRemarks", "GET", "/remarks", "citizen"),
    Call("createCode", "POST", f"/parcels/{SOMETHING}/codes", "citizen", {}),
    Call("revokeCode", "DELETE", f"/codes/{SOMETHING}", "citizen", {}),
    Call("pickUp", "POST", "/pickups", "citizen", {"code": "0000-0000-0000"}),
    Call("listUsage", "GET", "/usage", "citizen"),
    Call("listNotices", "GET", "/notices", "citizen"),
]
UNSAFE = [operation for operation in OPERATIONS if operation.method != "GET"]
PRIVATE = [operation for operation in OPERATIONS if operation.gate == "citizen"]
LISTS = [operation for operation in OPERATIONS if operation.id.startswith("list")]


def named(operation: Call) -> str:
    """Name a case of a parametrised test."""
    return operation.id
