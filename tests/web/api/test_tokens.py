"""Who gets in with a token, who does not any more, and that nobody's token can do more than they can."""

from datetime import timedelta

import pytest
from litestar import Litestar

from calling import CallAs, Program, make_token
from dezhi.core.acts import ActKind
from dezhi.core.errors import Problem
from dezhi.core.staff import Post, Role
from dezhi.core.tokens import Scope
from dezhi.service.actors import Actor
from dezhi.service.house import House
from township import Hands
from villages import PASSWORD, Village

BOTH = {"zh-Hans", "en"}


async def test_a_token_awards_and_reads_for_its_owner(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    home = str(village.family.id)
    body = {"household": home, "item": "dezhi-yinger/neighbour-help", "on": village.today.isoformat()}
    done = await program.post("/awards", body)
    assert done.status_code == 201, done.text
    [entry] = done.json()["entries"]
    assert entry["amounts"] == [{"asset": "moral", "amount": 10}]
    told = await village.house.journal.at(*map(int, entry["id"].split("-")))
    assert told.entry.actor == village.clerk.id
    assert told.entry.source.startswith("token:")
    balances = await program.get(f"/households/{home}/balances")
    assert balances.json()["spendable"] == 10
    assert "set-cookie" not in balances.headers


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "log-in"),
        ("Basic d2FuZzp3YW5n", "log-in"),
        ("Bearer", "log-in"),
        ("Bearer nonsense", "token-unknown"),
        ("Bearer dz_9223372036854775808_" + "a" * 43, "token-unknown"),
        ("Bearer dz_1_" + "a" * 43, "token-unknown"),
    ],
)
async def test_strangers_get_401_with_the_way_in(village: Village, call_as: CallAs, header: str, code: str) -> None:
    program = await call_as()
    answer = await program.get(f"/households/{village.family.id}/balances", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["code"], told["status"], set(told["texts"])) == (code, 401, BOTH)


async def test_another_secret_of_the_same_token_is_no_token(empty: tuple[House, Litestar], village: Village) -> None:
    text = await make_token(village.house, village.clerk)
    forged = text[:-1] + ("A" if text[-1] != "A" else "B")
    with pytest.raises(Problem, match="token-unknown"):
        await village.house.tokens.check(forged)
    kept = await village.house.database.rows("SELECT * FROM api_token")
    assert text.split("_", 2)[2] not in repr(kept)  # a secret may have a "_" of its own


async def test_a_token_ends_with_its_last_day(village: Village, call_as: CallAs, hands: Hands) -> None:
    program = await call_as(village.clerk)
    where = f"/households/{village.family.id}/balances"
    hands.now = hands.now.replace(hour=15, minute=59) + timedelta(days=30)  # one minute to midnight in the village
    assert (await program.get(where)).status_code == 200
    hands.pass_by(timedelta(minutes=1))
    answer = await program.get(where)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-expired")


async def test_a_revoked_token_opens_nothing(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    [token] = await village.house.tokens.of_owners([village.clerk.id])
    await village.house.tokens.revoke(village.actor, token)
    answer = await program.get(f"/households/{village.family.id}/balances")
    assert (answer.status_code, answer.json()["code"]) == (401, "token-revoked")


async def test_tokens_die_with_their_owners_account(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    where = f"/households/{village.family.id}/balances"
    given = await village.house.staff.reset_password(village.clerk.id)
    # Somebody else knows that password: until it is changed nothing of the account opens anything.
    assert (await program.get(where)).json()["code"] == "token-owner"
    await village.house.staff.change_password(village.clerk.id, given.password, PASSWORD)
    assert (await program.get(where)).status_code == 200
    await village.house.staff.disable(village.clerk.id)
    assert (await program.get(where)).json()["code"] == "token-owner"


async def test_a_post_that_ended_takes_its_scope_along(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    await village.house.staff.take(village.clerk.id, Post(Role.CLERK, village.yinger.id))
    answer = await program.get(f"/households/{village.family.id}/balances")
    assert (answer.status_code, answer.json()["code"]) == (403, "role")


async def test_the_scope_decides(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk, [Scope.READ])
    body = {"household": str(village.family.id), "item": "dezhi-yinger/neighbour-help", "on": "2026-11-22"}
    answer = await program.post("/awards", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope")
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


async def test_a_region_narrows_a_token(village: Village, call_as: CallAs) -> None:
    places, people = village.house.places, village.house.people
    other = await places.create_grid(village.yinger.id, "02", "第二网格")
    far = await people.move(village.family.id, village.yinger.id, other.id)
    program = await call_as(village.clerk, region=village.grid.id)
    assert (await program.get(f"/households/{far.id}/balances")).status_code == 404
    assert (await program.get(f"/households/{village.neighbours.id}/balances")).status_code == 200


async def test_nobody_makes_a_token_that_can_do_more_than_they(village: Village) -> None:
    make, soon = village.house.tokens.make, village.today + timedelta(days=5)
    with pytest.raises(Problem, match="token-scopes"):
        await make(village.actor, "平台", [Scope.STAFF], soon)
    with pytest.raises(Problem, match="token-region"):
        await make(village.actor, "平台", [Scope.READ], soon, village.township.id)
    for days in (-1, 367):
        with pytest.raises(Problem, match="token-expiry"):
            await make(village.actor, "平台", [Scope.READ], village.today + timedelta(days=days))
    with pytest.raises(Problem, match="token-name"):
        await make(village.actor, "  ", [Scope.READ], soon)


async def test_a_token_makes_none_that_can_do_more_than_itself(village: Village) -> None:
    tokens, soon = village.house.tokens, village.today + timedelta(days=5)
    parent = (await tokens.make(village.actor, "平台", [Scope.READ, Scope.TOKEN], soon, village.grid.id)).token
    with pytest.raises(Problem, match="token-scopes"):
        await tokens.make(village.actor, "更多", [Scope.AWARD], soon, parent=parent)
    child = (await tokens.make(village.actor, "一样", [Scope.READ], soon + timedelta(days=9), parent=parent)).token
    assert (child.region, child.expires_at) == (parent.region, parent.expires_at)


async def test_making_and_ending_leave_a_trail(village: Village) -> None:
    await make_token(village.house, village.clerk)
    [token] = await village.house.tokens.of_owners([village.clerk.id])
    admin = Actor(member=village.admin, household=None)
    await village.house.tokens.revoke(admin, token)
    await village.house.tokens.revoke(admin, token)
    acts = await village.house.acts.latest([village.yinger.id])
    assert {(one.kind, one.staff, one.subject) for one in acts} == {
        (ActKind.TOKEN_MADE, village.clerk.id, village.clerk.id),
        (ActKind.TOKEN_REVOKED, village.admin.id, village.clerk.id),
    }


async def test_the_day_of_last_use_is_kept_once_a_day(village: Village, call_as: CallAs) -> None:
    program: Program = await call_as(village.clerk)
    await program.get(f"/households/{village.family.id}/balances")
    [token] = await village.house.tokens.of_owners([village.clerk.id])
    assert token.used_on == village.today
