"""What the clerk is asked beside the date: declared as data, or as a Struct the plugin reads the answers back into."""

from typing import Annotated, Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect as shapes

from dezhi.plugin.limits import TEXT_MAX, TITLE_MAX, ensure_code, ensure_text
from dezhi.plugin.vocabulary import QuestionKind, Role, Subject

NUMBER_MAX: Final = 10**9
NUMBERS_MAX: Final = 60  # judges of one round; the most found is 36
OPTIONS_MAX: Final = 60
PEOPLE_MAX: Final = 200

Answer = bool | int | str | tuple[int, ...]
"""A yes, a number, an option's code or a text, several numbers."""

T = TypeVar("T", bound=msgspec.Struct)


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One of the answers to a choice."""

    code: str
    title: str

    def __post_init__(self) -> None:
        ensure_code("option", self.code)
        ensure_text(f"option {self.code}: title", self.title)


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One more thing the clerk says about a deed. The core refuses a deed whose answer is missing or outside.

    `least` and `most` bound a number, each of several numbers, or the length of a text. `count_least` and `count_most`
    say how many numbers there are.
    """

    name: str
    title: str
    kind: QuestionKind
    least: int = 0
    most: int = 100
    count_least: int = 1
    count_most: int = 1
    options: tuple[Option, ...] = ()
    unit: str = ""  # 处, 元, 毫升
    help: str = ""
    needed: bool = True

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or len(self.name) > TITLE_MAX:
            raise ValueError(f"question {self.name!r}: name must be a short Python identifier")
        ensure_text(f"question {self.name}: title", self.title)
        if self.help:
            ensure_text(f"question {self.name}: help", self.help, TEXT_MAX)
        if not -NUMBER_MAX <= self.least <= self.most <= NUMBER_MAX:
            raise ValueError(f"question {self.name}: least must not be above most")
        if (self.kind is QuestionKind.CHOICE) != bool(self.options) or len(self.options) > OPTIONS_MAX:
            raise ValueError(
                f"question {self.name}: a choice needs options, {OPTIONS_MAX} at most, and nothing else does"
            )
        if len({option.code for option in self.options}) != len(self.options):
            raise ValueError(f"question {self.name}: two options of one code")
        if not 1 <= self.count_least <= self.count_most <= NUMBERS_MAX:
            raise ValueError(f"question {self.name}: count_least and count_most must be 1 to {NUMBERS_MAX}")


class People(msgspec.Struct, frozen=True, kw_only=True):
    """Who else the clerk names: from `least` to `most` of them, households or persons.

    For `Role.GROUP` with `of` GRID or VILLAGE the clerk names the grid, or nothing, and the core hands over each of its
    households (`PEOPLE_MAX` at most) as a participant.
    """

    role: Role
    title: str
    of: Subject = Subject.HOUSEHOLD
    least: int = 1
    most: int = 1
    help: str = ""

    def __post_init__(self) -> None:
        ensure_text(f"people {self.role}: title", self.title)
        if not 0 <= self.least <= self.most <= PEOPLE_MAX:
            raise ValueError(f"people {self.role}: least and most must be 0 to {PEOPLE_MAX}")
        if self.of in {Subject.GRID, Subject.VILLAGE} and self.role is not Role.GROUP:
            raise ValueError(f"people {self.role}: only a group is named by its grid or village")


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A deed's answers as a plugin's own type.

    Subclass it (`class YardSeen(Event, frozen=True)`), give the item `questions=questions_of(YardSeen)`, and read the
    answers with `deed.read(YardSeen)`. A field without a default must be answered.
    """


def questions_of(kind: type[Event]) -> tuple[Question, ...]:
    """Make a question of each field; raises ValueError naming a field that cannot be one.

    `int` needs `msgspec.Meta(title=…, ge=…, le=…)`, `str` a `max_length`, `tuple[int, ...]` also `min_length` and
    `max_length` for how many; `bool` is a yes or no; a `Literal` of codes is a choice, titled by the Meta's
    `extra_json_schema={"titles": {code: title}}`, the code itself where there is none.
    """
    described = shapes.type_info(kind)
    if not isinstance(described, shapes.StructType):
        raise ValueError(f"{kind.__name__} is not a Struct")  # noqa: TRY004 - one kind of refusal for the caller
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_question(field, hints[field.name]) for field in described.fields)


def _question(field: shapes.Field, hint: object) -> Question:
    told: dict[str, Any] = {}
    kind = field.type
    if isinstance(kind, shapes.Metadata):
        told, kind = dict(kind.extra_json_schema or {}), kind.type
    common: dict[str, Any] = {
        "name": field.name,
        "title": told.get("title") or field.name,
        "help": told.get("description") or "",
        "unit": told.get("unit") or "",
        "needed": field.default is msgspec.NODEFAULT,
    }
    match kind:
        case shapes.BoolType():
            return Question(kind=QuestionKind.YES, **common)
        case shapes.IntType(ge=int(least), le=int(most)):
            return Question(kind=QuestionKind.NUMBER, least=least, most=most, **common)
        case shapes.StrType(max_length=int(most)):
            return Question(kind=QuestionKind.TEXT, least=kind.min_length or 0, most=most, **common)
        case shapes.VarTupleType(
            item_type=shapes.IntType(ge=int(least), le=int(most)), min_length=int(few), max_length=int(many)
        ):
            return Question(
                kind=QuestionKind.NUMBERS, least=least, most=most, count_least=few, count_most=many, **common
            )
        case shapes.LiteralType():
            titles = told.get("titles") or {}
            options = tuple(Option(code=code, title=titles.get(code, code)) for code in _literals(hint))
            return Question(kind=QuestionKind.CHOICE, options=options, **common)
        case _:
            raise ValueError(f"{field.name}: only bool, bounded int, str and tuple[int, ...], and Literal can be asked")


def _literals(hint: object) -> tuple[str, ...]:
    """Return the values of a Literal in the order they were written, which msgspec does not keep."""
    bare = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return tuple(str(value) for value in get_args(bare)) if get_origin(bare) is Literal else ()
