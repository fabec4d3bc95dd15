"""A plugin's settings as a form for the township: one field for each field of the plugin's Struct.

A field that is a document (a Struct, or a tuple of Structs) is no part of the form. It is listed, so that pages can say
how much it holds, and kept as it is when the other fields are saved.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect as shapes

from dezhi.core.errors import Problem
from dezhi.core.text import N_, phrase
from dezhi.plugin import Settings

DOCUMENT: Final = "document"
"""In the `extra` of a field's Meta: it holds a document, whatever its type."""
TEXT_MAX: Final = 200  # characters of a text field that names no limit of its own
WHY_MAX: Final = 1_000  # characters of what a plugin says is wrong with its settings

S = TypeVar("S", bound=Settings)


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a form. `ge` and `le` bound a number, or the length of a text; `choices` are for kind "choice".

    The default of a document is what it is in JSON: a list of rows, or an object.
    """

    name: str
    title: str
    help: str
    kind: Literal["int", "bool", "str", "choice", "document"]
    default: Any
    ge: int | None = None
    le: int | None = None
    choices: tuple[str, ...] = ()


def settings_form(kind: type[Settings]) -> list[Field]:
    """List the fields of a settings Struct in their order; raise ValueError naming a field that cannot be one.

    Titles and helps come from `msgspec.Meta(title=..., description=...)`; both are needed, since staff who do not
    program decide by them.
    """
    described = shapes.type_info(kind)
    if not isinstance(described, shapes.StructType):
        raise ValueError(f"{kind.__name__} is not a Struct")  # noqa: TRY004 - one kind of refusal for the caller
    hints = get_type_hints(kind, include_extras=True)
    return [_field(field, _choices(hints[field.name])) for field in described.fields]


def fill_settings(
    kind: type[S], values: Mapping[str, str], kept: Mapping[str, Any] | None = None
) -> tuple[S | None, list[Problem]]:
    """Decode the texts of a submitted form; return the settings, or None with one Problem for each wrong field.

    An unticked box is not sent by browsers, so a missing yes-or-no means no; any other missing field keeps its default.
    Documents are taken from `kept`, the settings before, as JSON objects: no form can lose their rows.
    """
    fields = settings_form(kind)
    filled: dict[str, object] = {}
    problems = [
        Problem("setting-unknown", N_("没有“%(name)s”这一项设置。"), field=stray, name=stray[:60])
        for stray in sorted(set(values).difference(field.name for field in fields if field.kind != "document"))
    ]
    for field in fields:
        if field.kind == "document":
            filled[field.name] = (kept or {}).get(field.name, field.default)
            continue
        try:
            filled[field.name] = _value(field, values.get(field.name))
        except Problem as problem:
            problems.append(problem)
    if problems:
        return None, problems
    try:
        return msgspec.convert(filled, kind), []
    except msgspec.ValidationError as error:
        text = N_("这些设置合在一起用不了：%(why)s")
        return None, [Problem("setting-together", text, why=str(error)[:WHY_MAX])]


def is_document(kind: shapes.Type) -> bool:
    """Tell whether a type is a document: a frozen Struct that refuses unknown keys, or a tuple of them."""
    if isinstance(kind, shapes.VarTupleType):
        return is_document(kind.item_type) and isinstance(kind.item_type, shapes.StructType)
    if not isinstance(kind, shapes.StructType):
        return False
    config = kind.cls.__struct_config__
    return config.frozen and config.forbid_unknown_fields


def _choices(hint: object) -> tuple[Any, ...]:
    """Return the values of a Literal in the order they were written, which msgspec does not keep."""
    bare = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return get_args(bare) if get_origin(bare) is Literal else ()


def _field(field: shapes.Field, choices: tuple[Any, ...]) -> Field:
    """Describe one field, from its type and its Meta."""
    told: Mapping[str, Any] = {}
    kind = field.type
    document = False
    if isinstance(kind, shapes.Metadata):
        told, document, kind = kind.extra_json_schema or {}, DOCUMENT in (kind.extra or {}), kind.type
    if field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT:
        raise ValueError(f"{field.name}: needs a default")
    if not told.get("title") or not told.get("description"):
        raise ValueError(f"{field.name}: needs Meta(title=..., description=...)")
    common = {"name": field.name, "title": told["title"], "help": told["description"], "default": field.default}
    match kind:
        case shapes.BoolType():
            return Field(kind="bool", **common)
        case shapes.IntType(ge=int(least), le=int(most)):
            return Field(kind="int", ge=least, le=most, **common)
        case shapes.IntType():
            raise ValueError(f"{field.name}: a number needs Meta(ge=..., le=...)")
        case shapes.StrType():
            most = TEXT_MAX if kind.max_length is None else kind.max_length
            return Field(kind="str", ge=kind.min_length or 0, le=most, **common)
        case shapes.LiteralType() if all(isinstance(value, str) for value in choices):
            return Field(kind="choice", choices=choices, **common)
        case _ if document or is_document(kind):
            plain = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
            return Field(kind="document", **{**common, "default": msgspec.to_builtins(plain)})
        case _:
            raise ValueError(f"{field.name}: only int, bool, str, Literal of texts and documents can be a field")


def _value(field: Field, text: str | None) -> Any:
    """Turn one submitted text into the field's value; raise a Problem that names the field."""
    if field.kind == "bool":
        return text in {"1", "on", "true", "yes"}
    if text is None:
        return field.default
    text = text.strip()
    match field.kind:
        case "int":
            return _number(field, text)
        case "choice" if text not in field.choices:
            raise Problem(
                "setting-choice", N_("“%(title)s”请从列出的几项里选一项。"), field=field.name, title=phrase(field.title)
            )
        case "str" if not (field.ge or 0) <= len(text) <= (field.le or TEXT_MAX):
            words = N_("“%(title)s”要写%(least)d到%(most)d个字。")
            raise Problem(
                "setting-length", words, field=field.name, title=phrase(field.title), least=field.ge, most=field.le
            )
        case _:
            return text


def _number(field: Field, text: str) -> int:
    """Read a whole number within the field's bounds."""
    digits = text.removeprefix("-")
    if digits.isdecimal() and len(digits) <= len(str(10**15)):
        number = int(text)
        if (field.ge is None or number >= field.ge) and (field.le is None or number <= field.le):
            return number
    words = N_("“%(title)s”要填%(least)d到%(most)d之间的整数。")
    raise Problem("setting-number", words, field=field.name, title=phrase(field.title), least=field.ge, most=field.le)
