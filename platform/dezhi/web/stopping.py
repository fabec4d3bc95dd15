"""Suspending a programme, going back to a former version, withdrawing one to come: a look at what changes; done."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.errors import Problem
from dezhi.core.lineages import SetAside, coming, ruling, set_aside
from dezhi.core.programmes import Programme, Suspension, Withdrawal
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.web.changes import changes_of, compared_of
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.lineages import comes, did_not_come, what_becomes_of
from dezhi.web.rendering import day
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import drafts as views
from dezhi.web.views.frame import Link, Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_village, whole


class StopForm(Form):
    """From when, why, by whose decision; `sure` on the second page."""

    version: str = ""
    since: str = ""
    reason: str = ""
    decided_by: str = ""
    sure: str = ""


class StoppingPages(Controller):
    """All in two steps."""

    path = "/township/v/{code:str}"

    @get("/suspend")
    async def ask_suspend(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]
    ) -> Template:
        return await _Suspending(request, house, visitor).begin(code)

    @post("/suspend")
    async def suspend(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[StopForm],
    ) -> Template | Redirect:
        return await _Suspending(request, house, visitor).go_on(code, data)

    @get("/return/{number:int}")
    async def ask_return(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], number: FromPath[int]
    ) -> Template:
        return await _Returning(request, house, visitor, number).begin(code)

    @post("/return/{number:int}")
    async def go_back(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        number: FromPath[int],
        data: URLEncodedBody[StopForm],
    ) -> Template | Redirect:
        return await _Returning(request, house, visitor, number).go_on(code, data)

    @get("/withdraw/{number:int}")
    async def ask_withdraw(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], number: FromPath[int]
    ) -> Template:
        return await _Withdrawing(request, house, visitor, number).begin(code)

    @post("/withdraw/{number:int}")
    async def withdraw(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        number: FromPath[int],
        data: URLEncodedBody[StopForm],
    ) -> Template | Redirect:
        return await _Withdrawing(request, house, visitor, number).go_on(code, data)


class _Stopping(ABC):
    """One of the three, in two steps: the page that asks, then what it would change; and at last it is done."""

    fields: tuple[str, ...] = ("since", "reason", "decided_by")
    heading: str
    about: str
    button: str
    path: str
    village: Region
    history: Sequence[Programme]

    def __init__(self, request: AnyRequest, house: House, visitor: Visitor, number: int = 0) -> None:
        self.request = request
        self.house = house
        self.visitor = visitor
        self.number = number
        self.today = house.programmes.today()

    async def begin(self, code: str) -> Template:
        """The first page, or that there is nothing to do it to."""
        if not await self._find(code):
            return await self._nothing(200)
        self.fit()
        return await self._page(StopForm(version=str(self.history[0].version), since=self.earliest().isoformat()))

    async def go_on(self, code: str, data: StopForm) -> Template | Redirect:
        """The second page; or, when that was sent, what was done."""
        if not await self._find(code):
            return await self._nothing(409)
        self.fit()
        try:
            after = await self.do(data, look=data.sure != "yes")
        except Problem as problem:
            return await self._page(data, problem=problem)
        if data.sure != "yes":
            return await self._page(data, after=after)
        more = (*self._fates(after), _("以前的各版和记录都留着。"))
        tell(self.request, Tell(text=self.done(after), more=more))
        return see_other(f"/township/v/{self.village.code}")

    # ── what each of them is ──

    @abstractmethod
    def fit(self) -> None:
        """Set the words of the page. Raises `Problem` where it cannot be done to this version."""

    def earliest(self) -> date:
        """The first day it can be from."""
        return self.today

    def notes(self) -> tuple[str, ...]:
        """What to know before."""
        return ()

    def others(self) -> tuple[tuple[str, str], ...]:
        """What could be done instead: pages of this village and what to call them."""
        return ()

    @abstractmethod
    async def do(self, data: StopForm, *, look: bool) -> Programme:
        """Do it, or look what it would be."""

    @abstractmethod
    def done(self, after: Programme) -> str:
        """What was done."""

    # ──

    @property
    def staff(self) -> int:
        return self.visitor.need_staff(Role.TOWNSHIP).staff

    async def _find(self, code: str) -> bool:
        """Find the village and its versions; whether there are any."""
        self.village = await need_village(self.house, self.visitor, code, Role.TOWNSHIP)
        self.history = await self.house.programmes.history(self.village.id)
        return bool(self.history)

    def expected(self) -> Sequence[Programme]:
        """The versions people expect to begin on a later day."""
        return coming(self.history, self.today)

    def _fates(self, after: Programme) -> tuple[str, ...]:
        """What becomes of those."""
        return tuple(what_becomes_of(one, after) for one in self.expected())

    async def _nothing(self, status: int) -> Template:
        village, here = self.village, f"/township/v/{self.village.code}"
        view = views.Nothing(
            heading=_("还没有方案"),
            village=village.name,
            text=_("这个村还没有方案，没有什么可以暂停、恢复或撤回。先选一套办法，或者交一份细则。"),
            on=Link(href=f"{here}/start", text=_("选一套办法")),
            back=Link(href="/township", text=_("回到各村")),
        )
        page = await desk(self.request, self.house, self.visitor, village)
        return show("township/nothing.html", page, view, status=status)

    async def _page(
        self, data: StopForm, *, after: Programme | None = None, problem: Problem | None = None
    ) -> Template:
        field = problem.field or "" if problem else ""
        here = f"/township/v/{self.village.code}"
        view = views.Stopping(
            code=self.village.code,
            village=self.village.name,
            action=f"{here}/{self.path}",
            heading=self.heading,
            about=self.about,
            button=self.button,
            values={name: getattr(data, name) for name in self.fields},
            earliest=self.earliest(),
            notes=() if after else self.notes(),
            others=tuple(Link(href=f"{here}/{path}", text=text) for path, text in self.others()),
            fates=self._fates(after) if after else (),
            changes=self._changes(after) if after else None,
            version=whole(data.version),
            error=problem.say(_) if problem else "",
            field={"effective_from": "since"}.get(field, field),
        )
        page = await desk(self.request, self.house, self.visitor, self.village)
        return show("township/stopping.html", page, view, status=problem.status if problem else 200)

    def _changes(self, after: Programme) -> views.Changes:
        before, again = compared_of(self.history, after)
        return changes_of(self.house, before, after, self.village.name, again=again, back=None)


class _Suspending(_Stopping):
    path = "suspend"

    def fit(self) -> None:
        self.heading, self.button = _("暂停"), _("确定，从这天起暂停")
        self.about = _("从选的这天起不记分。存折、兑换、查账都照常，一分不少；随时可以恢复。")

    def notes(self) -> tuple[str, ...]:
        text = _("已经定了%(what)s。暂停从那天或更早开始的，它不会自己开始；恢复时由村里选用哪一版。")
        return tuple(text % {"what": comes(one)} for one in self.expected())

    def others(self) -> tuple[tuple[str, str], ...]:
        text = _("只撤回第%(n)s版，现在的办法不停")
        return tuple((f"withdraw/{one.version}", text % {"n": one.version}) for one in self.expected())

    async def do(self, data: StopForm, *, look: bool) -> Programme:
        return await self.house.stopping.suspend(
            self.village.id,
            Suspension(reason=data.reason.strip(), decided_by=data.decided_by.strip()),
            since=_day(data.since),
            staff=self.staff,
            follows=whole(data.version),
            look=look,
        )

    def done(self, after: Programme) -> str:
        return _("%(day)s起暂停，不记分。要恢复，在各版里选一版。") % {"day": day(after.effective_from)}


class _Returning(_Stopping):
    fields = ("since",)
    former: Programme

    def fit(self) -> None:
        self.former = self.house.stopping.former(self.history, self.number)
        number = {"n": self.number}
        self.path = f"return/{self.number}"
        self.heading, self.button = _("恢复第%(n)s版") % number, _("确定，恢复第%(n)s版") % number
        self.about = _("从选的这天起，重新按第%(n)s版记分：存成新的一版，别的版本都留着。") % number

    def earliest(self) -> date:
        return max(self.today, self.former.effective_from)

    def expected(self) -> Sequence[Programme]:
        """Also those that an earlier step set aside."""
        return (*super().expected(), *(pair.version for pair in self._aside() if pair.version.id != self.former.id))

    def _aside(self) -> Sequence[SetAside]:
        return [pair for pair in set_aside(self.history) if pair.version.effective_from >= self.today]

    def notes(self) -> tuple[str, ...]:
        """When it was to begin, what happened to it, and what else was set aside."""
        found = [did_not_come(pair, self.history) for pair in self._aside()]
        if self.former.effective_from > self.today:
            text = _("第%(n)s版定的是%(day)s起用，最早从那天恢复。")
            found.append(text % {"n": self.number, "day": day(self.former.effective_from)})
        return tuple(found)

    def others(self) -> tuple[tuple[str, str], ...]:
        """The other versions a suspended village would think of: the one that ruled before, and those set aside."""
        now = ruling(self.history, self.today)
        if now is None or now.document.suspended is None:
            return ()
        likely = [one for one in self.history if one.id == now.derived_from]
        likely += [pair.version for pair in self._aside()]
        text = _("改为恢复第%(n)s版")
        return tuple(
            (f"return/{one.version}", text % {"n": one.version})
            for one in likely
            if one.version != self.number and one.document.suspended is None
        )

    async def do(self, data: StopForm, *, look: bool) -> Programme:
        return await self.house.stopping.go_back(
            self.village.id,
            self.number,
            since=_day(data.since),
            staff=self.staff,
            follows=whole(data.version),
            look=look,
        )

    def done(self, after: Programme) -> str:
        return _("%(day)s起恢复第%(n)s版。") % {"day": day(after.effective_from), "n": self.number}


class _Withdrawing(_Stopping):
    fields = ("reason", "decided_by")

    def fit(self) -> None:
        before = self.house.stopping.before(self.history, self.number)
        number = {"n": self.number}
        self.path = f"withdraw/{self.number}"
        self.heading, self.button = _("撤回第%(n)s版") % number, _("确定，撤回第%(n)s版") % number
        text = (
            _("第%(n)s版还没有起用。撤回以后不会起用，第%(before)s版接着用；它留在各版里，撤回的原因记下来。")
            if before
            else _("第%(n)s版还没有起用。撤回以后不会起用，这个村就没有方案在用；它留在各版里，撤回的原因记下来。")
        )
        self.about = text % {**number, "before": before.version if before else 0}

    async def do(self, data: StopForm, *, look: bool) -> Programme:
        words = Withdrawal(version=self.number, reason=data.reason.strip(), decided_by=data.decided_by.strip())
        return await self.house.stopping.withdraw(
            self.village.id, words, staff=self.staff, follows=whole(data.version), look=look
        )

    def done(self, after: Programme) -> str:
        text = _("第%(n)s版撤回了，记在第%(after)s版里。公开细则页写明了原因。")
        return text % {"n": self.number, "after": after.version}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Problem("day", N_("没有存上：日期看不懂，请重新选一天。"), field="since") from None
