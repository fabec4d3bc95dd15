"""The fixtures that pytest finds by itself where dezhi is installed (entry point group `pytest11`)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from dezhi.testing.village import Village


@pytest.fixture
def open_village(tmp_path: Path) -> Iterator[Callable[..., "Village"]]:
    """Open villages: `open_village("my_plugin", settings={"my-plugin": {"most": 3}})`. They are closed afterwards."""
    # late: every run of pytest in this environment loads this file, also those that never ask for a village
    from dezhi.testing.village import Village

    opened: list[Village] = []

    def opening(*packages: str, **more: Any) -> Village:
        opened.append(Village(tmp_path / f"village-{len(opened)}", *packages, **more))
        return opened[-1]

    yield opening
    for village in opened:
        village.close()
