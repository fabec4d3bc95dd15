"""A whole programme as a TOML file: what a village can keep, send to another village, and read without Dezhi.

    [programme]
    title = "罗峪村积分方案"
    notice_days = 7

    [programme.keeping]
    lapse = "year"

    [plugins.dezhi-sheet]
    version = "0.1.0"

    [[plugins.dezhi-sheet.settings.items]]
    code = "sweep"

A file without `[programme]` and `[plugins]` is a bare sheet: the settings of `dezhi-sheet` alone.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import tomli_w
from msgspec import inspect as shapes

from dezhi.core.errors import Problem
from dezhi.core.keeping import Keeping
from dezhi.core.plain import unkeepable
from dezhi.core.programmes import Document, Enabled
from dezhi.core.text import N_, Phrase, phrase
from dezhi.core.toml_places import KEYS_DEEP, line_of
from dezhi.plugin import Settings

SHEET: Final = "dezhi-sheet"
BYTES_MAX: Final = 2_000_000
PROBLEMS_MAX: Final = 60
QUOTED_MAX: Final = 60


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The table `[programme]`. `keeping` is None where the file leaves it open."""

    title: str = ""
    notice_days: int = 0
    privacy_notice: str = ""
    keeping: Keeping | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A table `[plugins.NAME]`; without a version, whichever is installed."""

    version: str = ""
    settings: dict[str, Any] = {}


class ProgrammeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in a file. `plugins` are by name, their settings as JSON objects (dates are texts)."""

    programme: Head = Head()
    plugins: dict[str, Part] = {}

    @property
    def document(self) -> Document:
        """The programme's document; a keeping left open is that of a new programme."""
        head = self.programme
        enabled = {name: Enabled(version=one.version, settings=one.settings) for name, one in self.plugins.items()}
        return Document(
            plugins=dict(sorted(enabled.items())),
            notice_days=head.notice_days,
            privacy_notice=head.privacy_notice,
            keeping=head.keeping or Keeping(),
        )


