"""手機條碼載具發票清單: every invoice of two months that lies on a person's mobile barcode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.personas import Persona
from sandbox.people.purchases import Invoice, barcode, invoices


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the list of one period; None where nothing was bought with a barcode."""
    bought = invoices(person, parameters["period"])
    if not bought:
        return None
    valid = [invoice for invoice in bought if not invoice.is_void]
    return {
        "carrier_type": "手機條碼（3J0002）",
        "carrier_no": barcode(person),
        "carrier_holder": person.name,
        "carrier_holder_id": person.national_id,
        "list_period": parameters["period"],
        "invoices": [entry(place, invoice) for place, invoice in enumerate(bought, 1)],
        "invoice_count": len(bought),
        "valid_count": len(valid),
        "spent": sum(invoice.amount for invoice in valid),
        "platform_note": "",
    }


def entry(place: int, invoice: Invoice) -> dict[str, Any]:
    """Return one line of the list; the amount with tax, TWD."""
    return {
        "row": place,
        "number": invoice.number,
        "date": invoice.on.isoformat(),
        "shop": invoice.seller.name,
        "shop_tax_id": invoice.seller.tax_id,
        "sum": invoice.amount,
        "status": "作廢" if invoice.is_void else "開立",
        "donated": invoice.is_donated,
    }


DATASET = Dataset(
    id="einvoice-list",
    provider="fia",
    name="手機條碼載具發票清單",
    minimum_level=3,
    wire="signed_zip",
    write=write,
    free_text="platform_note",
    with_csv=True,
)
