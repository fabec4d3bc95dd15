"""What an operator can set, read once from the environment."""

import ipaddress
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

PORT_MAX = 65_535
WORKERS_MAX = 64
RATE_MAX = 1_000


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one process. Each field but those of `COMMANDED` is `DEZHI_` and its name in capitals."""

    data_dir: Path = Path("data")
    """Where the database, its keys and installed plugins live. Back it up whole; keep `keys/` secret."""
    host: str = "127.0.0.1"
    port: int = 8000
    home: str = ""
    """The 12-digit code of the village whose page stands at `/`; empty: the only village, or the township."""
    database_url: str = ""
    """`postgresql://…` of the runtime role; empty: SQLite in `data_dir`."""
    migrate_url: str = ""
    """`postgresql://…` of the role that owns the tables, for `dezhi migrate` alone."""
    redis_url: str = ""
    """`redis://…` or `rediss://…` of a Redis or Valkey; empty: what it would do is done in this process's memory."""
    page_rate: int = 50
    """Public pages that one address may ask for in a second; 0: as many as it likes."""
    api_rate: int = 100
    """Calls of the API that one token may make in a second; 0: as many as it likes."""
    workers: int = 1
    """Processes that serve; more than one needs PostgreSQL."""
    public_url: str = ""
    """What people type, e.g. `https://dezhi.example.cn`; empty: the address listened on."""
    tls_cert: Path | None = None
    """A PEM certificate chain; with `tls_key`, HTTPS is served without a proxy."""
    tls_key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks, separated by commas, whose forwarded headers are believed; nobody else's are."""
    metrics_token: str = ""
    """What Prometheus must send as its bearer token to read `/metrics`; empty: there is no such page."""
    seal_key: Path | None = None
    """The key that seals are signed with, 32 bytes, on another disk than the data; empty: made in `data_dir`/keys."""
    plugin_keys: Path | None = None
    """Public keys (PEM, Ed25519) whose signatures on plugins are trusted: a file, or a folder of `*.pem`."""
    safe_mode: bool = False
    """`1`: no plugin runs. What was adopted with fixed amounts can still be recorded, and all that was booked stays."""
    demo: bool = False
    """Load the demo township and open its one-tap log-ins. Never on an installation with real people."""
    with_plugins: tuple[Path, ...] = ()
    """Folders of plugins under development, read again when they change. Only from the command line."""

    @property
    def https(self) -> bool:
        """Whether people come by HTTPS: served here with a certificate, or by the proxy behind `public_url`."""
        return self.public_url.startswith("https://") or self.tls_cert is not None


_INTEGERS = {
    "port": ("a port number", 1, PORT_MAX),
    "workers": ("a number of processes", 1, WORKERS_MAX),
    "page_rate": ("requests a second", 0, RATE_MAX),
    "api_rate": ("requests a second", 0, RATE_MAX),
}
_REDIS = ("redis://", "rediss://", "unix://")
_PATHS = frozenset({"data_dir", "tls_cert", "tls_key", "seal_key", "plugin_keys"})
COMMANDED = frozenset({"demo", "with_plugins"})
"""Fields that no variable sets."""


class BadSetting(ValueError):
    """A setting in the environment that cannot be used; the message names it and what is wanted."""


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises `BadSetting` for an unusable value."""
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        name = f"DEZHI_{field.name.upper()}"
        text = environment.get(name, "")
        # The demo's doors open only with `dezhi demo`, never by a variable somebody left behind.
        if not text or field.name in COMMANDED:
            continue
        if field.name in _INTEGERS:
            what, least, most = _INTEGERS[field.name]
            if not text.isdecimal() or not least <= int(text) <= most:
                raise BadSetting(f"{name} must be {what} from {least} to {most}, not {text!r}")
            values[field.name] = int(text)
        elif field.name in _PATHS:
            values[field.name] = Path(text)
        elif field.name in _READERS:
            values[field.name] = _READERS[field.name](name, text)
        else:
            values[field.name] = text
    if ("tls_cert" in values) != ("tls_key" in values):
        raise BadSetting("DEZHI_TLS_CERT and DEZHI_TLS_KEY belong together: set both, or neither behind a proxy")
    return Settings(**values)  # type: ignore[arg-type]  # each value was made for its field above


def _yes(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise BadSetting(f"{name} must be 1, or 0, not {text!r}")
    return text == "1"


def _networks(name: str, text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    for part in parts:
        try:
            ipaddress.ip_network(part, strict=False)
        except ValueError as error:
            raise BadSetting(f"{name} must be addresses or networks such as 10.0.0.0/8, not {part!r}") from error
    return parts


def _address(name: str, text: str) -> str:
    """`text` as an origin: scheme, host and perhaps a port, nothing behind them."""
    bad = BadSetting(f"{name} must be an address such as https://dezhi.example.cn, not {text!r}")
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError as error:
        raise bad from error
    behind = parts.path.rstrip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in {"http", "https"} or not parts.hostname or behind or not text.isprintable() or " " in text:
        raise bad
    return f"{parts.scheme}://{parts.netloc}"


def _cache(name: str, text: str) -> str:
    """`text` as the address of a Redis. It may hold a password, so no refusal repeats it."""
    bad = BadSetting(f"{name} must be an address such as redis://10.0.0.5:6379/0, rediss://… or unix://…")
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        raise bad from None
    if not text.startswith(_REDIS):
        raise bad
    return text


_READERS: Mapping[str, Callable[[str, str], object]] = {
    "safe_mode": _yes,
    "trusted_proxies": _networks,
    "public_url": _address,
    "redis_url": _cache,
}
