"""Look at every page without a server: render the samples to files and photograph them.

`python tests/kit/preview.py [NAME …]` writes `build/preview/NAME.html` and pictures at 360, 1280 and, for the wall,
1920 pixels. Run `make assets` first; `PYTHONPATH=platform` outside an installed checkout.
"""

import shutil
import sys
from functools import cache
from pathlib import Path

from jinja2 import Environment
from playwright.sync_api import Browser, Route

from browsing import MISSING, chromium, find_chromium
from dezhi.web.rendering import BUILT, built_asset_url, environment
from samples.common import Shown
from samples.pages import PAGES

TARGET = Path(__file__).resolve().parents[2] / "build" / "preview"
SIZES = {"phone": (360, 800), "desk": (1280, 800)}
WALL = {"wall": (1920, 1080)}
ORIGIN = "http://preview.example"


@cache
def engine() -> Environment:
    """The application's own engine."""
    return environment(built_asset_url())


def render(shown: Shown) -> str:
    """The page as a browser would get it."""
    return engine().get_template(shown.template).render(page=shown.page, view=shown.view)


class Preview:
    """A browser window whose requests are answered from the samples and the built files."""

    def __init__(self, browser: Browser, width: int, height: int, *, script: bool = True, dark: bool = False) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )
        self.page = self.context.new_page()
        self.cut = False  # True: the network is gone
        self.page.route(
            f"{ORIGIN}/static/built/*", lambda route: route.fulfill(path=BUILT / route.request.url.split("/")[-1])
        )

    def show(self, name: str) -> None:
        """Open the sample of this name; `wall#3` opens the wall at its third panel."""
        name, _, part = name.partition("#")
        html = render(PAGES[name])

        def answer(route: Route) -> None:
            if self.cut:
                route.abort("internetdisconnected")
            else:
                route.fulfill(body=html, content_type="text/html; charset=utf-8")

        self.page.route(f"{ORIGIN}/{name}", answer)
        self.page.goto(f"{ORIGIN}/{name}#{part}" if part else f"{ORIGIN}/{name}")


def main() -> None:
    """Photograph what was asked for, or everything."""
    executable = find_chromium()
    if executable is None:
        sys.exit(MISSING)
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    names = sys.argv[1:] or list(PAGES)
    with chromium(executable) as browser:
        for size, (width, height) in {**SIZES, **WALL}.items():
            window = Preview(browser, width, height)
            for name in names:
                if name.startswith("wall") != (size in WALL):
                    continue
                window.show(name)
                window.page.screenshot(path=TARGET / f"{name}-{size}.png", full_page=size not in WALL)
            window.context.close()
    print(f"{TARGET.relative_to(Path.cwd())}: {len(names)} pages")


if __name__ == "__main__":
    main()
