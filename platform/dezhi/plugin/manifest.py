"""`plugin.toml`: who a plugin is and what it asks for, read before one line of its Python is run."""

from typing import Annotated, Final

import msgspec

from dezhi.plugin.vocabulary import Data, Permission, Scope

NAME_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
VERSION_PATTERN: Final = r"^\d+\.\d+\.\d+([a-z0-9.+-]*)$"

Name = Annotated[str, msgspec.Meta(pattern=NAME_PATTERN, max_length=48)]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Sentence = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]


class Bilingual(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text in Simplified Chinese and in English."""

    zh: Sentence
    en: Sentence


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of `plugin.toml`. Every field is required: what is missing or untrue is refused by name."""

    name: Name
    version: Annotated[str, msgspec.Meta(pattern=VERSION_PATTERN, max_length=32)]
    title: Bilingual
    summary: Bilingual
    author: Short
    licence: Short
    api: tuple[int, int]  # first and last number of `dezhi.plugin.API` it works with
    scope: Scope
    permissions: tuple[Permission, ...]
    data: tuple[Data, ...]

    def __post_init__(self) -> None:
        low, high = self.api
        if not 1 <= low <= high:
            raise ValueError("api must be [first, last] with 1 <= first <= last")
        for field in ("permissions", "data"):
            if len(set(getattr(self, field))) != len(getattr(self, field)):
                raise ValueError(f"{field} names something twice")


def read_manifest(toml: bytes) -> Manifest:
    """Decode the bytes of a `plugin.toml`; raises `msgspec.MsgspecError` naming the field that is wrong."""
    return msgspec.toml.decode(toml, type=Manifest)
