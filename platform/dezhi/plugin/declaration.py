"""What a plugin says about itself in Python: settings, categories, facts."""

from collections.abc import Mapping

import msgspec

from dezhi.plugin.facts import Fact, Past
from dezhi.plugin.limits import ensure_code, ensure_text


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a township may choose. It becomes a form.

    Subclass it (`class Choices(Settings, frozen=True)`) with a default and a `msgspec.Meta` for every field. A field
    that is a frozen Struct with `forbid_unknown_fields`, or a tuple of them, is a document: no part of the form, but
    kept, checked and told apart like the rest, and read and written as a TOML file.
    """


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A heading of the rules page and of the passbook, such as 储蓄友爱."""

    code: str
    title: str
    symbol: str = ""

    def __post_init__(self) -> None:
        ensure_code("category", self.code)
        ensure_text(f"category {self.code}: title", self.title)


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin shows and wants to know under some settings; it is added to what its Declaration says."""

    categories: tuple[Category, ...] = ()
    facts: tuple[Fact, ...] = ()
    past: tuple[Past, ...] = ()
    notice: str = ""


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """The constant `PLUGIN` of a plugin's package."""

    settings: type[Settings] = Settings  # as it is: nothing to choose
    categories: tuple[Category, ...] = ()
    facts: tuple[Fact, ...] = ()
    past: tuple[Past, ...] = ()
    notice: str = ""  # shown above the plugin's rules on the public rules page
    needs_resolution: bool = False  # a programme with this plugin is adopted only with the villagers' resolution
    rows: str = ""  # the field of the settings, a tuple of Structs, whose rows staff edit one by one
    # The plugin's texts in English, by the Chinese ones. `{name}` in both stands for whatever a plugin puts there in
    # one clause; `{n}`, `{points}`, `{hours}` and `{minutes}` for a number. Of sentences put together as
    # `title：clause；clause` only the parts are needed.
    english: Mapping[str, str] = {}
