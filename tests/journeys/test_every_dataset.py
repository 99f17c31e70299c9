"""Every dataset of the deck is taken once, by somebody who has it: looked at in the browser, and read by readers of other people."""

import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pypdf

from personal_cloud.presentation import Section, present
from sandbox.people.personas import Persona
from tests.core.test_pades import TRUSTED, VALID, WHOLE, status
from tests.house.poppler import Poppler
from tests.house.standing import StandingHouse
from tests.journeys import taken
from tests.journeys.conftest import Arrive
from tests.journeys.walking import Walker
from tests.sandbox.shelf import EVERYBODY, datasets

MOST_AT_ONCE = 5
ROWS_A_PAGE = 50
THIRTY = 30
Json = dict[str, Any]
Verdict = TypeVar("Verdict")


def has(person: Persona, dataset: str) -> bool:
    """Say whether somebody has that paper, asked for as its agency would show it."""
    each = datasets()[dataset]
    asked = each.exemplary(person)
    return asked is not None and each.write(person, each.checked(asked)) is not None


def errands() -> Iterator[tuple[Persona, dict[str, Json]]]:
    """Yield people with a good card and up to five datasets that they have, with what to ask for, until each had its turn."""
    able = [
        person
        for person in EVERYBODY
        if not any(tag.startswith(("agency_", "first")) for tag in person.tags) and person.cards[0].status == "good"
    ]
    whose: dict[str, list[str]] = defaultdict(list)
    for dataset in datasets():
        whose[next(person.id for person in able if has(person, dataset))].append(dataset)
    for person in able:
        wanted = whose[person.id]
        for start in range(0, len(wanted), MOST_AT_ONCE):
            some = wanted[start : start + MOST_AT_ONCE]
            yield person, {name: dict(datasets()[name].exemplary(person) or {}) for name in some}


def test_every_dataset_is_looked_at_and_taken_and_its_paper_holds_for_any_reader(
    house: StandingHouse, arrive: Arrive, poppler: Poppler, tmp_path: Path
) -> None:
    people = {person["id"]: person for person in house.people()}
    walkers: dict[str, Walker] = {}
    seen: set[str] = set()
    for person, wanted in errands():
        if person.id not in walkers:
            walkers[person.id] = arrive()
            walkers[person.id].sign_in(people[person.id])
        walker = walkers[person.id]
        program = walker.program()
        _, parcel = program.request(*wanted, parameters=wanted)
        items = program.wait(parcel)["items"]
        assert {item["dataset"]: item["state"] for item in items} == dict.fromkeys(wanted, "landed")
        shown = {dataset: program.preview(parcel, dataset) for dataset in wanted}
        for one in shown.values():
            look_at(walker, parcel, one)
        content, _ = program.take(parcel)
        folder = taken.unpack(content, tmp_path / parcel)
        taken.check_file(house, folder, datasets=wanted)
        for dataset in wanted:
            read_elsewhere(poppler, folder, dataset, shown[dataset]["schema"], tmp_path)
        seen |= set(wanted)
    assert len(seen) == THIRTY


def look_at(walker: Walker, parcel: str, shown: Json) -> None:
    """Read on the preview's page every field, and every row of the first page of each table."""
    walker.open(f"/parcels/{parcel}/items/{shown['dataset']}")
    walker.title(shown["name"])
    page = squeezed(walker.page.locator("article.document").inner_text())
    for text in on_the_page(present(shown["schema"], shown["data"]).sections):
        assert squeezed(text) in page, (shown["dataset"], text)
    for picture in walker.page.locator("article.document img").all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0


def on_the_page(sections: tuple[Section, ...]) -> Iterator[str]:
    """Yield what a page says of a document."""
    for section in sections:
        yield from (text for one in section.fields for text in (one.title, one.text))
        for table in section.tables:
            yield from (text for row in table.rows[:ROWS_A_PAGE] for text in row)
        yield from on_the_page(section.sections)


def read_elsewhere(poppler: Poppler, folder: Path, dataset: str, schema: Json, scratch: Path) -> None:
    """Have a paper of the portal's read and judged by programs that know nothing of it."""
    paper = (folder / dataset / f"{dataset}.pdf").read_bytes()
    authority = (folder / "portal-ca.pem").read_bytes()
    root: Any = pypdf.PdfReader(io.BytesIO(paper), strict=True).root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    verdict = poppler.verdict(paper, scratch, authority=authority)
    assert [words for words in (VALID, TRUSTED, WHOLE) if words not in verdict] == [], dataset
    assert apart(status, paper, authority).bottom_line, dataset
    said = squeezed(poppler.text(paper, scratch))
    data = json.loads((folder / dataset / f"{dataset}.json").read_text(encoding="utf-8"))["data"]
    for text in on_paper(present(schema, data).sections):
        assert squeezed(text) in said, (dataset, text)


def on_paper(sections: tuple[Section, ...]) -> Iterator[str]:
    """Yield what a paper says of a document, its pictures aside."""
    for section in sections:
        yield from (text for one in section.fields if one.picture is None for text in (one.title, one.text))
        yield from (text for table in section.tables for row in table.rows for text in row)
        yield from on_paper(section.sections)


def apart(judge: Callable[[bytes, bytes], Verdict], *about: bytes) -> Verdict:
    """Ask a judge in a thread: the browser's event loop keeps every other one out of this."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(judge, *about).result()


def squeezed(text: str) -> str:
    """Leave out white space, which a line's end adds anywhere."""
    return re.sub(r"\s", "", text)
