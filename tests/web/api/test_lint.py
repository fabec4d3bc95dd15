"""The red-line linter, as programs ask it (RU-14)."""

import pytest

from calling import CallAs
from villages import Village


@pytest.mark.sqlite
@pytest.mark.row("RU-14")
async def test_lines_are_looked_over_in_their_order(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.admin)
    answer = await program.post("/lint", {"lines": ["参加清扫 5分", "扣分户上黑榜，扣10分"]})

    assert answer.status_code == 200
    first, second = answer.json()["lines"]
    assert first == []
    (found,) = second
    assert (found["code"], found["level"]) == ("RL-13", "block")
    assert "黑榜" in found["words"]
    assert "第1034条" in found["article"]
    assert "光荣榜" in found["reason"]
