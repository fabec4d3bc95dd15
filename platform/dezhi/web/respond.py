"""Pages with their frame, and answers that are no page: redirects, problems, faults.

A person gets a page in plain words; a program that asks for JSON gets problem+json. Nothing of the inside is shown: a
fault shows the id of its request, under which the log tells more.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response
from litestar.enums import RequestEncodingType
from litestar.exceptions import HTTPException
from litestar.middleware.csrf import generate_csrf_token
from litestar.response import Redirect, Template
from litestar.types import ExceptionHandlersMap
from litestar.utils.scope.state import ScopeState

from dezhi.core import calendar
from dezhi.core.errors import Problem
from dezhi.core.regions import Level, Region
from dezhi.core.text import N_, Text
from dezhi.service.house import House
from dezhi.web import logs, words
from dezhi.web.languages import follow, translate as _
from dezhi.web.problems import BROKEN, REPLAYED, RETRY_SECONDS, TITLES, problem_body, problem_response
from dezhi.web.requests import request_id
from dezhi.web.views.frame import Actor, Link, Page, Part, Tell, Trouble
from dezhi.web.visitors import ROLE_WORDS, AnyRequest, LogInFirst, Visitor

log = logging.getLogger("dezhi.web")

SIZE_COOKIE = "size"

BODY_MAX = 5 * 1024 * 1024 + 64 * 1024
"""Bytes of one request: a roster of 5 MB and the form around it."""
COMPRESSED_MIN = 500
"""Bytes from which an answer is compressed for whoever takes it."""

_SENTENCES = {
    400: N_("这次提交的内容看不懂。什么都没有改，请返回上一页再试一次。"),
    401: N_("请先登录，再回到这一页。"),
    403: N_("页面放得太久，或者不归您管。什么都没有改，请返回上一页，刷新后再试。"),
    404: N_("没有这一页。可能是地址抄错了一个字。"),
    405: N_("没有这一页。可能是地址抄错了一个字。"),
    408: N_("网络太慢，这次没有收完，什么都没有改。请换个信号好的地方再试一次。"),
    413: N_("文件太大，没有收下。请控制在5兆以内。"),
    429: N_("试得太快了，请等一分钟再来。"),
}


def see_other(path: str) -> Redirect:
    """Send the browser to `path` with GET, so that reloading does not post twice."""
    return Redirect(path, status_code=303)


def tell(request: AnyRequest, told: Tell) -> None:
    """Keep a message for the next page this visitor sees. Only for those who are logged in: others have no session."""
    if request.session:
        request.session["told"] = {"text": told.text, "more": list(told.more), "kind": told.kind, "undo": told.undo}


def _told(request: AnyRequest) -> Tell | None:
    kept = request.session.pop("told", None) if request.session else None
    return Tell(text=kept["text"], more=tuple(kept["more"]), kind=kept["kind"], undo=kept["undo"]) if kept else None


async def frame(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    place: Region | None = None,
    *,
    tabs: tuple[Link, ...] = (),
    told: Tell | None = None,
) -> Page:
    """What stands around a page of a village or township; without a place, of this installation."""
    township, shown, href = "", _("德治"), "/"
    if place is not None:
        shown = place.name
        href = f"/v/{place.code}" if place.level is Level.VILLAGE else "/"
        above = [one for one in await house.places.path(place.id) if one.level is Level.TOWNSHIP]
        township = above[0].name if above and above[0].id != place.id else ""
    else:
        townships = await house.places.townships()
        shown = townships[0].name if townships else shown
    return Page(
        today=calendar.today(house.clock()),
        place=shown,
        town=township,
        place_href=href,
        path=request.url.path,
        csrf=csrf_token(request),
        large=request.cookies.get(SIZE_COOKIE) == "large",
        demo=house.demo,
        safe=house.directory.safe,
        actor=_actor(visitor),
        tabs=tabs,
        told=told or _told(request),
    )


def _actor(visitor: Visitor) -> Actor | None:
    if visitor.resident is not None:
        return Actor(name=words.household(visitor.resident.home.masked_label), role=_("村民"), home="/me")
    role = visitor.role()
    if visitor.actor is None or role is None:
        return None
    return Actor(name=visitor.actor.member.name, role=_(ROLE_WORDS[role]), home=visitor.home())


def csrf_token(request: AnyRequest) -> str:
    """The token that every form of this page sends back."""
    made = ScopeState.from_scope(request.scope).csrf_token
    if isinstance(made, str):
        return made
    config = request.app.csrf_config
    if config is None:
        return ""
    return request.cookies.get(config.cookie_name) or generate_csrf_token(config.secret)


def show(template: str, page: Page, view: Part, *, status: int = 200) -> Template:
    """A page: `page` is the frame, `view` what stands in it."""
    headers = {"Retry-After": RETRY_SECONDS} if status in {429, 503} else None
    return Template(template_name=template, context={"page": page, "view": view}, status_code=status, headers=headers)


def fragment(template: str, view: Part, csrf: str = "") -> Template:
    """A part of a page, for htmx."""
    return Template(template_name=template, context={"view": view, "csrf": csrf})


def wants_page(request: AnyRequest) -> bool:
    """Whether a person is looking, not a program."""
    return not request.url.path.startswith("/api/") and "application/json" not in request.headers.get("accept", "")


def _bare_page(request: AnyRequest) -> Page:
    """A frame that needs no database, for when that is what failed."""
    house: House = request.app.state.house
    return Page(
        today=calendar.today(house.clock()),
        place=_("德治"),
        path=request.url.path,
        csrf=csrf_token(request),
        large=request.cookies.get(SIZE_COOKIE) == "large",
        demo=house.demo,
        safe=house.directory.safe,
    )


def _answer(
    request: AnyRequest, status: int, code: str, what: Text, headers: Mapping[str, str] | None = None, **extra: Any
) -> Response[Any]:
    # An address that leads nowhere fails before the middleware has looked for a language.
    follow(request)
    if not wants_page(request):
        return problem_response(problem_body(status, code, what, **extra), headers)
    title = TITLES.get(status, BROKEN)
    back = request.headers.get("referer") or "/"
    view = Trouble(title=_(title), what=_(what), id=extra.get("id") or "", back=_own_path(request, back))
    return show("error.html", _bare_page(request), view, status=status)


def _own_path(request: AnyRequest, address: str) -> str:
    """The path of an address of this site; the front page for any other."""
    own = f"{request.url.scheme}://{request.url.netloc}/"
    public: str = request.app.state.settings.public_url
    if public and address.startswith(f"{public}/"):
        own = f"{public}/"  # a proxy may ask for us by another name
    # A second slash would make it another site's address.
    return "/" + address.removeprefix(own).lstrip("/\\") if address.startswith(own) else "/"


def on_problem(request: AnyRequest, problem: Problem) -> Response[Any]:
    """A refusal in the rule's own words."""
    house: House = request.app.state.house
    house.watch.refusal(problem.code)
    number = log_fault(request, problem) if problem.status >= 500 else None  # noqa: PLR2004 - a server's own trouble
    return _answer(
        request,
        problem.status,
        problem.code,
        problem.phrase,
        REPLAYED if problem.replay else None,
        field=problem.field,
        row=problem.row,
        id=number,
    )


