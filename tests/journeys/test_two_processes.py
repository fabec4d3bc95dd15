"""Two processes on one PostgreSQL, as on two machines: neither answers from memory, and a race has one winner."""

import asyncio
import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import httpx
import pytest

from booking import check_book
from calling import make_token
from dezhi.app import build
from dezhi.core import calendar
from dezhi.core.people import NewMember
from dezhi.core.programmes import Enabled
from dezhi.core.staff import Post, Role
from dezhi.store.keys import FOLDER
from furnished import furnish_village
from homes import Home, Homes
from parcels import keep, parcel
from running import Running, dezhi
from villages import PASSWORD, SINCE, YINGER, build_village
from workshop import GOOD

pytestmark = pytest.mark.postgres

PATIENCE = 60
VILLAGE = "/villages/620902101201"
HELP = f"{YINGER}/neighbour-help"
A_MONTH = 10
"""How often an item of dezhi-yinger counts for a household in a month."""
POINTS = 10
"""What one of HELP earns."""
THERE = "/villages/620902101202"
"""下坝村, which uses a plugin from a file."""
KNOWN_MAX = 5.0
"""Seconds until one process knows what another found of a plugin; it looks every second."""
NEW_PASSWORD = "another long one 7"


@dataclass(frozen=True)
class Told:
    """What the tests need to know of the village, in plain values: its house was closed."""

    chief: str  # a token that may do everything
    clerk: str  # a token of 孙立 (`sun`), who is disabled
    clerk_id: int
    family: int
    far_family: int  # of 下坝村
    card: tuple[str, str]
    book: int
    today: str


class Door:
    """A process as programs see it: every write has a key of its own unless one is given."""

    def __init__(self, running: Running, token: str) -> None:
        self.url = running.url
        self.client = httpx.Client(
            base_url=f"{running.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE
        )

    def get(self, path: str, token: str = "") -> httpx.Response:
        """Read, perhaps with another token."""
        return self.client.get(path, headers={"Authorization": f"Bearer {token}"} if token else {})

    def post(self, path: str, body: Any = None, key: str = "") -> httpx.Response:
        """Write."""
        more = {} if body is None else {"json": body}
        return self.client.post(path, headers={"Idempotency-Key": key or secrets.token_hex(8)}, **more)


@dataclass(frozen=True)
class Two:
    """The processes and their village."""

    a: Door
    b: Door
    home: Home
    told: Told

    def open_family(self, deeds: int = 0) -> str:
        """Register a household of one at A, and let it earn `deeds` times POINTS there; return its id."""
        body = {"number": secrets.token_hex(4), "members": [{"name": "马玉兰", "relation": "户主"}]}
        family = str(made(self.a.post(f"{VILLAGE}/households", body))["household"])
        for _ in range(deeds):
            made(self.a.post("/awards", self.deed(family)))
        return family

    def deed(self, family: str) -> dict[str, str]:
        """The body of an award of today."""
        return {"household": family, "item": HELP, "on": self.told.today}

    def moral(self, family: str) -> int:
        """What a household has that is not set aside, as B says."""
        return int(got(self.b.get(f"/households/{family}/balances"))["spendable"])

    def rewards(self, family: str) -> dict[str, int]:
        """What can be had and its price, as B says."""
        return {one["reward"]: one["price"] for one in got(self.b.get(f"/households/{family}/rewards"))["items"]}

    def at_both(self, ask: Callable[[Door], httpx.Response], each: int = 1) -> Sequence[httpx.Response]:
        """Ask A and B at the same moment, each so many times; no answer may be a fault."""
        doors = (self.a, self.b) * each
        ready = Barrier(len(doors))

        def one(door: Door) -> httpx.Response:
            ready.wait(PATIENCE)
            return ask(door)

        with ThreadPoolExecutor(len(doors)) as pool:
            answers = list(pool.map(one, doors))
        for answer in answers:
            assert answer.status_code in {201, 409, 422}, answer.text
            assert answer.is_success or re.search("[一-龥]{4}", answer.json()["detail"]), answer.text
        return answers


