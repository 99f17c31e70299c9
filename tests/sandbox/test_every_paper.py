"""What holds for the papers of all datasets alike: their form, for everybody and for every choice; and that they stay the same."""

import csv
import hashlib
import io
import json
import subprocess
import sys

import pytest

from sandbox.people.personas import Persona
from tests.sandbox.playing import ROOT, Sandbox, StubPortal, ask
from tests.sandbox.shelf import EVERYBODY, asked_alike, datasets, edges, holders, paper, validator
from tests.sandbox.wires import opened

DIGESTS = "from tests.sandbox.test_every_paper import digest_of_all; print(digest_of_all())"


def digest_of_all() -> str:
    """Return a digest of every paper of everybody, as asked for by default."""
    papers = [paper(dataset, person) for dataset in asked_alike() for person in EVERYBODY]
    return hashlib.sha256(json.dumps(papers, ensure_ascii=False).encode()).hexdigest()


@pytest.mark.parametrize("dataset", asked_alike())
def test_every_paper_of_everybody_has_the_form_of_its_schema(dataset: str) -> None:
    asked = datasets()[dataset]
    form = validator(asked)
    for parameters in edges(asked):
        for person in EVERYBODY:
            data = paper(dataset, person, **parameters)
            problems = [] if data is None else [problem.json_path for problem in form.iter_errors(data)]
            assert problems == [], (person.id, parameters)


@pytest.mark.parametrize("dataset", asked_alike())
def test_every_paper_names_whose_it_is_and_takes_a_remark(dataset: str) -> None:
    for person in EVERYBODY:
        data = paper(dataset, person)
        if data is not None:
            written = json.dumps(data, ensure_ascii=False)
            assert person.name in written
            assert person.national_id in written
            assert isinstance(data[datasets()[dataset].free_text], str)


@pytest.mark.parametrize("dataset", asked_alike())
def test_there_is_a_paper_of_somebody(dataset: str) -> None:
    found = any(paper(dataset, person, **asked) for asked in edges(datasets()[dataset]) for person in EVERYBODY)
    assert found


def test_papers_are_the_same_in_every_process() -> None:
    elsewhere = subprocess.run(
        [sys.executable, "-c", DIGESTS],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout.strip() == digest_of_all()


@pytest.mark.parametrize("dataset", asked_alike())
def test_it_travels_signed_and_nobody_without_a_record_gets_one(
    sandbox: Sandbox, portal: StubPortal, dataset: str
) -> None:
    holder, without = whom(dataset)
    answer = ask(sandbox, portal.give(dataset, holder.national_id), dataset)
    said = opened(sandbox.registered(dataset), answer.content, portal.url)
    validator(datasets()[dataset]).validate(said.data)
    assert said.data == paper(dataset, holder)
    if without is not None:
        assert ask(sandbox, portal.give(dataset, without.national_id), dataset).status_code == 204


def whom(dataset: str) -> tuple[Persona, Persona | None]:
    """Return somebody who has the paper by default, and somebody who has none, whose agencies behave."""
    known = [person for person in EVERYBODY if not any(tag.startswith(("agency_", "no_rec")) for tag in person.tags)]
    having = holders(dataset)
    none = [person for person in known if person.id not in having]
    return next(person for person in known if person.id in having), none[0] if none else None


def test_the_table_of_a_household_names_every_member(sandbox: Sandbox, portal: StubPortal) -> None:
    person = sandbox.person("ordinary")
    answer = ask(sandbox, portal.give("household-whole", person["national_id"]), "household-whole")
    said = opened(sandbox.registered("household-whole"), answer.content, portal.url)
    table = list(csv.reader(io.StringIO(said.files["household-whole.csv"].decode("utf-8-sig"))))
    start = table.index(["現戶人口"])
    assert table[start + 1][:3] == ["稱謂", "姓名", "統一編號"]
    assert [line[1] for line in table[start + 2 :]] == [member["name"] for member in said.data["members"]]
    assert ["現戶人數", "3"] in table[:start]


def test_an_agency_that_mistakes_people_always_finds_somebody(sandbox: Sandbox, portal: StubPortal) -> None:
    for dataset in ("low-income-register", "personal-income"):
        token = portal.give(dataset, sandbox.person("agency_wrong_person")["national_id"])
        said = opened(sandbox.registered(dataset), ask(sandbox, token, dataset).content, portal.url)
        assert said.sub != token.sub
        assert sandbox.person("agency_wrong_person")["name"] not in json.dumps(said.data, ensure_ascii=False)


def test_both_wires_and_both_methods_carry_papers_with_lists() -> None:
    carried = {
        (dataset.wire, dataset.method)
        for dataset in datasets().values()
        if any(entry["type"] == "array" for entry in dataset.schema["properties"].values())
    }
    assert carried == {("signed_zip", "GET"), ("signed_zip", "POST"), ("signed_json", "GET"), ("signed_json", "POST")}
