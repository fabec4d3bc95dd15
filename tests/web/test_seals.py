"""Seals on the pages: for everybody, for the wall, for one household, and for staff when a night went wrong."""

from datetime import timedelta
from urllib.parse import unquote

import msgspec
import pytest

from dezhi.core.people import Household
from dezhi.core.receipts import Consistency, Receipt, consistency_fault, receipt_fault
from dezhi.service.journal import EntryRef
from dezhi.service.seals import Told, is_signed
from dezhi.web import seals
from forging import Forger
from homes import Home
from township import Hands
from villages import Village
from visiting import Visit


async def sealed(village: Village) -> Told:
    told = await village.house.seals.seal()
    assert told is not None
    return told


async def entry(village: Village, home: Household | None = None) -> EntryRef:
    """Record a deed, by default of the family, and return its entry."""
    recorded = await village.award(home or village.family, "neighbour-help")
    book = await village.house.sheets.book(village.yinger.id)
    return (await village.house.journal.at(book, recorded.seqs[0])).ref


@pytest.mark.row("B-03")
async def test_the_notice_for_the_wall_has_code_note_and_every_book(village: Village, visit: Visit) -> None:
    await entry(village)
    told = await sealed(village)
    browser = await visit()
    page = (await browser.get("/seals/1")).text
    assert all(f"<span>{group}</span>" in page for group in told.code.split("-"))
    assert "上坝镇" in page
    assert "<svg" in page
    assert "is-seal-a4" in page
    assert "is-seal-a5" in (await browser.get("/seals/1?paper=a5")).text
    note = await browser.get("/seals/1/note")
    assert note.text == told.note
    assert "attachment" in note.headers["content-disposition"]
    for path in ("/", f"/v/{village.yinger.code}", "/seals"):
        assert told.code in (await browser.get(path)).text
    assert (await browser.get("/seals/2")).status_code == 404
    assert (await browser.get("/seals/x")).status_code == 404
    assert (await browser.get(f"/seals/{10**40}/note")).status_code == 404


async def test_before_the_first_night_pages_say_so(village: Village, visit: Visit) -> None:
    browser = await visit()
    assert "还没有封签" in (await browser.get("/seals")).text
    assert "/seals/" not in (await browser.get("/")).text
    ref = await entry(village)
    await browser.show_card(village.card.number, village.card.pin)
    answer = await browser.get(f"/me/entry/{ref}/receipt")
    assert (answer.status_code, "明天再来" in answer.text) == (404, True)
    await sealed(village)
    later = await entry(village)
    answer = await browser.get(f"/me/entry/{later}/receipt")
    assert (answer.status_code, "明天再来" in answer.text) == (409, True)


@pytest.mark.row("LE-09")
async def test_a_household_gets_the_receipt_of_its_own_entry_and_of_no_other(village: Village, visit: Visit) -> None:
    ref = await entry(village)
    code = (await sealed(village)).code
    browser = await visit()
    assert (await browser.get(f"/me/entry/{ref}/receipt")).headers["location"].startswith("/card")
    await browser.show_card(village.card.number, village.card.pin)
    assert f"/me/entry/{ref}/receipt" in (await browser.get(f"/me/entry/{ref}")).text
    page = (await browser.get(f"/me/entry/{ref}/receipt")).text
    assert code in page
    assert "对不上" not in page
    answer = await browser.get(f"/me/entry/{ref}/receipt/file?seal=1")
    assert answer.headers["content-disposition"] == f'attachment; filename="dezhi-{ref}.json"'
    receipt = msgspec.json.decode(answer.content, type=Receipt)
    assert receipt_fault(receipt, is_signed, code) is None
    # What is brought to the page that checks is the same, behind the #.
    brought = page.split("/verify#receipt=")[1].split('"')[0]
    assert msgspec.json.decode(unquote(brought), type=Receipt) == receipt
    for name in ("李小明", "王秀兰", "王军"):
        assert name not in answer.text
    others = await entry(village, await village.open_family("030", "马大山"))
    assert (await browser.get(f"/me/entry/{others}/receipt")).status_code == 404
    assert (await browser.get(f"/me/entry/{others}/receipt/file")).status_code == 404


@pytest.mark.row("LE-09")
async def test_between_two_seals_there_is_a_proof_for_everybody(village: Village, visit: Visit, hands: Hands) -> None:
    ref = await entry(village)
    first = await sealed(village)
    hands.pass_by(timedelta(days=1))
    await entry(village)
    second = await sealed(village)
    browser = await visit()
    assert f"/seals/1/proof/{ref.book}" in (await browser.get("/seals/1")).text
    assert "/proof/" not in (await browser.get("/seals/2")).text
    answer = await browser.get(f"/seals/1/proof/{ref.book}")
    proof = msgspec.json.decode(answer.content, type=Consistency)
    for code in (first.code, second.code):
        assert consistency_fault(proof, is_signed, code) is None
    assert (await browser.get(f"/seals/2/proof/{ref.book}?to=1")).status_code == 422
    assert (await browser.get("/seals/1/proof/9")).status_code == 409
    # A photo of an older seal is held against a receipt made for it.
    await browser.show_card(village.card.number, village.card.pin)
    page = (await browser.get(f"/me/entry/{ref}/receipt?seal=1")).text
    assert first.code in page
    assert "第 1 号，2026年11月22日" in page


@pytest.mark.row("B-03")
async def test_an_altered_entry_is_told_to_its_household_and_a_broken_book_to_staff(
    village: Village, visit: Visit, home: Home, hands: Hands
) -> None:
    ref = await entry(village)
    await entry(village)
    await village.house.nightly.turn()
    staff = await visit("zhao")
    assert "账和上次对得上" in (await staff.get("/seals")).text
    Forger(home).rewrite(ref.book, ref.seq, amount=777)
    browser = await visit()
    await browser.show_card(village.card.number, village.card.pin)
    assert "这一笔和封签对不上" in (await browser.get(f"/me/entry/{ref}/receipt")).text
    hands.pass_by(timedelta(days=1))
    await village.house.nightly.turn()
    staff = await visit("zhao")  # yesterday's session is over
    assert "以前记的账被改过" in (await staff.get("/seals")).text
    # Everybody else sees the seals, not how the night went.
    assert "以前记的账被改过" not in (await browser.get("/seals")).text
    assert len(await village.house.seals.listed()) == 1


async def test_the_page_that_checks_is_served_under_its_own_policy(village: Village, visit: Visit) -> None:
    answer = await (await visit()).get("/verify")
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"].startswith("text/html")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src" not in policy, "nobody is asked for anything"
    assert "frame-ancestors 'none'" in policy
    assert answer.text.count("<script") == answer.text.count("<style") == 1


async def test_the_list_goes_on(village: Village, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "PAGE", 2)
    for _ in range(3):
        await entry(village)
        await sealed(village)
    browser = await visit()
    first = (await browser.get("/seals")).text
    assert 'href="/seals?before=2"' in first
    rest = (await browser.get("/seals?before=2")).text
    assert 'href="/seals/1"' in rest
    assert 'href="/seals/2"' not in rest
