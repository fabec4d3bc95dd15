"""Take in the paper of a resolution: its content is checked, a photograph loses where and when it was taken."""

import asyncio
import io

from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.papers import JPEG, PAPER_MAX, PDF, PNG, SUFFIX_OF, Paper, media_of
from dezhi.core.text import N_
from dezhi.store import papers as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id

PIXELS_MAX = 40_000_000
"""A sheet of A4 at 600 dots an inch has 35 million; a picture of a few KB may claim thousands of millions."""

SIDE_MAX = 3_508
"""Of what is kept: A4 at 300 dots an inch."""

NAME_MAX = 120
QUALITY = 88


class Papers:
    """Keeps papers. One is never changed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, village: int, name: str, content: bytes, staff: int) -> Paper:
        """Keep a PDF, or a JPEG or PNG turned upright and without its metadata. What it is, its bytes tell.

        Raises Problem `paper-none`, `paper-large` (413), `paper-kind` or `paper-broken`, all of the field `paper`.
        """
        media, kept = await asyncio.to_thread(_checked, content)
        paper = Paper(
            id=new_id(),
            village=village,
            name="".join(one for one in name if one.isprintable()).strip()[-NAME_MAX:] or SUFFIX_OF[media],
            media=media,
            content=kept,
            added_by=staff,
            added_at=self._clock(),
        )
        await store.add(self._database, paper)
        return paper

    async def find(self, village: int, key: int) -> Paper:
        """One paper of a village. Raises Problem `paper-unknown` (404)."""
        found = await store.by_id(self._database, key)
        if found is None or found.village != village:
            raise Problem("paper-unknown", N_("没有这份文件。"), status=404)
        return found

    async def name(self, key: int) -> str:
        """What a paper is called; empty where there is none."""
        return await store.name(self._database, key)


def _checked(content: bytes) -> tuple[str, bytes]:
    if not content:
        raise Problem("paper-none", N_("还没有选文件。请选决议的照片或扫描件。"), field="paper")
    if len(content) > PAPER_MAX:
        raise _large()
    media = media_of(content)
    if media is None:
        text = N_("这不是 PDF、JPG 或 PNG 文件，没有收下。请拍一张照片，或者存成 PDF 再传。")
        raise Problem("paper-kind", text, field="paper")
    if media == PDF:
        # Readers look for it within the last kilobyte; without it the file was cut off on the way.
        if b"%%EOF" not in content[-1024:]:
            raise _broken()
        return media, content
    return media, _plain(content, media)


def _plain(content: bytes, media: str) -> bytes:
    """The picture alone, upright: drawn anew, so that nothing else of the file is kept."""
    # late: 5 MB which only a paper needs
    from PIL import Image, ImageOps

    kind = {JPEG: "JPEG", PNG: "PNG"}[media]
    kept = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            if opened.width * opened.height > PIXELS_MAX:
                raise _large()
            opened.thumbnail((SIDE_MAX, SIDE_MAX))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
        drawn = Image.new("RGB", upright.size)
        drawn.paste(upright)
        drawn.save(kept, kind, optimize=True, **({"quality": QUALITY} if kind == "JPEG" else {}))
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError) as cause:
        raise _broken() from cause
    if kept.tell() > PAPER_MAX:
        raise _large()
    return kept.getvalue()


def _large() -> Problem:
    return Problem("paper-large", N_("文件太大，没有收下。请控制在5兆以内。"), status=413, field="paper")


def _broken() -> Problem:
    text = N_("文件打不开，可能没有传完。请重新拍一张，或者重新存成 PDF 再传。")
    return Problem("paper-broken", text, field="paper")
