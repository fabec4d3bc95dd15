"""What somebody uploaded and has not confirmed yet: kept here for half an hour, so that it is sent only once."""

import secrets
from datetime import timedelta

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.rosters import HouseholdRoster
from dezhi.core.text import N_
from dezhi.service.sessions import Sessions

KEPT_FOR = timedelta(minutes=30)


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    staff: int
    village: int
    roster: HouseholdRoster


class Previews:
    """Rosters between preview and confirmation. They lie where sessions lie, under the digest of a random token."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def keep(self, staff: int, village: int, roster: HouseholdRoster) -> str:
        """Keep a roster that was read and return the token which confirms it."""
        token = secrets.token_urlsafe(24)
        data = msgspec.msgpack.encode(_Kept(staff, village, roster))
        await self._sessions.put(_key(token), data, KEPT_FOR)
        return token

    async def find(self, token: str, staff: int, village: int) -> HouseholdRoster:
        """Return what this member of staff uploaded for this village. Raises Problem `preview-gone` (410)."""
        data = await self._sessions.get(_key(token))
        kept = None if data is None else msgspec.msgpack.decode(data, type=_Kept)
        if kept is None or (kept.staff, kept.village) != (staff, village):
            text = N_("这份预览已经收过，或者放了半小时以上。花名册没有再动，需要的话请把文件重新传一次。")
            raise Problem("preview-gone", text, status=410)
        return kept.roster

    async def drop(self, token: str) -> None:
        """Forget a roster that was confirmed or given up."""
        await self._sessions.delete(_key(token))


def _key(token: str) -> str:
    return f"roster:{token}"
