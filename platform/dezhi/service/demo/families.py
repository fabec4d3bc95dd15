"""The invented households of a village, as the lines of a roster."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final, NamedTuple

from dezhi.core.rosters import HouseholdRoster, Line
from dezhi.service.demo.names import LONG, RARE, Clans
from dezhi.service.demo.villages import GRID_SIZE, HOME, VillagePlan

SIZES: Final = {1: 14, 2: 30, 3: 20, 4: 18, 5: 11, 6: 7}
"""Households of a hundred by members: the second agricultural census, moved to today's smaller households."""

DOOR: Final = "0027"
"""The number of the household whose passbook the demo opens: 陈桂芳家 of 营尔村."""

CLERK: Final = "0011"
"""The number of the clerk's household in every village."""

_NUMERALS: Final = "一二三四五六七八九"


class Person(NamedTuple):
    """Somebody invented; `age` at the time of founding."""

    name: str
    relation: str
    age: int


def roster(seed: int, plan: VillagePlan, households: int, today: date) -> HouseholdRoster:
    """Every household of a village, the same for the same seed."""
    rng = Random(f"{seed}:{plan.code}:families")
    builder = _Builder(rng)
    lines: list[Line] = []
    for place in range(households):
        number = f"{place + 1:04}"
        grid = place // GRID_SIZE
        address = f"{plan.name}{_NUMERALS[grid]}组{place % GRID_SIZE + 1}号"
        for person in _family(builder, plan, number):
            lines.append(
                Line(
                    row=len(lines) + 2,
                    number=number,
                    grid=f"第{_NUMERALS[grid]}网格",
                    address=address,
                    name=person.name,
                    relation=person.relation,
                    birth_date=date(today.year - person.age - 1, rng.randint(1, 12), rng.randint(1, 28)),
                )
            )
    return HouseholdRoster(rows_read=len(lines), lines=tuple(lines), faults=())


def _family(builder: "_Builder", plan: VillagePlan, number: str) -> Sequence[Person]:
    if number == CLERK:
        return [
            Person(plan.clerk_name, "户主", 41),
            Person(builder.clans.woman(39), "配偶", 39),
            Person(builder.clans.man(plan.clerk_name[0], 14), "子", 14),
        ]
    if plan.code == HOME and number == DOOR:
        return [
            Person("陈桂芳", "户主", 67),
            Person("王永福", "配偶", 70),
            Person("王晓东", "子", 43),
            Person("李海霞", "儿媳", 41),
            Person("王雨桐", "孙女", 12),
            Person("赵秀珍", "婆婆", 91),
        ]
    if plan.code == HOME and number == "0019":
        return [Person(LONG, "户主", 46), Person("艾山江·吐尔逊", "配偶", 48), Person("热娜·艾山江", "女", 17)]
    place = int(number)
    if place % 61 == 7:
        return [Person(RARE[place // 61 % len(RARE)], "户主", 58), Person(builder.clans.woman(55), "配偶", 55)]
    return builder.family()


class _Builder:
    """Draws families. Many are old, for that is who lives in villages."""

    def __init__(self, rng: Random) -> None:
        self.clans = Clans(rng)
        self._rng = rng
        self._shapes = {
            1: (self._alone,),
            2: (self._old_couple, self._old_couple, self._couple, self._left_behind),
            3: (self._couple_and_child, self._couple_and_parent, self._old_couple_and_son),
            4: (self._couple_and_two, self._two_couples),
            5: (self._three_generations,),
            6: (self._big,),
        }

    def family(self) -> Sequence[Person]:
        """One household of a size as common as in the census."""
        size = self._rng.choices(list(SIZES), weights=list(SIZES.values()))[0]
        return self._rng.choice(self._shapes[size])(self.clans.surname())

    def _age(self, low: int, high: int) -> int:
        return self._rng.randint(low, high)

    def _alone(self, surname: str) -> Sequence[Person]:
        age = self._age(63, 90) if self._rng.random() < 0.75 else self._age(38, 60)
        name = self.clans.woman(age, surname) if self._rng.random() < 0.55 else self.clans.man(surname, age)
        return [Person(name, "户主", age)]

    def _pair(self, surname: str, age: int) -> list[Person]:
        wife = age - self._age(-1, 4)
        return [Person(self.clans.man(surname, age), "户主", age), Person(self.clans.woman(wife), "配偶", wife)]

    def _child(self, surname: str, age: int, son: str, daughter: str) -> Person:
        if self._rng.random() < 0.52:
            return Person(self.clans.man(surname, age), son, age)
        return Person(self.clans.woman(age, surname), daughter, age)

    def _old_couple(self, surname: str) -> Sequence[Person]:
        return self._pair(surname, self._age(62, 86))

    def _couple(self, surname: str) -> Sequence[Person]:
        return self._pair(surname, self._age(46, 61))

    def _left_behind(self, surname: str) -> Sequence[Person]:
        age = self._age(60, 74)
        return [
            Person(self.clans.woman(age, surname), "户主", age),
            self._child(surname, self._age(5, 15), "孙子", "孙女"),
        ]

    def _couple_and_child(self, surname: str) -> Sequence[Person]:
        age = self._age(32, 54)
        return [*self._pair(surname, age), self._child(surname, max(1, age - self._age(23, 31)), "子", "女")]

    def _couple_and_parent(self, surname: str) -> Sequence[Person]:
        age = self._age(40, 60)
        old = age + self._age(21, 28)
        mother = Person(self.clans.woman(old), "母亲", old)
        return [*self._pair(surname, age), mother if self._rng.random() < 0.6 else self._father(surname, old)]

    def _father(self, surname: str, age: int) -> Person:
        return Person(self.clans.man(surname, age), "父亲", age)

    def _old_couple_and_son(self, surname: str) -> Sequence[Person]:
        age = self._age(58, 80)
        return [*self._pair(surname, age), self._child(surname, age - self._age(23, 32), "子", "女")]

    def _couple_and_two(self, surname: str) -> Sequence[Person]:
        age = self._age(34, 48)
        older = max(4, age - self._age(23, 28))
        return [
            *self._pair(surname, age),
            self._child(surname, older, "长子", "长女"),
            self._child(surname, max(1, older - self._age(2, 7)), "次子", "次女"),
        ]

    def _two_couples(self, surname: str) -> Sequence[Person]:
        age = self._age(60, 78)
        son = age - self._age(23, 30)
        return [
            *self._pair(surname, age),
            Person(self.clans.man(surname, son), "子", son),
            Person(self.clans.woman(son - 2), "儿媳", son - 2),
        ]

    def _three_generations(self, surname: str) -> Sequence[Person]:
        age = self._age(36, 50)
        old = age + self._age(21, 28)
        return [
            *self._pair(surname, age),
            self._child(surname, max(2, age - self._age(24, 30)), "子", "女"),
            self._father(surname, old),
            Person(self.clans.woman(old - 2), "母亲", old - 2),
        ]

    def _big(self, surname: str) -> Sequence[Person]:
        older = list(self._two_couples(surname))
        young = max(3, older[2].age - self._age(24, 30))
        return [
            *older,
            self._child(surname, young, "孙子", "孙女"),
            self._child(surname, max(1, young - self._age(2, 6)), "孙子", "孙女"),
        ]
