"""Tables, pages and days of the calendar, as programs read them."""

import pytest

from calling import CallAs
from dezhi.core.programmes import Enabled
from dezhi.host import Directory
from villages import Village

SAFE = "dezhi-safe-family"


@pytest.fixture
def directory() -> Directory:
    return Directory(["dezhi_yinger", "dezhi_safe_family"])


@pytest.mark.row("IM-04")
async def test_reports_pages_and_days_have_calls(village: Village, call_as: CallAs) -> None:
    await village.house.programmes.adopt(
        village.yinger.id,
        {SAFE: Enabled(version="0.1.0")},
        title="平安家庭",
        effective_from=village.today,
        staff=village.admin.id,
    )
    program = await call_as(village.admin)
    base = f"/villages/{village.yinger.code}"
    found = (await program.get(f"{base}/reports")).json()
    assert [(one["plugin"], one["code"]) for one in found["tables"]] == [(SAFE, "assessed"), (SAFE, "daily")]
    assert found["troubles"] == []
    assert (await program.get(f"{base}/reports?year=2026&grid=01")).status_code == 200
    assert (await program.get(f"{base}/calendar")).json() == {"due": [], "troubles": []}
    shown = (await program.get(f"{base}/pages/{SAFE}")).json()
    assert shown["title"] == "平安家庭怎么评"
    assert {"kind": "onward", "text": "四项看什么", "path": "sections", "rows": []} in shown["blocks"]
    assert (await program.get(f"{base}/pages/{SAFE}/sections")).json()["title"] == "四项看什么"
    assert (await program.get(f"{base}/pages/{SAFE}/nothing")).status_code == 404
