"""Every page of the site in a real browser, which notes all it asks for: nothing may lead out of the installation."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from running import Running

PAGES_MAX = 40
"""Pages opened as each visitor; of pages that differ only in a number, the first two are."""
FILES = ("/roster/template",)  # a workbook, which the browser keeps instead of showing
VISITORS = ("", "resident", "clerk", "supervisor", "township")
SEEN_AT_LEAST = {"": 6, "resident": 3, "clerk": 8, "supervisor": 1, "township": 8}


def walk(page: Page, start: str) -> Iterator[str]:
    """Open the page at `start` and whatever can be reached from it, one of a shape and one more."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(start))
    waiting, known, shapes = [start], {start}, dict[str, int]()
    opened = 0
    while waiting and opened < PAGES_MAX:
        address = waiting.pop(0)
        shape = re.sub(r"\d+", "0", urlsplit(address).path)
        if shapes.setdefault(shape, 0) >= 2:
            continue
        shapes[shape] += 1
        opened += 1
        answer = page.goto(address, wait_until="load")
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"
        assert "default-src 'none'" in answer.headers["content-security-policy"], address
        yield address
        links = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.href)")
        for link in links:
            assert link.startswith((f"{origin}/", "#", "tel:")), f"{address} leads to {link}"
            whole = link.split("#")[0]
            if whole not in known and not whole.endswith(FILES):
                known.add(whole)
                waiting.append(whole)


@pytest.mark.row("SE-10")
@pytest.mark.parametrize("who", VISITORS, ids=[who or "stranger" for who in VISITORS])
def test_no_page_asks_for_anything_outside(demo: Running, browser: Browser, who: str) -> None:
    context = browser.new_context(locale="zh-CN", service_workers="block")
    asked: list[str] = []
    refused: list[str] = []
    # The context hears of every request, those of frames, workers and styles as well, and before any policy stops it.
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page = context.new_page()
    page.goto(demo.url)
    if who:
        with page.expect_navigation():
            page.locator(f'form[action="/demo/enter/{who}"] button').click()
    opened = list(walk(page, page.url))
    context.close()
    assert len(opened) >= SEEN_AT_LEAST[who], opened
    assert {url for url in asked if not url.startswith((f"{demo.url}/", "data:"))} == set()
    assert refused == []


@pytest.mark.row("SE-10")
def test_the_watch_would_see_a_request_to_the_outside(browser: Browser, tmp_path: Path) -> None:
    """A page that does load a picture from elsewhere is noticed, though the picture never comes."""
    file = tmp_path / "page.html"
    file.write_text('<img src="http://192.0.2.1/pixel.png">', encoding="utf-8")
    context = browser.new_context(offline=False)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.route("http://192.0.2.1/**", lambda route: route.abort())
    context.new_page().goto(file.as_uri())
    context.close()
    assert "http://192.0.2.1/pixel.png" in asked