def on_log_in_first(request: AnyRequest, error: LogInFirst) -> Response[Any]:
    """To the door, and back to this page after it."""
    if not wants_page(request):
        return _answer(request, 401, "log-in", _SENTENCES[401])
    back = {"next": request.url.path} if request.method == "GET" and request.url.path != "/" else {}
    return see_other(error.door + (f"?{urlencode(back)}" if back else ""))


def on_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """What Litestar refuses: unknown pages, unreadable forms, a missing CSRF token, a body too large."""
    status = error.status_code
    if status >= 500:  # noqa: PLR2004
        return on_fault(request, error)
    answer = _answer(request, status, f"http-{status}", _SENTENCES.get(status, _SENTENCES[400]))
    # 405 names the methods that there are, 429 how often one may ask and when to come again, also in the older word.
    answer.headers.update(error.headers or {})
    if "RateLimit-Reset" in answer.headers:
        answer.headers["Retry-After"] = answer.headers["RateLimit-Reset"]
    return answer


def on_no_file(request: AnyRequest, error: ValueError) -> Response[Any]:
    """A built file whose name can be none."""
    del error  # part of the hook
    return _answer(request, 404, "http-404", _SENTENCES[404])


def on_no_text(request: AnyRequest, error: UnicodeDecodeError | LookupError) -> Response[Any]:
    """A form with a part that is no text, or in an encoding that there is not: Litestar decodes before we do."""
    in_parts = request.content_type[0] == RequestEncodingType.MULTI_PART
    # A KeyError is a LookupError too, and a fault of ours.
    if in_parts and type(error) in {UnicodeDecodeError, LookupError}:
        return _answer(request, 400, "http-400", _SENTENCES[400])
    return on_fault(request, error)


def on_fault(request: AnyRequest, error: Exception) -> Response[Any]:
    """A fault of ours: logged under the request's id, which the page shows."""
    what = N_("这一页出了毛病，不是您的错，账没有动。请把下面的编号告诉管理员。")
    return _answer(request, 500, "fault", what, id=log_fault(request, error))


def log_fault(request: AnyRequest, error: BaseException) -> str:
    """Log a fault without the words it came with, and return the request's id, which finds it."""
    log.error("fault", extra={"kind": type(error).__name__, "where": logs.places(error)})
    return request_id(request.scope)


ON_TROUBLE: Final[ExceptionHandlersMap] = {
    Problem: on_problem,
    LogInFirst: on_log_in_first,
    HTTPException: on_http_error,
    UnicodeDecodeError: on_no_text,
    LookupError: on_no_text,
    Exception: on_fault,
}
"""What is answered when something goes wrong, by pages and API alike."""
