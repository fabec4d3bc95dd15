"""The paper a resolution is attached as: a scan or a photograph, judged by its content and never by its name."""

from datetime import datetime
from typing import Final

import msgspec

PAPER_MAX: Final = 5 * 1024 * 1024

PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"

_BEGINNINGS: Final = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
SUFFIX_OF: Final = {PDF: "pdf", PNG: "png", JPEG: "jpg"}


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One file. It is never changed; a better scan is another one."""

    id: int
    village: int
    name: str
    media: str
    content: bytes
    added_by: int
    added_at: datetime


def media_of(content: bytes) -> str | None:
    """What a file is, by its first bytes; None for what no resolution is attached as."""
    return next((media for beginning, media in _BEGINNINGS.items() if content.startswith(beginning)), None)
