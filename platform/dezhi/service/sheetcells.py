"""A field's value as the text of a cell, in words a village types, and back without loss."""

import json
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import msgspec
from msgspec import inspect as shapes

from dezhi.core.errors import Problem
from dezhi.core.text import N_

Fields = dict[str, shapes.Type]
"""The types of a Struct's fields, by name."""

LABELS: Final[Mapping[str, str]] = {
    "title": "名称", "notice_days": "公示天数", "privacy_notice": "个人信息告知", "keeping": "积分保留",
    "dezhi-sheet.version": "细则插件版本", "dezhi-sheet.notice": "细则前面的话", "dezhi-sheet.board": "光荣榜",
    "dezhi-sheet.board_size": "光荣榜名次", "items": "条目", "categories": "类别", "bases": "基础分",
    "campaigns": "活动期", "milestones": "累计等级", "code": "编号", "symbol": "图标", "category": "类别编号",
    "points": "分", "least": "最少", "most": "最多", "asset": "积分种类", "beside": "另外给", "holder": "记给谁",
    "per": "按什么算", "every": "每多少", "unit": "单位", "quantity_most": "一次最多填多少", "caps": "上限",
    "event_most": "一次最多给", "levels": "档次", "highest": "取最高", "inspection": "检查扣分", "sections": "评分项",
    "preconditions": "前提", "judges": "评委", "blend": "自评互评", "tiers": "等级", "coefficients": "系数",
    "people": "还有谁", "group": "整组", "vote": "一事一议", "analogy": "参照同类", "event": "同一件事",
    "before": "优先于", "how": "怎么得分", "rhyme": "顺口溜", "hint": "给记分员的话", "source": "出处",
    "window": "期间", "times": "次", "minutes": "分钟", "of": "算谁的", "share": "合用", "fill": "补到上限",
    "full": "满分", "defects": "扣分点", "off": "扣", "weight": "权重", "count_least": "最少几位",
    "count_most": "最多几位", "trim": "去掉高低", "own": "自评占", "mutual": "互评占", "stars": "星",
    "percent": "百分之", "role": "身份", "split": "平分", "minus": "减", "warnings": "提醒几次", "reminders": "提醒",
    "first": "第一天", "last": "最后一天", "rows": "哪些条目", "counts": "累计什么", "name": "插件", "version": "版本",
    "settings": "设置", "lapse": "什么时候到期", "lapse_months": "保留几个月", "clearing_days": "清零前公告天数",
    "pick_up_days": "领取期限天数", "overdraft": "可以先用多少", "to_kin": "可以转给家人", "to_pool": "可以捐给村里",
    "hours_limit": "志愿时上限", "fen": "一分折几分钱",
}  # fmt: skip
"""What a field is called in a workbook; one that is not here keeps its own name."""

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "Window": {"day": "每天", "week": "每周", "month": "每月", "quarter": "每季度", "year": "每年", "life": "一共"},
    "Per": {
        "time": "每次", "person": "每人次", "household": "每户次", "hour": "每小时", "quantity": "按数量",
    },
    "Asset": {
        "moral": "道德积分", "honour": "荣誉积分", "hours": "志愿时", "safe": "平安积分", "count": "次数",
    },
    "HolderKind": {"household": "户", "person": "人"},
    "Subject": {"household": "户", "person": "人", "grid": "网格", "village": "村"},
    "Role": {"doer": "一起做的", "helped": "受帮助的", "witness": "见证人", "group": "整组"},
}  # fmt: skip
"""The words for a choice, by its type; a choice that is not here is written as it is."""

_SPECIAL: Final = re.compile(r'[；;：:\[\]"\n]|^\s|\s$|^$')
_TOKEN: Final = re.compile(r'\s*(?:(?P<mark>[；;：:\[\]])|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<bare>[^；;：:\[\]"]+))')


def label(name: str) -> str:
    """What a field is called in a workbook."""
    return LABELS.get(name, name)


def fields_of(kind: type[msgspec.Struct]) -> Fields:
    """The fields of a Struct, in their order."""
    told = shapes.type_info(kind)
    return {field.name: field.type for field in told.fields} if isinstance(told, shapes.StructType) else {}


def encode(value: object, kind: shapes.Type) -> str | int:
    """A value (of JSON) as a cell; what is not given is an empty one."""
    kind = plain(kind)
    if value is None or value is False or value in ("", (), []):
        return ""
    if isinstance(kind, shapes.VarTupleType):
        lines = list(value) if isinstance(value, list | tuple) else []
        return "\n".join(_text(one, kind.item_type) for one in lines)
    if isinstance(value, int) and value is not True:
        return value
    return str(value) if isinstance(kind, shapes.StrType) else _text(value, kind)


