"""What an operator can set, read once from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

PORT_MAX = 65_535


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one process. Each field but `demo` is `DEZHI_` and its name in capitals."""

    data_dir: Path = Path("data")
    """Where the database, its keys and installed plugins live. Back it up whole; keep `keys/` secret."""
    host: str = "127.0.0.1"
    port: int = 8000
    home: str = ""
    """The 12-digit code of the village whose page stands at `/`; empty: the only village, or the township."""
    demo: bool = False
    """Load the demo township and open its one-tap log-ins. Never on an installation with real people."""


class BadSetting(ValueError):
    """A setting in the environment that cannot be used; the message names it and what is wanted."""


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises `BadSetting` for an unusable value."""
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        name = f"DEZHI_{field.name.upper()}"
        text = environment.get(name, "")
        # The demo's doors open only with `dezhi demo`, never by a variable somebody left behind.
        if not text or field.name == "demo":
            continue
        if field.type is int:
            if not text.isdecimal() or not 0 < int(text) <= PORT_MAX:
                raise BadSetting(f"{name} must be a port number from 1 to 65535, not {text!r}")
            values[field.name] = int(text)
        elif field.type is Path:
            values[field.name] = Path(text)
        else:
            values[field.name] = text
    return Settings(**values)  # type: ignore[arg-type]  # each value was made for its field above
