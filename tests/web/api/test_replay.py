"""Each write sent twice is done once; another body under its key is refused; a write that fails leaves nothing."""

from typing import Any

import msgspec
import pytest
from litestar import Litestar

from calling import CallAs, Program
from described import CALLS
from dezhi.service.acts import Acts
from dezhi.service.house import House
from furnished import Furnished, furnish_village
from homes import Home
from sending import addressed, answered, keeps_the_promise, packed, send
from villages import Village

WRITES = sorted(name for name, (_, _, one) in CALLS.items() if "201" in one["responses"])
SECRETS = {"pin", "password", "text", "token"}
"""Fields that an answer shows once. A token's own description is not one: it is no text."""


@pytest.fixture
async def furnished(village: Village) -> Furnished:
    return await furnish_village(village)


def without_secrets(answer: Any) -> Any:
    """An answer as it may be kept."""
    if isinstance(answer, dict):
        return {
            name: None if name in SECRETS and isinstance(value, str) else without_secrets(value)
            for name, value in answer.items()
        }
    return [without_secrets(one) for one in answer] if isinstance(answer, list) else answer


def rows(home: Home) -> dict[str, int]:
    """How many rows each table has."""
    return {name: int(home.rows(f"SELECT count(*) AS n FROM {name}")[0][0]) for name in home.tables()}


@pytest.mark.row("IM-04")
@pytest.mark.parametrize("name", WRITES)
async def test_sent_again_it_is_answered_alike_and_done_once(
    home: Home, empty: tuple[House, Litestar], furnished: Furnished, name: str
) -> None:
    if name == "withdraw_version":
        await furnished.announce()
    async with Program(empty[1], furnished.token) as program:
        first = await send(program, furnished, name, "the-same-key")
        keeps_the_promise(name, first)
        before = rows(home)
        again = await send(program, furnished, name, "the-same-key")
    keeps_the_promise(name, again)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert answered(again) in (answered(first), without_secrets(answered(first)))
    assert rows(home) == before


async def test_a_write_without_a_key_is_refused(
    home: Home, empty: tuple[House, Litestar], furnished: Furnished
) -> None:
    before = rows(home)
    async with Program(empty[1], furnished.token) as program:
        for name in WRITES:
            where, body = addressed(furnished, name)
            more = packed(name, body)
            kind = more.pop("headers", {})
            for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "k" * 65}, {"Idempotency-Key": "a b"}):
                answer = await program.client.post(where, headers={**kind, **headers}, **more)
                assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key"), (name, headers)
    assert rows(home) == before


AWARD = {"item": "dezhi-yinger/neighbour-help", "on": "2026-11-22"}
OTHER = {"item": "dezhi-yinger/street-cleaning"}


@pytest.mark.parametrize(
    ("where", "body", "change"),
    [
        ("/awards", {**AWARD, "household": "HOME"}, OTHER),
        ("/villages/620902101201/batches", {**AWARD, "households": ["HOME"]}, OTHER),
        ("/households/HOME/board-choice", {"opted_in": True}, {"opted_in": False}),
        ("/redemptions", {"household": "HOME", "reward": "dezhi-yinger/oil"}, {"handed_over": True}),
        ("/entries/1-1/reverse", {"reason": "记错了事"}, {"reason": "记串了户"}),
    ],
)
async def test_another_body_under_the_same_key_is_a_conflict(
    village: Village, call_as: CallAs, where: str, body: dict[str, Any], change: dict[str, Any]
) -> None:
    for number in range(10):
        await village.award(village.family, "neighbour-help" if number < 5 else "street-cleaning", f"before-{number}")
    home, program = str(village.family.id), await call_as(village.clerk)
    body = msgspec.json.decode(msgspec.json.encode(body).replace(b"HOME", home.encode()))
    first = await program.post(where.replace("HOME", home), body, "one-key")
    assert first.status_code == 201, first.text
    answer = await program.post(where.replace("HOME", home), {**body, **change}, "one-key")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_keys_of_two_tokens_have_nothing_to_do_with_each_other(village: Village, call_as: CallAs) -> None:
    body = {"household": str(village.family.id), "item": "dezhi-yinger/neighbour-help", "on": "2026-11-22"}
    for _ in range(2):
        program = await call_as(village.clerk)
        assert "idempotent-replayed" not in (await program.post("/awards", body, "one-key")).headers
    assert (await village.house.passbooks.open(village.family.id)).spendable == 20


async def test_a_write_that_breaks_half_way_leaves_nothing_and_frees_its_key(
    home: Home, village: Village, call_as: CallAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = await call_as(village.clerk)
    where = f"/households/{village.family.id}/members"
    body = {"person": {"name": "李小宝", "relation": "孙子"}}
    before = rows(home)

    async def broken(*_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(Acts, "note", broken)
        answer = await program.post(where, body, "broken")
    assert answer.status_code == 500
    assert rows(home) == before
    assert (await program.post(where, body, "broken")).status_code == 201


async def test_refusals_are_not_kept_outside_the_ledger(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    where = f"/households/{village.family.id}/card/reissue"
    assert (await program.post(where.replace(str(village.family.id), "1"), None, "again")).status_code == 404
    assert (await program.post(where, None, "again")).status_code == 201


async def test_no_secret_is_kept_with_an_answer(empty: tuple[House, Litestar], furnished: Furnished) -> None:
    shown: list[str] = []
    async with Program(empty[1], furnished.token) as program:
        for name in ("reissue_card", "reset_pin", "create_staff", "reset_password", "make_token", "issue_cards"):
            answer = (await send(program, furnished, name)).json()
            cards = answer.get("cards", [answer])
            shown += [one[field] for one in cards for field in SECRETS if isinstance(one.get(field), str)]
    assert len(shown) >= 8
    kept = b"".join(bytes(row["answer"]) for row in await empty[0].database.rows("SELECT answer FROM api_request"))
    assert [secret for secret in shown if secret.encode() in kept] == []
