"""`make pictures`: remake the README's pictures from a demo that was started for them and is gone afterwards."""

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from browsing import MISSING, chromium, find_chromium
from dezhi.service.demo.villages import HOME
from running import dezhi

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
COLOURS = 256


@dataclass(frozen=True)
class Picture:
    """One picture: who looks, at which page, on what screen.

    `role` is the door taken on the public page in demo mode (None: a visitor's eyes). `path` is opened after that;
    None stays where the door leads. `clicks` are selectors tapped in turn before the picture is taken.
    """

    name: str
    role: str | None
    path: str | None
    width: int
    height: int
    clicks: tuple[str, ...] = ()
    # Pixels of the picture per pixel of the page: a phone's page is narrow and shown sharp.
    scale: int = 1


# One item chosen, so that the sentence to be booked stands below the list of households.
PICK = ("summary:has-text('储蓄友爱')", "label.choice:has-text('参加环境清扫')")

PICTURES = (
    Picture("public", None, "/", 1280, 1200),
    Picture("passbook", "resident", None, 360, 800, scale=2),
    Picture("many", "clerk", "/round/many", 360, 800, PICK, scale=2),
    Picture("programme", "township", f"/township/v/{HOME}", 1280, 1200),
    Picture("wall", None, "/wall", 1920, 1080),
)


def main() -> None:
    """Take every picture, or those named on the command line."""
    executable = find_chromium()
    if executable is None:
        sys.exit(MISSING)
    wanted = [picture for picture in PICTURES if picture.name in sys.argv[1:] or len(sys.argv) == 1]
    with (
        tempfile.TemporaryDirectory() as folder,
        dezhi("demo", Path(folder) / "data") as running,
        chromium(executable) as browser,
    ):
        for picture in wanted:
            path = FOLDER / f"{picture.name}.png"
            path.write_bytes(lighter(take(browser, running.url, picture)))
            print(f"{path.relative_to(FOLDER.parents[1])}  {path.stat().st_size / 1000:.0f} KB")


def take(browser: Browser, url: str, picture: Picture) -> bytes:
    """The picture as PNG. Raises playwright's errors when a page does not answer with success or a click finds none."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=picture.scale,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.role:
        enter(page, url, picture.role)
    if picture.path:
        answer = page.goto(url + picture.path)
        if answer is None or not answer.ok:
            message = f"{picture.path} answered {answer.status if answer else 'nothing'}"
            raise RuntimeError(message)
    for selector in picture.clicks:
        page.locator(selector).first.click()
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")
    shot = page.screenshot()
    context.close()
    return shot


def enter(page: Page, url: str, role: str) -> None:
    """Log in as the demo's people do: one tap on a door of the public page."""
    page.goto(url)
    page.locator(f'form[action="/demo/enter/{role}"] button').first.click()
    page.wait_for_load_state()


def lighter(png: bytes) -> bytes:
    """The same picture in a palette of 256 colours, about a third of the bytes."""
    target = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


if __name__ == "__main__":
    main()
