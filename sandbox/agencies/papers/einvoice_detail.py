"""手機條碼單一發票消費明細: what stands on one invoice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.agencies import years
from sandbox.agencies.datasets import Dataset
from sandbox.people.personas import Persona
from sandbox.people.purchases import Invoice, barcode, invoices

TAX_PERCENT = 5


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the invoice with that number; None where it does not lie on the person's barcode in that period."""
    period, wanted = parameters["period"], parameters["invoice_no"]
    invoice = next((each for each in invoices(person, period) if each.number == wanted), None)
    return None if invoice is None else paper(person, period, invoice)


def lately_bought(person: Persona) -> dict[str, Any] | None:
    """Ask for the first invoice of the latest period."""
    period = years.invoices(years.today())[0]
    first = next(iter(invoices(person, period)), None)
    return None if first is None else {"period": period, "invoice_no": first.number}


def paper(person: Persona, period: str, invoice: Invoice) -> dict[str, Any]:
    """Return the invoice: head, lines, and the tax that the prices contain, TWD."""
    without_tax = round(invoice.amount * 100 / (100 + TAX_PERCENT))
    return {
        "invoice_no": invoice.number,
        "invoice_period": period,
        "issued_on": invoice.on.isoformat(),
        "issued_at": invoice.at,
        "random_code": invoice.random_code,
        "invoice_status": "作廢" if invoice.is_void else "開立",
        "seller_name": invoice.seller.name,
        "seller_tax_id": invoice.seller.tax_id,
        "seller_address": invoice.seller.address,
        "buyer_tax_id": None,
        "barcode": barcode(person),
        "barcode_holder": person.name,
        "barcode_holder_id": person.national_id,
        "lines": [
            {
                "line": place,
                "item": line.what,
                "quantity": line.quantity,
                "unit_price": line.price,
                "line_amount": line.amount,
            }
            for place, line in enumerate(invoice.lines, 1)
        ],
        "tax_category": "應稅",
        "amount_without_tax": without_tax,
        "sales_tax": invoice.amount - without_tax,
        "total_amount": invoice.amount,
        "seller_remark": "",
    }


DATASET = Dataset(
    id="einvoice-detail",
    provider="fia",
    name="手機條碼單一發票消費明細",
    minimum_level=3,
    wire="signed_json",
    write=write,
    free_text="seller_remark",
    method="POST",
    parameters_in="json",
    exemplary=lately_bought,
)