def read_programme_file(content: bytes) -> ProgrammeFile:
    """Read a programme, or a bare sheet. What plugins make of their settings is not looked at: see `settings_problems`.

    A large one takes seconds. Raises Problem `file-too-large`, `file-not-text`, `file-not-toml` (with `row`, the line)
    or `file-wrong` (with `field`, the place, and `row`).
    """
    if len(content) > BYTES_MAX:
        raise Problem("file-too-large", N_("文件太大，最多%(most)d字节。"), most=BYTES_MAX)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("file-not-text", N_("这个文件不是UTF-8文字，读不了。")) from error
    if deep := KEYS_DEEP.search(text):
        said = N_("文件写得不对：第%(line)s行（%(why)s）。")
        at = text.count("\n", 0, deep.start()) + 1
        raise Problem("file-not-toml", said, row=at, line=at, why=deep[0][:QUOTED_MAX])
    try:
        given = tomllib.loads(text.replace("\r\n", "\n"))
    # ValueError also of a number with thousands of digits.
    except (ValueError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else None
        said = N_("文件写得不对：第%(line)s行（%(why)s）。")
        raise Problem("file-not-toml", said, row=line, line=line or "?", why=str(error)[:200]) from error
    if wrong := unkeepable(given):
        wrong.row = line_of(text, wrong.field or "")
        raise wrong
    plain = msgspec.to_builtins(given, str_keys=True)
    if "programme" not in plain and "plugins" not in plain:
        return ProgrammeFile(plugins={SHEET: Part(settings=plain)})
    if stray := next((name for name in plain if name not in ("programme", "plugins")), None):
        raise _outside(stray, text)
    try:
        return msgspec.convert(plain, ProgrammeFile)
    except msgspec.ValidationError as error:
        raise _problem(*_split(error), toml=text) from error


def _outside(name: str, toml: str) -> Problem:
    """A part of a sheet that stands beside `[programme]`, as in a bare sheet: where it has to go."""
    said = N_(
        "第%(line)s行：写了 [programme] 或 [plugins] 的文件是一整个方案，“%(name)s”要放进插件的设置里，"
        "写成 %(there)s（别的细则表也一样）；文件只有细则、没有这两样，才写在最外面。"
    )
    header = f"plugins.{SHEET}.settings.{name[:QUOTED_MAX]}"
    line = line_of(toml, name)
    row = (toml.splitlines()[line - 1 : line] if line else []) or [""]
    there = f"[[{header}]]" if row[0].lstrip().startswith("[[") else header
    return Problem(
        "file-wrong", said, field=name[:QUOTED_MAX], row=line, line=line or "?", name=name[:QUOTED_MAX], there=there
    )


def write_programme_file(file: ProgrammeFile) -> bytes:
    """Write a programme so that reading it gives the same again; what is None in the settings is left out."""
    return tomli_w.dumps(_without_none(msgspec.to_builtins(file)), indent=2).encode()


def file_of(title: str, document: Document) -> ProgrammeFile:
    """The file of an adopted version."""
    return ProgrammeFile(
        programme=Head(
            title=title,
            notice_days=document.notice_days,
            privacy_notice=document.privacy_notice,
            keeping=document.keeping,
        ),
        plugins={
            name: Part(version=one.version, settings=dict(one.settings)) for name, one in document.plugins.items()
        },
    )


def settings_problems(
    kind: type[Settings], settings: Mapping[str, Any], *, toml: bytes = b"", plugin: str = SHEET
) -> tuple[Problem, ...]:
    """Everything that keeps settings from being used, each with its place (`field`) and, in a file, its line (`row`).

    A wrong type in one row does not hide what is wrong in another. A Struct's own ValueError may tell several faults,
    one a line, each beginning with its place and a colon (`items[3].points: …`).
    """
    text = toml.decode("utf-8-sig", "replace")
    under = "" if line_of(text, f"plugins.{plugin}") is None else f"plugins.{plugin}.settings."
    found = list(_faults(kind, settings))
    if not found:
        try:
            msgspec.convert(settings, kind)
        except msgspec.ValidationError as error:
            found = list(_lines(error))
    return tuple(_problem(at, why, toml=text, under=under) for at, why in found[:PROBLEMS_MAX])


def _faults(kind: type[msgspec.Struct], given: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    """Faults of types and names, field by field, and in lists row by row."""
    described = shapes.type_info(kind)
    fields = (
        {field.encode_name: field for field in described.fields} if isinstance(described, shapes.StructType) else {}
    )
    for name in sorted(set(given) - fields.keys()):
        near = ", ".join(difflib.get_close_matches(name[:QUOTED_MAX], fields))
        yield (
            f"{at}{name[:QUOTED_MAX]}",
            f"Object contains unknown field `{name[:QUOTED_MAX]}`{near and f' near {near}'}",
        )
    for hint in msgspec.structs.fields(kind):
        name = hint.encode_name
        if name not in given:
            if hint.required:
                yield at.rstrip("."), f"Object missing required field `{name}`"
            continue
        member = _row_of(fields[name].type)
        if member is None or not isinstance(given[name], list | tuple):
            yield from _converted(f"{at}{name}", given[name], hint.type)
            continue
        for number, one in enumerate(given[name]):
            place = f"{at}{name}[{number}]"
            yield from _faults(member, one, f"{place}.") if isinstance(one, dict) else _converted(place, one, member)


def _row_of(kind: shapes.Type) -> type[msgspec.Struct] | None:
    """The Struct of which a field holds a list."""
    bare = kind.type if isinstance(kind, shapes.Metadata) else kind
    if isinstance(bare, shapes.VarTupleType) and isinstance(bare.item_type, shapes.StructType):
        return bare.item_type.cls
    return None


def _converted(at: str, value: object, kind: Any) -> Iterator[tuple[str, str]]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        within, why = _split(error)
        if why.startswith("Invalid enum value"):
            choices = _choices(shapes.type_info(kind), re.findall(r"\w+|\[\d+\]", within))
            why += f" of {', '.join(choices)}"
        yield f"{at}{'' if not within or within.startswith('[') else '.'}{within}", why


def _choices(kind: shapes.Type, steps: Sequence[str]) -> Sequence[str]:
    """The words that may stand at a place within a type."""
    within: Sequence[shapes.Type] = ()
    match kind:
        case shapes.Metadata():
            within = [kind.type]
        case shapes.UnionType():
            within = kind.types
        case shapes.VarTupleType() if steps:
            within, steps = [kind.item_type], steps[1:]
        case shapes.StructType() if steps:
            within = [field.type for field in kind.fields if field.encode_name == steps[0]]
            steps = steps[1:]
        case shapes.EnumType() if not steps:
            return [str(one.value) for one in kind.cls]
        case shapes.LiteralType() if not steps:
            return [str(value) for value in kind.values]
    return [word for one in within for word in _choices(one, steps)]


def _lines(error: msgspec.ValidationError) -> Iterator[tuple[str, str]]:
    """The faults a Struct tells in one error."""
    for line in str(error).splitlines():
        at, colon, why = line.partition(": ")
        yield (at, why) if colon and re.fullmatch(r"[\w.\[\]-]+", at) else ("", line)


def _split(error: msgspec.ValidationError) -> tuple[str, str]:
    """What msgspec says, and where: `Expected `int`, got `str` - at `$.items[3].points``."""
    why, _, at = str(error).partition(" - at `$")
    return at.rstrip("`").lstrip("."), why


def _problem(at: str, why: str, *, toml: str, under: str = "") -> Problem:
    line = line_of(toml, under + at) if toml and at else None
    said = _words(why)
    if line is not None:
        text = N_("第%(line)s行（%(place)s）：%(why)s")
        return Problem("file-wrong", text, field=at, row=line, line=line, place=at, why=said)
    if at:
        return Problem("file-wrong", N_("%(place)s：%(why)s"), field=at, place=at, why=said)
    return Problem("file-wrong", N_("方案文件写得不对：%(why)s"), why=said)


_KINDS: Final = {
    "int": N_("整数"),
    "str": N_("文字"),
    "bool": N_("是或否"),
    "array": N_("列表"),
    "object": N_("表"),
    "float": N_("小数"),
    "null": N_("空"),
    "date": N_("日期"),
}
_SAID: Final = (
    (re.compile(r"^Expected `(?P<want>\w+)`, got `(?P<got>\w+)`$"), N_("这里要填%(want)s，现在写的是%(got)s")),
    (
        re.compile(r"^Object contains unknown field `(?P<name>.*)` near (?P<near>.+)$"),
        N_("没有“%(name)s”这一项，相近的有：%(near)s"),
    ),
    (re.compile(r"^Object contains unknown field `(?P<name>.*)`$"), N_("没有“%(name)s”这一项")),
    (re.compile(r"^Object missing required field `(?P<name>.*)`$"), N_("少了“%(name)s”")),
    (
        re.compile(r"^Invalid enum value '?(?P<name>.*?)'? of (?P<all>.+)$"),
        N_("没有“%(name)s”这个选项，可以写：%(all)s"),
    ),
    (re.compile(r"^Invalid enum value '?(?P<name>.*?)'?$"), N_("没有“%(name)s”这个选项")),
)


def _words(why: str) -> Phrase:
    """Say what msgspec found in the reader's words; a plugin's own sentence stays, for its own English."""
    for pattern, text in _SAID:
        if found := pattern.match(why):
            words = found.groupdict()
            return phrase(
                text, **{name: phrase(_KINDS[word]) if word in _KINDS else word for name, word in words.items()}
            )
    return phrase(why)


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(one) for key, one in value.items() if one is not None}
    return [_without_none(one) for one in value] if isinstance(value, list | tuple) else value
