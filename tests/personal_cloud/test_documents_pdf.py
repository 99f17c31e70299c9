import datetime as dt
import io
import re
import time
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from pypdf.generic import DictionaryObject

from personal_cloud.documents import Head, abridging, render_pdf
from personal_cloud.documents.glyphs import STAND_IN, Typecase, coverage
from personal_cloud.documents.wording import CHECK_COMMAND
from personal_cloud.presentation import Section, present
from tests.personal_cloud.papers import PAPERS, schema_of

ISSUED = dt.datetime(2026, 11, 23, 8, 42, tzinfo=dt.UTC)
RECEIVED = dt.datetime(2026, 11, 23, 16, 43, tzinfo=dt.UTC)


def paper(schema: dict[str, Any], data: object, **changes: Any) -> bytes:  # noqa: ANN401 - as `render_pdf` takes them
    language = changes.pop("language", "zh")
    facts: dict[str, Any] = {
        "title": "個人資料",
        "provider": "虛構機關",
        "subject": "林小蘭（A223456781）",
        "issued_at": ISSUED,
        "received_at": RECEIVED,
        "provenance": ["簽章憑證 SHA-256 9f86d081884c7d65"],
        "file": "paper/paper.pdf",
        "portal": "https://mydata.example",
    }
    return render_pdf(Head(**facts | changes), present(schema, data, language=language), language=language)


def published(dataset: str, language: str = "zh") -> bytes:
    return paper(schema_of(dataset), PAPERS[dataset], language=language)


def opened(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content), strict=True)


