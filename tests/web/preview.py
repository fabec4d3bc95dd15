"""Look at every page without a server: render the samples to files and photograph them.

`python tests/web/preview.py [NAME …]` writes `build/preview/NAME.html` and pictures at 360, 1280 and, for the wall,
1920 pixels. Built scripts and styles are used where `make assets` has run, else the sources as they are.
"""

import json
import shutil
import sys
from collections.abc import Callable
from gettext import NullTranslations
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from dezhi.web.rendering import BUILT, environment
from samples import PAGES, Shown

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "build" / "preview"
ASSETS = ROOT / "platform" / "dezhi" / "web" / "assets"
SIZES = {"phone": (360, 800), "desk": (1280, 800)}
WALL = {"wall": (1920, 1080)}


def place_assets() -> Callable[[str], str]:
    """Put scripts and styles beside the pages and return where each lies."""
    shutil.rmtree(TARGET / "static", ignore_errors=True)
    manifest = BUILT / "manifest.json"
    built = json.loads(manifest.read_bytes()) if manifest.is_file() else {}
    shutil.copytree(BUILT if built else ASSETS, TARGET / "static")
    return lambda name: f"static/{built.get(name, name)}"


def render(shown: Shown, asset_url: Callable[[str], str]) -> str:
    """The page as a browser would get it."""
    template = environment(NullTranslations(), asset_url).get_template(shown.template)
    return template.render(page=shown.page, view=shown.view)


def photograph(browser: Browser, name: str, sizes: dict[str, tuple[int, int]]) -> None:
    """Take the whole page at each size; modules need no server for a look at the layout."""
    for size, (width, height) in sizes.items():
        view = browser.new_page(viewport={"width": width, "height": height})
        view.goto((TARGET / f"{name}.html").as_uri())
        view.wait_for_load_state()
        over = view.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            print(f"{name} {size}: {over}px too wide")
        view.screenshot(path=TARGET / f"{name}-{size}.png", full_page=size != "wall")
        view.close()


def main() -> None:
    """Render what was asked for, or everything."""
    TARGET.mkdir(parents=True, exist_ok=True)
    asset_url = place_assets()
    names = sys.argv[1:] or list(PAGES)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--allow-file-access-from-files"]
        )
        for name in names:
            (TARGET / f"{name}.html").write_text(render(PAGES[name], asset_url), encoding="utf-8")
            photograph(browser, name, WALL if name.startswith("wall") else SIZES)
        browser.close()


if __name__ == "__main__":
    main()
