"""The page that checks receipts, opened as a file in a browser without any network; the books behind are real."""

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page, Route, expect

from booking import asking, award
from dezhi.core import notes
from dezhi.core.body import decode
from dezhi.core.receipts import Receipt, Sealed
from dezhi.core.tree import leaf_hash
from dezhi.service.journal import EntryRef
from dezhi.service.seals import Seals, key_reader
from dezhi.store import seals as store
from dezhi.store.books import open_book
from dezhi.store.poster import Poster
from dezhi.web.rendering import BUILT, built_name
from engines import run_apart
from forging import Forger
from homes import Home, Homes
from preview import Preview
from township import Hands

ROOT = Path(__file__).resolve().parents[2]
SITE = "http://vectors.example"
HOLDS = "对得上：这一笔从封签那天到现在没有改过。"
CHANGED = 3


@dataclass(frozen=True)
class Office:
    """A book of ten entries and its seals; each call opens the database anew, as the next day's process would."""

    home: Home

    async def _begin(self) -> None:
        database = await self.home.connect()
        poster = Poster(database.engine, Hands())
        for region in (520, 521):
            book = await open_book(database, region)
            for _ in range(7):
                await poster.post(book, asking(award()))
        await poster.close()
        await database.close()

    def begin(self) -> None:
        run_apart(self._begin())

    def book_more(self) -> None:
        self.begin()

    def seal(self) -> str:
        """Seal, and return the short code as somebody photographs it."""

        async def seal() -> str:
            database = await self.home.connect()
            told = await Seals(database, Hands(), key_reader(database, None)).seal()
            await database.close()
            assert told is not None
            return told.code

        return run_apart(seal())

    def receipt(self, seq: int, seal: int | None = None) -> str:
        """The receipt of an entry of the first book, as it is downloaded."""

        async def receipt() -> str:
            database = await self.home.connect()
            seals = Seals(database, Hands(), key_reader(database, None))
            body = await store.body(database, 1, seq)
            assert body is not None
            try:
                period = decode(body).period
            except ValueError:
                period = 202611
            found = await seals.receipt(EntryRef(1, period, seq), "邻里帮扶", seal)
            await database.close()
            return msgspec.json.encode(found.file).decode()

        return run_apart(receipt())

    def consistency(self, old: int, new: int) -> str:
        async def proof() -> str:
            database = await self.home.connect()
            found = await Seals(database, Hands(), key_reader(database, None)).consistency(1, old, new)
            await database.close()
            return msgspec.json.encode(found.file).decode()

        return run_apart(proof())

    def note(self, number: int) -> str:
        ((note,),) = self.home.rows(f"SELECT note FROM checkpoint WHERE checkpoint_id = {number}")
        return str(note)


@pytest.fixture
def office(homes: Homes, tmp_path: Path) -> Iterator[Office]:
    with homes.home(tmp_path / "data") as home:
        made = Office(home)
        made.begin()
        yield made