def text_of(content: bytes) -> str:
    """Return the whole text without white space, which a line break on paper adds anywhere."""
    return squeezed("".join(page.extract_text() for page in opened(content).pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def texts(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        yield from (text for one in section.fields for text in (one.title, one.text))
        for table in section.tables:
            yield from (table.title, *(column.title for column in table.columns))
            yield from (text for row in table.rows for text in row)
        yield from texts(section.sections)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("dataset", PAPERS)
def test_every_name_and_value_of_a_published_dataset_can_be_read_and_copied(dataset: str, language: str) -> None:
    printed = text_of(published(dataset, language))
    for text in texts(present(schema_of(dataset), PAPERS[dataset], language=language).sections):
        assert squeezed(text) in printed


def test_the_head_says_who_for_whom_and_when_and_the_foot_how_to_check() -> None:
    printed = text_of(published("vehicle-registration"))
    for said in (
        "虛構機關",
        "林小蘭（A223456781）",
        "民國115年11月23日（2026-11-23）16:42",
        "民國115年11月24日（2026-11-24）00:43",
    ):
        assert said in printed
    assert "簽章憑證SHA-2569f86d081884c7d65" in printed
    assert squeezed(CHECK_COMMAND) in printed


def test_a_rare_name_is_printed_and_needs_no_note() -> None:
    printed = text_of(published("household-individual"))
    assert "𠮷永明" in printed
    assert STAND_IN not in printed


def test_what_the_fonts_lack_is_stood_in_for_and_named() -> None:
    printed = text_of(paper({}, {"姓名": "王\ue0a1明\U0002ebf0"}))
    assert f"王{STAND_IN}明{STAND_IN}" in printed
    assert "U+E0A1,U+2EBF0" in printed


def test_nothing_invisible_can_reorder_or_hide_what_is_printed() -> None:
    case = Typecase()
    assert case.set("葛\U000e0100\u202e\u200b城\x00\ud800") == f"葛城{STAND_IN}{STAND_IN}"
    assert case.note() == "U+E0100, U+202E, U+200B, U+0000, U+D800"


def test_every_character_that_counts_as_covered_is_accepted_by_the_typesetter() -> None:
    letters = "".join(map(chr, sorted(coverage())))
    assert len(letters) > 20_000
    assert opened(paper({}, {"所有": letters})).pages


def test_a_long_table_breaks_across_pages_and_repeats_its_head_on_each() -> None:
    pages = [squeezed(page.extract_text()) for page in opened(published("personal-income")).pages]
    with_rows = [text for text in pages if "薪資所得" in text]
    assert len(with_rows) > 5
    assert all("序號格式代號所得類別扣繳單位" in text for text in with_rows)
    assert all(f"第{number}頁，共{len(pages)}頁" in text for number, text in enumerate(pages, 1))


def test_a_table_too_wide_for_paper_is_set_as_one_card_a_row() -> None:
    data = {"rows": [{f"column {number}": f"value {row}/{number}" for number in range(30)} for row in range(3)]}
    printed = text_of(paper({}, data))
    assert all(f"column{number}value{row}/{number}" in printed for row in range(3) for number in range(30))


def test_the_document_is_tagged_titled_and_says_its_language() -> None:
    reader = opened(published("labor-pension-contribution", "en"))
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en-US"
    assert reader.metadata is not None
    assert reader.metadata.title == "個人資料"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()
    assert {"/H1", "/L", "/Lbl", "/LBody", "/Table", "/TH", "/TD"} <= {
        str(node["/S"]) for node in _nodes(root["/StructTreeRoot"])
    }


def _nodes(node: Any) -> Iterator[DictionaryObject]:  # noqa: ANN401 - a PDF object
    held = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(held, DictionaryObject):
        if "/S" in held:
            yield held
        yield from _nodes(held.get("/K"))
    elif isinstance(held, list):
        for inner in held:
            yield from _nodes(inner)


def test_only_the_vendored_fonts_are_used_and_both_are_embedded() -> None:
    programs = {}
    pages: list[Any] = list(opened(published("household-individual")).pages)
    for page in pages:
        for font in page["/Resources"]["/Font"].values():
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            programs[described["/FontName"].partition("+")[2]] = described["/FontFile2"].get_data()
    assert set(programs) == {"NotoSansTC-Regular", "NotoSansJP-Regular"}
    assert all(len(program) > 1000 for program in programs.values())


def test_the_same_data_make_the_same_bytes_dated_by_the_agency() -> None:
    content = published("vehicle-registration")
    assert content == published("vehicle-registration")
    metadata = opened(content).metadata
    assert metadata is not None
    assert metadata.creation_date == ISSUED


def test_what_an_agency_writes_is_never_markup() -> None:
    said = '#panic("x") *b* _i_ $x$ = h <l> @ref \\ // `raw` #sys.inputs #read("/etc/passwd")'
    assert squeezed(said) in text_of(paper({"properties": {"a": {"title": said}}}, {"a": said}, title=said))


DEEP: object = {"leaf": "底"}
for _ in range(400):
    DEEP = {"n": [DEEP]}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (None, []),
        ({}, []),
        ({"": "", " ": {"\u200b": {"\t": 1}}, "t": [{"": 1}]}, []),
        ({"s": "長" * 10_000}, ["長" * 10_000]),
        ({"s": "abcdefghijklm" * 800}, ["abcdefghijklm" * 800]),
        ({"鍵" * 10_000: "v"}, ["鍵" * 10_000]),
        ({"t": [{"k" * 10_000: "in a table"}]}, ["k" * 10_000, "inatable"]),
        ({"t": [{"a": [{"b": row}]} for row in range(200)]}, ["199"]),
        ({"m": [[1, [2, [3, [4, [5, [6]]]]]], None, "x"], "b": True, "i": float("inf")}, ["Infinity", "是"]),
        ({"lines": "one\r\ntwo\u2028three\ttabbed"}, ["onetwothreetabbed"]),
        (DEEP, ["底"]),
    ],
)
def test_whatever_an_agency_sends_becomes_a_document(data: object, expected: list[str]) -> None:
    running_heads = r"MyData個人資料文件第\d+頁，共\d+頁|個人資料虛構機關"
    printed = re.sub(running_heads, "", text_of(paper({}, data)))
    assert all(text in printed for text in expected)


_LATIN = {"W": 0.9, " ": 0.3}


def outside(content: bytes) -> list[str]:
    """Return what is set beyond the edges of its page (A4, in points), reckoning letters a little too wide."""
    found: list[str] = []

    def look(text: str, place: list[float], _matrix: object, _font: object, size: float) -> None:
        said = text.strip()
        wide = sum(1 if letter > "\u2e7f" else _LATIN.get(letter, 0.6) for letter in said) * size
        if said and not (0 < place[4] < 595 - wide and 0 < place[5] < 842 - size):
            found.append(said)

    for page in opened(content).pages:
        page.extract_text(visitor_text=look)
    return found


@pytest.mark.parametrize(
    "data",
    [
        {"word": "W" * 2_000, "t": [dict.fromkeys("abcd", "W" * 300)]},
        {"k" * 10_000: "v", "鍵" * 10_000: {"a": {"鍵" * 1_000: 1}}},
        {"t": [{"k" * 10_000: 1, "鍵" * 10_000: 2}]},
        {"\n" * 99 + "k": "\n" * 500 + "v", "a\n" * 40: {"x\n" * 40: [{"\n" * 99 + "y": "v"}]}},
        {"t": [{f"{'W' * 90} {number}": "W" * 90 for number in range(4)}]},
    ],
)
def test_nothing_is_set_beyond_the_edge_of_the_page(data: object) -> None:
    assert outside(paper({}, data)) == []


def test_what_is_copied_has_no_spaces_that_nobody_wrote() -> None:
    first = opened(published("household-individual")).pages[0].extract_text()
    assert "民國74年5月3日（1985-05-03）\n" in first
    assert "虛構市示範區想像里 3 鄰樣本路 12 號 5 樓\n" in first


def test_no_heading_is_blank_whatever_the_titles_are() -> None:
    root: Any = opened(paper({}, {" ": {"a": 1}, "\u200b \u200b": [{"a": 1}], "b": {"\t": {"c": 1}}})).root_object
    titles = [str(node["/T"]) for node in _nodes(root["/StructTreeRoot"]) if str(node["/S"]).startswith("/H")]
    assert titles == ["個人資料", "b", "來源與查驗"]


@pytest.mark.parametrize("title", ["", " ", "\u200b", "\ue000", "題" * 5_000])
def test_any_title_makes_a_document(title: str) -> None:
    assert opened(paper({"title": title}, {"a": {"b": 1}}, title=title, provider=title, subject=title)).pages


def test_what_would_not_fit_on_paper_is_counted_and_left_to_the_other_files() -> None:
    rows = [{"number": f"row {number}"} for number in range(50)]
    fitting, left_out = abridging.abridge(present({}, {"rows": rows, "long": "長" * 2_000, "last": "x"}), most=40)
    first = fitting.sections[0]
    assert [one.title for one in first.fields] == ["last"]
    assert (len(first.tables[0].rows), left_out) == (37, 14)


def test_a_document_beyond_measure_says_what_it_leaves_out() -> None:
    printed = text_of(paper({}, {"a": "長" * 1_000_000, "b": "short"}))
    assert "紙上未列的還有1筆" in printed
    assert "short" in printed


def test_a_document_is_made_in_less_than_a_second(record_property: Any) -> None:  # noqa: ANN401 - pytest's own
    published("household-individual")
    begun = time.perf_counter()
    published("household-individual")
    took = time.perf_counter() - begun
    record_property("seconds", round(took, 3))
    print(f"one PDF: {took * 1000:.0f} ms")  # noqa: T201 - a measurement is there to be read
    assert took < 1
