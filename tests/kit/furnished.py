"""A village in which every example of the API's description means something."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from calling import make_token
from dezhi.core.clearings import Clearing, ClearingState
from dezhi.core.keeping import Keeping, Lapse
from dezhi.core.people import NewMember
from dezhi.core.staff import Post, Role, StaffMember
from dezhi.service.actors import Actor
from dezhi.service.backtest_rules import Change, Whole
from dezhi.service.backtests import Asked as Tried
from dezhi.service.deeds import Asked
from dezhi.store import clearings
from dezhi.store.ids import new_id
from dezhi.web.api import kinds
from villages import PASSWORD, SINCE, YINGER, Village


@dataclass(frozen=True, kw_only=True)
class Furnished:
    """`chief` holds every role of the township and may do everything; `real` are the ids behind the examples'."""

    village: Village
    chief: StaffMember
    token: str
    real: dict[str, str]

    def meant(self, example: Any) -> Any:
        """An example with real ids in the place of its own."""
        text = msgspec.json.encode(example).decode()
        for invented, real in self.real.items():
            text = text.replace(invented, real)
        return msgspec.json.decode(text)

    async def announce(self) -> None:
        """Adopt a third version that is still to begin; the examples of others want none, for it would come first."""
        house, sheet = self.village.house, await self.village.sheet()
        await house.programmes.adopt_whole(
            self.village.yinger.id,
            sheet.programme.document,
            title="新办法",
            effective_from=self.village.today + timedelta(days=30),
            staff=self.chief.id,
        )


async def furnish_village(village: Village) -> Furnished:
    """Put into a village what the examples speak of: points, entries, a batch, an order, staff, a roster."""
    house = village.house
    await house.programmes.adopt(
        village.yinger.id,
        (await village.sheet()).programme.document.plugins,
        title="道德储蓄银行",
        effective_from=village.today,
        staff=village.admin.id,
        keeping=Keeping(lapse=Lapse.YEAR, to_pool=True),
    )
    own = await house.people.open_household(
        village.yinger.id, village.grid.id, "014", [NewMember(name="郑强", relation="户主")], on=SINCE
    )
    posts = [Post(role, village.township.id) for role in Role]
    chief = await house.staff.create_with("chief", "郑强", posts, PASSWORD, person=own.members[0].person)
    actor = Actor(member=chief, household=own.id)
    for number, item in enumerate(["neighbour-help"] * 9 + ["street-cleaning"] * 8):
        asked = Asked(household=village.family.id, item=f"{YINGER}/{item}", on=village.today)
        done = await house.awards.record(asked, actor, f"furnish-{number}")
    hours = Asked(
        household=village.family.id,
        item=f"{YINGER}/clinic-company",
        on=village.today,
        person=village.family.members[1].person,
        minutes=60,
    )
    await house.awards.record(hours, actor, "furnish-hours")
    duties = [Post(Role.CLERK, village.grid.id), Post(Role.SUPERVISOR, village.yinger.id)]
    colleague = await house.staff.create_with("sunwei", "孙伟", duties, PASSWORD)
    many = [Asked(household=village.neighbours.id, item=f"{YINGER}/tidy-yard", on=village.today)]
    batch, _ = await house.awards.record_for_each(many, actor, "furnish-batch")
    book = await house.sheets.book(village.yinger.id)
    order = await house.redemptions.place(
        village.family.id, kinds.REWARD, source=actor.source, key="furnish-order", actor=actor
    )
    roster = await house.rosters.read_rows([("102", "第一网格", "", "赵春梅", "户主", "1971-03-08")])
    token = await make_token(house, chief)
    [kept] = await house.tokens.of_owners([chief.id])
    clearing = await _announced(village, book)
    draft = await house.drafts.from_version(village.yinger.id, (await village.sheet()).programme, chief.id)
    spare = await house.tokens.make(actor, "旧平台", kept.scopes, village.today)
    await house.seals.seal()
    real = {
        **await _tried(village),
        kinds.HOUSEHOLD: str(village.family.id),
        kinds.PERSON: str(village.family.members[1].person),
        kinds.GRID: str(village.grid.id),
        kinds.STAFF: str(colleague.id),
        kinds.TOKEN: str(spare.token.id),
        kinds.CLEARING: str(clearing),
        kinds.DRAFT: str(draft.id),
        # The newest version is the one above.
        '"follows":1': '"follows":2',
        kinds.BATCH: f"{book}-{batch}",
        kinds.REDEMPTION: f"{book}-{order.order}",
        kinds.PREVIEW: await house.previews.keep(chief.id, village.yinger.id, roster),
        f'"{kinds.ENTRY}"': f'"{book}-{done.seqs[0]}"',
        f'"{kinds.DAY}"': f'"{village.today.isoformat()}"',
    }
    return Furnished(village=village, chief=chief, token=token, real=real)


async def _announced(village: Village, book: int) -> int:
    """A clearing of last year that can be made today, and takes nothing."""
    now = village.house.clock()
    last = village.today.replace(year=village.today.year - 1, month=12, day=31)
    announced = Clearing(
        id=new_id(),
        book=book,
        programme=(await village.sheet()).lineage,
        village=village.yinger.id,
        through=last,
        due=village.today,
        state=ClearingState.ANNOUNCED,
        announced_by=village.admin.id,
        announced_at=now,
    )
    await clearings.add(village.house.database, announced)
    return announced.id


async def _tried(village: Village) -> dict[str, str]:
    """A shadow that is over, and a backtest of a deed of October, by the examples that stand for them."""
    house, on = village.house, date(2026, 10, 20)
    deed = Asked(household=village.family.id, item=f"{YINGER}/tidy-yard", on=on)
    await house.awards.record(deed, village.actor, "furnish-past")
    document = (await village.sheet()).programme.document
    beside = await house.shadows.begin(village.yinger, Whole(title="草稿", document=document), village.admin.id)
    await house.shadows.stop(village.yinger, beside.id)
    asked = Tried(villages=(village.yinger,), proposed=Change(plugin=YINGER), since=on, until=on)
    return {kinds.SHADOW: str(beside.id), kinds.BACKTEST: await house.trials.begin(asked)}
