"""Looking a plugin over before it may take part: its manifest first, then its declaration, then its functions.

Every refusal is a Problem that names the field or function, for the township's page of plugins.
"""

import difflib
import inspect
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import msgspec
import pluggy

from dezhi.core.errors import Problem
from dezhi.core.plain import UNREADABLE, unkeepable
from dezhi.core.text import N_
from dezhi.core.toml_places import KEYS_DEEP
from dezhi.host.forms import settings_form
from dezhi.host.phrases import unsayable
from dezhi.host.sources import clock_read, reaches_out, reaches_outside, sources, stranger
from dezhi.plugin import API, Data, Declaration, Declared, Manifest, Settings, hooks
from dezhi.plugin.deprecations import Removed
from dezhi.plugin.manifest import read_manifest

FACTS_MAX: Final = 400  # a sheet of 69 items with a few facts each
PAST_MAX: Final = 16
CATEGORIES_MAX: Final = 24
FACT_ITEMS_MAX: Final = 4_000  # codes named in all facts together: each is looked for at every award of the village
ENGLISH_MAX: Final = 2_000
NOTICE_MAX: Final = 400
MANIFEST_BYTES_MAX: Final = 64_000

_DATA_OF: Final = {
    "score": (Data.DEED, Data.HOLDER),
    "check": (Data.HOLDER,),
    "quote": (Data.HOLDER,),
    "assess": (Data.DEED, Data.HOLDER),
    "reports": (Data.TOTALS,),
    "notices": (Data.HOLDER,),
}


class Function(msgspec.Struct, frozen=True):
    """A plugin's implementation of one hook, and the arguments it takes, in order."""

    call: Callable[..., Any]
    takes: tuple[str, ...]


