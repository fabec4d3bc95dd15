"""The pages on which staff make tokens for programs, and end them."""

import re
from datetime import timedelta

import pytest

from dezhi.core.tokens import Scope
from dezhi.service.actors import Actor
from villages import Village
from visiting import Browser, Visit

TEXT = re.compile(r"dz_\d+_[\w-]{43}")


async def make(browser: Browser, where: str, village: Village, **more: object) -> str:
    """Send the form, and return the page that came."""
    last_day = (village.today + timedelta(days=30)).isoformat()
    form = {"name": "镇政务平台", "scope": ["read", "award"], "region": "", "last_day": last_day, **more}
    return (await browser.post(where, form)).text


async def test_a_clerk_makes_a_token_and_sees_it_once(village: Village, visit: Visit) -> None:
    browser = await visit("wang")
    page = await make(browser, "/staff/tokens", village)
    [text] = TEXT.findall(page)
    bearer = await village.house.tokens.check(text)
    assert (bearer.actor.staff, bearer.token.scopes) == (village.clerk.id, (Scope.READ, Scope.AWARD))
    again = (await browser.get("/staff/tokens")).text
    assert TEXT.findall(again) == []
    assert "镇政务平台" in again
    assert "记分和冲正" in again


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": " "}, "请写上这个令牌给谁用"),
        ({"scope": []}, "请至少选一样"),
        ({"scope": ["staff"]}, "不能比您自己多"),
        ({"last_day": "2030-01-01"}, "最晚一年以后"),
        ({"last_day": "whenever"}, "最晚一年以后"),
        ({"region": "77"}, "请选您管的"),
    ],
)
async def test_a_form_that_will_not_do_keeps_what_was_typed(
    village: Village, visit: Visit, more: dict[str, object], said: str
) -> None:
    browser = await visit("wang")
    page = await make(browser, "/staff/tokens", village, **more)
    assert said in page
    assert not await village.house.tokens.of_owners([village.clerk.id])


async def test_ending_one_ends_it_at_once(village: Village, visit: Visit) -> None:
    browser = await visit("wang")
    await make(browser, "/staff/tokens", village)
    [token] = await village.house.tokens.of_owners([village.clerk.id])
    answer = await browser.post(f"/staff/tokens/{token.id}/revoke")
    assert answer.status_code == 303
    assert "已作废" in (await browser.get("/staff/tokens")).text


async def test_the_township_sees_and_ends_the_tokens_of_its_staff(village: Village, visit: Visit) -> None:
    await make(await visit("wang"), "/staff/tokens", village)
    [token] = await village.house.tokens.of_owners([village.clerk.id])
    township = await visit("liu")
    assert "王军" in (await township.get("/township/tokens")).text
    await township.post(f"/township/tokens/{token.id}/revoke")
    assert (await village.house.tokens.token(token.id)).revoked_at is not None


async def test_nobody_ends_a_token_of_somebody_else(village: Village, visit: Visit) -> None:
    admin = Actor(member=village.admin, household=None)
    soon = village.today + timedelta(days=5)
    token = (await village.house.tokens.make(admin, "平台", [Scope.READ], soon)).token
    for login in ("wang", "zhao"):
        answer = await (await visit(login)).post(f"/staff/tokens/{token.id}/revoke")
        assert answer.status_code == 404
    assert (await village.house.tokens.token(token.id)).revoked_at is None


async def test_strangers_and_residents_are_sent_to_log_in(village: Village, visit: Visit) -> None:
    for who in ("", "card"):
        browser = await visit()
        if who:
            await browser.show_card(village.card.number, village.card.pin)
        for answer in (await browser.get("/staff/tokens"), await browser.post("/staff/tokens", {"name": "x"})):
            assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/staff")