def _text(value: object, kind: shapes.Type) -> str:
    """A value inside a cell's text."""
    kind = plain(kind)
    if isinstance(kind, shapes.StructType) and isinstance(value, Mapping):
        known = {field.name: field.type for field in kind.fields}
        return "；".join(f"{label(name)}：{_inside(one, known[name])}" for name, one in value.items())
    if isinstance(kind, shapes.BoolType):
        return "是" if value else "否"
    if isinstance(kind, shapes.EnumType):
        return _WORDS.get(kind.cls.__name__, {}).get(str(value), str(value))
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if isinstance(value, str) and _SPECIAL.search(text) else text


def _inside(value: object, kind: shapes.Type) -> str:
    kind = plain(kind)
    if isinstance(kind, shapes.VarTupleType):
        entries = list(value) if isinstance(value, list | tuple) else []
        return "".join(f"[{_text(one, kind.item_type)}]" for one in entries)
    return f"[{_text(value, kind)}]" if isinstance(kind, shapes.StructType) else _text(value, kind)


def decode(text: str, kind: shapes.Type, place: str) -> Any:
    """A cell's text as a value of JSON. Raises Problem `sheet-book` naming the place."""
    kind = plain(kind)
    if isinstance(kind, shapes.StrType):
        return text
    if isinstance(kind, shapes.VarTupleType):
        return [_Reading(line, place).whole(kind.item_type) for line in text.split("\n") if line.strip()]
    return _Reading(text, place).whole(kind)


def plain(kind: shapes.Type) -> shapes.Type:
    """The type without its Meta, and without None."""
    if isinstance(kind, shapes.Metadata):
        return plain(kind.type)
    if isinstance(kind, shapes.UnionType):
        return plain(next(one for one in kind.types if not isinstance(one, shapes.NoneType)))
    return kind


class _Reading:
    """Takes one text apart: `期间：每月；分：20`, with lists in brackets and odd texts in quotes."""

    def __init__(self, text: str, place: str) -> None:
        self._place = place
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._wrong(text[at:])
            kind = found.lastgroup or ""
            self._tokens.append((kind, found[kind]))
            at = found.end()
        self._at = 0

    def whole(self, kind: shapes.Type) -> Any:
        """All of the text as one value."""
        value = self._value(plain(kind))
        if self._at < len(self._tokens):
            raise self._wrong(self._tokens[self._at][1])
        return value

    def _value(self, kind: shapes.Type) -> Any:
        if isinstance(kind, shapes.StructType):
            return self._struct(kind)
        if isinstance(kind, shapes.VarTupleType):
            return self._list(plain(kind.item_type))
        return self._scalar(kind)

    def _struct(self, kind: shapes.StructType) -> dict[str, Any]:
        known = {field.name: plain(field.type) for field in kind.fields}
        names = {label(name): name for name in known} | {name: name for name in known}
        found: dict[str, Any] = {}
        while self._at < len(self._tokens) and not self._mark("]", take=False):
            told = self._bare()
            name = names.get(told)
            if name is None or not self._mark("：:"):
                raise self._wrong(told)
            if isinstance(known[name], shapes.StructType):
                self._need("[")
                found[name] = self._value(known[name])
                self._need("]")
            else:
                found[name] = self._value(known[name])
            self._mark("；;")
        return found

    def _list(self, kind: shapes.Type) -> list[Any]:
        found: list[Any] = []
        while self._mark("["):
            found.append(self._value(kind))
            self._need("]")
        return found

    def _scalar(self, kind: shapes.Type) -> Any:
        text = self._bare()
        if isinstance(kind, shapes.IntType):
            if not re.fullmatch(r"-?\d{1,12}", text):
                raise self._wrong(text)
            return int(text)
        if isinstance(kind, shapes.BoolType):
            if text not in {"是", "否"}:
                raise self._wrong(text)
            return text == "是"
        if isinstance(kind, shapes.EnumType):
            return self._choice(kind.cls, text)
        return text

    def _choice(self, kind: type[Enum], text: str) -> str:
        words = {word: value for value, word in _WORDS.get(kind.__name__, {}).items()}
        value = words.get(text, text)
        if value not in {str(one.value) for one in kind}:
            raise self._wrong(text)
        return value

    def _bare(self) -> str:
        if self._at >= len(self._tokens):
            raise self._wrong("")
        kind, text = self._tokens[self._at]
        if kind == "mark":
            raise self._wrong(text)
        self._at += 1
        return str(json.loads(text)) if kind == "quoted" else text.strip()

    def _mark(self, marks: str, *, take: bool = True) -> bool:
        """Take one of the marks, if it is next."""
        there = self._at < len(self._tokens) and self._tokens[self._at][0] == "mark"
        if not there or self._tokens[self._at][1] not in marks:
            return False
        self._at += take
        return True

    def _need(self, mark: str) -> None:
        if not self._mark(mark):
            raise self._wrong(self._tokens[self._at][1] if self._at < len(self._tokens) else "")

    def _wrong(self, text: str) -> Problem:
        sentence = N_("%(place)s：“%(said)s”看不懂。请照下载的那份文件的写法，例如“期间：每月；分：20”，一行一个。")
        return Problem("sheet-book", sentence, place=self._place, said=text[:40])
