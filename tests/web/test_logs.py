"""What the log says of a request, and that it never says who it was about."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest
from litestar import Litestar

from addresses import address, form, routes
from dezhi.app import build
from dezhi.host import Directory
from dezhi.service.house import House
from dezhi.service.passbooks import Passbooks
from dezhi.web import logs
from homes import Home
from logging_here import Lines, logged
from township import Hands
from villages import PASSWORD, Village
from visiting import CSRF, Browser, Visit

NAME, PHONE, PIN, CARD, NOTE = "欧阳端木", "13912345678", "7391528", "9988776655443", "听说他家的事"
MARKS = (NAME, PHONE, PIN, CARD, NOTE, PASSWORD, "%E6%AC%A7%E9%98%B3", "ouyangduanmu")
LOGINS = ("", "wang", "zhao", "liu")
STREAM_SECONDS = 0.5


@pytest.fixture
def lines() -> Iterator[Lines]:
    with logged() as kept:
        yield kept


@pytest.fixture
async def empty(home: Home, hands: Hands, directory: Directory, lines: Lines) -> AsyncIterator[tuple[House, Litestar]]:
    """The site of the other tests, begun after the log was."""
    settings = home.settings(trusted_proxies=("10.0.0.0/8", "fd00::1"))
    house, app = await build(settings, hands, directory)
    yield house, app
    await house.close()


async def test_a_request_is_one_line_with_its_route_and_not_its_address(
    village: Village, visit: Visit, lines: Lines
) -> None:
    browser = await visit("wang")
    answer = await browser.get(f"/desk/{village.family.id}?q={NAME}")
    assert answer.status_code == 200
    line = lines.all("request")[-1]
    assert set(line) == {"event", "logger", "level", "timestamp", "request_id", "method", "route", "status", "ms"}
    assert (line["method"], line["route"], line["status"]) == ("GET", "/desk/{ref}", 200)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert 0 <= line["ms"] < 60_000
    assert str(village.family.id) not in lines.text()


async def test_an_address_that_is_no_page_is_not_quoted(visit: Visit, lines: Lines) -> None:
    browser = await visit()
    answer = await browser.client.request("PROPFIND", f"/{PIN}/{NAME}")
    assert answer.status_code in {404, 405}
    line = lines.all("request")[-1]
    assert (line["method"], line["route"]) == ("OTHER", "-")
    assert answer.headers["x-request-id"] == line["request_id"]


async def test_good_answers_of_built_files_and_health_get_no_line(visit: Visit, lines: Lines) -> None:
    browser = await visit()
    assert (await browser.get("/health/live")).status_code == 200
    assert lines.all("request") == []


async def pour(browser: Browser, app: Litestar, village: Village) -> None:
    """Send personal data to every address, in every field, header and part of the address."""
    marked = {
        **form(village),
        "name": NAME,
        "phone": PHONE,
        "pin": PIN,
        "card": CARD,
        "note": NOTE,
        "password": PASSWORD,
    }
    marked |= {"head": NAME, "reason": NOTE, "q": NAME, "login": "ouyangduanmu", "title": NAME, "new": PASSWORD}
    headers = {"referer": f"http://village.test/{NAME}".encode(), "user-agent": PHONE, "x-name": NAME.encode()}
    for method, path in routes(app):
        for where in (address(path, village), path.replace("{", "").replace("}", PIN)):
            token = {"x-csrftoken": browser.client.cookies.get(CSRF, "")}
            url = f"{where}?q={NAME}&pin={PIN}"
            if method == "GET":
                # What tells of moved figures never ends by itself.
                within = STREAM_SECONDS if path.endswith("/moved") else None
                with suppress(TimeoutError):
                    await asyncio.wait_for(browser.client.get(url, headers=headers), within)
                continue
            send = browser.client.request
            await send(method, url, data=marked, headers=headers | token)
            await send(method, url, json=marked, headers=headers | token)
            await send(method, url, content=NAME.encode() * 99, headers=headers | token | {"content-type": "x/y"})


@pytest.mark.row("SE-12")
@pytest.mark.parametrize("who", LOGINS)
async def test_no_personal_data_reaches_the_log_whatever_is_sent(
    empty: tuple[House, Litestar],
    village: Village,
    visit: Visit,
    lines: Lines,
    who: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"{NAME} {PHONE} {PIN}")

    # A fault of ours does not quote what it was working on.
    resident = await visit()
    await resident.show_card(village.card.number, village.card.pin)
    with monkeypatch.context() as patch:
        patch.setattr(Passbooks, "open", broken)
        failed = await resident.get("/me", headers={"accept": "application/json"})
    await pour(await visit(who), empty[1], village)
    assert failed.status_code == 500
    (fault,) = [line for line in lines.all("fault") if line["request_id"] == failed.headers["x-request-id"]]
    assert "RuntimeError" in fault["where"]
    assert len(lines.all("request")) > 50
    members = [member.name for home in (village.family, village.neighbours) for member in home.members]
    secrets = [village.card.number, village.card.pin, str(village.family.id), *members]
    assert [mark for mark in (*MARKS, *secrets) if mark in lines.text()] == []


async def test_the_number_on_a_fault_page_is_the_requests_id(
    village: Village, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    resident = await visit()
    await resident.show_card(village.card.number, village.card.pin)
    monkeypatch.setattr(Passbooks, "open", broken)
    page = await resident.get("/me")
    assert page.status_code == 500
    assert page.headers["x-request-id"] in page.text


@pytest.mark.parametrize(
    ("peer", "sent", "taken"),
    [
        ("10.1.2.3", "proxy-1.2_3", True),
        ("fd00::1", "proxy-1", True),
        ("192.0.2.9", "proxy-1", False),
        ("10.1.2.3", "a b", False),
        ("10.1.2.3", "x" * 65, False),
        ("10.1.2.3", "", False),
        ("10.1.2.3", "王军", False),
        ("not an address", "proxy-1", False),
    ],
)
async def test_a_request_id_is_taken_only_from_a_trusted_proxy(
    empty: tuple[House, Litestar], peer: str, sent: str, taken: bool
) -> None:
    async with Browser(empty[1], peer) as browser:
        answers = [await browser.get("/health/live", headers={"x-request-id": sent.encode()}) for _ in range(2)]
    first, second = (answer.headers.get_list("x-request-id") for answer in answers)
    assert len(first) == len(second) == 1
    assert (first == [sent]) is taken
    assert (first == second) is taken


def test_lines_of_libraries_end_in_the_same_stream_without_their_exceptions_words(lines: Lines) -> None:
    try:
        int(f"{NAME}{PIN}")
    except ValueError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved\nfuture: <%s>", NAME)
    logging.getLogger("_granian").warning("port %s", 8000)
    logging.getLogger("_granian").info("quiet")
    first, second = lines.all()
    assert (first["event"], first["logger"]) == ("Task exception was never retrieved", "asyncio")
    assert "test_logs.py" in first["where"]
    assert (second["event"], second["level"]) == ("port 8000", "warning")
    assert NAME not in lines.text()
    assert PIN not in lines.text()


def test_a_terminal_gets_readable_lines(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines.stream, "isatty", lambda: True, raising=False)
    logs.configure(lines.stream)
    logging.getLogger("dezhi.test").warning("said", extra={"ms": 7})
    assert "said" in lines.text()
    assert not lines.text().startswith("{")


@pytest.mark.sqlite
def test_whoever_tries_a_plugin_is_spared_good_requests_on_a_terminal_only(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(status: int) -> None:
        write = logs.request_logger()
        assert write is not None
        write(logs.RequestLine(request_id="one", method="GET", route="/about", status=status, ms=1.0, level="info"))

    monkeypatch.setattr(logs, "_spared", False)
    logs.spare_requests()
    tell(200)
    assert [line["status"] for line in lines.all("request")] == [200], "a collector gets every line"
    monkeypatch.setattr(lines.stream, "isatty", lambda: True, raising=False)
    logs.configure(lines.stream)
    lines.stream.truncate(lines.stream.seek(0))
    tell(200)
    assert not lines.text()
    tell(404)
    assert "/about" in lines.text()
