"""Every page, filled with invented people: what its HTML must and must not have."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from dezhi.plugin import Asset
from dezhi.web.rendering import TEMPLATES, day, hours, num
from dezhi.web.symbols import DRAWINGS, SIGNS, symbol
from preview import render
from samples.pages import PAGES

VOID = {"meta", "link", "input", "br", "path", "img"}
# What a form that writes to the ledger is sent to: it must carry a key, so that sending twice books once.
LEDGER = re.compile(
    r"^/(me/redemptions|round/(award|many|hand-over/.|reverse/)|desk/[^/]+/(redeem|freeze|hours)|township/v/[^/]+/close)"
)


@dataclass
class Tag:
    """An element with what it says."""

    name: str
    attributes: dict[str, str | None]
    parents: tuple["Tag", ...]
    text: str = ""
    inside: list["Tag"] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)


class Reader(HTMLParser):
    """All elements of a page, and a complaint about every tag that does not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[Tag] = []
        self.tags: list[Tag] = []
        self.feed(html)
        assert [tag.name for tag in self.open] == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in {tag} {attrs}"
        found = Tag(tag, dict(attrs), tuple(self.open))
        for parent in self.open:
            parent.inside.append(found)
        self.tags.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            tag.text += data

    def all(self, *names: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name in names]


@pytest.fixture(params=sorted(PAGES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def html(name: str) -> str:
    return render(PAGES[name])


@pytest.fixture
def read(html: str) -> Reader:
    return Reader(html)


def test_every_template_has_a_sample() -> None:
    templates = {
        file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.rglob("*.html") if not file.name.startswith("_")
    }
    assert templates - {"base.html"} == {shown.template for shown in PAGES.values()}


def test_a_page_has_one_language_one_heading_and_one_main_part(read: Reader) -> None:
    assert [tag.get("lang") for tag in read.all("html")] == ["zh-CN"]
    assert len(read.all("h1")) == 1
    assert [tag.get("id") for tag in read.all("main")] == ["main"]
    assert next(tag for tag in read.all("a")).get("href") == "#main"
    assert all(tag.text.strip() for tag in read.all("h1", "h2", "h3", "title"))


def test_nothing_needs_an_exception_from_the_policy(read: Reader) -> None:
    for tag in read.tags:
        assert tag.name != "style"
        assert not [name for name in tag.attributes if name == "style" or name.startswith(("on", "hx-on"))]
        assert "[" not in (tag.get("hx-trigger") or "")
        assert "js:" not in " ".join(value or "" for value in tag.attributes.values())
    assert all(tag.get("src") and not tag.text.strip() for tag in read.all("script"))


def test_nothing_is_fetched_from_elsewhere(read: Reader) -> None:
    addresses = [tag.get(name) for tag in read.tags for name in ("src", "href", "action") if tag.get(name)]
    assert [address for address in addresses if address and not re.match(r"/(?!/)|#|data:", address)] == []


def test_every_field_has_a_label(read: Reader) -> None:
    named = {tag.get("for") for tag in read.all("label") if tag.text.strip()}
    for tag in read.all("input", "select", "textarea"):
        if tag.get("type") != "hidden":
            wrapped = any(parent.name == "label" and parent.text.strip() for parent in tag.parents)
            assert wrapped or tag.get("id") in named, tag.attributes


def test_whatever_can_be_pressed_says_what_it_does(read: Reader) -> None:
    for tag in read.all("button", "a", "summary"):
        assert tag.text.strip(), tag.attributes
    assert all(tag.get("type") in {"submit", "button"} for tag in read.all("button"))


def test_ids_are_unique_and_what_is_pointed_at_exists(read: Reader) -> None:
    ids = Counter(tag.get("id") for tag in read.tags if tag.get("id"))
    assert [name for name, times in ids.items() if times > 1] == []
    pointers = (
        "for",
        "aria-describedby",
        "aria-errormessage",
        "aria-labelledby",
        "data-confirm",
        "data-scan",
        "data-read",
    )
    for tag in read.tags:
        pointed = {one for pointer in pointers for one in (tag.get(pointer) or "").split()}
        assert pointed <= set(ids), tag.attributes


def test_a_form_that_writes_is_protected_and_books_once(read: Reader) -> None:
    for form in read.all("form"):
        if form.get("method") != "post":
            continue
        hidden = {tag.get("name"): tag.get("value") for tag in form.inside if tag.get("type") == "hidden"}
        assert hidden["_csrf_token"] == "sample-token"
        if LEDGER.match(form.get("action") or ""):
            assert hidden["key"], form.attributes


def test_the_demo_says_so_and_nothing_else_does(name: str, html: str, read: Reader) -> None:
    marked = "data-demo" in read.all("body")[0].attributes
    assert marked == PAGES[name].page.demo == ("演示数据，人物均为虚构" in html)


def test_the_switch_to_large_letters_is_on_every_page_but_the_wall(name: str, read: Reader) -> None:
    sizes = [tag.get("value") for tag in read.all("button") if tag.get("name") == "size"]
    large = PAGES[name].page.large
    assert sizes == ([] if name.startswith("wall") else ["normal" if large else "large"])
    assert read.all("html")[0].get("data-size") == ("large" if large else None)


def test_symbols_are_hidden_from_who_listens(read: Reader) -> None:
    drawings = [tag for tag in read.all("svg") if "symbol" in (tag.get("class") or "")]
    assert all(tag.get("aria-hidden") == "true" for tag in drawings)


def test_chinese_is_punctuated_in_chinese(read: Reader) -> None:
    said = "\n".join(tag.text for tag in read.all("body"))
    assert re.findall(r"[一-鿿][,:;?!][一-鿿]", said) == []


def test_every_word_of_a_template_is_in_a_catalogue() -> None:
    """Chinese stands only inside expressions, where `_()` marks it for translation."""
    bare = {}
    for file in TEMPLATES.rglob("*.html"):
        text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        if found := re.findall(r"[一-鿿]+", text):
            bare[file.name] = found
    assert bare == {}


def test_an_entry_without_notice_says_so(name: str, html: str) -> None:
    if name in {"book", "entry", "home", "wall", "awarded", "many-done", "desk-slip", "journal"}:
        assert "未经公示，试运行" in html


def test_hours_are_said_as_people_say_them() -> None:
    assert [hours(750), hours(45), hours(120), hours(0), hours(60_030)] == [
        "12 小时 30 分", "45 分钟", "2 小时", "0 小时", "1000 小时 30 分",
    ]  # fmt: skip


def test_figures_are_grouped_from_five_digits_on() -> None:
    assert [num(0), num(9_999), num(99_999), num(-12_000)] == ["0", "9999", "99,999", "-12,000"]


def test_every_sign_we_know_has_a_drawing() -> None:
    assert set(SIGNS.values()) <= set(DRAWINGS)
    assert symbol("🧹") == symbol("扫") == symbol("broom")
    assert symbol("❤️") == symbol("heart")


def test_a_symbol_without_a_drawing_is_carved_from_a_character() -> None:
    assert "勇" in symbol("勇")
    assert "清" in symbol("🦄", "清扫")
    assert "&lt;" in symbol("", "<b>")
    assert symbol("") == symbol("gift")


def test_every_asset_has_its_word_and_symbol_on_the_passbook() -> None:
    html = render(PAGES["book"])
    assert all(f"is-{asset}" in html for asset in Asset)


def test_a_date_is_written_in_full() -> None:
    assert day(PAGES["book"].page.today) == "2026年11月22日"
