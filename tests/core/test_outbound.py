"""The one door out: where it leads, how long it waits, how much it takes (DESIGN, D9)."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from mydata.core import clock, outbound
from mydata.core.outbound import BREAKER_FAILURES, BREAKER_SECONDS, AnswerTooLarge, Call, Limits, Unreachable, fetch

Play = Callable[[BaseHTTPRequestHandler], None]


class Peer(ThreadingHTTPServer):
    """Does at each path what the test put there, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.plays: dict[str, Play] = {}
        self.asked: list[str] = []

    def on(self, path: str, play: Play) -> str:
        self.plays[path] = play
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Peer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.plays[self.path.partition("?")[0]](self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


def say(body: bytes, *, status: int = 200, pause: float = 0, **headers: str) -> Play:
    """Answer with this body, a pause (in seconds) before each 64 KiB but the first."""

    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for start in range(0, len(body), 64 * 1024):
            time.sleep(pause if start else 0)
            try:
                handler.wfile.write(body[start : start + 64 * 1024])
            except OSError:
                return

    return play


def sleep(seconds: float) -> Play:
    """Answer so many seconds late."""

    def play(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        say(b"late")(handler)

    return play


def talk_nonsense(stranger: socket.socket) -> None:
    line, _ = stranger.accept()
    with line:
        line.sendall(b"\0\xff nonsense\r\n")


def call(url: str, **limits: Any) -> tuple[outbound.Reply, bytes]:  # noqa: ANN401 - members of Limits
    return fetch(Call(method="GET", url=url, headers={}, limits=Limits(**limits)))


def test_an_answer_comes_whole_with_its_headers_in_lower_case(peer: Peer) -> None:
    reply, body = call(peer.on("/", say(b"x" * 200_000, X_Named="Yes")))
    assert (reply.status, reply.headers["x-named"], len(body)) == (200, "Yes", 200_000)


def test_parameters_go_where_they_belong_and_no_header_is_added_that_names_us(peer: Peer) -> None:
    seen: dict[str, str] = {}

    def play(handler: BaseHTTPRequestHandler) -> None:
        seen.update(handler.headers.items())
        say(b"")(handler)

    fetch(Call(method="GET", url=peer.on("/a", play), headers={"tx_id": "1"}, query={"年": "113 &"}))
    assert peer.asked == ["/a?%E5%B9%B4=113+%26"]
    assert seen["tx_id"] == "1"
    assert seen["Accept-Encoding"] == "identity"
    assert "Cookie" not in seen


def test_a_redirect_is_not_followed(peer: Peer) -> None:
    peer.on("/elsewhere", say(b"never"))
    reply, _ = call(peer.on("/", say(b"", status=302, Location="/elsewhere")))
    assert reply.status == 302
    assert peer.asked == ["/"]


def test_no_cookie_is_kept(peer: Peer) -> None:
    seen: list[str | None] = []

    def play(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers["Cookie"])
        say(b"", Set_Cookie="a=b; Path=/")(handler)

    url = peer.on("/", play)
    call(url)
    call(url)
    assert seen == [None, None]


def test_a_compressed_answer_is_left_as_it_is(peer: Peer) -> None:
    assert call(peer.on("/", say(b"not gzip at all", Content_Encoding="gzip")))[1] == b"not gzip at all"


def test_more_bytes_than_allowed(peer: Peer) -> None:
    url = peer.on("/", say(b"x" * 100_001))
    assert len(call(url, max_bytes=100_001)[1]) == 100_001
    with pytest.raises(AnswerTooLarge):
        call(url, max_bytes=100_000)


def test_a_first_byte_that_does_not_come(peer: Peer) -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable):
        call(peer.on("/", sleep(5)), first_byte=0.3)
    assert time.monotonic() - started < 2


def test_a_whole_that_takes_too_long_though_bytes_keep_coming(peer: Peer) -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable):
        call(peer.on("/", say(b"x" * 64 * 1024 * 50, pause=0.1)), total=0.5)
    assert time.monotonic() - started < 2


def test_a_minimum_rate_takes_the_place_of_the_total(peer: Peer) -> None:
    url = peer.on("/", say(b"x" * 64 * 1024 * 8, pause=0.1))
    assert len(call(url, total=0.2, minimum_rate=100 * 1024)[1]) == 64 * 1024 * 8
    with pytest.raises(Unreachable):
        call(url, total=0.2, minimum_rate=10 * 1024 * 1024)


