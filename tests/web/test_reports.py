"""Pages of plugins: reports for staff, public pages, what an entry's plugin says besides, and assessments."""

from datetime import datetime

import pytest

from dezhi.core.calendar import ZONE
from dezhi.core.programmes import Enabled
from dezhi.core.staff import Post, Role
from dezhi.host import Directory
from dezhi.service.deeds import Asked, Recorded
from township import Hands
from villages import PASSWORD, Village
from visiting import Visit

SAFE, HOURS = "dezhi-safe-family", "dezhi-volunteer"
ANSWERS = {"preconditions": True, "protection": 27, "dwelling": 16, "harmony": 25, "taking_part": 18}


@pytest.fixture
def directory() -> Directory:
    return Directory(["dezhi_yinger", "dezhi_safe_family", "dezhi_volunteer"])


async def use(village: Village, staff: int | None = None, **settings: object) -> None:
    """Adopt the two plugins for today, the first with some settings."""
    await village.house.programmes.adopt(
        village.yinger.id,
        {SAFE: Enabled(version="0.1.0", settings=settings), HOURS: Enabled(version="0.1.0")},
        title="平安家庭",
        effective_from=village.today,
        staff=staff or village.admin.id,
    )


async def record(village: Village, household: int, item: str, **asked: object) -> Recorded:
    request = Asked(household=household, item=item, on=village.today, **asked)
    return await village.house.awards.record(request, village.actor, f"key {item} {household}")


@pytest.mark.row("SU-05")
async def test_reports_are_the_plugins_tables_on_a_page_and_as_files(village: Village, visit: Visit) -> None:
    await use(village)
    homes = [village.family.id, *[(await village.open_family(f"02{number}")).id for number in range(4)]]
    for home in homes:
        await record(village, home, f"{SAFE}/drill")
    here = f"/township/v/{village.yinger.code}/reports"
    township, clerk = await visit("liu"), await visit("wang")
    page = await township.get(here)
    assert "参加消防、地震、防汛演练" in page.text
    assert f'href="{here}/{SAFE}/daily?year=2026"' in page.text
    file = await township.get(f"{here}/{SAFE}/daily?year=2026")
    assert file.headers["content-disposition"] == 'attachment; filename="620902101201-2026-daily.csv"'
    assert file.content.decode("utf-8-sig") == "做什么,次数,平安积分\r\n参加消防、地震、防汛演练,5,25\r\n"
    english = await township.get(f"{here}/{SAFE}/daily", headers={"accept-language": "en"})
    assert english.content.decode("utf-8-sig").splitlines()[1] == "Joining a drill,5,25"
    round_page = await clerk.get("/round")
    assert f'href="/round/reports/{village.yinger.code}"' in round_page.text
    assert "参加消防、地震、防汛演练" in (await clerk.get(f"/round/reports/{village.yinger.code}?grid=01")).text
    for wrong in ("?year=1999", "?grid=99", f"/{SAFE}/no-such-table"):
        assert (await township.get(f"{here}{wrong}")).status_code == 404


async def test_page_of_a_plugin_is_linked_from_the_rules(village: Village, visit: Visit) -> None:
    await use(village)
    visitor = await visit()
    base = f"/v/{village.yinger.code}"
    rules = await visitor.get(f"{base}/rules")
    assert f'href="{base}/p/{HOURS}"' in rules.text
    shown = await visitor.get(f"{base}/p/{HOURS}")
    assert "一星志愿者" in shown.text
    assert f'href="{base}/p/{HOURS}/counting"' in shown.text
    assert (await visitor.get(f"{base}/p/{HOURS}/counting")).status_code == 200
    for missing in (f"{base}/p/{HOURS}/nothing", f"{base}/p/dezhi-yinger", f"/v/{village.xiaba.code}/p/{HOURS}"):
        assert (await visitor.get(missing)).status_code == 404


@pytest.mark.row("PF-01")
@pytest.mark.row("PF-05")
async def test_assess_and_notices_stand_under_the_entry(village: Village, visit: Visit) -> None:
    await use(village)
    done = await record(village, village.family.id, f"{SAFE}/assessment", answers=ANSWERS)
    told = await village.house.journal.at(done.book, done.seqs[0])
    browser = await visit()
    await browser.show_card(village.card.number, village.card.pin)
    page = (await browser.get(f"/me/entry/{told.ref}")).text
    for said in ("★★★★", "管到2027年11月22日", "27 / 30", "这次评定管到2027年11月22日", "符合"):
        assert said in page


async def test_what_the_calendar_booked_is_told_to_staff(village: Village, visit: Visit, hands: Hands) -> None:
    person = village.neighbours.members[0].person
    posts = [Post(Role.TOWNSHIP, village.township.id)]
    head = await village.house.staff.create_with("ma", "马强", posts, PASSWORD, person=person)
    await use(village, head.id, base_points=5)
    hands.now = datetime(2027, 1, 1, 3, tzinfo=ZONE)
    await village.house.schedules.run()
    page = (await (await visit("liu")).get(f"/township/v/{village.yinger.code}/reports")).text
    for said in ("平安基础分", "记了 1 户", "没有记的 1 户", "王军家", "不能给自己家加分"):
        assert said in page
    browser = await visit()
    await browser.show_card(village.card.number, village.card.pin)
    assert "平安基础分" in (await browser.get("/me")).text
