"""The product's own audit, for tests which broke something and want to know whether the books bore it."""

from pathlib import Path

from booking import NOW
from dezhi.core.faults import Audited
from dezhi.service import audits
from dezhi.service.backups import Place


async def audited(data_dir: Path, database_url: str = "") -> Audited:
    """What `dezhi audit` says of an installation. Raises `AssertionError` when anything differs."""
    found = await audits.run(Place(data_dir=data_dir, database_url=database_url), NOW, lambda _done, _all: None)
    assert found.is_clean, found.faults
    return found
