"""What the certificate itself says, in Traditional Chinese and in English."""

CHECK_COMMAND = "openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json -CAfile portal-ca.pem"
"""As in the README of the citizen's zip (CONTRACT section 9)."""

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "kind": "MyData 個人資料文件",
        "page": "第 {page} 頁,共 {pages} 頁",
        "seal": "驗",
        "sealed": "機關簽章已驗證",
        "provider": "資料提供機關",
        "subject": "資料當事人",
        "issued_at": "機關開立時間",
        "received_at": "平臺收到時間",
        "abridged": "資料太長,紙上未列的還有 {count} 筆;完整內容請見同一個壓縮檔內的 CSV 與 JSON 檔。",
        "origin": "來源與查驗",
        "check": "任何人都可以查驗這份文件是否被改過。在同一個壓縮檔解開後的資料夾裡執行:",
        "compare": "出現「CMS Verification successful」之後,再確認這個檔案的 SHA-256 與 manifest.json 所列的相同。",
        "missing": "本文件的字型印不出下列字元,以〓代替(字形選擇符與看不見的控制字元略去);原文請見同一個壓縮檔內的 JSON 檔:",
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
        "abridged": "Too long for paper: {count} more entries are in the CSV and JSON files of the same zip.",
        "origin": "Where this comes from, and how to check it",
        "check": "Anybody can check that this document was not altered. In the folder unpacked from the same zip, run:",
        "compare": "After “CMS Verification successful”, compare this file's SHA-256 with the one in manifest.json.",
        "missing": "The fonts of this document lack the following characters; 〓 stands in for them"
        " (variation selectors and invisible control characters are left out). The original is in the JSON file of the same zip: ",
    },
}
