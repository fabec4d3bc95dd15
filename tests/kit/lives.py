"""A year in the tests' village: everything that leaves a mark in the register or the book happens at least once."""

from datetime import date, timedelta
from typing import Any

from dezhi.core.acts import ActKind
from dezhi.core.errors import Problem
from dezhi.core.people import Household, NewMember
from dezhi.core.programmes import Enabled, Resolution
from dezhi.core.staff import Post, Role
from dezhi.service.actors import Actor
from dezhi.service.deeds import Asked
from dezhi.service.journal import EntryRef
from township import Hands
from villages import PASSWORD, SINCE, YINGER, Village

HEADS = ("马大山", "赵玉梅", "孙福来", "周桂英", "吴满仓", "郑春花")
FRIENDLY = ("neighbour-help", "street-cleaning", "tidy-yard", "elder-care", "respect", "lost-property")


class Life:
    """The village with one who was not there before: a second clerk, so that nobody corrects what is his own."""

    def __init__(self, village: Village, hands: Hands, second: Actor) -> None:
        self.village = village
        self.house = village.house
        self.hands = hands
        self.second = second

    async def award(self, home: Household, item: str, **asked: Any) -> list[EntryRef]:
        """Record a deed of today, two minutes after the last."""
        self.hands.pass_by(timedelta(minutes=2))
        recorded = await self.village.award(home, item, **asked)
        book = await self.house.sheets.book(home.village)
        return [(await self.house.journal.at(book, seq)).ref for seq in recorded.seqs]

    async def month(self, homes: list[Household], number: int) -> None:
        """One month's deeds: points, honour, safety and hours; some are corrected."""
        for at, home in enumerate(homes):
            head = home.members[0].person
            refs = await self.award(home, FRIENDLY[(at + number) % len(FRIENDLY)], note=f"第{number}月的一件好事")
            await self.award(home, "homework", person=head, minutes=35 + 10 * at)
            if at % 3 == number % 3:
                await self.award(home, "disaster-help")
                await self.award(home, "drill")
            if at == number % len(homes):
                await self.house.journal.reverse(refs[0], "记错了人家", self.second, f"wrong-{number}")
        self.hands.pass_by(timedelta(days=3))
        asked = [
            Asked(household=home.id, item=f"{YINGER}/voluntary-labour", on=self.village.today, note="修渠")
            for home in homes
        ]
        await self.house.awards.record_for_each(asked, self.village.actor, f"many-{number}")

    async def spend(self, homes: list[Household]) -> None:
        """An order of each fate: waiting, handed over, cancelled, done at the desk, taken back, refused."""
        orders, clerk = self.house.redemptions, self.village.actor
        book = await self.house.sheets.book(self.village.yinger.id)
        source = "card:1"
        await orders.place(homes[0].id, f"{YINGER}/soap", source=source, key="waiting")
        fetched = await orders.place(homes[1].id, f"{YINGER}/toothpaste", source=source, key="fetched")
        await orders.hand_over(book, fetched.order, clerk, "hand-over")
        dropped = await orders.place(homes[2].id, f"{YINGER}/soap", source=source, key="dropped")
        await orders.cancel(book, dropped.order, source=source, actor=None, key="cancel")
        await orders.hand_over_at_desk(homes[3].id, f"{YINGER}/barber", clerk, "desk")
        broken = await orders.hand_over_at_desk(homes[4].id, f"{YINGER}/laundry", clerk, "broken")
        if broken.resolved_seq is None:
            raise AssertionError("what was handed over has no entry")
        entry = (await self.house.journal.at(book, broken.resolved_seq)).ref
        await self.house.journal.reverse(entry, "瓶子是漏的，退回", self.second, "give-back")
        try:
            await orders.place(homes[5].id, f"{YINGER}/cooker", source=source, key="too-dear")
        except Problem:
            return
        raise AssertionError("a cooker for nothing")

    async def spent_then_wrong(self, home: Household) -> None:
        """Points are booked, spent and found to be wrong: what is gone is written off."""
        refs = await self.award(home, "elder-care")
        left = (await self.house.passbooks.open(home.id)).spendable
        for number in range(left // 10):
            await self.house.redemptions.hand_over_at_desk(
                home.id, f"{YINGER}/soap", self.village.actor, f"soap-{number}"
            )
        await self.house.journal.reverse(refs[0], "没有这回事", self.second, "written-off")

    async def adopt(self, title: str, **settings: Any) -> None:
        """Adopt another version from today on."""
        await self.house.programmes.adopt(
            self.village.yinger.id,
            {YINGER: Enabled(version="0.1.0", settings=settings)},
            title=title,
            effective_from=self.village.today,
            staff=self.village.admin.id,
            privacy_notice="收集姓名和住址，只用来记分。",
            resolution=Resolution(number="营尔村民代表会议〔2026〕3号", decided_on=self.village.today, body="通过。"),
        )

    async def draft_of_rules(self) -> None:
        """Somebody begins a draft, and a resolution's paper lies ready for it."""
        village, staff = self.village.yinger.id, self.village.admin.id
        ruling = await self.house.programmes.in_force(village)
        if ruling is None:
            raise AssertionError("a village without rules")
        draft = await self.house.drafts.from_version(village, ruling, staff, source="第2版")
        paper = await self.house.papers.add(village, "决议.pdf", b"%PDF-1.7\n\x00\xff\n%%EOF\n", staff)
        resolution = Resolution(number="3号", decided_on=self.village.today)
        await self.house.drafts.resolve(village, draft.id, resolution, paper, public=True, effective_from=None)

    async def register_changes(self, homes: list[Household]) -> None:
        """People move, marry, hand the household on; cards are lost; a household goes to the next village."""
        people, cards = self.house.people, self.house.cards
        await people.choose_board(homes[5].id, "staff:1", opted_in=False)
        child = await people.add_member(homes[0].id, NewMember(name="李建国", relation="长子"))
        await people.transfer(child, homes[1].id, "其他")
        wife = homes[0].members[1].person
        await people.change_head(homes[0].id, wife, "夫", self.village.today)
        guest = await people.add_member(homes[4].id, NewMember(name="钱小宝", relation="孙子"))
        await people.leave(guest)
        await people.move(homes[3].id, self.village.xiaba.id, None, number="077", address="下坝村二组")
        await cards.revoke(homes[2].id, "赶集丢了")
        await self.house.acts.note(self.second, ActKind.CARD_REISSUED, self.village.yinger.id, homes[2].id)
        try:
            await self.house.staff.log_in("zhao", "not her password")
        except Problem:
            return
        raise AssertionError("anybody logs in")


async def live(village: Village, hands: Hands) -> dict[str, str]:
    """Let nine months pass; return the PINs of cards that work at the end, by card number."""
    house = village.house
    staff = await house.staff.create_with("sun", "孙丽", [Post(Role.CLERK, village.yinger.id)], PASSWORD)
    life = Life(village, hands, Actor(member=staff, household=None))
    homes = [village.family, *[await village.open_family(f"{20 + at}", head) for at, head in enumerate(HEADS)]]
    for at, home in enumerate(homes):
        await house.people.choose_board(home.id, f"staff:{village.clerk.id}", opted_in=at % 2 == 0 or at == 5)
    issued = {one.household.id: one.issued for one in await house.cards.issue_sheet(village.yinger.id)}
    for number in range(3, 9):
        hands.now = hands.now.replace(month=number, day=5, hour=1)
        await life.month(homes, number)
        if number == 5:
            await life.adopt("道德储蓄银行（五月修订）", month_times_max=4)
            try:
                for _ in range(9):
                    await life.award(homes[0], "neighbour-help")
            except Problem:
                pass
        if number == 6:
            await life.spend(homes)
        if number == 7:
            await life.spent_then_wrong(homes[6])
    hands.now = hands.now.replace(month=9, day=2, hour=1)
    await life.adopt("道德储蓄银行（秋季）", price_percent=120, thanks_times=3)
    source = await house.programmes.in_force(village.yinger.id)
    if source is None:
        raise AssertionError("no programme in force")
    await house.programmes.copy(source.id, village.xiaba.id, effective_from=village.today, staff=village.admin.id)
    await life.register_changes(homes)
    await life.draft_of_rules()
    hands.now = hands.now.replace(month=10, day=20, hour=1)
    await life.month([homes[0], homes[1], homes[2], homes[5]], 10)
    new = await house.cards.reissue(homes[1].id)
    await house.people.open_household(
        village.xiaba.id, None, "001", [NewMember(name="韩梅", relation="户主", birth_date=date(1990, 2, 2))], on=SINCE
    )
    return {issued[homes[5].id].number: issued[homes[5].id].pin, new.number: new.pin}
