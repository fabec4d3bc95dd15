"""The doors: who gets in, who does not, and what a session is worth."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from litestar import Litestar

from dezhi.service.house import House
from township import Hands
from villages import PASSWORD, Village

Client = httpx.AsyncClient


@pytest.fixture
async def client(empty: tuple[House, Litestar], village: Village) -> AsyncIterator[Client]:
    """Visit the village's site and show what goes wrong inside."""
    del village  # built before anybody visits
    transport = httpx.ASGITransport(app=empty[1])  # type: ignore[arg-type] # scope's types
    async with Client(transport=transport, base_url="https://village.test", follow_redirects=True) as opened:
        yield opened


async def token(client: Client, path: str) -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', (await client.get(path)).text)
    assert found
    return found[1]


async def log_in(client: Client, login: str, password: str = PASSWORD) -> int:
    form = {"_csrf_token": await token(client, "/staff"), "login": login, "password": password}
    return (await client.post("/staff", data=form, follow_redirects=False)).status_code


async def test_a_right_password_opens_and_leaving_closes(client: Client) -> None:
    assert await log_in(client, "wang") == 303
    home = await client.get("/staff/home", follow_redirects=False)
    assert home.headers["location"] == "/round"
    await client.post("/logout", data={"_csrf_token": await token(client, "/staff")}, follow_redirects=False)
    assert (await client.get("/staff/home", follow_redirects=False)).headers["location"] == "/"


async def test_five_wrong_tries_lock_even_the_right_password_out(client: Client, hands: Hands) -> None:
    for _ in range(5):
        assert await log_in(client, "wang", "not the password") == 401
    assert await log_in(client, "wang") == 429
    hands.pass_by(timedelta(hours=1))
    assert await log_in(client, "wang") == 303


@pytest.mark.sqlite
async def test_a_form_without_its_token_changes_nothing(client: Client) -> None:
    answer = await client.post("/staff", data={"login": "wang", "password": PASSWORD}, follow_redirects=False)
    assert answer.status_code == 403
    assert "什么都没有改" in answer.text


async def test_a_planted_session_name_does_not_survive_the_log_in(client: Client) -> None:
    client.cookies.set("dezhi", "planted")
    assert await log_in(client, "wang") == 303
    assert [cookie.value for cookie in client.cookies.jar if cookie.name == "dezhi" and cookie.value != "planted"]


async def test_a_visitor_who_never_logs_in_gets_no_session(client: Client) -> None:
    await client.get("/staff")
    assert "dezhi" not in client.cookies


async def test_a_disabled_account_is_out_with_its_next_click(client: Client, village: Village) -> None:
    assert await log_in(client, "wang") == 303
    await village.house.staff.disable(village.clerk.id)
    assert (await client.get("/staff/home", follow_redirects=False)).headers["location"] == "/"


async def test_a_temporary_password_opens_only_the_page_that_changes_it(client: Client, village: Village) -> None:
    secret = await village.house.staff.reset_password(village.clerk.id)
    assert await log_in(client, "wang", secret.password) == 303
    page = await client.get("/round", follow_redirects=False)
    assert (page.status_code, page.headers["location"].partition("?")[0]) == (303, "/staff/password")
    form = {
        "_csrf_token": await token(client, "/staff/password"),
        "old": secret.password,
        "password": "another long one 7",
        "again": "another long one 7",
    }
    assert (await client.post("/staff/password", data=form, follow_redirects=False)).headers["location"] == "/round"


@pytest.mark.sqlite
@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
async def test_after_the_log_in_nobody_is_sent_elsewhere(client: Client, target: str) -> None:
    form = {
        "_csrf_token": await token(client, "/staff"),
        "login": "wang",
        "password": PASSWORD,
        "next": target,
    }
    answer = await client.post("/staff", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/staff/home"


async def test_a_card_and_its_pin_open_the_passbook_and_a_lost_card_closes_it(client: Client, village: Village) -> None:
    home, issued = village.family, village.card
    form = {"_csrf_token": await token(client, "/card"), "card": issued.number, "pin": issued.pin}
    answer = await client.post("/card", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/me"
    assert (await client.get("/me")).status_code == 200
    await village.house.cards.revoke(home.id, "丢了")
    lost = await client.get("/me", follow_redirects=False)
    assert lost.headers["location"].startswith("/card")


@pytest.mark.sqlite
async def test_large_letters_are_remembered(client: Client) -> None:
    form = {"_csrf_token": await token(client, "/staff"), "size": "large", "back": "/staff"}
    await client.post("/size", data=form)
    assert 'data-size="large"' in (await client.get("/staff")).text


@pytest.mark.sqlite
async def test_every_answer_carries_the_strict_headers(client: Client) -> None:
    for path in ("/staff", "/no-such-page"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


@pytest.mark.sqlite
async def test_a_program_gets_problem_json(client: Client) -> None:
    answer = await client.get("/no-such-page", headers={"accept": "application/json"})
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == 404
