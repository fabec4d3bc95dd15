"""Coming in and going out: by card and PIN, by log-in and password; the size of the letters and the language."""

import msgspec
from litestar import Controller, get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.errors import Problem
from dezhi.core.staff import PASSWORD_MIN
from dezhi.service.house import House
from dezhi.web import languages, limits
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.respond import SIZE_COOKIE, frame, see_other, show, tell
from dezhi.web.views import login
from dezhi.web.views.frame import Tell
from dezhi.web.visitors import AnyRequest, LogInFirst, Visitor, enter_card, enter_staff

YEAR = 365 * 24 * 3600
PATH_MAX = 500


class Form(msgspec.Struct, kw_only=True):
    """What every form carries besides its own fields."""

    _csrf_token: str = ""


class CardForm(Form):
    """A card and its PIN."""

    card: str = ""
    pin: str = ""
    next: str = ""


class StaffForm(Form):
    """A log-in and its password."""

    login: str = ""
    password: str = ""
    next: str = ""


class PasswordForm(Form):
    """The old password and the new one, twice."""

    old: str = ""
    password: str = ""
    again: str = ""


class SizeForm(Form):
    """The size wished for, and the page to come back to."""

    size: str = ""
    back: str = "/"


class LanguageForm(Form):
    """The language wished for, and the page to come back to."""

    lang: str = ""
    back: str = "/"


def own_path(path: str, otherwise: str) -> str:
    """A path of this site to go on to; anything that could lead elsewhere gives `otherwise`."""
    safe = (
        len(path) <= PATH_MAX
        and path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and path.isprintable()
    )
    return path if safe else otherwise


class Doors(Controller):
    """The doors."""

    middleware = (limits.DOORS,)

    @get("/card", secret=True)
    async def card_door(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        next: FromQuery[str] = "",  # noqa: A002 - the word in the address
    ) -> Template:
        return show("login/card.html", await frame(request, house, visitor), login.Card(next=own_path(next, "")))

    @post("/card", secret=True)
    async def card_enter(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        data: URLEncodedBody[CardForm],
    ) -> Template | Redirect:
        if not data.pin:
            view = login.Card(card=data.card, next=own_path(data.next, ""))
            return show("login/card.html", await frame(request, house, visitor), view)
        try:
            card = await house.cards.open(data.card, data.pin)
        except Problem as problem:
            view = login.Card(card=data.card, error=problem.say(_), next=own_path(data.next, ""))
            return show("login/card.html", await frame(request, house, visitor), view, status=problem.status)
        enter_card(request, house, card)
        return see_other(own_path(data.next, "/me"))

    @get("/staff", secret=True)
    async def staff_door(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        next: FromQuery[str] = "",  # noqa: A002 - the word in the address
    ) -> Template:
        return show("login/staff.html", await frame(request, house, visitor), login.Staff(next=own_path(next, "")))

    @post("/staff", secret=True)
    async def staff_enter(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        data: URLEncodedBody[StaffForm],
    ) -> Template | Redirect:
        try:
            member = await house.staff.log_in(data.login, data.password)
        except Problem as problem:
            view = login.Staff(login=data.login, error=problem.say(_), next=own_path(data.next, ""))
            return show("login/staff.html", await frame(request, house, visitor), view, status=problem.status)
        await enter_staff(request, house, member.id)
        answer = see_other("/staff/password" if member.must_change else own_path(data.next, "/staff/home"))
        return _remember(request, answer, languages.COOKIE, member.language) if member.language else answer

    @get("/staff/home")
    async def staff_home(self, visitor: TheVisitor) -> Redirect:
        return see_other(visitor.home())

    @get("/staff/password", secret=True)
    async def password_page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        return await self._password(request, house, visitor)

    @post("/staff/password", secret=True)
    async def password_change(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        data: URLEncodedBody[PasswordForm],
    ) -> Template | Redirect:
        if visitor.actor is None:
            raise LogInFirst("/staff")
        if data.password != data.again:
            return await self._password(request, house, visitor, _("两次输入的新密码不一样。密码没有改。"))
        try:
            await house.staff.change_password(visitor.actor.staff, data.old, data.password)
        except Problem as problem:
            return await self._password(request, house, visitor, problem.say(_))
        # Every other browser of this account is out now; this one goes on.
        await enter_staff(request, house, visitor.actor.staff)
        tell(request, Tell(text=_("密码改好了，下次用新密码登录。")))
        return see_other(visitor.home())

    async def _password(self, request: AnyRequest, house: House, visitor: Visitor, error: str = "") -> Template:
        if visitor.actor is None:
            raise LogInFirst("/staff")
        member = visitor.actor.member
        view = login.ChangePassword(login=member.login, error=error, forced=member.must_change, least=PASSWORD_MIN)
        return show(
            "login/change_password.html", await frame(request, house, visitor), view, status=422 if error else 200
        )

    @post("/logout")
    async def leave(self, request: AnyRequest) -> Redirect:
        request.clear_session()
        return see_other("/")

    @post("/size")
    async def size(self, request: AnyRequest, data: URLEncodedBody[SizeForm]) -> Redirect:
        """Large letters on or off, remembered by this browser."""
        answer = see_other(own_path(data.back, "/"))
        size = "large" if data.size == "large" else ""
        return _remember(request, answer, SIZE_COOKIE, size)

    @post("/lang")
    async def language(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, data: URLEncodedBody[LanguageForm]
    ) -> Redirect:
        """Remember the language in this browser and with a staff account; what is none of ours forgets the choice."""
        answer = see_other(own_path(data.back, "/"))
        chosen = data.lang if data.lang in languages.LANGUAGES else ""
        if visitor.actor is not None:
            await house.staff.speak(visitor.actor.staff, chosen)
        return _remember(request, answer, languages.COOKIE, chosen)


def _remember(request: AnyRequest, answer: Redirect, name: str, value: str) -> Redirect:
    """Keep a reader's choice in this browser for a year; an empty one is forgotten."""
    https: bool = request.app.state.settings.https
    answer.set_cookie(name, value, max_age=YEAR if value else 0, samesite="lax", httponly=True, secure=https)
    return answer
