import csv
import io

import pytest

from personal_cloud.documents import render_csv
from tests.personal_cloud.papers import INCOME, PAPERS, schema_of


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets read Chinese only after a byte order mark"
    return list(csv.reader(io.StringIO(content[3:].decode(), newline=""), strict=True))


@pytest.mark.parametrize("dataset", PAPERS)
def test_every_single_value_has_its_place_its_name_and_itself(dataset: str) -> None:
    paper = PAPERS[dataset]
    rows = read(render_csv(schema_of(dataset), paper))
    assert rows[0] == ["路徑", "項目", "內容"]
    written = {row[0]: row[2] for row in rows[1:] if len(row) == 3}
    for name, value in paper.items():
        if not isinstance(value, list):
            assert written[f"/{name}"] == ("" if value is None else str(value))


def test_a_table_follows_its_title_with_bare_numbers_to_add() -> None:
    rows = read(render_csv(schema_of("personal-income"), INCOME))
    start = rows.index(["所得明細"])
    assert rows[start - 1] == []
    assert rows[start + 1][-2:] == ["給付總額", "扣繳稅額"]
    table = rows[start + 2 :]
    assert sum(int(row[-2]) for row in table) == INCOME["total_paid"]


def test_lines_end_as_rfc_4180_says_and_breaks_inside_a_value_are_quoted() -> None:
    content = render_csv({}, {"a": 'one\ntwo "three", four'})
    assert content.endswith(b'/a,a,"one\ntwo ""three"", four"\r\n')


FULL_WIDTH = "\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize("start", [*"=+-@\t\r\n", *FULL_WIDTH, " =", "\u3000@"])
def test_no_text_starts_a_formula_wherever_it_comes_from(start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    schema = {"properties": {"a": {"title": evil}, "t": {"title": evil}}}
    data = {"a": evil, evil: {evil: evil}, "t": [{evil: evil}], "l": [evil]}
    cells = [cell for row in read(render_csv(schema, data)) for cell in row]
    assert cells.count("'" + evil) >= 5
    assert not [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@" + FULL_WIDTH))]


def test_a_negative_number_stays_a_number_but_a_telephone_number_does_not_become_one() -> None:
    rows = read(render_csv({}, {"paid": -500, "rows": [{"n": -1}, {"n": None}], "telephone": "+886 2 0000 0000"}))
    assert ["/paid", "paid", "-500"] in rows
    assert ["-1"] in rows
    assert ["/telephone", "telephone", "'+886 2 0000 0000"] in rows


def test_what_utf_8_cannot_carry_is_marked_not_fatal() -> None:
    assert read(render_csv({}, {"a": "\ud800\x00𠮷"}))[1][2] == "\ufffd\ufffd𠮷"