class Key(NamedTuple):
    """One version of a plugin, as it was installed."""

    plugin: str
    version: str
    sha: str


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a plugin that may be switched on.

    `sha` is that of the file it came in, and `signer` who signed that; both empty for one that was not installed from a
    file. `apart` tells that its functions ask a chamber, which ends them itself.
    """

    name: str
    manifest: Manifest
    declaration: Declaration
    functions: Mapping[str, Function]
    sha: str = ""
    signer: str = ""
    apart: bool = False
    ageing: tuple[str, ...] = ()  # what it uses that is to go from the contract, for its author
    edition: str = ""  # of one under development: another for every change of its files

    @property
    def version(self) -> str:
        """The version it says it is."""
        return self.manifest.version

    @property
    def key(self) -> Key:
        """What tells it from every other."""
        return Key(self.name, self.manifest.version, self.sha or self.edition)


def look_over(manifest: Manifest, module: ModuleType) -> Installed:
    """Check an imported plugin against its manifest and the contract."""
    declaration = check_declaration(manifest.name, module)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", Removed)
        functions = check_functions(manifest.name, module)
    check_permissions(manifest, declaration, functions)
    return Installed(
        name=manifest.name,
        manifest=manifest,
        declaration=declaration,
        functions=functions,
        ageing=tuple(str(one.message) for one in heard if issubclass(one.category, Removed)),
    )


def manifest_of(toml: bytes, told: str) -> Manifest:
    """Read `plugin.toml` of what is called so. Raises Problem `manifest-wrong`."""
    text = N_("插件 %(plugin)s 没有装上：plugin.toml 太大。")
    if len(toml) > MANIFEST_BYTES_MAX:
        raise Problem("manifest-wrong", text, plugin=told)
    text = N_("插件 %(plugin)s 没有装上：plugin.toml 写得不对（%(why)s）。")
    if deep := KEYS_DEEP.search(toml.decode("utf-8", "replace")):
        raise Problem("manifest-wrong", text, plugin=told, why=deep[0][:60])
    try:
        found = read_manifest(toml)
    # ValueError also of a number with thousands of digits, RecursionError of brackets within brackets.
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Problem("manifest-wrong", text, plugin=told, why=str(error)[:300]) from error
    shown = (found.author, found.licence, *(one for pair in (found.title, found.summary) for one in (pair.zh, pair.en)))
    if wrong := next(filter(None, map(UNREADABLE.search, shown)), None):
        raise Problem("manifest-wrong", text, plugin=told, why=f"U+{ord(wrong[0]):04X}")
    return found


def check_manifest(name: str | None, version: str | None, toml: bytes) -> Manifest:
    """Read `plugin.toml` and compare it with what the installer knows, None where that is nothing."""
    manifest = manifest_of(toml, name or "?")
    name = name or manifest.name
    if manifest.name != name:
        raise _lie(name, "name", f"{manifest.name} ≠ {name}")
    if version is not None and manifest.version != version:
        raise _lie(name, "version", f"{manifest.version} ≠ {version}")
    low, high = manifest.api
    if not low <= API <= high:
        text = N_("插件 %(plugin)s 没有装上：它要接口 api %(low)d 到 %(high)d，这里是 %(api)d。请换一个合适的版本。")
        raise Problem("manifest-api", text, plugin=name, low=low, high=high, api=API)
    return manifest


def check_sources(name: str, folder: Path) -> None:
    """Refuse a package that imports more than the contract, or reads a clock, before any of it runs."""
    try:
        trees = {file.relative_to(folder).as_posix(): tree for file, tree in sources(folder)}
    except (SyntaxError, ValueError) as error:
        raise _bad(name, f"{type(error).__name__}: {error}") from error
    found, clock = stranger(trees), clock_read(trees)
    if found and reaches_outside(found.partition(" ")[2]):
        text = N_("插件 %(plugin)s 没有装上：它引用了能上网或者开别的程序的东西（%(why)s）。插件只管算，用不着这些。")
        raise Problem("plugin-import-outside", text, plugin=name, why=found[:300])
    if found and reaches_out(found.partition(" ")[2]):
        text = N_(
            "插件 %(plugin)s 没有装上：它引用了能看钟、掷骰子、碰文件或者系统的东西（%(why)s），"
            "同一个问题就会有别的回答。要知道的都在问题里：deed.date、programme.today、facts。"
        )
        raise Problem("plugin-import-world", text, plugin=name, why=found[:300])
    if found:
        text = N_(
            "插件 %(plugin)s 没有装上：它引用了不许引用的东西（%(why)s）。插件只许引用标准库、msgspec 和 dezhi.plugin。"
        )
        raise Problem("plugin-import-forbidden", text, plugin=name, why=found[:300])
    if clock:
        text = N_(
            "插件 %(plugin)s 没有装上：它自己看钟（%(why)s），同一个问题明天就会有别的回答。"
            "日子请用问题里带来的：deed.date、programme.today。"
        )
        raise Problem("plugin-clock", text, plugin=name, why=clock[:300])


def check_declaration(name: str, module: ModuleType) -> Declaration:
    """Return the module's `PLUGIN` if every part of it is usable."""
    declared = getattr(module, "PLUGIN", None)
    if not isinstance(declared, Declaration):
        raise _bad(name, "PLUGIN = Declaration(...)")
    check_declared(
        name,
        Declared(categories=declared.categories, facts=declared.facts, past=declared.past, notice=declared.notice),
    )
    check_english(name, declared.english)
    kind: Any = declared.settings  # the annotation proves nothing: a Struct's constructor checks no types
    if not (isinstance(kind, type) and issubclass(kind, Settings)):
        raise _bad(name, "settings: not a subclass of Settings")
    if not kind.__struct_config__.frozen or not kind.__struct_config__.forbid_unknown_fields:
        raise _bad(name, "settings: must stay frozen and forbid_unknown_fields")
    try:
        settings_form(kind)
        defaults = msgspec.convert({}, kind)
        msgspec.convert(msgspec.to_builtins(defaults), kind)
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise _bad(name, f"settings: {error}") from error
    return declared


def check_declared(name: str, declared: Declared) -> None:
    """Refuse two categories or facts of one name, and too many of them. Raises Problem `plugin-wrong`."""
    said = [declared.notice, *(text for one in declared.categories for text in (one.title, one.symbol))]
    if len(declared.notice) > NOTICE_MAX or any(UNREADABLE.search(text) or unkeepable(text) for text in said):
        raise _bad(name, f"notice, categories: more than {NOTICE_MAX} characters, or some that cannot be shown")
    _unlike(name, "categories", [category.code for category in declared.categories], CATEGORIES_MAX)
    _unlike(name, "facts", [*(fact.name for fact in declared.facts), *(past.name for past in declared.past)], FACTS_MAX)
    _unlike(name, "past", [past.name for past in declared.past], PAST_MAX)
    named = sum(len(fact.items) + len(fact.pause) for fact in declared.facts) + sum(len(p.items) for p in declared.past)
    if named > FACT_ITEMS_MAX:
        raise _bad(name, f"facts, past: items: {named} > {FACT_ITEMS_MAX}")


