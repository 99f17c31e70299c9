"""The zip's README: what this is and how anybody checks it, in Chinese and English."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from personal_cloud.documents.wording import PDF_COMMAND, TRUST_COMMAND

CHECK = "openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json -CAfile portal-ca.pem -out /dev/null"

STATES = {
    "landed": ("已取得", "received"),
    "none_held": ("機關沒有您的紀錄", "the agency holds no record of you"),
    "failed": ("未能取得", "could not be had"),
}


def text(entries: Sequence[dict[str, Any]]) -> str:
    """Return the README for the manifest's `entries`."""
    zh = "\n".join(f"- {entry['name']}（{entry['provider']}）：{STATES[entry['state']][0]}" for entry in entries)
    pdfs = "\n   ".join(PDF_COMMAND.format(file=name) for name in _pdfs(entries))
    en = "\n".join(f"- {entry['name']} ({entry['dataset']}): {STATES[entry['state']][1]}" for entry in entries)
    return f"""這是什麼
這是您透過 MyData 平臺取得的個人資料。平臺上的那一份在您取走後即銷毀。
{zh}

每個資料夾是一項資料：.json 是資料本身，.csv 可用試算表開啟，.pdf 可列印；
original.zip 或 original.jws 是機關送來、帶有機關數位簽章的原始檔。
consent.jws 是您這次同意的紀錄。

如何查驗
1. 檢查平臺對清單 manifest.json 的簽章：
   {CHECK}
   portal-ca.pem 應與平臺網站 /.well-known/portal-ca.pem 相同。
2. manifest.json 列出每個檔案的 SHA-256，可用 sha256sum 逐一比對。
3. 平臺製作的 PDF 自己也帶有平臺的簽章，單獨交給別人也能查驗：用 PDF 閱讀器開啟即可看到，或執行
   （Debian 與 Ubuntu 的套件 poppler-utils 與 libnss3-tools）
   {TRUST_COMMAND}
   {pdfs}
   應出現「Signature is Valid」與「Certificate is Trusted」。機關自己附上的 PDF 維持原樣，請以第 2 步核對。
不用指令：在 {settings.ISSUER}/verify 選這個壓縮檔（不要先解開），檔案只在您的瀏覽器裡讀，不會上傳。

What this is
These are personal data of yours that you fetched through the MyData portal. The portal's copy is destroyed once you have this.
{en}

Every folder is one dataset: .json holds the data, .csv opens in a spreadsheet, .pdf prints;
original.zip or original.jws is what the agency sent, with the agency's own signature.
consent.jws is the record of what you agreed to.

How to check it
1. The portal's signature over manifest.json:
   {CHECK}
   portal-ca.pem should equal /.well-known/portal-ca.pem of the portal's site.
2. manifest.json gives the SHA-256 of every file; compare with sha256sum.
3. A PDF that the portal made carries the portal's signature itself, for whoever gets only the PDF. A PDF reader shows it,
   or run (packages poppler-utils and libnss3-tools of Debian and Ubuntu)
   {TRUST_COMMAND}
   {pdfs}
   and look for "Signature is Valid" and "Certificate is Trusted". A PDF that the agency sent stays as it was: see step 2.
Without commands: choose this zip, as it is, at {settings.ISSUER}/verify; your browser reads it, nothing is uploaded.
"""


def _pdfs(entries: Sequence[dict[str, Any]]) -> list[str]:
    names = (file["name"] for entry in entries for file in entry["files"])
    return [name for name in names if name.endswith(".pdf")]
