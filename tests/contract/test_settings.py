"""The page of settings names every setting with what holds without it, and no other."""

import re
from pathlib import Path

import msgspec

from dezhi.settings import COMMANDED, RATE_MAX, WORKERS_MAX, Settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "settings.md"


def test_the_page_of_settings_is_the_program_s() -> None:
    page = PAGE.read_text(encoding="utf-8")
    # The demo is a command, and plugins under development are named on the command line.
    fields = [field for field in msgspec.structs.fields(Settings) if field.name not in COMMANDED]
    wanted = [(f"DEZHI_{one.name.upper()}", str(one.default) if one.default else "") for one in fields]
    assert re.findall(r"^\| `(\w+)` \|(?: `([^`]+)`)? \|", page, re.MULTILINE) == wanted
    assert page.count(f"up to {RATE_MAX};") == 2
    assert f"up to {WORKERS_MAX};" in page