def test_a_line_cut_in_the_middle(peer: Peer) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")

    with pytest.raises(Unreachable):
        call(peer.on("/", cut))


def test_nobody_there_and_what_is_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with pytest.raises(Unreachable):
        call(f"http://127.0.0.1:{port}/")
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        threading.Thread(target=talk_nonsense, args=(stranger,), daemon=True).start()
        with pytest.raises(Unreachable):
            call(f"http://127.0.0.1:{stranger.getsockname()[1]}/", first_byte=2)


@pytest.mark.parametrize("url", ["", "nothing", "http://", "ftp://127.0.0.1/", "http://127.0.0.1:99999/", "http://[/"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(Unreachable):
        call(url)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1"),  # noqa: S104 - an address to be refused
        *("fe80::1", "fc00::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "192.0.2.1", "255.255.255.255"),
    ],
)
def test_in_production_only_public_addresses_are_called(address: str, settings: Settings) -> None:
    settings.SANDBOX = False
    assert not outbound.is_allowed(address)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Unreachable) as refusal:
        call(f"http://{host}:9/")
    assert "not allowed" in str(refusal.value.__cause__)


def test_the_sandbox_adds_the_loopback_and_nothing_else(settings: Settings) -> None:
    settings.SANDBOX = True
    assert outbound.is_allowed("127.0.0.1")
    assert outbound.is_allowed("8.8.8.8")
    assert not outbound.is_allowed("192.168.1.1")
    assert not outbound.is_allowed("169.254.169.254")


@pytest.mark.parametrize(
    "host", ["2130706433", "127.1", "0177.0.0.1", "0x7f.1", "127.0.0.1.", "localhost", "localhost."]
)
def test_an_address_in_disguise_is_refused_in_production(host: str, peer: Peer, settings: Settings) -> None:
    settings.SANDBOX = False
    peer.on("/", say(b"reached"))
    with pytest.raises(Unreachable):
        call(f"http://{host}:{peer.server_port}/")
    assert peer.asked == []


def test_a_name_that_leads_to_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, peer: Peer
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.1.2.3", 0))]
    settings.SANDBOX = False

    async def resolved(*_: object, **__: object) -> list[Any]:
        return found

    monkeypatch.setattr(outbound._open().loop, "getaddrinfo", resolved)
    with pytest.raises(Unreachable) as refusal:
        call(f"http://agency.example:{peer.server_port}/")
    assert "no allowed address" in repr(refusal.value.__cause__)


def test_of_several_addresses_only_the_allowed_one_is_called(monkeypatch: pytest.MonkeyPatch, peer: Peer) -> None:
    addresses = ["10.1.2.3", "127.0.0.1", "192.168.7.7"]

    async def resolved(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(outbound._open().loop, "getaddrinfo", resolved)
    peer.on("/", say(b"here"))
    started = time.monotonic()
    assert call(f"http://several.example:{peer.server_port}/")[1] == b"here"
    assert time.monotonic() - started < 2, "the others were tried"


def test_after_many_failures_an_endpoint_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch, peer: Peer) -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True

    url = peer.on("/failing", hang_up)
    for _ in range(BREAKER_FAILURES):
        with pytest.raises(Unreachable):
            call(url)
    asked = len(peer.asked)
    with pytest.raises(Unreachable):
        call(url)
    assert len(peer.asked) == asked, "it was called though it is left alone"
    assert call(peer.on("/healthy", say(b"ok")))[1] == b"ok", "another endpoint of the same host suffers"

    later = time.monotonic() + BREAKER_SECONDS + 1
    monkeypatch.setattr(clock, "monotonic", lambda: later)
    with pytest.raises(Unreachable):
        call(url)
    assert len(peer.asked) > asked + 1, "after the while it is tried once more"
    monkeypatch.setattr(clock, "monotonic", lambda: later + BREAKER_SECONDS + 1)
    peer.on("/failing", say(b"well again"))
    assert call(url)[1] == b"well again"
    peer.on("/failing", hang_up)
    with pytest.raises(Unreachable):
        call(url)
    peer.on("/failing", say(b"still called"))
    assert call(url)[1] == b"still called", "one failure after a success closed it again"
