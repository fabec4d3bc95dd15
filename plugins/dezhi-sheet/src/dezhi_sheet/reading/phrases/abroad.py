"""Units and limits in English, put into the Chinese words the reader knows: per person, 20/month, max 5 times/year."""

import re
from typing import Final

_PERIODS: Final = {
    "day": "天", "daily": "天", "week": "周", "weekly": "周", "wk": "周", "month": "月", "monthly": "月", "mo": "月",
    "quarter": "季度", "quarterly": "季度", "year": "年", "yearly": "年", "annual": "年", "annually": "年", "yr": "年",
}  # fmt: skip
_COUNTED: Final = {
    "time": "次", "times": "次", "occasion": "次", "event": "次", "session": "次", "visit": "次", "meeting": "次",
    "person": "人次", "people": "人次", "head": "人次", "household": "户次", "family": "户次",
    "home": "户次", "hh": "户次",
    "hour": "小时", "hours": "小时", "hr": "小时", "h": "小时", "class": "课", "lesson": "课", "case": "件",
    "item": "件",
    "piece": "件", "tree": "棵", "bag": "袋", "jin": "斤", "kg": "公斤", "yuan": "元", "rmb": "元", "mu": "亩",
    "km": "公里", "metre": "米", "meter": "米", "m": "米", "page": "页", "article": "篇", "book": "本", "animal": "头",
}  # fmt: skip
_POINTS: Final = r"(?:points?|pts?\.?)?"
_WORDS: Final = re.compile(r"[A-Za-z0-9 ./,+\-()]{1,40}")
_PERIOD: Final = rf"(?P<period>{'|'.join(sorted(_PERIODS, key=len, reverse=True))})s?"
_ONCE: Final = re.compile(r"(?:once(?: only| per lifetime)?|one[- ]?(?:off|time)(?: only)?|single)")
_PER: Final = re.compile(rf"(?:per|each|every|by|/|a)\s*(?P<n>\d{{1,4}})?\s*(?:{_PERIOD}|(?P<unit>[a-z]+))")
_MOST: Final = re.compile(
    rf"(?:max\.?(?:imum)?|up to|at most|cap(?:ped at)?|limit|no more than)?\s*"
    rf"(?P<n>\d{{1,4}})\s*(?P<unit>times?|x|{_POINTS})?\s*"
    rf"(?:/|per|a|each|every)\s*{_PERIOD}"
)
_NO_LIMIT: Final = re.compile(r"(?:none|no limit|unlimited|n/?a|nil)")


def translated(text: str) -> str | None:
    """The cell in Chinese; None where it is no such phrase. `N/month` stays short, as it may be points or a limit."""
    plain = text.strip().lower()
    if not _WORDS.fullmatch(plain) or not re.search(r"[a-z]", plain):
        return None
    if _ONCE.fullmatch(plain):
        return "一次性"
    if _NO_LIMIT.fullmatch(plain):
        return "不限"
    most = _MOST.fullmatch(plain)
    if most is not None:
        unit = "次" if most["unit"] in {"time", "times", "x"} else "分"
        return f"每{_PERIODS[most['period']]}最多{most['n']}{unit}"
    per = _PER.fullmatch(plain)
    if per is None:
        return None
    unit = (
        _PERIODS.get(per["period"] or "", "")
        or _COUNTED.get((per["unit"] or ""), "")
        or _COUNTED.get((per["unit"] or "").rstrip("s"), "")
    )
    return f"每{per['n'] or ''}{unit}" if unit else None