@pytest.fixture
def offline(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the page as a file, in a browser that has no network; whatever it asks for is noted and refused."""
    contexts = []
    asked: list[str] = []

    def open_page(*, locale: str = "zh-CN", width: int = 360) -> Page:
        context = browser.new_context(locale=locale, offline=True, viewport={"width": width, "height": 800})
        contexts.append(context)
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto((BUILT / built_name("verify.html")).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def check(page: Page, text: str, code: str = "") -> None:
    """Give the page a file and a code, as somebody does."""
    page.get_by_label("凭据文件").set_input_files(
        {"name": "receipt.json", "mimeType": "application/json", "buffer": text.encode()}
    )
    page.get_by_label("墙上封签的短码").fill(code)
    page.get_by_role("button", name="核对").click()
    page.locator("[data-verdict]").wait_for()


def verdict(page: Page) -> str:
    return page.locator("[data-verdict]").inner_text()


def steps(page: Page) -> list[str]:
    """The names of the steps that hold, and of the one that fails with a mark."""
    found = page.locator("[data-step]").all()
    return [("" if "✓" in one.inner_text() else "!") + str(one.get_attribute("data-step")) for one in found]


@pytest.mark.row("LE-09")
@pytest.mark.row("B-03")
def test_a_receipt_verifies_off_line_and_fails_after_one_byte_was_changed(
    office: Office, offline: Callable[..., Page], keep: Callable[[Page, str], Path]
) -> None:
    photo = office.seal()
    page = offline()
    check(page, office.receipt(CHANGED), photo.lower().replace("-", " "))
    expect(page.locator("[data-verdict=done]")).to_contain_text(HOLDS)
    assert steps(page) == ["note", "signature", "code", "book", "entry"]
    facts = page.locator("#result").inner_text()
    for said in ("2026-11-22", "加分", "道德积分 5 分", "邻里帮扶（dezhi-yinger/neighbour-help", "1-202611-3", photo):
        assert said in facts
    keep(page, "holds")
    Forger(office.home).flip_body(1, CHANGED)
    check(page, office.receipt(CHANGED), photo)
    expect(page.locator("[data-verdict=wrong]")).to_contain_text("这一笔和封签那天的账不一样")
    assert steps(page)[-1] == "!entry"
    keep(page, "fails")
    check(page, office.receipt(CHANGED + 1), photo)
    assert HOLDS in verdict(page), "what was not touched still holds"


@pytest.mark.row("B-03")
def test_a_slip_of_the_hand_is_no_forged_book(office: Office, offline: Callable[..., Page]) -> None:
    photo = office.seal()
    page = offline()
    check(page, office.receipt(CHANGED), photo)
    for typed in (photo[:4], f"{photo}X"):
        page.get_by_label("墙上封签的短码").fill(typed)
        page.get_by_role("button", name="核对").click()
        expect(page.locator("#result")).to_contain_text("短码没有抄全，或者抄多了")
        expect(page.locator("#result")).not_to_contain_text("对不上")


@pytest.mark.row("B-03")
def test_a_book_that_was_rewritten_whole_fails_against_the_photo(office: Office, offline: Callable[..., Page]) -> None:
    photo = office.seal()
    forger = Forger(office.home)
    forger.rewrite(1, CHANGED, amount=500)
    page = offline()
    check(page, office.receipt(CHANGED), photo)
    assert "这一笔和封签那天的账不一样" in verdict(page)
    # The forger has the key as well, and makes the seals anew: perfect in itself, but not what hung on the wall.
    forger.forget_seals()
    forged = office.seal()
    check(page, office.receipt(CHANGED), forged)
    assert HOLDS in verdict(page)
    assert "道德积分 500 分" in page.locator("#result").inner_text()
    check(page, office.receipt(CHANGED), photo)
    assert "和您填的短码不是同一个封签" in verdict(page)
    check(page, office.receipt(CHANGED))
    expect(page.locator("[data-verdict=warn]")).to_contain_text("凭据自己没有毛病")


@pytest.mark.row("LE-09")
@pytest.mark.row("B-03")
def test_two_seals_join_and_do_not_after_a_rewriting(office: Office, offline: Callable[..., Page]) -> None:
    photo = office.seal()
    office.book_more()
    newer = office.seal()
    page = offline()
    for code in (photo, newer, office.note(1)):
        check(page, office.consistency(1, 2), code)
        assert "从前一个封签到后一个封签，以前的账一笔也没有改过" in verdict(page)
    forger = Forger(office.home)
    forger.rewrite(1, CHANGED, amount=500)
    check(page, office.consistency(1, 2), photo)
    assert "两个封签接不上" in verdict(page)
    assert steps(page)[-1] == "!history"


def of_format_1() -> tuple[str, str]:
    """A receipt for the only entry of a book, written as Dezhi 0.1.0 wrote bodies, and its seal's short code."""
    number = struct.Struct(">q").pack
    fields = [
        *(number(one) for one in (1, 202512, 1, 1, 20251224, 1_766_534_400_000_000)),
        *(b"staff-1", b"key-1", bytes(32), number(1), number(1), b"dezhi-yinger/homework", number(1)),
        *(b"", b"", b"", number(1001), b"", b"", number(520), b"", b"", b"", b"", b"", bytes(16)),
        *(number(1) + number(1) + number(0) + number(0) + number(3) + number(3), struct.pack(">4q", 1, 2, 3, 95)),
    ]
    body = b"\1" + b"".join(struct.pack(">BI", tag, len(data)) + data for tag, data in enumerate(fields, start=1))
    assert decode(body).lines[0].amount == 95
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = private.public_key().public_bytes_raw()
    head = notes.book_head("dezhi", 1, 1, leaf_hash(body))
    text = notes.county_head("dezhi", [head], date(2026, 1, 1)).text
    key = notes.verifier("dezhi", public)
    note = notes.signed_note(text, "dezhi", public, private.sign(text.encode()))
    seal = Sealed(head=head.text, index=0, path=(), note=note, key=key)
    receipt = Receipt(number="1-202512-1", title="家务", body=body, path=(), seal=seal)
    return msgspec.json.encode(receipt).decode(), notes.short_code(text, key)


def test_an_entry_of_the_first_release_is_still_read(offline: Callable[..., Page]) -> None:
    receipt, code = of_format_1()
    page = offline()
    check(page, receipt, code)
    assert HOLDS in verdict(page)
    facts = page.locator("#result").inner_text()
    for said in ("2025-12-24", "志愿时 1 小时 35 分", "dezhi-yinger/homework", "1-202512-1"):
        assert said in facts


def test_every_part_that_was_touched_is_named(office: Office, offline: Callable[..., Page]) -> None:
    office.seal()
    receipt = json.loads(office.receipt(CHANGED))
    page = offline()
    other = notes.verifier("dezhi", bytes(32))
    for part, value, step in (
        ("head", receipt["seal"]["head"].replace("\n7\n", "\n8\n"), "!book"),
        ("note", receipt["seal"]["note"].replace("day 2026-11-22", "day 2026-11-23"), "!signature"),
        ("key", other, "!signature"),
        ("key", "nonsense", "!note"),
    ):
        touched = {**receipt, "seal": {**receipt["seal"], part: value}}
        check(page, json.dumps(touched))
        assert steps(page)[-1] == step, part
    check(page, json.dumps({**receipt, "number": "1-202611-4"}))
    assert steps(page)[-1] == "!entry"
    check(page, json.dumps({**receipt, "path": 5}))
    assert steps(page)[-1] == "!file"
    check(page, "not json")
    assert "这不是凭据" in verdict(page)


def test_the_page_reads_well_in_both_languages(office: Office, offline: Callable[..., Page]) -> None:
    photo = office.seal()
    page = offline(locale="en-GB", width=1280)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check a receipt")
    page.get_by_role("button", name="中文").click()
    check(page, office.receipt(1), photo)
    page.get_by_role("button", name="English").click()
    assert "It holds" in verdict(page)
    assert "5 moral points" in page.locator("#result").inner_text()
    violations = Axe().run(page).response["violations"]
    assert [one["id"] for one in violations if one["impact"] in {"serious", "critical"}] == []
    narrow = offline()
    check(narrow, office.receipt(1), photo)
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.row("LE-09")
def test_the_page_s_own_proofs_pass_the_published_vectors(browser: Browser) -> None:
    """The script as it is written, before it is bundled, against the vectors that ours pass in tests/core."""
    served = {"/tree.js": ROOT / "platform/dezhi/web/assets/verify/tree.js", "/hashes/": ROOT / "node_modules/@noble"}
    start = f"""<script type="importmap">{{"imports": {{"@noble/hashes/": "{SITE}/hashes/"}}}}</script>"""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path == "/":
            route.fulfill(body=start, content_type="text/html")
        else:
            file = served["/tree.js"] if path == "/tree.js" else served["/hashes/"] / path.removeprefix("/")
            route.fulfill(path=file, content_type="text/javascript")

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto(SITE)
    lines = (ROOT / "tests/fixtures/merkle/vectors.jsonl").read_text(encoding="utf-8").splitlines()
    # What the page never asks: a book without entries begins every book there.
    vectors = [one for one in map(json.loads, lines) if one.get("size1") != 0]
    odd = page.evaluate(
        """async vectors => {
          const { isConsistent, isIncluded } = await import("/tree.js");
          const bytes = text => Uint8Array.from(atob(text || ""), sign => sign.charCodeAt(0));
          const holds = one => {
            const path = (one.proof || []).map(bytes);
            return one.kind === "inclusion"
              ? isIncluded(bytes(one.leafHash), one.leafIdx, one.treeSize, path, bytes(one.root))
              : isConsistent(one.size1, one.size2, bytes(one.root1), bytes(one.root2), path);
          };
          return vectors.filter(one => holds(one) === one.wantErr).map(one => one.file);
        }""",
        vectors,
    )
    page.close()
    assert len(vectors) > 180
    assert odd == []


@pytest.mark.row("B-03")
@pytest.mark.parametrize("name", ["seal", "seal-a5"])
def test_the_notice_fits_on_one_sheet(browser: Browser, name: str) -> None:
    preview = Preview(browser, 1280, 800)
    preview.show(name)
    pdf = preview.page.pdf(prefer_css_page_size=True)
    preview.context.close()
    assert pdf.count(b"/Type /Page\n") == 1