def check_english(name: str, english: Mapping[str, str]) -> None:
    """Refuse texts that could stop or slow a page, which all villages have in common. Raises Problem `plugin-wrong`."""
    given: Any = english  # the annotation proves nothing
    if not isinstance(given, Mapping) or len(english) > ENGLISH_MAX:
        raise _bad(name, f"english: a mapping of {ENGLISH_MAX} texts at most")
    for text, said in english.items():
        if why := unsayable(text, said):
            raise _bad(name, f"english: {why}: {str(text)[:60]}")


def check_functions(name: str, module: ModuleType) -> dict[str, Function]:
    """Return the module's hooks by name, proved by a plugin manager of their own to fit their specifications."""
    manager = new_manager()
    try:
        manager.register(module, name=name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise _bad(name, _misfit(error)) from error
    found = {}
    for caller in manager.get_hookcallers(module) or ():
        for implementation in caller.get_hookimpls():
            _check_function(name, caller.name, implementation)
            found[caller.name] = Function(implementation.function, tuple(implementation.argnames))
    return found


def check_permissions(manifest: Manifest, declared: Declaration, functions: Iterable[str]) -> None:
    """Refuse a manifest that hides what the plugin does, or asks for more than it uses."""
    used = {permission for hook in functions if (permission := hooks.PERMISSION_OF[hook])}
    for permission in sorted(used.difference(manifest.permissions)):
        hooks_of = ", ".join(sorted(hook for hook in functions if hooks.PERMISSION_OF[hook] is permission))
        raise _lie(manifest.name, "permissions", f'{permission}: {hooks_of} → permissions = [… "{permission}"]')
    for permission in sorted(set(manifest.permissions) - used):
        needing = ", ".join(hook for hook, needed in hooks.PERMISSION_OF.items() if needed is permission)
        raise _lie(manifest.name, "permissions", f"{permission}: no @hook {needing}")
    needed = {data for hook in functions for data in _DATA_OF.get(hook, ())}
    if declared.facts or declared.past:
        needed.add(Data.HISTORY)
    for data in sorted(needed.difference(manifest.data)):
        raise _lie(manifest.name, "data", f'{data} → data = [… "{data}"]')


def new_manager() -> pluggy.PluginManager:
    """Make a plugin manager that knows the hooks and nothing else."""
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    return manager


def _check_function(name: str, hook: str, implementation: pluggy.HookImpl) -> None:
    """Refuse whatever would let a plugin act on others' answers, hide a misspelling, or not answer at once."""
    options: Mapping[str, Any] = implementation.opts
    tricks = [word for word, value in options.items() if value]
    if tricks:
        raise _bad(name, f"{hook}: @hook({', '.join(tricks)})")
    function = implementation.function
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise _bad(name, f"{hook}: async")
    if inspect.isgeneratorfunction(function):
        raise _bad(name, f"{hook}: yield")
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD or parameter.default is not parameter.empty:
            raise _bad(name, f"{hook}({parameter})")


def _misfit(error: pluggy.PluginValidationError) -> str:
    """What pluggy says of a function that fits no hook, with the names there are."""
    said = str(error).splitlines()
    if unknown := re.search(r"unknown hook '(\w+)'", said[-1]):
        near = difflib.get_close_matches(unknown[1], hooks.PERMISSION_OF) or sorted(hooks.PERMISSION_OF)
        return f"unknown hook '{unknown[1]}' → {', '.join(near)}"
    if wrong := re.search(r"hookimpl definition: (\w+)\(", str(error)):
        takes = inspect.signature(getattr(hooks, wrong[1])).parameters
        return f"{said[1].partition(': ')[2]} → {wrong[1]}({', '.join(takes)})"
    return said[-1]


def _unlike(name: str, field: str, codes: list[str], most: int) -> None:
    """Refuse too many of something, or two of one name."""
    if len(codes) > most:
        raise _bad(name, f"{field}: {len(codes)} > {most}")
    for code in codes:
        if codes.count(code) > 1:
            raise _bad(name, f"{field}: {code} × 2")


def _lie(name: str, field: str, why: str) -> Problem:
    """Build the refusal of a manifest that does not tell the truth about one field."""
    text = N_("插件 %(plugin)s 没有装上：plugin.toml 的 %(part)s 与程序不符（%(why)s）。请告诉插件作者。")
    return Problem("manifest-untrue", text, field=field, plugin=name, part=field, why=why)


def _bad(name: str, why: str) -> Problem:
    """Build the refusal of a plugin whose Python does not keep to the contract."""
    text = N_("插件 %(plugin)s 没有装上：程序写得不对（%(why)s）。请告诉插件作者。")
    return Problem("plugin-wrong", text, plugin=name, why=why[:300])
