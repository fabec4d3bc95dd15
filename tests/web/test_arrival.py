"""Who is at the other end, whether others can listen, and what a request can make the site believe."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, get_args

import httpx
import pytest
from litestar import Litestar
from litestar.exceptions import ClientException

from dezhi.app import build
from dezhi.host import Directory
from dezhi.service.house import House
from dezhi.web import arrival
from dezhi.web.arrival import arrive, in_time, networks
from homes import Home
from township import Hands
from villages import PASSWORD, Village, build_village

pytestmark = pytest.mark.sqlite  # what comes before any database

PUBLIC = "https://dezhi.example.cn"
PHONE = "203.0.113.7"
LAN = "192.168.1.20"
PROXY = "10.0.0.5"


def arrived(peer: str, trusted: tuple[str, ...] = (PROXY,), scheme: str = "http", **headers: str) -> dict[str, Any]:
    """A scope after its arrival: `x_forwarded_for=…` is a header."""
    scope: dict[str, Any] = {
        "type": "http",
        "scheme": scheme,
        "client": (peer, 4711),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    arrive(scope, networks(trusted))  # type: ignore[arg-type]  # as much of a scope as it reads
    return {"client": scope["client"][0], "scheme": scope["scheme"], "private": scope["state"]["dezhi_private"]}


def test_a_named_proxy_is_believed() -> None:
    told = arrived(PROXY, x_forwarded_for=PHONE, x_forwarded_proto="https")
    assert told == {"client": PHONE, "scheme": "https", "private": True}


def test_a_proxy_that_says_http_is_believed_too() -> None:
    told = arrived(PROXY, scheme="https", x_forwarded_for=PHONE, x_forwarded_proto="http")
    assert told == {"client": PHONE, "scheme": "http", "private": False}


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "via", "x_real_ip", "x_forwarded_proto"])
def test_nobody_else_is_believed(header: str) -> None:
    spoofed = {"x_forwarded_proto": "https", header: "https" if header.endswith("proto") else "127.0.0.1"}
    assert arrived(PHONE, **spoofed) == {"client": PHONE, "scheme": "http", "private": False}


def test_what_stands_left_of_the_last_stranger_is_invented() -> None:
    assert arrived(PROXY, x_forwarded_for=f"127.0.0.1, 8.8.8.8, {PHONE}")["client"] == PHONE
    trusted = (PROXY, "10.1.0.0/16")
    assert arrived(PROXY, trusted, x_forwarded_for=f"127.0.0.1, {PHONE}, 10.1.2.3")["client"] == PHONE
    # Of several schemes the nearest proxy's own counts, which it wrote last.
    assert arrived(PROXY, x_forwarded_for=PHONE, x_forwarded_proto="https, http")["scheme"] == "http"


@pytest.mark.parametrize("said", ["unknown", "", "127.0.0.1:80", "'; DROP", "999.1.1.1", "127.0.0.1, rubbish"])
def test_what_a_proxy_says_and_nobody_understands_makes_nobody_local(said: str) -> None:
    assert arrived(PROXY, x_forwarded_for=said, x_forwarded_proto="http")["private"] is False


def test_a_proxy_on_this_machine_that_nobody_named_is_not_a_browser_on_it() -> None:
    assert arrived("127.0.0.1")["private"] is True
    assert arrived("::1")["private"] is True
    assert arrived("::ffff:127.0.0.1")["private"] is True
    assert arrived("127.0.0.1", x_forwarded_for=PHONE)["private"] is False
    assert arrived("127.0.0.1", via="1.1 nginx")["private"] is False


def test_a_named_proxy_on_this_machine_speaks_for_others_even_when_it_says_nothing() -> None:
    assert arrived("127.0.0.1", ("127.0.0.0/8",))["private"] is False
    told = arrived("127.0.0.1", ("127.0.0.1",), x_forwarded_for=PHONE, x_forwarded_proto="https")
    assert told == {"client": PHONE, "scheme": "https", "private": True}


Open = Callable[..., Any]


@pytest.fixture
def opened(home: Home, hands: Hands, directory: Directory) -> Open:
    """Give a way to open an installation with settings of its own, and a client of it at some address."""

    @asynccontextmanager
    async def open_house(
        peer: str = LAN, url: str = "http://192.168.1.10:8000", **settings: Any
    ) -> AsyncIterator[tuple[Village, httpx.AsyncClient]]:
        house, app = await build(home.settings(**settings), hands, directory)
        village = await build_village(house)
        transport = httpx.ASGITransport(app=app, client=(peer, 4711))  # type: ignore[arg-type]  # scope's types
        async with httpx.AsyncClient(transport=transport, base_url=url) as client:
            yield village, client
        await house.close()

    return open_house


async def log_in(client: httpx.AsyncClient) -> httpx.Response:
    await client.get("/")
    form = {"_csrf_token": client.cookies.get("dezhi-csrf", ""), "login": "wang", "password": PASSWORD}
    return await client.post("/staff", data=form)


@pytest.mark.parametrize("path", ["/staff", "/card", "/staff/password", "/setup/whatever"])
async def test_no_secret_is_asked_for_over_a_line_that_others_can_read(opened: Open, path: str) -> None:
    async with opened() as (_, client):
        answer = await client.get(path)
        assert answer.status_code == 403
        assert "没有加密" in answer.text
        assert "DEZHI_PUBLIC_URL" in answer.text
        assert 'type="password"' not in answer.text


async def test_a_password_sent_all_the_same_opens_nothing(opened: Open) -> None:
    async with opened() as (_, client):
        answer = await log_in(client)
        assert answer.status_code == 403
        assert "dezhi" not in client.cookies
        told = await client.get("/", headers={"Authorization": "Bearer dz_x", "Accept": "application/json"})
        assert (told.status_code, told.json()["type"]) == (403, "urn:dezhi:problem:plain-http")


async def test_public_pages_stay_open_to_everybody(opened: Open) -> None:
    async with opened() as (village, client):
        for path in ("/", f"/v/{village.yinger.code}", f"/v/{village.yinger.code}/rules", "/robots.txt"):
            assert (await client.get(path)).status_code == 200


async def test_a_browser_on_the_machine_itself_may_log_in(opened: Open) -> None:
    async with opened("127.0.0.1", "http://127.0.0.1:8000") as (_, client):
        assert (await log_in(client)).status_code == 303


async def test_a_spoofed_header_opens_no_door(opened: Open) -> None:
    async with opened(trusted_proxies=(PROXY,)) as (_, client):
        client.headers.update({"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1", "X-Real-IP": "::1"})
        assert (await log_in(client)).status_code == 403


async def test_behind_a_proxy_cookies_stay_on_https_and_so_do_browsers(opened: Open) -> None:
    async with opened(PROXY, PUBLIC, public_url=PUBLIC, trusted_proxies=(PROXY,)) as (_, client):
        client.headers.update({"X-Forwarded-Proto": "https", "X-Forwarded-For": PHONE})
        answer = await log_in(client)
        assert answer.status_code == 303
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        form = {"_csrf_token": client.cookies["dezhi-csrf"], "size": "large"}
        cookies = [*answer.headers.get_list("set-cookie"), *(await client.get("/")).headers.get_list("set-cookie")]
        cookies += (await client.post("/size", data=form)).headers.get_list("set-cookie")
        assert cookies
        assert [cookie for cookie in cookies if "secure" not in cookie.lower()] == []


async def test_over_http_nothing_is_promised_about_https(opened: Open) -> None:
    async with opened() as (_, client):
        assert "strict-transport-security" not in (await client.get("/")).headers


@pytest.mark.parametrize(
    ("host", "public", "shown"),
    [
        ("http://evil.example", "", None),
        ("http://127.0.0.1:8000", "", None),
        ("http://0.0.0.0:8000", "", None),
        ("http://192.168.1.10:8000", "", "192.168.1.10:8000"),
        ("http://evil.example", PUBLIC, "dezhi.example.cn"),
    ],
)
async def test_a_host_header_does_not_get_onto_the_wall(
    opened: Open, host: str, public: str, shown: str | None
) -> None:
    async with opened(url=host, public_url=public) as (village, client):
        page = (await client.get(f"/v/{village.yinger.code}/wall")).text
        assert "evil.example" not in page
        assert (f"/v/{village.yinger.code}" in page) or shown is None
        assert (shown or "") in page


async def body(*pieces: tuple[float, bool]) -> Any:
    """Receive a body whose pieces come after so many seconds each, until the site lost patience."""
    waiting = list(pieces)

    async def receive() -> Any:
        seconds, more = waiting.pop(0)
        await asyncio.sleep(seconds)
        return {"type": "http.request", "body": b"x", "more_body": more}

    patient = in_time(receive)
    for _ in pieces:
        await patient()


async def test_a_body_that_pauses_or_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "PIECE_SECONDS", 0.2)
    monkeypatch.setattr(arrival, "BODY_SECONDS", 0.5)
    with pytest.raises(ClientException) as paused:
        await body((0, True), (5, False))
    assert paused.value.status_code == 408
    with pytest.raises(ClientException):
        await body(*[(0.1, True)] * 50)
    await body((0, True), (0.05, False), (0.6, False))  # after its end there is no hurry


async def test_every_form_with_a_password_or_a_pin_is_marked_as_secret(empty: tuple[House, Litestar]) -> None:
    taking = set()
    for route in empty[1].routes:
        for handler in getattr(route, "route_handlers", []):
            [form] = get_args(handler.fn.__annotations__.get("data"))[:1] or [None]
            if {"password", "pin"} & set(getattr(form, "__struct_fields__", ())):
                taking.add((route.path, handler.opt.get("secret", False)))
    assert taking == {("/card", True), ("/staff", True), ("/staff/password", True), ("/setup/{token:str}", True)}
