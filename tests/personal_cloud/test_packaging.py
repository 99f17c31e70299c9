"""The citizen's zip: JSON, CSV and PDF of the same bytes say the same, and its README tells how to check each of them."""

import csv
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mydata.core import clock, outbound, references, signing
from personal_cloud import packaging, vault
from personal_cloud.presentation import present
from tests.dataproviders.papers import document, signed_zip
from tests.house.poppler import Poppler
from tests.personal_cloud import errands
from tests.personal_cloud.errands import SUBJECT, Agencies, collected
from tests.personal_cloud.papers import schema_of
from tests.personal_cloud.test_documents_pdf import squeezed, text_of

pytestmark = pytest.mark.django_db
INCOME = "personal-income"
ROWS = 312
DATA: dict[str, Any] = {
    "year": 114,
    "name": "林𠮷祥",
    "national_id": "A123456789",
    "address": "虛構市示範區樣本路 12 號",
    "records": [
        {
            "sequence": number,
            "code": "50",
            "category": "薪資所得",
            "payer_name": f"虛構{number}號股份有限公司",
            "payer_tax_id": "12345675",
            "paid": 31_000 + 7 * number,
            "withheld": 1_000 + number,
        }
        for number in range(1, ROWS + 1)
    ],
    "record_count": ROWS,
    "total_paid": sum(31_000 + 7 * number for number in range(1, ROWS + 1)),
    "total_withheld": sum(1_000 + number for number in range(1, ROWS + 1)),
    "remark": "=1+1",
}


def answer(name: str, tx_id: str) -> tuple[outbound.Reply, bytes]:
    """Answer with hundreds of rows."""
    sub = references.per_transaction(SUBJECT, tx_id)
    said = document(dataset=name, tx_id=tx_id, sub=sub, issued_at=clock.rfc3339(clock.now()), data=DATA)
    return outbound.Reply(200, {"content-type": "application/zip"}), signed_zip(said, dataset=name)


@pytest.fixture
def unpacked(agencies: Agencies, tmp_path: Path) -> Path:
    """The zip as somebody unpacked it at home."""
    errands.dataset(INCOME, schema=schema_of(INCOME))
    agencies.answers[INCOME] = answer
    parcel = collected(INCOME)
    package = packaging.Package(parcel, vault.unlock(parcel, errands.half(parcel)), passphrase=None, now=clock.now())
    with zipfile.ZipFile(io.BytesIO(b"".join(package))) as archive:
        archive.extractall(tmp_path / "home")
    return tmp_path / "home"


def file(folder: Path, ending: str) -> bytes:
    return (folder / INCOME / f"{INCOME}.{ending}").read_bytes()


def test_json_csv_and_pdf_say_the_same_of_every_one_of_hundreds_of_rows(
    unpacked: Path, poppler: Poppler, tmp_path: Path
) -> None:
    data = json.loads(file(unpacked, "json"))["data"]
    assert data == DATA
    lines = list(csv.reader(io.StringIO(file(unpacked, "csv").decode("utf-8-sig"), newline="")))
    start = lines.index(["所得明細"]) + 2
    assert [[str(cell) for cell in row.values()] for row in data["records"]] == lines[start:]
    singles = {line[0]: line[2] for line in lines[1 : start - 2] if len(line) == 3}
    expected = {f"/{name}": str(value) for name, value in data.items() if name != "records"}
    assert singles == expected | {"/remark": "'=1+1"}, "harmless in a spreadsheet"
    paper = present(schema_of(INCOME), data)
    (table,) = paper.sections[0].tables
    for printed in (text_of(file(unpacked, "pdf")), squeezed(poppler.text(file(unpacked, "pdf"), tmp_path))):
        assert f"共{ROWS}筆" in printed
        assert [row for row in table.rows if squeezed("".join(row)) not in printed] == []
        assert all(squeezed(one.title + one.text) in printed for one in paper.sections[0].fields)


def test_the_readme_s_own_lines_check_the_list_and_the_pdf(unpacked: Path, poppler: Poppler) -> None:
    assert poppler.pdfsig
    readme = (unpacked / "README.txt").read_text().partition("\nWhat this is\n")
    for text in (readme[0], readme[2]):
        lines = [line.strip() for line in text.splitlines()]
        commands = [line for line in lines if line.startswith(("openssl ", "mkdir ", "pdfsig "))]
        assert len(commands) == 3
        said = "".join(run(command, unpacked) for command in commands)
        assert "CMS Verification successful" in said
        assert "Signature is Valid" in said
        assert "Certificate is Trusted" in said
        run("rm -r nss", unpacked)


def test_the_pdf_s_own_lines_check_it(unpacked: Path, poppler: Poppler, tmp_path: Path) -> None:
    text = poppler.text(file(unpacked, "pdf"), tmp_path)
    lines = [line.strip() for line in text.splitlines()]
    commands = [line for line in lines if line.startswith(("openssl ", "mkdir ", "pdfsig "))]
    assert len(commands) == 3
    said = "".join(run(command, unpacked) for command in commands)
    for expected in ("CMS Verification successful", "Signature is Valid", "Certificate is Trusted"):
        assert expected in said


def run(command: str, folder: Path) -> str:
    """Type a line into a shell and return all it says. Raises CalledProcessError."""
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout + done.stderr


def test_a_pdf_that_an_agency_made_stays_as_it_was_sent(agencies: Agencies) -> None:
    own = b"%PDF-1.4\nas the agency made it"
    errands.dataset("paper")
    agencies.answers["paper"] = lambda name, tx_id: errands._zip(name, tx_id, (f"{name}.pdf", own))
    parcel = collected("paper")
    package = packaging.Package(parcel, vault.unlock(parcel, errands.half(parcel)), passphrase=None, now=clock.now())
    with zipfile.ZipFile(io.BytesIO(b"".join(package))) as archive:
        assert archive.read("paper/paper.pdf") == own


def test_every_pdf_of_the_portal_is_signed_under_the_ca_beside_it(
    unpacked: Path, poppler: Poppler, tmp_path: Path
) -> None:
    authority = (unpacked / "portal-ca.pem").read_bytes()
    assert authority == signing.ca_pem()
    said = poppler.verdict(file(unpacked, "pdf"), tmp_path, authority=authority)
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said


def test_a_pdf_names_whom_it_is_about_and_the_reference_in_the_manifest(unpacked: Path) -> None:
    printed = text_of(file(unpacked, "pdf"))
    manifest = json.loads((unpacked / "manifest.json").read_text())
    assert "資料當事人林𠮷祥（A123456789）" in printed
    assert f"當事人代號{manifest['subject']}" in printed
