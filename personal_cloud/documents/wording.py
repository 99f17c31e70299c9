"""What the certificate itself says, in Traditional Chinese and in English."""

CHECK_COMMAND = "openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json -CAfile portal-ca.pem"
"""As in the README of the citizen's zip (CONTRACT section 9)."""

TRUST_COMMAND = (
    "mkdir nss && certutil -N -d nss --empty-password && certutil -A -d nss -n MyData -t ,C, -i portal-ca.pem"
)
"""Poppler trusts what NSS does, so the portal's CA goes into a store of its own (Debian: `libnss3-tools`)."""

PDF_COMMAND = "pdfsig -nssdir nss {file}"
"""Checks one PDF's own signature (Debian: `poppler-utils`)."""

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "kind": "MyData 個人資料文件",
        "page": "第 {page} 頁，共 {pages} 頁",
        "seal": "驗",
        "sealed": "機關簽章已驗證",
        "provider": "資料提供機關",
        "subject": "資料當事人",
        "issued_at": "機關開立時間",
        "received_at": "平臺收到時間",
        "entries": "共 {count} 筆",
        "entry": "第 {number} 筆，共 {count} 筆",
        "abridged": "資料太長，紙上未列的還有 {count} 筆；完整內容請見同一個壓縮檔內的 CSV 與 JSON 檔。",
        "end": "以下空白",
        "origin": "來源與查驗",
        "check": "這份 PDF 帶有平臺的數位簽章，改動任何一個位元組都會失效。用 PDF 閱讀器開啟可看到簽署者"
        " MyData Portal Documents；任何人也可以在壓縮檔解開後的資料夾裡執行：",
        "trusted": "應出現「Signature is Valid」與「Certificate is Trusted」。portal-ca.pem 應與平臺網站"
        " {portal}/.well-known/portal-ca.pem 相同。不用指令，也可以在 {portal}/verify 選這個檔案查驗，檔案不會上傳。",
        "check_all": "壓縮檔裡所有檔案的清單也有平臺的簽章，同樣可以查驗：",
        "compare": "出現「CMS Verification successful」之後，再確認檔案的 SHA-256 與 manifest.json 所列的相同。",
        "missing": "本文件的字型印不出下列字元，以〓代替（字形選擇符與看不見的控制字元略去）；原文請見同一個壓縮檔內的 JSON 檔：",
    },
    "en": {
        "kind": "MyData personal data document",
        "page": "Page {page} of {pages}",
        "seal": "驗",
        "sealed": "Signature checked",
        "provider": "Provided by",
        "subject": "About",
        "issued_at": "Issued by the agency",
        "received_at": "Received by the portal",
        "entries": "{count} entries",
        "entry": "Entry {number} of {count}",
        "abridged": "Too long for paper: {count} more entries are in the CSV and JSON files of the same zip.",
        "end": "End of the data",
        "origin": "Where this comes from, and how to check it",
        "check": "This PDF carries the portal's digital signature, which no changed byte survives. A PDF reader shows the"
        " signer, MyData Portal Documents; or, in the folder unpacked from the zip, anybody can run:",
        "trusted": "Look for “Signature is Valid” and “Certificate is Trusted”. portal-ca.pem should equal"
        " {portal}/.well-known/portal-ca.pem on the portal's site. Without commands: choose this file at {portal}/verify; nothing"
        " is uploaded.",
        "check_all": "The list of all files in the zip is signed by the portal, too, and checked in the same way:",
        "compare": "After “CMS Verification successful”, compare a file's SHA-256 with the one in manifest.json.",
        "missing": "The fonts of this document lack the following characters; 〓 stands in for them"
        " (variation selectors and invisible control characters are left out). The original is in the JSON file of the same zip: ",
    },
}
