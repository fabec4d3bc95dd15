"""The supervisor's book: every entry, every reversal and who made it. Read only.

Nothing here ranks or counts: how much each cadre records is nobody's figure (catalogue row HO-10).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

import msgspec
from litestar import Controller, get
from litestar.params import FromQuery
from litestar.response import Template

from dezhi.core.acts import Act, ActKind
from dezhi.core.calendar import ZONE, to_date
from dezhi.core.errors import Problem
from dezhi.core.events import ASSET_OF, Kind
from dezhi.core.people import Household
from dezhi.core.regions import Level, Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.service.journal import Told
from dezhi.web import audits, words
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.precedents import precedent_links
from dezhi.web.respond import frame, show
from dezhi.web.views import township as views
from dezhi.web.views.frame import Amount, Fact, Option, Pager, Tell
from dezhi.web.visitors import AnyRequest, Visitor, villages_of, whole

PAGE = 50
ONE_DAY = timedelta(days=1)

KIND_WORDS = {
    Kind.AWARD: N_("加分"),
    Kind.HOLD: N_("兑换"),
    Kind.CAPTURE: N_("领取"),
    Kind.VOID: N_("取消兑换"),
    Kind.REVERSAL: N_("冲正"),
    Kind.CONFIRMATION: N_("公示入账"),
    Kind.LAPSE: N_("逾期退回"),
    Kind.EXPIRY: N_("清零"),
    Kind.FREEZE: N_("冻结"),
    Kind.LIMIT: N_("透支限额"),
    Kind.TRANSFER_OUT: N_("转出"),
    Kind.TRANSFER_IN: N_("转入"),
    Kind.OPENING: N_("期初结存"),
    Kind.CLOSE: N_("结账"),
}


ACT_WORDS = {
    ActKind.CARD_REISSUED: N_("挂失补卡"),
    ActKind.PIN_RESET: N_("重设卡的密码"),
    ActKind.CARDS_ISSUED: N_("发卡"),
    ActKind.ROSTER_TAKEN: N_("收下花名册"),
    ActKind.STAFF_ADDED: N_("添加工作人员"),
    ActKind.ACCOUNT_RESET: N_("重设登录密码"),
    ActKind.STAFF_DISABLED: N_("停用账号"),
    ActKind.STAFF_ENABLED: N_("恢复账号"),
    ActKind.POST_GIVEN: N_("加职务"),
    ActKind.POST_TAKEN: N_("撤职务"),
    ActKind.TOKEN_MADE: N_("发接口令牌"),
    ActKind.TOKEN_REVOKED: N_("作废接口令牌"),
    ActKind.HOUSEHOLD_CHANGED: N_("改户册"),
    ActKind.CARD_REVOKED: N_("停用卡"),
    ActKind.CLEARING_ANNOUNCED: N_("公告年终清零"),
    ActKind.CLEARING_MADE: N_("办年终清零"),
    ActKind.CLEARING_UNDONE: N_("撤销年终清零"),
    ActKind.PERIOD_CLOSED: N_("全镇结账"),
}


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What of the book is asked for. `place` is the code of a village, or of a township for all of its villages."""

    place: str = ""
    actor: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    def query(self, **more: object) -> str:
        """The address of the journal with these filters."""
        days = {"since": self.since, "until": self.until}
        asked = {"village": self.place, "actor": self.actor, "kind": self.kind, **days, **more}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The villages a supervisor reads, under their townships."""

    townships: tuple[Region, ...]
    villages: tuple[Region, ...]

    def chosen(self, place: str) -> tuple[Region, ...]:
        """The villages of one place; of the first township where none is named. Raises `Problem` 404."""
        town = next((one for one in self.townships if not place or one.code == place), None)
        found = tuple(one for one in self.villages if one.code == place or (town is not None and one.parent == town.id))
        if place and not found:
            raise Problem("region-unknown", N_("没有找到这个村，或者它不归您管。"), status=404)
        return found


class JournalPages(Controller):
    """The journal."""

    @get("/journal")
    async def journal(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        *,
        village: FromQuery[str] = "",
        actor: FromQuery[str] = "",
        kind: FromQuery[str] = "",
        since: FromQuery[str] = "",
        until: FromQuery[str] = "",
        before: FromQuery[str] = "",
    ) -> Template:
        visitor.need_staff(Role.SUPERVISOR)
        scope = await _scope(house, visitor)
        filters = Filters(place=village, actor=actor, kind=kind, since=_day(since), until=_day(until))
        villages = scope.chosen(village)
        found = await _entries(house, villages, filters, whole(before))
        names = await _names(house, scope)
        view = views.Journal(
            audit=await _audit(house, villages),
            owed=() if before else await _owed(house, villages),
            rows=tuple(await _rows(house, found[:PAGE], villages, names, filters)),
            # The newest stand on the first page only: they are not numbered with the entries.
            acts=() if before else await _acts(house, visitor, villages, names),
            villages=_places(scope, village),
            actors=(
                Option(value="", text=_("谁都行")),
                *(Option(value=str(key), text=name, chosen=str(key) == actor) for key, name in names.items()),
            ),
            kinds=(
                Option(value="", text=_("都看")),
                *(
                    Option(value=one.name.lower(), text=_(word), chosen=one.name.lower() == kind)
                    for one, word in KIND_WORDS.items()
                ),
            ),
            precedents=() if before else await precedent_links(house, villages, "/journal/precedents"),
            since=filters.since,
            until=filters.until,
            error=_odd_day(since, until),
            pager=Pager(
                newer="/journal" + filters.query() if before else "",
                older="/journal" + filters.query(before=found[PAGE - 1].ref.seq) if len(found) > PAGE else "",
                text=_("新的在上"),
            ),
        )
        place = next(iter(scope.townships), None)
        return show("supervisor/journal.html", await frame(request, house, visitor, place), view)


async def _audit(house: House, villages: tuple[Region, ...]) -> Tell | None:
    """What the last night found in the book of the villages shown."""
    if not villages:
        return None
    return audits.tell(await house.audits.last(await house.sheets.book(villages[0].id)))


async def _scope(house: House, visitor: Visitor) -> Scope:
    villages = await villages_of(house, visitor, Role.SUPERVISOR)
    townships: dict[int, Region] = {}
    for village in villages:
        townships |= {one.id: one for one in await house.places.path(village.id) if one.level is Level.TOWNSHIP}
    return Scope(townships=tuple(sorted(townships.values(), key=lambda one: one.code)), villages=tuple(villages))


async def _owed(house: House, villages: tuple[Region, ...]) -> tuple[Fact, ...]:
    found = [(village.name, await house.liabilities.of(village)) for village in villages]
    return tuple(Fact(label=name, text=words.owed(owed)) for name, owed in found if owed)


def _places(scope: Scope, chosen: str) -> tuple[Option, ...]:
    found = []
    for town in scope.townships:
        text = _("%(township)s各村") % {"township": town.name}
        found.append(Option(value=town.code, text=text, chosen=town.code == chosen))
        found += [
            Option(value=one.code, text=one.name, chosen=one.code == chosen)
            for one in scope.villages
            if one.parent == town.id
        ]
    return tuple(found)


async def _entries(house: House, villages: tuple[Region, ...], filters: Filters, before: int) -> list[Told]:
    """One page and one entry more, newest first."""
    if not villages:
        return []
    kind = next((one for one in Kind if one.name.lower() == filters.kind), None)
    return await house.journal.entries(
        await house.sheets.book(villages[0].id),
        [village.id for village in villages],
        actor=whole(filters.actor) or None,
        kind=kind,
        since=_midnight(filters.since),
        until=_midnight(filters.until + ONE_DAY) if filters.until else None,
        limit=PAGE + 1,
        **({"before": before} if before else {}),
    )


async def _names(house: House, scope: Scope) -> dict[int, str]:
    """Who works or worked here, for the filter and the lines."""
    everybody = [one for town in scope.townships for one in await house.staff.everybody(town.id)]
    return {one.id: one.name for one in everybody}


async def _rows(
    house: House, found: list[Told], villages: tuple[Region, ...], names: dict[int, str], filters: Filters
) -> list[views.JournalRow]:
    homes = await house.people.households([key for key in {one.entry.household for one in found} if key is not None])
    for key in {one.entry.actor for one in found} - {0, *names}:
        names[key] = (await house.staff.member(key)).name
    places = {one.id: one.name for one in villages}
    return [_row(one, homes.get(one.entry.household or 0), places, names, filters) for one in found]


def _row(
    told: Told, home: Household | None, places: dict[int, str], names: dict[int, str], filters: Filters
) -> views.JournalRow:
    entry = told.entry
    title = _(told.title)
    # Setting free again is booked as an order's end; and what is about no item has no name but its kind's.
    kind = title if told.kind is Kind.VOID and not entry.item else _(KIND_WORDS[told.kind])
    return views.JournalRow(
        seq=entry.seq,
        at=told.posted_at,
        day=to_date(entry.event_day),
        village=places.get(entry.village or 0, ""),
        who=words.household(home.label) if home else _("已不在册的户"),
        text="" if title == kind else title,
        amounts=tuple(Amount(asset=ASSET_OF[asset], value=value) for asset, value in told.amounts.items()),
        kind=kind,
        by=_by(told, names),
        why=entry.text,
        of=entry.reverses,
        of_href=f"/journal{filters.query(before=entry.reverses + 1)}#n{entry.reverses}" if entry.reverses else "",
        undone=entry.reversed_by is not None,
        trial=told.on_trial and told.kind is Kind.AWARD,
    )


async def _acts(
    house: House, visitor: Visitor, villages: tuple[Region, ...], names: dict[int, str]
) -> tuple[views.Act, ...]:
    """What was done to cards, accounts and the register, in the villages shown and where the supervisor's post is."""
    regions = {one.id for one in villages} | set(visitor.regions(Role.SUPERVISOR))
    found = await house.acts.latest(sorted(regions))
    homes = await house.people.households([one.subject for one in found if one.kind.is_of_household])
    for key in {one.staff for one in found} | {one.subject for one in found if one.kind.is_of_staff}:
        if key not in names:
            names[key] = (await house.staff.member(key)).name
    places = {one.id: one.name for one in villages}
    return tuple(
        views.Act(
            at=one.done_at, by=names[one.staff], text=_(ACT_WORDS[one.kind]), whom=_whom(one, homes, places, names)
        )
        for one in found
    )


def _whom(act: Act, homes: Mapping[int, Household], places: dict[int, str], names: dict[int, str]) -> str:
    if act.kind.is_of_household:
        home = homes.get(act.subject)
        return words.household(home.label) if home else _("已不在册的户")
    return names[act.subject] if act.kind.is_of_staff else places.get(act.subject, "")


def _by(told: Told, names: dict[int, str]) -> str:
    if told.entry.actor:
        return names.get(told.entry.actor, "")
    return _("本户持卡") if told.entry.source.startswith("card:") else _("系统")


def _day(text: str) -> date | None:
    """A typed day; None for what is none, and for one so far off that no calendar goes a day further."""
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found and date.min + ONE_DAY < found < date.max - ONE_DAY else None


def _odd_day(*given: str) -> str:
    odd: Iterable[str] = (text for text in given if text and _day(text) is None)
    return _("日期看不懂，先没有按日期找。请写成 2026-11-22 的样子。") if any(odd) else ""


def _midnight(on: date | None) -> datetime | None:
    return None if on is None else datetime.combine(on, time(), ZONE)
