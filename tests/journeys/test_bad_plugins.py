"""A plugin of one village does its worst while another village goes on being awarded, on a server over HTTP."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event, Thread

import httpx
import pytest

from calling import make_token
from dezhi.app import build
from dezhi.core.people import NewMember
from dezhi.core.programmes import Enabled
from dezhi.core.staff import Post, Role
from dezhi.host import Directory
from homes import Home
from parcels import keep, parcel
from running import dezhi
from villages import PASSWORD, SINCE, YINGER, build_village
from workshop import GOOD

HERE, THERE = "620902101201", "620902101202"
P99_MAX = 1.0
QUARANTINE_MAX = 5.0
LOOK_AGAIN = 0.05
FAMILIES = 40
BAD = {
    "while True: pass": "plugin-slow",
    "bytearray(2_000_000_000)": "plugin-memory",
    "__import__('os')._exit(1)": "plugin-died",
}


def bad(line: str) -> str:
    """Good when it is adopted, and bad when it scores."""
    return GOOD.replace("    return awards_as_declared", f"    {line}\n    return awards_as_declared")


@dataclass(frozen=True)
class Told:
    """What the test needs of the villages, in plain values: their house was closed."""

    token: str
    bad_family: str
    good_families: tuple[str, ...]
    today: str


async def prepare(home: Home) -> Told:
    """营尔村 is awarded by dezhi-yinger, 下坝村 by the three bad plugins."""
    directory = Directory(["dezhi_yinger"], store=home.data_dir / "plugins")
    house, _ = await build(home.settings(), directory=directory)
    village = await build_village(house)
    posts = [Post(role, village.township.id) for role in (Role.CLERK, Role.TOWNSHIP, Role.SUPERVISOR)]
    own = await village.open_family("900", "郑强")
    chief = await house.staff.create_with("chief", "郑强", posts, PASSWORD, person=own.members[0].person)
    await house.programmes.adopt(
        village.xiaba.id,
        {f"bad-{number}": Enabled(version="1.0.0") for number in range(len(BAD))},
        title="坏办法",
        effective_from=village.today,
        staff=village.admin.id,
    )
    member = NewMember(name="赵春梅", relation="户主")
    other = await house.people.open_household(village.xiaba.id, None, "7", [member], on=SINCE)
    good = [await village.open_family(f"5{number}") for number in range(FAMILIES)]
    token = await make_token(house, chief)
    await house.close()
    return Told(token, str(other.id), tuple(str(one.id) for one in good), village.today.isoformat())


class Loop(Thread):
    """Awards 营尔村's families one after the other until it is told to stop."""

    def __init__(self, url: str, told: Told) -> None:
        super().__init__()
        self.stop = Event()
        self.took: list[float] = []
        self.booked: list[str] = []
        self.wrong: list[str] = []
        self._client = _client(url, told)
        self._told = told

    def run(self) -> None:
        with self._client:
            self._work()

    def _work(self) -> None:
        number = 0
        while not self.stop.is_set():
            family = self._told.good_families[number % FAMILIES]
            began = time.monotonic()
            answer = self._client.post(
                "/awards",
                json={"household": family, "item": f"{YINGER}/neighbour-help", "on": self._told.today},
                headers={"Idempotency-Key": f"steady-{number:06}"},
            )
            self.took.append(time.monotonic() - began)
            if answer.is_success:
                self.booked += [entry["id"] for entry in answer.json()["entries"]]
            elif answer.json()["code"] != "cap-reached":
                self.wrong.append(answer.text)
            number += 1


def _client(url: str, told: Told) -> httpx.Client:
    headers = {"Authorization": f"Bearer {told.token}"}
    return httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=60)


@pytest.fixture
def told(home: Home) -> Iterator[Told]:
    # Put in their place before there is a database, as `dezhi plugin install` does.
    for number, line in enumerate(BAD):
        keep(home.data_dir / "plugins", parcel(home.data_dir.parent, bad(line), name=f"bad-{number}"))
    return asyncio.run(prepare(home))  # type: ignore[return-value]  # pytest takes a value as well as a generator


@pytest.mark.alone
@pytest.mark.sqlite
@pytest.mark.row("PL-05")
def test_a_bad_plugin_of_one_village_never_keeps_another_waiting(
    home: Home, told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    held: dict[str, float] = {}
    with dezhi("serve", home, DEZHI_API_RATE="0") as served, _client(served.url, told) as client:
        steady = Loop(served.url, told)
        steady.start()
        try:
            time.sleep(2)
            for number, reason in enumerate(BAD.values()):
                began = time.monotonic()
                deed = {"household": told.bad_family, "item": f"bad-{number}/thing", "on": told.today}
                answer = client.post("/awards", json=deed, headers={"Idempotency-Key": f"bad-{number:06}"})
                assert not answer.is_success, answer.text
                while f"bad-{number}" not in held:
                    plugins = client.get(f"/villages/{THERE}/plugins").json()["items"]
                    found = {one["name"]: one["held"] for one in plugins if one["held"]}
                    if f"bad-{number}" in found:
                        assert found[f"bad-{number}"]["reason"] == reason
                        held[f"bad-{number}"] = time.monotonic() - began
                    assert time.monotonic() - began < QUARANTINE_MAX
                    time.sleep(LOOK_AGAIN)
                time.sleep(2)
        finally:
            steady.stop.set()
            steady.join()
        assert served.process.poll() is None
        stored = {
            entry["entry"]
            for family in told.good_families
            for entry in client.get(f"/households/{family}/passbook").json()["items"]
        }
    assert steady.wrong == []
    took = sorted(steady.took)
    p99 = took[int(len(took) * 0.99)]
    with capsys.disabled():
        print(  # noqa: T201 - the figure is what the test is for
            f"\n{len(took)} awards of another village: p99 {p99 * 1000:.0f} ms, worst {took[-1] * 1000:.0f} ms;"
            f" held after {', '.join(f'{one:.2f}' for one in held.values())} s"
        )
    assert p99 < P99_MAX
    assert max(held.values()) < QUARANTINE_MAX
    assert set(steady.booked) <= stored
    assert steady.booked
