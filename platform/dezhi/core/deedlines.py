"""A line of a file of deeds, as people and other systems write them: what it asks for, or what it lacks."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.openings import PREFIX
from dezhi.core.text import N_
from dezhi.plugin import Asset, Role

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "household": ("户", "户编号"),
    "village": ("村", "村代码"),
    "number": ("户号",),
    "item": ("条目",),
    "asset": ("资产",),
    "day": ("日期", "on"),
    "person": ("人", "成员", "姓名"),
    "minutes": ("分钟", "时长"),
    "points": ("分", "分数", "积分"),
    "note": ("备注",),
    "answers": ("回答",),
    "people": ("参与", "参与的人"),
    "key": ("编号",),
}
"""What a column is for, and what else it may be called."""

TOLD: Final = ("line", "field", "problem")
"""Columns of the file of bad lines, which are passed over when that file is imported after it was mended."""

ID_MAX: Final = 2**63 - 1
NUMBER_MAX: Final = 1_000_000
NOTE_MAX: Final = 100
WORD_MAX: Final = 200

_NAMES: Final = {other: name for name, others in COLUMNS.items() for other in (name, *others)}
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_KEY: Final = re.compile(r"[!-~]{1,64}")
_PARTS: Final = re.compile(r"[;；\n]")
_LIST: Final = re.compile(r"[,，、\s]+")
_SIGN: Final = re.compile(r"[=＝:：]")
_PEOPLE_TEXT: Final = N_(
    "参与的人看不懂。请写成 受帮助=101、102；见证=103/李四 这样，角色是：一起做、受帮助、见证、集体。"
)
_ROLES: Final = {
    "一起做": Role.DOER,
    "受帮助": Role.HELPED,
    "见证": Role.WITNESS,
    "集体": Role.GROUP,
    **{role.value: role for role in Role},
}
_VILLAGE: Final = re.compile(r"[0-9]{12}")


class InLine(NamedTuple):
    """Somebody who had a part in a deed: a household by its number in the village and the name of a member, if said.

    A group is named by its grid's number, or not at all.
    """

    role: Role
    number: str
    name: str


class DeedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One deed as a file tells it. A household is named by its id, or by its village's code and its number there.

    `person` is an id or a name, empty for nobody; `key` is empty where the file gives none. `answers` are questions, by
    name or title, and what was answered, both as they were written.
    """

    household: int | None
    village: str
    number: str
    item: str
    on: date
    person: str
    minutes: int | None
    points: int | None
    note: str
    key: str
    answers: tuple[tuple[str, str], ...] = ()
    people: tuple["InLine", ...] = ()


def column_of(title: str) -> str | None:
    """What a column is for; None for one that is passed over. Raises Problem `column-unknown`."""
    name = title.strip().lower()
    if name in TOLD or not name:
        return None
    found = _NAMES.get(name)
    if found is None:
        text = N_("没有“%(name)s”这一栏，什么都没有记。可以有的栏：%(known)s。")
        raise Problem("column-unknown", text, field=name[:WORD_MAX], name=name[:WORD_MAX], known=", ".join(COLUMNS))
    return found


ASSETS: Final = {
    "": Asset.MORAL,
    "道德积分": Asset.MORAL,
    "荣誉积分": Asset.HONOUR,
    "志愿时": Asset.HOURS,
    "平安积分": Asset.SAFE,
    **{asset.value: asset for asset in Asset if asset is not Asset.COUNT},
}
"""What an opening balance may be of, and how it is called; moral points where nothing is said."""


def check_columns(names: list[str | None], *, opening: bool = False) -> None:
    """Raise Problem unless a header says whose deed it is, which, and when; and nothing twice.

    A file of opening balances has no items, and one of deeds no assets.
    """
    given = [name for name in names if name is not None]
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice is not None:
        raise Problem("column-twice", N_("“%(name)s”这一栏有两列，什么都没有记。"), field=twice, name=twice)
    strange = "item" if opening else "asset"
    if strange in given:
        text = N_("“%(name)s”这一栏不该有，什么都没有记：期初结存的文件写资产（asset），事迹的文件写条目（item）。")
        raise Problem("column-strange", text, field=strange, name=strange)
    wanted = ("day",) if opening else ("item", "day")
    missing = [name for name in wanted if name not in given]
    if "household" not in given and "number" not in given:
        missing.append("number")
    if missing:
        text = N_("缺少“%(name)s”这一栏，什么都没有记。第一行要写每一栏的名称。")
        raise Problem("column-missing", text, field=missing[0], name=", ".join(missing))


