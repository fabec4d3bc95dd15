"""The one-time address: an empty installation gets its township and the first who may let others in."""

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.errors import Problem
from dezhi.core.regions import CODE_LENGTH
from dezhi.core.staff import PASSWORD_MIN
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.respond import frame, see_other, show, tell
from dezhi.web.views import setup as views
from dezhi.web.views.frame import Tell
from dezhi.web.visitors import AnyRequest, enter_staff


class FoundForm(Form):
    """The township and its first administrator. The county stays empty for a city without counties."""

    province: str = ""
    city: str = ""
    county: str = ""
    township: str = ""
    code: str = ""
    name: str = ""
    login: str = ""
    password: str = ""


class SetupPages(Controller):
    """Set-up."""

    @get("/setup/{token:str}", secret=True)
    async def welcome(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, token: FromPath[str]
    ) -> Template:
        await house.setup.check(token)
        view = views.Welcome(token=token, least=PASSWORD_MIN)
        return show("setup/welcome.html", await frame(request, house, visitor), view)

    @post("/setup/{token:str}", secret=True)
    async def found(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        token: FromPath[str],
        data: URLEncodedBody[FoundForm],
    ) -> Template | Redirect:
        await house.setup.check(token)
        names = [name for name in (data.province, data.city, data.county, data.township) if name.strip()]
        # Nine digits name a township as well as twelve do.
        code = data.code.strip().ljust(CODE_LENGTH, "0")
        try:
            founded = await house.setup.found(
                token, code=code, names=names, login=data.login, name=data.name, password=data.password
            )
        except Problem as problem:
            view = views.Welcome(
                token=token,
                province=data.province,
                city=data.city,
                county=data.county,
                township=data.township,
                code=data.code,
                name=data.name,
                login=data.login,
                error=problem.say(_),
                field=problem.field or "",
                least=PASSWORD_MIN,
            )
            return show("setup/welcome.html", await frame(request, house, visitor), view, status=problem.status)
        await enter_staff(request, house, founded.administrator.id)
        tell(request, Tell(text=_("乡镇建好了，您已经登录。接着建第一个村。")))
        return see_other("/township/villages/new")