class Visitor:
    """A browser that a balancer sends to one process or the other: cookies know hosts, not ports."""

    def __init__(self) -> None:
        self.client = httpx.Client(timeout=PATIENCE)

    def get(self, door: Door, path: str) -> httpx.Response:
        """Open a page at a process."""
        return self.client.get(door.url + path)

    def post(self, door: Door, path: str, form: dict[str, str]) -> httpx.Response:
        """Send a form to a process."""
        self.client.get(f"{door.url}/staff")
        return self.client.post(door.url + path, data={"_csrf_token": self.client.cookies["dezhi-csrf"], **form})

    def log_in(self, door: Door, login: str, password: str = PASSWORD) -> int:
        """Knock as staff; 303 is in."""
        return self.post(door, "/staff", {"login": login, "password": password}).status_code

    def show_card(self, door: Door, card: tuple[str, str]) -> int:
        """Knock as a household; 303 is in."""
        return self.post(door, "/card", {"card": card[0], "pin": card[1]}).status_code


def got(answer: httpx.Response) -> dict[str, Any]:
    """What a read found."""
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def made(answer: httpx.Response) -> dict[str, Any]:
    """What a write made."""
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def deadly(today: date) -> str:
    """A plugin that ends its process over a deed of today."""
    line = f"    if deed.date.isoformat() == {today.isoformat()!r}:\n        __import__('os')._exit(1)\n"
    return GOOD.replace("    return awards_as_declared", f"{line}    return awards_as_declared")


async def settle(home: Home) -> Told:
    """Build the villages."""
    keep(home.data_dir / "plugins", parcel(home.data_dir.parent, deadly(calendar.today(datetime.now(UTC)))))
    house, _ = await build(home.settings())
    village = await build_village(house)
    enabled = {"trial": Enabled(version="1.0.0")}
    await house.programmes.adopt(
        village.xiaba.id, enabled, title="试办法", effective_from=SINCE, staff=village.admin.id
    )
    member = NewMember(name="赵春梅", relation="户主")
    far = await house.people.open_household(village.xiaba.id, None, "7", [member], on=SINCE)
    furnished = await furnish_village(village)
    clerk = await house.staff.create_with("sun", "孙立", [Post(Role.CLERK, village.yinger.id)], PASSWORD)
    told = Told(
        chief=furnished.token,
        clerk=await make_token(house, clerk),
        clerk_id=clerk.id,
        family=village.family.id,
        far_family=far.id,
        card=(village.card.number, village.card.pin),
        book=await house.sheets.book(village.yinger.id),
        today=village.today.isoformat(),
    )
    await house.close()
    return told


