"""Log-in sessions: kept in the database, written only when they change, and given a new name at every log-in."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.middleware.session.server_side import ServerSideSessionBackend
from litestar.types import Empty, Message, ScopeSession


class SessionBackend(ServerSideSessionBackend):
    """Litestar's own backend writes every session at every answer and keeps the name the browser sent.

    Here a visitor who never logged in has no session, an unchanged one costs no write, and a log-in gets a name of its
    own, so that nobody can plant one (session fixation).
    """

    async def load_from_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> dict[str, Any]:
        data = await super().load_from_connection(connection)
        connection.scope["state"]["session_before"] = dict(data)
        return data

    async def store_in_message(
        self, scope_session: ScopeSession, message: Message, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> None:
        before = connection.scope["state"].get("session_before", {})
        now: Any = {} if scope_session is Empty or scope_session is None else scope_session
        if now == before:
            return
        store = self.config.get_store_from_app(connection.scope["app"])
        sent = connection.cookies.get(self.config.key)
        if not now:
            await super().store_in_message(Empty, message, connection)
            return
        if sent and identity(before) == identity(now):
            await self.set(sent, self.serialize_data(now, connection.scope), store)
            return
        if sent:
            await self.delete(sent, store)
        name = self.generate_session_id()
        await self.set(name, self.serialize_data(now, connection.scope), store)
        cookie = Cookie(
            key=self.config.key,
            value=name,
            max_age=self.config.max_age,
            path=self.config.path,
            secure=self.config.secure,
            httponly=True,
            samesite=self.config.samesite,
        )
        MutableScopeHeaders.from_message(message).add("Set-Cookie", cookie.to_header(header=""))


def identity(session: dict[str, Any]) -> tuple[Any, Any]:
    """Who a session is of."""
    return session.get("staff"), session.get("card")
