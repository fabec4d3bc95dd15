"""How a village keeps points: how long they last, what may change hands, what a point counts for in reports."""

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.errors import Problem
from dezhi.core.keeping import Keeping, Lapse
from dezhi.core.programmes import Programme
from dezhi.core.regions import Region
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.programmes import adopt_change, changing, saved
from dezhi.web.respond import show
from dezhi.web.township import desk
from dezhi.web.views import keeping as views
from dezhi.web.views.frame import Option
from dezhi.web.visitors import AnyRequest, Visitor

LAPSES = {
    Lapse.NEVER: N_("不过期"),
    Lapse.YEAR: N_("年终清零：提前公告，到年底由村里办"),
    Lapse.MONTHS: N_("满若干个月，到那个月月底自动过期"),
}
_NUMBERS = ("lapse_months", "clearing_days", "pick_up_days", "overdraft")
_FEN = 100
_MINUTES = 60


class KeepingForm(Form):
    """The settings as typed; hours in whole hours, a point's worth in yuan."""

    version: str = ""
    lapse: str = ""
    lapse_months: str = ""
    clearing_days: str = ""
    pick_up_days: str = ""
    overdraft: str = ""
    to_kin: str = ""
    to_pool: str = ""
    hours: str = ""
    yuan: str = ""


class KeepingPages(Controller):
    """The settings of one village."""

    path = "/township/v/{code:str}/keeping"

    @get()
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village, latest, _actor = await changing(house, visitor, code)
        return await _page(request, house, visitor, village, latest, _typed(latest))

    @post()
    async def save(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[KeepingForm],
    ) -> Template | Redirect:
        village, latest, actor = await changing(house, visitor, code)
        try:
            kept = _keeping(data)
            adopted = await adopt_change(house, actor, latest, data.version, keeping=kept)
        except Problem as problem:
            return await _page(request, house, visitor, village, latest, data, problem)
        return saved(request, house, village, latest, adopted)


def _keeping(typed: KeepingForm) -> Keeping:
    """The settings that were typed. Raises `Problem` for what is no figure; bounds are the programme's to check."""
    lapse = next((one for one in Lapse if one.value == typed.lapse), None)
    if lapse is None:
        raise Problem("keeping-lapse", N_("没有存上：请选积分什么时候到期。"), field="lapse")
    figures = {name: _whole(getattr(typed, name), name) for name in _NUMBERS}
    return Keeping(
        lapse=lapse,
        to_kin=typed.to_kin == "yes",
        to_pool=typed.to_pool == "yes",
        hours_limit=_whole(typed.hours, "hours") * _MINUTES,
        fen=_fen(typed.yuan),
        **figures,
    )


def _whole(text: str, field: str) -> int:
    plain = text.strip() or "0"
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 10):  # noqa: PLR2004 - more is no setting
        raise Problem("keeping-number", N_("没有存上：要填整数，不填就是0。"), field=field)
    return int(plain)


def _fen(text: str) -> int:
    """Yuan with up to two places as hundredths, without a float ever."""
    yuan, _, rest = text.strip().partition(".")
    if len(rest) > 2:  # noqa: PLR2004 - hundredths
        raise Problem("keeping-yuan", N_("没有存上：钱最多写到分，例如 0.5。"), field="yuan")
    return _whole(yuan, "yuan") * _FEN + _whole(rest.ljust(2, "0"), "yuan")


def _typed(latest: Programme) -> KeepingForm:
    kept = latest.document.keeping
    return KeepingForm(
        version=str(latest.version),
        lapse=kept.lapse.value,
        to_kin="yes" if kept.to_kin else "",
        to_pool="yes" if kept.to_pool else "",
        hours=str(kept.hours_limit // _MINUTES),
        yuan=f"{kept.fen // _FEN}.{kept.fen % _FEN:02}",
        **{name: str(getattr(kept, name)) for name in _NUMBERS},
    )


async def _page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    village: Region,
    latest: Programme,
    typed: KeepingForm,
    problem: Problem | None = None,
) -> Template:
    fields = {"hours_limit": "hours", "fen": "yuan"}
    view = views.Keeping(
        village=village.name,
        code=village.code,
        version=latest.version,
        lapses=tuple(
            Option(value=one.value, text=_(text), chosen=one.value == typed.lapse) for one, text in LAPSES.items()
        ),
        values={name: getattr(typed, name) for name in (*_NUMBERS, "hours", "yuan")},
        to_kin=typed.to_kin == "yes",
        to_pool=typed.to_pool == "yes",
        field=fields.get(problem.field or "", problem.field or "") if problem else "",
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/keeping.html", page, view, status=problem.status if problem else 200)
