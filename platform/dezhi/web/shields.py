"""Headers that every answer carries, also those that no handler made."""

from collections.abc import Iterable
from typing import Final

YEAR: Final = 365 * 24 * 3600

_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "x-robots-tag": "noindex",
    # What a page shows is somebody's: a shared computer must not keep it. Built files have a header of their own.
    "cache-control": "no-store",
}
_OVER_HTTP: Final = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
_OVER_HTTPS: Final = [*_OVER_HTTP, (b"strict-transport-security", f"max-age={YEAR}".encode())]
_NAMES: Final = frozenset(name for name, _ in _OVER_HTTPS)


def shielded(headers: Iterable[tuple[bytes, bytes]], scheme: str) -> list[tuple[bytes, bytes]]:
    """An answer's headers with ready bytes for those that it lacks."""
    found = list(headers)
    mine = _OVER_HTTPS if scheme == "https" else _OVER_HTTP
    if not (has := _NAMES.intersection([name.lower() for name, _ in found])):
        return found + mine
    return found + [each for each in mine if each[0] not in has]
