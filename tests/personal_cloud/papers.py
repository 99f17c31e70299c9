"""What four agencies would answer about two invented persons, valid by the published schemas."""

import json
from pathlib import Path
from typing import Any

import jsonschema

import dataproviders

SCHEMAS = Path(dataproviders.__file__).parent / "schemas"

Json = dict[str, Any]

HOUSEHOLD: Json = {
    "household_no": "F1234567",
    "national_id": "A123456789",
    "name": "𠮷永明",
    "sex": "男",
    "birth_date": "1985-05-03",
    "birthplace": "臺灣省虛構縣",
    "father_name": "𠮷大山",
    "mother_name": None,
    "marital_status": "有偶",
    "spouse_name": "林小蘭",
    "id_issued_on": "2014-07-01",
    "id_issue_kind": "換領",
    "moved_in_on": "2009-12-31",
    "registered_address": "虛構市示範區想像里 3 鄰樣本路 12 號 5 樓",
    "education": "大學畢業",
    "personal_notes": "民國 98 年 12 月 31 日遷入登記。\n民國 103 年換領國民身分證。",
}

INCOME: Json = {
    "year": 114,
    "name": "林小蘭",
    "national_id": "A223456781",
    "address": "虛構市示範區樣本路 12 號",
    "records": [
        {
            "sequence": number,
            "code": "50",
            "category": "薪資所得",
            "payer_name": "虛構科技股份有限公司",
            "payer_tax_id": "12345675",
            "paid": 1_000_000 + number,
            "withheld": 50_000 + number,
        }
        for number in range(1, 301)
    ],
    "record_count": 300,
    "total_paid": 300_045_150,
    "total_withheld": 15_045_150,
    "remark": "無其他所得",
}

PENSION: Json = {
    "name": "林小蘭",
    "national_id": "A223456781",
    "birth_date": "1988-02-29",
    "changes": [
        {
            "employer_name": "虛構科技股份有限公司",
            "employer_insurance_no": "01234567A",
            "kind": "提繳",
            "effective_on": "2019-03-01",
            "monthly_wage": 45_800,
            "employer_rate": 6,
            "personal_rate": 2.5,
        }
    ],
    "remark": "無",
}

VEHICLES: Json = {
    "owner_name": "𠮷永明",
    "owner_national_id": "A123456789",
    "owner_address": "虛構市示範區樣本路 12 號",
    "vehicles": [
        {
            "plate": "ABC-0001",
            "kind": "自用小客車",
            "brand": "虛構汽車",
            "model": "SAMPLE-18",
            "model_year": 2018,
            "displacement_cc": 1798,
            "fuel": "油電",
            "engine_no": "XYZ1234567",
            "colour": "銀",
            "licence_issued_on": "2018-06-15",
            "last_inspected_on": None,
            "next_inspection_on": "2027-06-15",
            "status": "正常",
        }
    ],
    "remark": "無",
}

PAPERS: dict[str, Json] = {
    "household-individual": HOUSEHOLD,
    "personal-income": INCOME,
    "labor-pension-contribution": PENSION,
    "vehicle-registration": VEHICLES,
}


def schema_of(dataset: str) -> Json:
    schema: Json = json.loads((SCHEMAS / f"{dataset}.json").read_text(encoding="utf-8"))
    return schema


def invalid(dataset: str) -> list[str]:
    """Return what the schema finds wrong with the paper."""
    validator = jsonschema.Draft202012Validator(schema_of(dataset), format_checker=jsonschema.FormatChecker())
    return [error.message for error in validator.iter_errors(PAPERS[dataset])]
