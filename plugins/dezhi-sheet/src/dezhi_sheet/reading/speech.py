"""What was understood of a draft, in a short sentence."""

from typing import Final

from .items import Found, say

_PER: Final = {
    "time": "每次", "person": "每人次", "household": "每户次", "hour": "每小时", "day": "每天", "week": "每周",
    "month": "每月", "quarter": "每季度", "half": "每半年", "year": "每年", "once": "一次性",
}  # fmt: skip
_WINDOWS: Final = {
    "event": "每次最多", "day": "每天最多", "week": "每周最多", "month": "每月最多", "quarter": "每季度最多",
    "half": "每半年最多", "year": "每年最多", "life": "一共最多",
}  # fmt: skip


def said(one: Found) -> str:
    """每次5分，每月最多20分; with 扣 for a minus row as it is written."""
    sign = "扣" if one.minus else ""
    if one.full is not None:
        words = f"满分{say(one.full)}分" + (f"，每处扣{say(one.least)}分" if one.minus else "")
    elif one.levels:
        words = "、".join(f"{level.title}{sign}{level.points}分" for level in one.levels)
    else:
        amount = say(one.least) if one.least == one.most else f"{say(one.least)}至{say(one.most)}"
        words = f"{_per(one)}{sign}{amount}分"
    parts = [words]
    if one.sides is not None:
        parts.append(f"受帮助的{'每户' if one.sides.count > 1 else ''}{say(one.sides.points)}分")
    if one.highest:
        parts.append("取最高一档")
    parts.extend(
        f"{'每人' if limit.person else ''}{_WINDOWS[limit.window]}{limit.most}{limit.unit}" for limit in one.limits
    )
    parts.extend(
        f"{'每个网格' if quota.of == 'grid' else '全村'}{_WINDOWS[quota.window or 'year']}{quota.most}户"
        for quota in one.quotas
    )
    return "，".join(parts)


def _per(one: Found) -> str:
    if one.per == "quantity":
        return f"每{say(one.step) if one.step != 1 else ''}{one.unit}"
    if one.per == "hour" and one.step != 1:
        return f"每满{say(one.step)}{one.unit}" if one.step > 1 else f"每满{say(one.step * 60)}分钟"
    if one.persons:
        return f"每人{_PER[one.per]}"
    return _PER[one.per]
