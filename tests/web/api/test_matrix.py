"""Every operation against every way of not being allowed: and that nothing was written then."""

import hashlib
from datetime import timedelta

import httpx
import pytest
from litestar import Litestar

from calling import Program, make_token
from described import CALLS
from dezhi.core.staff import Post, Role
from dezhi.core.tokens import SCOPE_ROLES, Scope
from dezhi.service.actors import Actor
from dezhi.service.house import House
from furnished import Furnished, furnish_village
from homes import Home
from sending import send
from township import Hands
from villages import PASSWORD, SINCE, Village

CHANGING = ("session", "api_token", "api_request", "login_guard", "act")
"""Tables that looking, or making a token, writes to itself."""


@pytest.fixture
async def furnished(village: Village) -> Furnished:
    return await furnish_village(village)


def digest(home: Home) -> str:
    """Return a hash of everything the database keeps but what a look writes."""
    kept = hashlib.sha256()
    with home.look() as db:
        for name in (name for name in home.tables() if name not in CHANGING):
            rows = db.execute(f"SELECT * FROM {name}").fetchall()
            kept.update(repr((name, sorted(map(repr, rows)))).encode())
    return kept.hexdigest()


async def refused(app: Litestar, furnished: Furnished, token: str) -> dict[str, tuple[int, str]]:
    """Send every example with a token; return status and code by operation, those that went through left out."""
    found: dict[str, tuple[int, str]] = {}
    async with Program(app, token) as program:
        for name in sorted(CALLS):
            answer: httpx.Response = await send(program, furnished, name)
            if not answer.is_success:
                assert answer.headers["content-type"] == "application/problem+json", name
                found[name] = (answer.status_code, answer.json()["code"])
    return found


@pytest.mark.row("IM-04")
@pytest.mark.parametrize("why", ["none", "unknown", "expired", "revoked", "disabled", "waiting"])
async def test_nothing_opens_without_a_living_token(
    home: Home, empty: tuple[House, Litestar], furnished: Furnished, hands: Hands, why: str
) -> None:
    house, app = empty
    token, code = furnished.token, f"token-{why}"
    [kept] = [one for one in await house.tokens.of_owners([furnished.chief.id]) if one.name == "镇政务平台"]
    if why == "none":
        token, code = "", "log-in"
    elif why == "unknown":
        token = token[:-4] + "AAAA"
    elif why == "expired":
        hands.pass_by(timedelta(days=40))
    elif why == "revoked":
        await house.tokens.revoke(Actor(member=furnished.chief, household=None), kept)
    elif why == "disabled":
        await house.staff.disable(furnished.chief.id)
        code = "token-owner"
    else:
        await house.staff.reset_password(furnished.chief.id)
        code = "token-owner"
    before = digest(home)
    assert await refused(app, furnished, token) == dict.fromkeys(CALLS, (401, code))
    assert digest(home) == before


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_scope_opens_its_own_operations_only(
    empty: tuple[House, Litestar], furnished: Furnished, scope: Scope
) -> None:
    token = await make_token(empty[0], furnished.chief, [scope])
    foreign = {name for name, (_, _, one) in CALLS.items() if one["security"][0]["token"] != [scope.value]}
    found = await refused(empty[1], furnished, token)
    assert {name for name, answer in found.items() if answer == (403, "scope")} == foreign


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_that_a_scope_is_no_use_to_is_refused(
    home: Home, empty: tuple[House, Litestar], furnished: Furnished, role: Role
) -> None:
    """A token outlives a post: what its owner may not do any more it may not either."""
    house, app = empty
    token = await make_token(house, furnished.chief)
    for other in set(Role) - {role}:
        await house.staff.take(furnished.chief.id, Post(other, furnished.village.township.id))
    useless = {scope.value for scope in Scope if role not in SCOPE_ROLES[scope]}
    writes = {name for name, (_, _, one) in CALLS.items() if one["security"][0]["token"][0] in useless}
    before = digest(home)
    async with Program(app, token) as program:
        for name in sorted(writes):
            answer = await send(program, furnished, name)
            assert (answer.status_code, answer.json()["code"]) == (403, "role"), name
    assert digest(home) == before


@pytest.mark.row("IM-04")
@pytest.mark.parametrize("where", ["village", "grid", "elsewhere"])
async def test_no_id_opens_what_lies_outside_the_region(
    home: Home, empty: tuple[House, Litestar], furnished: Furnished, where: str
) -> None:
    """Scope escalation by id: every id of 营尔村 is tried with a token that reaches only somewhere else."""
    house, app = empty
    village, token = furnished.village, ""
    if where == "village":
        token = await make_token(house, furnished.chief, region=village.xiaba.id)
    elif where == "grid":
        other = await house.places.create_grid(village.xiaba.id, "01", "第一网格")
        token = await make_token(house, furnished.chief, region=other.id)
    else:
        names = ("甘肃省", "酒泉市", "肃州区", "清水镇")
        town = await house.places.create_township("620902104000", names, SINCE)
        posts = [Post(role, town.id) for role in Role]
        token = await make_token(house, await house.staff.create_with("far", "远方", posts, PASSWORD))
    # What has no id of a place in it: lists of one's own, and what is made anew in the caller's own place.
    own = {"list_villages", "list_staff", "list_tokens", "make_token", "search_households", "search_redemptions"}
    own |= {"list_seals", "get_seal", "get_consistency"}  # everybody's
    own.add("lint_lines")  # of no place
    own.add("record_bulk")  # each line has its own answer: tests/web/api/test_bulk.py
    before = digest(home)
    found = await refused(app, furnished, token)
    assert {name for name in CALLS if name not in found} <= own
    odd = {name: answer for name, answer in found.items() if answer[0] != 404 and name not in own}
    # A post or a township's code is a value of the form, and refused as such; a grid's token reaches no township.
    assert odd.keys() <= {"create_village", "create_staff"}
    assert digest(home) == before


async def test_lists_and_searches_show_nothing_from_outside(
    empty: tuple[House, Litestar], furnished: Furnished
) -> None:
    token = await make_token(empty[0], furnished.chief, region=furnished.village.xiaba.id)
    async with Program(empty[1], token) as program:
        villages = (await program.get("/villages")).json()["items"]
        assert [one["code"] for one in villages] == [furnished.village.xiaba.code]
        for text in ("李小明", "012", furnished.village.card.number, furnished.village.card.token):
            assert (await program.post("/households/search", {"text": text})).json()["items"] == []
        assert (await program.get("/staff")).json()["items"] == []
