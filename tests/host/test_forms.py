"""Settings become a form, and a filled form becomes settings or a problem at each wrong field."""

from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from dezhi.host import Field, fill_settings, settings_form
from dezhi.plugin import Settings
from dezhi_yinger.settings import Choices


class All(Settings, frozen=True):
    number: Annotated[int, Meta(title="数", description="一个数", ge=-5, le=9)] = 3
    text: Annotated[str, Meta(title="字", description="几个字", min_length=2, max_length=4)] = "你好"
    free: Annotated[str, Meta(title="随便", description="随便写")] = ""
    ticked: Annotated[bool, Meta(title="勾", description="勾不勾")] = True
    chosen: Annotated[Literal["甲", "乙"], Meta(title="选", description="选一个")] = "甲"


@pytest.mark.row("PL-03")
def test_form_is_made_from_the_struct() -> None:
    assert settings_form(All) == [
        Field(name="number", title="数", help="一个数", kind="int", default=3, ge=-5, le=9),
        Field(name="text", title="字", help="几个字", kind="str", default="你好", ge=2, le=4),
        Field(name="free", title="随便", help="随便写", kind="str", default="", ge=0, le=200),
        Field(name="ticked", title="勾", help="勾不勾", kind="bool", default=True),
        Field(name="chosen", title="选", help="选一个", kind="choice", default="甲", choices=("甲", "乙")),
    ]


@pytest.mark.row("PL-03")
def test_filled_form_becomes_settings() -> None:
    filled = {"number": " -5 ", "text": "早上好", "free": "", "ticked": "on", "chosen": "乙"}
    assert fill_settings(All, filled) == (All(number=-5, text="早上好", free="", ticked=True, chosen="乙"), [])


def test_unticked_box_means_no_and_other_missing_fields_keep_their_default() -> None:
    assert fill_settings(All, {}) == (All(ticked=False), [])


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    points: int = 0


class WithRows(Settings, frozen=True):
    number: Annotated[int, Meta(title="数", description="一个数", ge=1, le=9)] = 3
    rows: Annotated[tuple[Line, ...], Meta(title="条目", description="一条一条")] = ()
    first: Annotated[Line, Meta(title="头一条", description="只有一条")] = Line("a")

    def __post_init__(self) -> None:
        if len(self.rows) > self.number:
            raise ValueError("条目太多")


def test_documents_are_listed_and_kept_when_another_field_is_saved() -> None:
    """No village loses its rows because somebody changed a number on the form."""
    assert settings_form(WithRows)[1:] == [
        Field(name="rows", title="条目", help="一条一条", kind="document", default=()),
        Field(name="first", title="头一条", help="只有一条", kind="document", default={"code": "a", "points": 0}),
    ]
    kept = {"number": 3, "rows": [{"code": "b", "points": 5}], "first": {"code": "c"}}
    saved, problems = fill_settings(WithRows, {"number": "2"}, kept)
    assert (saved, problems) == (WithRows(number=2, rows=(Line("b", 5),), first=Line("c")), [])
    assert [problem.code for problem in fill_settings(WithRows, {"rows": "[]"}, kept)[1]] == ["setting-unknown"]


def test_fields_that_do_not_go_together_are_a_problem() -> None:
    kept = {"rows": [{"code": "a"}, {"code": "b"}]}
    settings, [problem] = fill_settings(WithRows, {"number": "1"}, kept)
    assert settings is None
    assert problem.say() == "这些设置合在一起用不了：条目太多"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("number", "10", "“数”要填-5到9之间的整数。"),
        ("number", "-6", "“数”要填-5到9之间的整数。"),
        ("number", "3.5", "“数”要填-5到9之间的整数。"),
        ("number", "", "“数”要填-5到9之间的整数。"),
        ("number", "--3", "“数”要填-5到9之间的整数。"),
        ("number", "9" * 5000, "“数”要填-5到9之间的整数。"),
        ("text", "好", "“字”要写2到4个字。"),
        ("text", "一二三四五", "“字”要写2到4个字。"),
        ("free", "长" * 201, "“随便”要写0到200个字。"),
        ("chosen", "丙", "“选”请从列出的几项里选一项。"),
        ("stray", "1", "没有“stray”这一项设置。"),
    ],
)
def test_wrong_field_is_named_with_what_it_takes(field: str, text: str, said: str) -> None:
    settings, problems = fill_settings(All, {"ticked": "on", field: text})
    assert settings is None
    assert [(problem.field, problem.say()) for problem in problems] == [(field, said)]


def test_every_wrong_field_is_told_at_once() -> None:
    _, problems = fill_settings(All, {"number": "x", "text": "", "chosen": "丙"})
    assert [problem.field for problem in problems] == ["number", "text", "chosen"]


def test_bundled_settings_are_a_form_with_help_for_each_field() -> None:
    fields = settings_form(Choices)
    assert 5 <= len(fields) <= 8
    assert [field.name for field in fields if not field.title or not field.help] == []