@pytest.fixture(scope="module")
def served(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("two")
    with ExitStack() as stack:
        first = stack.enter_context(homes.home(folder / "a"))
        told = asyncio.run(settle(first))
        # The second machine: the same database and keys, nothing else in common.
        second = replace(first, data_dir=folder / "b")
        for beside in (FOLDER, "plugins"):
            shutil.copytree(first.data_dir / beside, second.data_dir / beside)
        doors = [
            Door(stack.enter_context(dezhi("serve", one, DEZHI_API_RATE="0", DEZHI_WORKERS="1")), told.chief)
            for one in (first, second)
        ]
        for door in doors:
            stack.enter_context(door.client)
        yield Two(*doors, first, told)


@pytest.fixture
def two(served: Two) -> Iterator[Two]:
    """Give both processes; whatever was done through them, the book is sound afterwards."""
    yield served
    with served.home.look() as db:
        check_book(db, served.told.book)


@pytest.fixture
def visit() -> Iterator[Callable[[], Visitor]]:
    """Open browsers: `visit()`."""
    with ExitStack() as stack:

        def opened() -> Visitor:
            visitor = Visitor()
            stack.enter_context(visitor.client)
            return visitor

        yield opened


# ── what A changed, B knows at its very next request ──


@pytest.mark.row("IM-04")
def test_a_token_ended_at_one_is_dead_at_the_other(two: Two) -> None:
    body = {"name": "旧平台", "scopes": ["read"], "last_day": two.told.today}
    new = made(two.a.post("/tokens", body))
    for door in (two.a, two.b):
        got(door.get(VILLAGE, new["text"]))
    made(two.a.post(f"/tokens/{new['token']['id']}/revoke"))
    assert two.b.get(VILLAGE, new["text"]).status_code == 401


def test_a_disabled_member_of_staff_is_out_at_both(two: Two, visit: Callable[[], Visitor]) -> None:
    browser = visit()
    assert browser.log_in(two.a, "sun") == 303
    assert browser.get(two.b, "/round").status_code == 200
    got(two.b.get(VILLAGE, two.told.clerk))
    made(two.a.post(f"/staff/{two.told.clerk_id}/disable"))
    assert two.b.get(VILLAGE, two.told.clerk).status_code == 401
    assert browser.get(two.b, "/round").status_code == 303
    assert browser.log_in(two.b, "sun") == 401


def test_another_password_ends_the_browsers_at_the_other(two: Two, visit: Callable[[], Visitor]) -> None:
    owner, thief = visit(), visit()
    for browser, door in ((owner, two.a), (thief, two.b)):
        assert browser.log_in(door, "wang") == 303
    assert thief.get(two.b, "/round").status_code == 200
    form = {"old": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert owner.post(two.a, "/staff/password", form).status_code == 303
    assert thief.get(two.b, "/round").status_code == 303
    assert thief.log_in(two.b, "wang") == 401
    assert owner.get(two.b, "/round").status_code == 200
    assert visit().log_in(two.b, "wang", NEW_PASSWORD) == 303


def test_the_old_card_opens_nothing_at_the_other(two: Two, visit: Callable[[], Visitor]) -> None:
    finder = visit()
    assert finder.show_card(two.b, two.told.card) == 303
    assert finder.get(two.b, "/me").status_code == 200
    new = made(two.a.post(f"/households/{two.told.family}/card/reissue"))
    assert finder.get(two.b, "/me").status_code == 303
    assert finder.show_card(two.b, two.told.card) == 410
    assert visit().show_card(two.b, (new["number"], new["pin"])) == 303


def adoption(two: Two, price_percent: int) -> dict[str, Any]:
    """The body of a version that changes the prices, after the newest one."""
    newest = got(two.b.get(f"{VILLAGE}/versions"))["items"][0]
    plugins = {YINGER: {"settings": {"price_percent": price_percent}}}
    return {"follows": newest["number"], "title": newest["title"], "plugins": plugins}


def test_a_new_version_rules_at_the_other_at_once(two: Two) -> None:
    family = two.open_family()
    before = two.rewards(family)
    made(two.a.post(f"{VILLAGE}/versions", adoption(two, 200)))
    assert two.rewards(family) == {code: price * 2 for code, price in before.items()}
    made(two.a.post(f"{VILLAGE}/versions", adoption(two, 100)))
    assert two.rewards(family) == before


def test_the_public_page_of_one_shows_what_the_other_booked(two: Two, visit: Callable[[], Visitor]) -> None:
    page, family, reader = "/v/620902101201", two.open_family(), visit()
    before = reader.get(two.b, page).text
    assert reader.get(two.b, page).text == before, "by itself it does not change"
    made(two.a.post("/awards", two.deed(family)))
    assert reader.get(two.b, page).text != before


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something becomes so in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.row("PL-05")
def test_a_plugin_held_at_one_is_held_at_the_other_and_let_go_likewise(two: Two) -> None:
    today = {"household": str(two.told.far_family), "item": "trial/thing", "on": two.told.today}
    before = today | {"on": (date.fromisoformat(two.told.today) - timedelta(days=1)).isoformat()}

    def previewed(door: Door) -> str:
        answer = door.post("/awards/preview", before)
        return "" if answer.is_success else str(answer.json()["code"])

    for door in (two.a, two.b):
        assert previewed(door) == ""
    assert two.a.post("/awards", today).json()["code"] == "plugin-died"
    assert previewed(two.a) == "plugin-held"
    assert within(KNOWN_MAX, lambda: previewed(two.b) == "plugin-held")
    made(two.b.post(f"{THERE}/plugins/trial/release", {"version": "1.0.0"}))
    assert previewed(two.b) == ""
    assert within(KNOWN_MAX, lambda: previewed(two.a) == "")


# ── both at once ──


def test_a_household_number_is_given_once(two: Two) -> None:
    for turn in range(5):
        body = {"number": f"双{turn}", "members": [{"name": "马玉兰", "relation": "户主"}]}
        answers = two.at_both(lambda door, body=body: door.post(f"{VILLAGE}/households", body), each=2)  # type: ignore[misc]
        assert Counter(one.status_code for one in answers) == {201: 1, 409: 3}
        assert {one.json()["code"] for one in answers if not one.is_success} == {"household-number"}


def test_a_version_follows_another_once(two: Two) -> None:
    body = adoption(two, 100)
    answers = two.at_both(lambda door: door.post(f"{VILLAGE}/versions", body), each=2)
    assert Counter(one.status_code for one in answers) == {201: 1, 409: 3}


@pytest.mark.parametrize("handed_over", [False, True])
def test_redemptions_never_pass_the_balance(two: Two, *, handed_over: bool) -> None:
    family = two.open_family(deeds=3)
    reward, price = next((code, price) for code, price in two.rewards(family).items() if POINTS < price <= 3 * POINTS)
    body = {"household": family, "reward": reward, "handed_over": handed_over}
    answers = two.at_both(lambda door: door.post("/redemptions", body), each=4)
    booked = [one for one in answers if one.is_success]
    assert len(booked) == 3 * POINTS // price
    assert two.moral(family) == 3 * POINTS - price * len(booked)


def test_an_items_cap_holds(two: Two) -> None:
    family = two.open_family(deeds=A_MONTH - 3)
    answers = two.at_both(lambda door: door.post("/awards", two.deed(family)), each=5)
    assert sum(one.is_success for one in answers) == 3
    assert two.moral(family) == A_MONTH * POINTS


@pytest.mark.row("IM-04")
def test_one_key_books_once(two: Two) -> None:
    family, key = two.open_family(), secrets.token_hex(8)
    answers = two.at_both(lambda door: door.post("/awards", two.deed(family), key), each=4)
    assert len({made(one)["entries"][0]["id"] for one in answers}) == 1
    assert two.moral(family) == POINTS


@pytest.mark.row("IM-04")
def test_one_key_sets_points_aside_once(two: Two) -> None:
    family, key = two.open_family(deeds=3), secrets.token_hex(8)
    reward, price = next(iter(two.rewards(family).items()))
    body = {"household": family, "reward": reward}
    answers = two.at_both(lambda door: door.post("/redemptions", body, key), each=4)
    assert len({made(one)["id"] for one in answers}) == 1
    assert two.moral(family) == 3 * POINTS - price


@pytest.mark.row("IM-04")
def test_one_key_registers_once(two: Two) -> None:
    key, body = secrets.token_hex(8), {"number": "一次", "members": [{"name": "马玉兰", "relation": "户主"}]}
    answers = two.at_both(lambda door: door.post(f"{VILLAGE}/households", body, key), each=4)
    assert len({made(one)["household"] for one in answers}) == 1
    assert sum("idempotent-replayed" not in one.headers for one in answers) == 1
