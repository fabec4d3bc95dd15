"""A plugin that runs in a chamber, made to look like one that runs here."""

import copy
import inspect
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import msgspec

from dezhi.host.chambers import Chambers
from dezhi.host.forms import DOCUMENT, Field
from dezhi.host.inspection import Function, Installed, check_declared, check_english, check_permissions
from dezhi.host.trouble import Died
from dezhi.host.wire import Load
from dezhi.plugin import Declaration, Declared, Manifest, Settings, hooks


def look_over_apart(
    chambers: Chambers, manifest: Manifest, folder: Path, toml: bytes, sha: str = "", signer: str = ""
) -> Installed:
    """Have a package read in a chamber, and return it with functions that ask it there.

    Raises `Problem` with why it is refused, or whatever `Chambers.load` raises.
    """
    key = f"{manifest.name} {manifest.version} {sha} {folder}"
    load = Load(key=key, folder=str(folder), package=folder.name, manifest=toml)
    told = chambers.load(load)
    declaration = Declaration(
        settings=_settings_of(told.fields),
        categories=told.categories,
        facts=told.facts,
        past=told.past,
        notice=told.notice,
        needs_resolution=told.needs_resolution,
        english=told.english,
    )
    # A plugin that is up to no good may have changed the chamber it is in: what it says is judged here as well.
    check_english(manifest.name, told.english)
    check_declared(
        manifest.name,
        Declared(categories=told.categories, facts=told.facts, past=told.past, notice=told.notice),
    )
    check_permissions(manifest, declaration, told.takes)
    for hook, takes in told.takes.items():
        if strange := set(takes) - inspect.signature(getattr(hooks, hook)).parameters.keys():
            raise Died(f"{hook}({min(strange)[:60]})")
    functions = {hook: Function(chambers.function(load, hook), takes) for hook, takes in told.takes.items()}
    return Installed(
        name=manifest.name,
        manifest=manifest,
        declaration=declaration,
        functions=functions,
        ageing=told.ageing,
        sha=sha,
        signer=signer,
        apart=True,
    )


def _settings_of(fields: tuple[Field, ...]) -> type[Settings]:
    """Make the Struct again that the form was made from. What is in a document only the chamber can check."""
    parts: list[tuple[str, Any, Any]] = [(field.name, _type_of(field), _default_of(field)) for field in fields]
    made: Any = msgspec.defstruct(
        "Settings", parts, bases=(Settings,), frozen=True, kw_only=True, forbid_unknown_fields=True
    )
    return cast("type[Settings]", made)


def _default_of(field: Field) -> Any:
    if field.kind != "document":
        return field.default
    return msgspec.field(default_factory=partial(copy.deepcopy, field.default))


def _type_of(field: Field) -> Any:
    told: Any = {"title": field.title, "description": field.help}
    match field.kind:
        case "bool":
            return Annotated[bool, msgspec.Meta(**told)]
        case "int":
            return Annotated[int, msgspec.Meta(ge=field.ge, le=field.le, **told)]
        case "choice":
            return Annotated[Literal[field.choices], msgspec.Meta(**told)]
        case "str":
            return Annotated[str, msgspec.Meta(min_length=field.ge, max_length=field.le, **told)]
        case "document":
            return Annotated[Any, msgspec.Meta(extra={DOCUMENT: True}, **told)]