def read_line(values: Mapping[str, str], village: str = "", *, opening: bool = False) -> DeedLine:
    """Read one line by its columns; `village` is the one for lines that name none. Raises Problem with its `field`.

    The item of an `opening` balance is made of its asset.
    """
    given = {name: value.strip() for name, value in values.items()}
    household = _whole("household", given.get("household", ""), ID_MAX)
    number, code = given.get("number", ""), given.get("village", "") or village
    if household is None:
        if not number:
            raise Problem(
                "line-household", N_("没有写是哪一户。请填户号（number）或户的编号（household）。"), field="number"
            )
        if not _VILLAGE.fullmatch(code):
            text = N_("没有写是哪个村。请填12位的村代码（village），或者用 --village 给出。")
            raise Problem("line-village", text, field="village")
    item = _opening(given.get("asset", "")) if opening else given.get("item", "")
    if not 0 < len(item) <= WORD_MAX or "\0" in item:
        raise Problem(
            "line-item", N_("没有写是哪一条。请填条目的代码，例如 dezhi-yinger/neighbour-help。"), field="item"
        )
    note, key = given.get("note", ""), given.get("key", "")
    if len(note) > NOTE_MAX or "\0" in note:
        raise Problem("line-note", N_("备注太长，最多%(max)s个字。"), field="note", max=NOTE_MAX)
    if key and not _KEY.fullmatch(key):
        raise Problem("line-key", N_("编号要是1到64个可见的 ASCII 字符，或者空着。"), field="key")
    return DeedLine(
        household=household,
        village=code,
        number=number[:WORD_MAX],
        item=item,
        on=_day(given.get("day", "")),
        person=given.get("person", "")[:WORD_MAX],
        minutes=_whole("minutes", given.get("minutes", ""), NUMBER_MAX),
        points=_whole("points", given.get("points", ""), NUMBER_MAX),
        note=note,
        key=key,
        answers=_answers(given.get("answers", "")),
        people=_people(given.get("people", "")),
    )


def _answers(text: str) -> tuple[tuple[str, str], ...]:
    """Read `数量=300；级别=镇级`."""
    return tuple(_pairs("answers", text))


def _people(text: str) -> tuple[InLine, ...]:
    """Read `受帮助=101、102；见证=103/李四`; a slash stands before the name of a member."""
    found = []
    for word, who in _pairs("people", text):
        role = _ROLES.get(word.lower())
        if role is None:
            raise Problem("line-people", _PEOPLE_TEXT, field="people")
        for one in _LIST.split(who) if who else [""]:
            number, _, name = one.partition("/")
            found.append(InLine(role, number.strip()[:WORD_MAX], name.strip()[:WORD_MAX]))
    return tuple(found)


def _pairs(field: str, text: str) -> Iterator[tuple[str, str]]:
    for part in _PARTS.split(text):
        if part.strip():
            name, sign, value = _SIGN.sub("=", part, count=1).partition("=")
            if field == "answers" and not sign:
                raise Problem("line-answers", N_("回答看不懂。请写成 数量=300；级别=镇级 这样。"), field=field)
            yield name.strip()[:WORD_MAX], value.strip()


def _opening(word: str) -> str:
    if word not in ASSETS:
        text = N_("没有“%(name)s”这种资产。可以写：道德积分、荣誉积分、志愿时、平安积分。")
        raise Problem("line-asset", text, field="asset", name=word[:WORD_MAX])
    return PREFIX + ASSETS[word].value


def _whole(field: str, text: str, most: int) -> int | None:
    """A number from 1; None for nothing."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 0 < int(text) <= most):
        raise Problem("line-number", N_("“%(name)s”要是大于0的整数。"), field=field, name=field)
    return int(text)


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        year, month, of = (int(part) for part in (found.groups() if found else ()) if part is not None)
        return date(year, month, of)
    except ValueError:
        raise Problem("line-day", N_("日期看不懂。请写成 2026-11-22 这样。"), field="day") from None
