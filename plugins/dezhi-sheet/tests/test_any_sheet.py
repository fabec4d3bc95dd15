"""Whatever sheet has no fault can be offered, scored and judged: no deed of it falls outside what its rows declare."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from dezhi.core.scoring import accept
from dezhi.plugin import Facts
from dezhi.testing import deeds_of
from dezhi_sheet import NAME, declares, items, score
from dezhi_sheet.model import Outline, Sheet, sheet_faults

pytestmark = pytest.mark.sqlite

small = st.integers(1, 60)
yes = st.just(value=True)
codes = st.sampled_from(["a", "b", "c-d"])
windows = st.sampled_from(["day", "week", "month", "quarter", "year", "life"])


def parts(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def listed(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.fixed_dictionaries({"code": codes, "title": st.just("甲"), **fields})
    return st.lists(one, min_size=1, max_size=3, unique_by=lambda part: part["code"])


limits = st.fixed_dictionaries(
    {"window": windows},
    optional={
        "times": small,
        "points": st.integers(1, 400),
        "minutes": small,
        "fill": st.booleans(),
        "share": codes,
        "of": st.sampled_from(["grid", "village"]),
    },
)
SECTIONS = [{"code": "a", "title": "甲", "most": 60}, {"code": "b", "title": "乙", "most": 40}]
TIERS = [{"least": 10, "title": "低", "points": 0}, {"least": 60, "title": "高", "points": 9}]
coefficients = listed(percent=st.integers(1, 300))
shapes = st.one_of(
    st.fixed_dictionaries({"points": small}),
    st.fixed_dictionaries({"points": small, "per": st.sampled_from(["person", "household", "hour"])}),
    st.fixed_dictionaries({"points": small, "per": st.just("quantity"), "every": small, "unit": st.just("元")}),
    st.fixed_dictionaries({"per": st.just("hour"), "asset": st.just("hours")}),
    st.fixed_dictionaries({"points": small, "per": st.just("hour"), "coefficients": coefficients}),
    st.fixed_dictionaries({"least": small, "most": st.integers(60, 90)}),
    st.fixed_dictionaries({"vote": yes, "least": small, "most": st.integers(60, 90)}),
    st.fixed_dictionaries({"levels": listed(points=small)}),
    st.fixed_dictionaries({"inspection": st.fixed_dictionaries({"full": small, "defects": listed(off=small)})}),
    st.fixed_dictionaries(
        {"sections": st.just(SECTIONS)},
        optional={"tiers": st.just(TIERS), "preconditions": st.just([{"title": "没有火灾"}])},
    ),
    st.fixed_dictionaries({"judges": parts(trim=st.integers(0, 1), count_least=st.integers(3, 5))}),
    st.fixed_dictionaries({"blend": st.just({"own": 30, "mutual": 70})}),
    st.fixed_dictionaries({"analogy": yes}),
    st.fixed_dictionaries({"points": small, "group": parts(split=st.booleans())}),
    st.fixed_dictionaries({"asset": st.just("count")}),
)  # fmt: skip
extras = parts(
    asset=st.sampled_from(["moral", "honour", "safe", "hours"]),
    holder=st.sampled_from(["household", "person"]),
    caps=st.lists(limits, max_size=2),
    event_most=small,
    points=small,
    highest=st.fixed_dictionaries({"window": windows}, optional={"group": codes}),
    beside=st.lists(st.fixed_dictionaries({"asset": st.sampled_from(["honour", "safe"]), "points": small}), max_size=1),
    people=st.just([{"role": "helped", "title": "邻居", "points": 3, "of": "person", "least": 1, "most": 2}]),
    event=codes,
)


@st.composite
def sheets(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(1, 4))
    rows = [
        {"code": f"row-{number}", "title": "好事", "category": "good", **draw(extras), **draw(shapes)}
        for number in range(count)
    ]
    campaign = {"code": "double", "title": "双倍", "first": date(2026, 10, 1), "last": date(2026, 12, 1)}
    milestone = {"code": "silver", "title": "银星", "category": "good", "least": draw(small), "points": draw(small)}
    return {
        "categories": [{"code": "good", "title": "好事"}],
        "items": rows,
        "campaigns": [campaign | {"percent": draw(st.integers(1, 400))}] if draw(st.booleans()) else [],
        "milestones": [milestone] if draw(st.booleans()) else [],
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(sheets(), st.integers(0, 90))
def test_a_sheet_without_faults_keeps_its_word(plain: dict[str, Any], past: int) -> None:
    outline = msgspec.convert(plain, Outline)
    if sheet_faults(outline):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(plain, Sheet)
        return
    sheet = msgspec.convert(plain, Sheet)
    offered = {f"{NAME}/{item.code}": item for item in items(sheet)}
    names = [fact.name for fact in declares(sheet).facts]
    for code, item in offered.items():
        for deed in deeds_of(code, item):
            for known in (0, past):
                awards = score(sheet, deed, Facts(dict.fromkeys(names, known)))
                judged = accept(offered, [(NAME, awards)], deed, version=1)
                assert [str(refusal) for refusal in judged.refusals] == []
