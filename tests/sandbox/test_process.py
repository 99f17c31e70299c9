import os
import re
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from sandbox.keyring import Keyring
from tests.sandbox.playing import ROOT, Sandbox, StubPortal, ask
from tests.sandbox.wires import opened


def data_of_everybody(sandbox: Sandbox, portal: StubPortal) -> dict[str, object]:
    """Fetch two papers of every ordinary person."""
    found: dict[str, object] = {}
    for person in (person for person in sandbox.people() if "ordinary" in person["tags"]):
        for dataset in ("personal-income", "vehicle-registration"):
            answer = ask(sandbox, portal.give(dataset, person["national_id"]), dataset)
            assert answer.status_code == 200, answer.text
            found[f"{dataset} {person['id']}"] = opened(sandbox.registered(dataset), answer.content, portal.url).data
    return found


def test_people_and_papers_are_the_same_in_another_directory(
    sandbox: Sandbox, portal: StubPortal, tmp_path: Path
) -> None:
    with Sandbox(tmp_path / "another", portal.url) as another:
        assert another.people() == sandbox.people()
        assert data_of_everybody(another, portal) == data_of_everybody(sandbox, portal)
        assert another.get("/trust").json() != sandbox.get("/trust").json()
        assert another.registered("personal-income")["secret"] != sandbox.registered("personal-income")["secret"]


def test_keys_and_secrets_survive_a_restart(portal: StubPortal, tmp_path: Path) -> None:
    seen = []
    one = Sandbox(tmp_path / "one", portal.url)
    for _ in range(2):
        with one:
            seen.append((one.get("/trust").json(), one.get("/registration.json").json()))
    assert seen[0] == seen[1]


def test_two_that_start_at_once_agree_on_the_keys(portal: StubPortal, tmp_path: Path) -> None:
    both = [Sandbox(tmp_path / "shared", portal.url) for _ in range(2)]
    for one in both:
        one.launch()
    for one in both:
        one.wait()
    trusts = [one.get("/trust").json() for one in both]
    secrets = [one.registered("personal-income")["secret"] for one in both]
    assert [one.stop() for one in both] == [0, 0]
    assert trusts[0] == trusts[1]
    assert secrets[0] == secrets[1]


def test_a_keyring_that_is_open_makes_others_wait(tmp_path: Path) -> None:
    entered = threading.Event()

    def open_too() -> None:
        with Keyring.opened(tmp_path):
            entered.set()

    other = threading.Thread(target=open_too)
    with Keyring.opened(tmp_path):
        other.start()
        assert not entered.wait(0.5)
    assert entered.wait(10)
    other.join()


def test_nobody_else_on_the_machine_reads_the_keys(sandbox: Sandbox) -> None:
    keys = sandbox.directory / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    for file in keys.glob("*.pem"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_stops_at_once_though_somebody_waits_for_a_silent_answer(portal: StubPortal, tmp_path: Path) -> None:
    one = Sandbox(tmp_path / "silent", portal.url)
    one.launch()
    one.wait()
    one.fault("post", "silent")
    with pytest.raises(requests.ReadTimeout):
        one.post("/post", {}, timeout=0.5)
    one.fault("post", "silent")
    waiting = subprocess.Popen(
        [sys.executable, "-c", f"import urllib.request as u; u.urlopen('{one.url}/post', b'{{}}')"],
        stderr=subprocess.DEVNULL,
    )
    while one.get("/faults").json()["items"]:
        time.sleep(0.05)
    began = time.monotonic()
    assert one.stop() == 0
    assert time.monotonic() - began < 4
    assert waiting.wait(timeout=5) != 0


def test_it_listens_on_the_loopback_address_only(sandbox: Sandbox) -> None:
    listening = Path("/proc/net/tcp").read_text(encoding="ascii") + Path("/proc/net/tcp6").read_text(encoding="ascii")
    places = re.findall(rf"\d+: ([0-9A-F]+):{sandbox.port:04X} 0+:0000 0A", listening)
    assert places == ["0100007F"]


def test_a_port_that_is_taken_is_a_sentence_not_a_traceback(sandbox: Sandbox) -> None:
    command = [sys.executable, "-m", "sandbox", "--port", str(sandbox.port), "--dir", str(sandbox.directory)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert f"cannot serve at {sandbox.url}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--port", "0"], {}),
        (["--port", "nine"], {}),
        ([], {"MYDATA_SANDBOX_PORT": "70000"}),
        ([], {"MYDATA_PORT": "x"}),
        (["--portal", "127.0.0.1:8000"], {}),
        (["--portal", "http://127.0.0.1:8000/path"], {}),
    ],
)
def test_settings_that_are_not_usable_are_refused(arguments: list[str], environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "sandbox", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "error: argument" in done.stderr


def test_the_environment_is_read_like_the_command_line(portal: StubPortal, tmp_path: Path) -> None:
    one = Sandbox(tmp_path / "twin", portal.url)
    one.directory.mkdir()
    twins = {"MYDATA_SANDBOX_PORT": str(one.port), "MYDATA_SANDBOX_DIR": str(one.directory), "MYDATA_PORT": "8123"}
    with one.log.open("ab") as log:
        one.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"], cwd=ROOT, env={**os.environ, **twins}, stdout=log, stderr=log
        )
    one.wait()
    page = one.get("/").text
    assert one.stop() == 0
    assert 'href="http://127.0.0.1:8123/"' in page
    assert (one.directory / "keys").is_dir()


def test_the_log_holds_paths_and_nobody(sandbox: Sandbox) -> None:
    person = sandbox.person("ordinary")
    sandbox.get("/post", {"to": person["email"]})
    sandbox.post("/authorities/household/check", {"national_id": person["national_id"]})
    log = sandbox.log.read_text(encoding="utf-8")
    assert "GET /post 200" in log
    for name in ("national_id", "email", "name", "mobile"):
        assert person[name] not in log


def test_nothing_of_the_whole_run_went_wrong_unnoticed(sandbox: Sandbox) -> None:
    assert "Traceback" not in sandbox.log.read_text(encoding="utf-8")


def test_an_unknown_address_is_told_as_json(sandbox: Sandbox) -> None:
    answer = sandbox.get("/nowhere")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
