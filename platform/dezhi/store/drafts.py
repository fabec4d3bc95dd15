"""Keeps drafts of programmes. What was adopted from one is in `programmes`."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from dezhi.core.calendar import micros
from dezhi.core.drafts import Draft, DraftState
from dezhi.store.database import Database

# The columns beside the body are what is looked for.
_COLUMNS = "draft_id, village, state, edition, saved_at, body"


def _draft(row: Mapping[str, Any]) -> Draft:
    return msgspec.json.decode(row["body"], type=Draft)


async def add(database: Database, draft: Draft) -> None:
    """Keep a new draft."""
    await database.rows(
        f"INSERT INTO programme_draft ({_COLUMNS}) VALUES ({{}}, {{}}, {{}}, {{}}, {{}}, {{}})",
        draft.id,
        draft.village,
        int(draft.state),
        draft.edition,
        micros(draft.saved_at),
        msgspec.json.encode(draft).decode(),
    )


async def save(database: Database, draft: Draft) -> bool:
    """Keep a draft's next edition; False when somebody saved that one already, or the draft is no more open."""
    rows = await database.rows(
        "UPDATE programme_draft SET state = {}, edition = {}, saved_at = {}, body = {}"
        " WHERE draft_id = {} AND edition = {} RETURNING draft_id",
        int(draft.state),
        draft.edition,
        micros(draft.saved_at),
        msgspec.json.encode(draft).decode(),
        draft.id,
        draft.edition - 1,
    )
    return bool(rows)


async def by_id(database: Database, key: int) -> Draft | None:
    """One draft."""
    row = await database.row("SELECT body FROM programme_draft WHERE draft_id = {}", key)
    return _draft(row) if row else None


async def of_village(database: Database, village: int, state: DraftState, limit: int) -> Sequence[Draft]:
    """A village's drafts of one state, the last saved first."""
    rows = await database.rows(
        "SELECT body FROM programme_draft WHERE village = {} AND state = {} ORDER BY saved_at DESC, draft_id LIMIT {}",
        village,
        int(state),
        limit,
    )
    return [_draft(row) for row in rows]
