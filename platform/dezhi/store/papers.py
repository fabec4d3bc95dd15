"""Keeps the papers of resolutions: added, and taken away only while no version names them."""

from collections.abc import Mapping
from typing import Any

from dezhi.core.calendar import from_micros, micros
from dezhi.core.papers import Paper
from dezhi.store.database import Database


def _paper(row: Mapping[str, Any]) -> Paper:
    return Paper(
        id=row["paper_id"],
        village=row["village"],
        name=row["name"],
        media=row["media"],
        content=bytes(row["content"]),
        added_by=row["added_by"],
        added_at=from_micros(row["added_at"]),
    )


async def add(database: Database, paper: Paper) -> None:
    """Keep a paper."""
    await database.rows(
        "INSERT INTO resolution_paper (paper_id, village, name, media, content, added_by, added_at)"
        " VALUES ({}, {}, {}, {}, {}, {}, {})",
        paper.id,
        paper.village,
        paper.name,
        paper.media,
        paper.content,
        paper.added_by,
        micros(paper.added_at),
    )


async def by_id(database: Database, key: int) -> Paper | None:
    """One paper with its content."""
    row = await database.row("SELECT * FROM resolution_paper WHERE paper_id = {}", key)
    return _paper(row) if row else None


async def name(database: Database, key: int) -> str:
    """What a paper is called, without its content; empty where there is none."""
    row = await database.row("SELECT name FROM resolution_paper WHERE paper_id = {}", key)
    return row["name"] if row else ""


async def drop(database: Database, key: int) -> None:
    """Take away a paper that no version was adopted with: another one takes its place in a draft."""
    await database.rows("DELETE FROM resolution_paper WHERE paper_id = {}", key)
