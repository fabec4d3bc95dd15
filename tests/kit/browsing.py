"""Chromium for the tests and for the README's pictures: where it is, and how it is started."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # Chromium refuses its sandbox to root, which containers run as; it only opens our own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Nothing but the page under test may reach the network.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = "no Chromium: install Debian's chromium and fonts-noto-cjk, or name one in DEZHI_CHROMIUM"


def find_chromium() -> str | None:
    """The browser's path: DEZHI_CHROMIUM, or the first known name on PATH."""
    named = os.environ.get("DEZHI_CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    """A headless browser, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS])
        try:
            yield browser
        finally:
            browser.close()
