"""`dezhi serve` is killed under load, again and again: who was answered finds his entry, and nobody finds two."""

import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest

from auditing import audited
from booking import check_book
from calling import make_token
from dezhi.app import build
from dezhi.core.tokens import Scope
from homes import Home
from running import dezhi
from villages import YINGER, build_village

KILLS = 20
KILLS_ON_POSTGRES = 5
"""There the data are the server's, which is killed in test_server_down; here it is about the workers."""

CALLERS = 3
HOUSEHOLDS = 30
ITEMS = ("neighbour-help", "street-cleaning", "voluntary-labour", "hard-times-help", "make-peace")
ANSWERS_MAX = 25
"""At most, before a kill; how many, and the moment after the last of them, are drawn for each."""


@dataclass
class Phones:
    """Callers who note each answer, and send again under the same key what was never answered."""

    token: str
    homes: list[int]
    today: str
    answers: dict[str, bytes] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    made: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def body(self, key: str) -> dict[str, str]:
        """What is asked under a key."""
        number = int(key.removeprefix("load-"))
        home = self.homes[number % HOUSEHOLDS]
        return {"household": str(home), "item": f"{YINGER}/{ITEMS[number % len(ITEMS)]}", "on": self.today}

    def _next(self) -> str:
        with self._turn:
            if self.waiting:
                return self.waiting.pop(0)
            self.made += 1
            return f"load-{self.made}"

    def call(self, url: str, over: threading.Event) -> None:
        """Ask without a pause until told to end, or until nobody is there."""
        with httpx.Client(base_url=url, timeout=30, headers={"Authorization": f"Bearer {self.token}"}) as client:
            while not over.is_set():
                key = self._next()
                try:
                    answer = client.post("/api/v1/awards", json=self.body(key), headers={"Idempotency-Key": key})
                except httpx.TransportError:
                    self.waiting.append(key)
                    return
                if answer.status_code not in {201, 409}:  # 409: its limit is reached, which is an answer as well
                    self.failed.append(answer.text)
                self.answers[key] = answer.content


async def furnished(home: Home) -> Phones:
    """A village in which nothing has happened yet."""
    house, _ = await build(home.settings())
    village = await build_village(house)
    homes = [(await village.open_family(f"{number + 100}")).id for number in range(HOUSEHOLDS)]
    token = await make_token(house, village.clerk, [Scope.AWARD])
    today = (village.today - timedelta(days=1)).isoformat()
    await house.close()
    return Phones(token, homes, today)


def live_and_die(home: Home, phones: Phones, chance: random.Random) -> None:
    """Serve until there are some answers, and kill every process at once."""
    workers = "2" if home.database_url else "1"
    with dezhi("serve", home, DEZHI_API_RATE="0", DEZHI_WORKERS=workers) as served:
        over = threading.Event()
        wanted = len(phones.answers) + chance.randint(1, ANSWERS_MAX)
        threads = [threading.Thread(target=phones.call, args=(served.url, over)) for _ in range(CALLERS)]
        for thread in threads:
            thread.start()
        end = time.monotonic() + 60
        while len(phones.answers) < wanted and time.monotonic() < end:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.02))
        os.killpg(served.process.pid, signal.SIGKILL)
        served.process.wait()
        over.set()
        for thread in threads:
            thread.join(60)


def ask_again(home: Home, phones: Phones) -> None:
    """Send what was never answered, and some of what was."""
    again = [*phones.answers][:: max(1, len(phones.answers) // 20)]
    headers = {"Authorization": f"Bearer {phones.token}"}
    with (
        dezhi("serve", home, DEZHI_API_RATE="0") as served,
        httpx.Client(base_url=served.url, timeout=30, headers=headers) as client,
    ):
        for key in again + phones.waiting:
            answer = client.post("/api/v1/awards", json=phones.body(key), headers={"Idempotency-Key": key})
            if key in phones.answers:
                assert answer.content == phones.answers[key], "the first answer, byte for byte"
                assert answer.headers["idempotent-replayed"] == "true"
            phones.answers[key] = answer.content


@pytest.mark.row("AW-11")
async def test_a_killed_server_keeps_what_it_answered(home: Home) -> None:
    phones = await furnished(home)
    chance = random.Random(KILLS)  # noqa: S311 - moments to kill at
    for _ in range(KILLS_ON_POSTGRES if home.database_url else KILLS):
        live_and_die(home, phones, chance)
        stored = [key for (key,) in home.rows("SELECT key FROM request")]
        assert len(set(stored)) == len(stored), "every request once"
        assert phones.answers.keys() <= set(stored), "what was answered outlives the server"
    assert phones.failed == []
    ask_again(home, phones)
    assert {key for (key,) in home.rows("SELECT key FROM request")} == phones.answers.keys()
    with home.look() as db:
        check_book(db, 1)
    await audited(home.data_dir, home.database_url)
