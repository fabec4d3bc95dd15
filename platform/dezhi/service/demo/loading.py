"""Loads the demo: founds it once, and books the days that are missing up to today."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import msgspec

from dezhi.core.cards import print_number
from dezhi.core.errors import Problem
from dezhi.core.text import N_, Text, phrase
from dezhi.service.actors import Actor
from dezhi.service.demo import mark
from dezhi.service.demo.founding import PASSWORD, Founding
from dezhi.service.demo.mark import Mark
from dezhi.service.demo.villages import VILLAGES, YINGER
from dezhi.service.demo.year import Place, Year
from dezhi.service.house import House

SEED: Final = 20_260
DAYS: Final = 365

Tell = Callable[[int, int], None]
"""Told how many days are done, of how many."""


def _tell_nobody(done: int, of: int) -> None:
    """Show nothing."""


async def load(
    house: House, tell: Tell = _tell_nobody, *, seed: int = SEED, scale: float = 1, days: int = DAYS
) -> Mark:
    """Bring the demo up to today and return how to get in.

    The first time everything is founded, `scale` times as large as the real villages, with `days` days before today;
    afterwards only the days since are booked. Raises `Problem` `demo-refused` for data that is no demo's, `demo-plugin`
    where the demo's plugin is not installed. In safe mode no plugin can score a deed, so nothing is booked.
    """
    data_dir = house.database.data_dir
    today = house.people.today()
    note = mark.read(data_dir)
    if house.directory.safe and note is not None:
        return await _with_a_card(house, note)
    if YINGER not in house.directory.plugins:
        text = N_("演示要用插件 %(plugin)s，这里没有安装。请先装上它：pip install %(plugin)s")
        raise Problem("demo-plugin", text, status=409, plugin=YINGER)
    if await house.setup.is_needed():
        note = await Founding(house, seed, scale, today - timedelta(days=days - 1)).found()
    elif note is None:
        text = N_("%(place)s 里已经有真实的数据，演示不会动它。请换一个数据目录，例如 --data-dir demo-data。")
        raise Problem("demo-refused", text, status=409, place=str(data_dir))
    first = note.begins if note.through is None else note.through + timedelta(days=1)
    missing = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    if missing:
        year = Year(house, note.seed, await _places(house, note))
        for number, day in enumerate(missing):
            tell(number, len(missing))
            await year.book(day)
            note = _reached(house, note, day)
        tell(len(missing), len(missing))
        # A real installation does so at night; the demo is often gone by then.
        await house.seals.seal()
    return await _with_a_card(house, note)


def _reached(house: House, note: Mark, day: date) -> Mark:
    note = msgspec.structs.replace(note, through=day)
    mark.keep(house.database.data_dir, note)
    return note


async def _with_a_card(house: House, note: Mark) -> Mark:
    """See that the printed card and PIN open: a visitor may have reported the card lost, or had the PIN reset."""
    card = await house.cards.card_of(note.home)
    if (
        card is not None
        and print_number(card.number) == note.card
        and await house.secrets.pin_is(card.id, note.pin, card.pin_hash)
    ):
        return note
    issued = await house.cards.issue(note.home)
    note = msgspec.structs.replace(note, card=issued.printed_number, pin=issued.pin)
    mark.keep(house.database.data_dir, note)
    return note


async def _places(house: House, note: Mark) -> list[Place]:
    found = []
    for whole in VILLAGES:
        region = await house.places.by_code(whole.code)
        programme = await house.programmes.in_force(region.id) if region is not None else None
        if region is None or programme is None:
            continue
        plan = whole.among(programme.document.plugins)
        member = await house.staff.member(note.staff[plan.clerk])
        household = await house.people.household_of(member.person) if member.person else None
        book = await house.sheets.book(region.id)
        found.append(Place(plan, region, Actor(member=member, household=household), book))
    return found


def log_ins(note: Mark) -> list[Text]:
    """Whose door, and what opens it, to be printed."""
    return [
        phrase(N_("村民　　卡号 %(card)s  密码 %(pin)s  （%(name)s家）"), card=note.card, pin=note.pin, name="陈桂芳"),
        phrase(N_("村干部　登录名 clerk  密码 %(password)s  （%(village)s）"), password=PASSWORD, village="营尔村"),
        phrase(N_("监督　　登录名 supervisor  密码 %(password)s"), password=PASSWORD),
        phrase(N_("乡镇　　登录名 township  密码 %(password)s"), password=PASSWORD),
    ]
