"""Every route of the site against every kind of visitor: who gets in, who is sent away, and that nothing was written.

The routes come from the application itself. One whose first word is not in `OWNERS` or `OPEN` fails: say whose it is.
"""

import hashlib
from collections.abc import Sequence

import pytest
from litestar import Litestar

from addresses import address, form, routes
from dezhi.service.house import House
from homes import Home
from villages import Village
from visiting import CSRF, Browser, Visit

OWNERS = {"me": "resident", "round": "clerk", "desk": "clerk", "township": "township", "journal": "supervisor"}
"""Whose the pages below an address are, by its first word."""

OPEN = {
    ("GET", "/"),
    ("GET", "/wall"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/robots.txt"),
    ("GET", "/v/{code}"),
    ("GET", "/v/{code}/rules"),
    ("GET", "/v/{code}/rules/cards"),
    ("GET", "/v/{code}/rules/{number}/changes"),
    ("GET", "/v/{code}/rules/{number}/paper"),
    ("GET", "/v/{code}/wall"),
    ("GET", "/v/{code}/moved"),
    ("GET", "/v/{code}/p/{plugin}"),
    ("GET", "/v/{code}/p/{plugin}/{path}"),
    ("GET", "/moved"),
    ("GET", "/seals"),
    ("GET", "/seals/{number}"),
    ("GET", "/seals/{number}/note"),
    ("GET", "/seals/{number}/proof/{book}"),
    ("GET", "/verify"),
    ("GET", "/card"),
    ("POST", "/card"),
    ("GET", "/staff"),
    ("POST", "/staff"),
    ("GET", "/staff/home"),
    ("GET", "/staff/password"),
    ("POST", "/staff/password"),
    ("GET", "/staff/tokens"),
    ("POST", "/staff/tokens"),
    ("POST", "/staff/tokens/{key}/revoke"),
    ("POST", "/size"),
    ("POST", "/lang"),
    ("POST", "/logout"),
    ("GET", "/setup/{token}"),
    ("POST", "/setup/{token}"),
    ("GET", "/static/built/{file_path}"),
}
"""What anybody may ask for; log-in, passwords, tokens and set-up have tests of their own."""

LOGINS = {"anonymous": "", "resident": "", "clerk": "wang", "supervisor": "zhao", "township": "liu"}
FORM = "application/x-www-form-urlencoded"

CHANGING = ("session", "login_guard")
"""Tables that a visit itself writes to."""


def owned(app: Litestar) -> Sequence[tuple[str, str, str]]:
    """Return the routes that are not open, with their owners."""
    closed = [route for route in routes(app) if route not in OPEN]
    return [(OWNERS[path.split("/")[1]], method, path) for method, path in closed]


async def enter(visit: Visit, village: Village, who: str) -> Browser:
    """Open the browser of one kind of visitor."""
    browser = await visit(LOGINS[who])
    if who == "resident":
        await browser.show_card(village.card.number, village.card.pin)
    return browser


def digest(home: Home) -> str:
    """Return a hash of everything the database keeps but sessions and tries."""
    kept = hashlib.sha256()
    with home.look() as db:
        for name in (name for name in home.tables() if name not in CHANGING):
            rows = db.execute(f"SELECT * FROM {name}").fetchall()
            kept.update(repr((name, sorted(map(repr, rows)))).encode())
    return kept.hexdigest()


def test_every_route_is_listed(empty: tuple[House, Litestar]) -> None:
    strangers = [
        (method, path)
        for method, path in routes(empty[1])
        if (method, path) not in OPEN and path.split("/")[1] not in OWNERS
    ]
    assert strangers == []
    assert set(OPEN) <= set(routes(empty[1]))


@pytest.mark.parametrize("who", LOGINS)
async def test_who_may_not_is_sent_away_and_writes_nothing(
    empty: tuple[House, Litestar], home: Home, village: Village, visit: Visit, who: str
) -> None:
    house, app = empty
    browser = await enter(visit, village, who)
    # The journal opens the township's book on its first look.
    await house.sheets.book(village.yinger.id)
    before = digest(home)
    odd = []
    for owner, method, path in owned(app):
        if owner == who:
            continue
        where = address(path, village)
        answer = await (browser.get(where) if method == "GET" else browser.post(where, form(village)))
        door = answer.headers.get("location", "").partition("?")[0]
        is_staff = who not in {"anonymous", "resident"}
        expected = (
            (403, "") if is_staff and owner != "resident" else (303, "/card" if owner == "resident" else "/staff")
        )
        if (answer.status_code, door) != expected:
            odd.append((method, path, answer.status_code, door))
    assert odd == []
    assert digest(home) == before


@pytest.mark.parametrize("who", LOGINS)
async def test_no_form_is_taken_without_its_token(
    empty: tuple[House, Litestar], home: Home, village: Village, visit: Visit, who: str
) -> None:
    _, app = empty
    browser = await enter(visit, village, who)
    before = digest(home)
    posts = [path for method, path in routes(app) if method == "POST"]
    answers = [(path, await browser.client.post(address(path, village), data=form(village))) for path in posts]
    assert [(path, one.status_code) for path, one in answers if one.status_code != 403] == []
    assert digest(home) == before


@pytest.mark.parametrize("who", ["resident", "clerk", "supervisor", "township"])
async def test_owners_get_an_answer_in_words_whatever_they_send(
    empty: tuple[House, Litestar], village: Village, visit: Visit, who: str
) -> None:
    browser = await enter(visit, village, who)
    token = browser.client.cookies[CSRF]
    odd = []
    for owner, method, path in owned(empty[1]):
        if owner != who:
            continue
        where = address(path, village)
        if method == "GET":
            answers = [await browser.get(where)]
        else:
            send = browser.client.post
            headers = {"x-csrftoken": token}
            broken = {"content-type": "application/json"}
            multipart = {"content-type": "multipart/form-data; boundary=x"}
            answers = [
                await send(where, content=b'{"broken": ', headers=headers | broken),
                await send(where, content=b"\xff\xfe%%%=%00&&&==", headers=headers | {"content-type": FORM}),
                await send(where, content=b"--x\r\nbroken", headers=headers | multipart),
                await send(where, headers=headers),
                await browser.post(where, {"version": ["1", "2"], "code": ["1", "2"], "key": ["1", "2"]}),
            ]
        odd += [(method, path, one.status_code) for one in answers if one.status_code >= 500]
    assert odd == []


@pytest.mark.parametrize("path", ["/township/villages/new", "/township/v/620902101201/papers", "/township/staff"])
async def test_a_body_over_5_megabytes_is_refused_in_words(village: Village, visit: Visit, path: str) -> None:
    browser = await visit("liu")
    answer = await browser.post(path, {"name": "村" * 2_000_000})
    assert answer.status_code == 413
    assert "5兆" in answer.text
