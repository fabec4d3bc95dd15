"""How many households of a grid or a village may have an item: a quota, which is no limit of one household."""

import re
from typing import Final

import msgspec

from .text import NUMBER, number

_GRIDS: Final = "村民小组|小组|组|网格|片区?"
_VILLAGES: Final = "行政村|自然村|村(?!民)|社区"
_PERIOD: Final = r"每?(?:个)?(?:自然)?(?P<{0}>半年|年|季|月|周)(?:度|内)?|全(?P<{0}_all>年)|当(?P<{0}_this>年)"
QUOTAS: Final = (
    re.compile(
        rf"(?:(?:{_PERIOD.format('before')}),?)?(?:每|各|全|本|一)个?(?:(?P<grid>{_GRIDS})|(?P<village>{_VILLAGES}))"
        rf"(?:{_PERIOD.format('after')})?[,:]?(?:可以?|能|只|仅|共|内)?(?:评选|推荐|奖励|选出|产生|评|选|取|奖|推)?(?:出)?"
        rf"(?:限额?|最多|至多|不得?超过|不多于|≤|控制在)?(?:评选?|推荐|奖励?|为)?"
        rf"(?P<n>{NUMBER})个?(?:户|名|人|家)(?:家庭|农户)?(?:以内|为限|封顶)?"
    ),
    re.compile(
        rf"(?:(?:{_PERIOD.format('before')}),?)?(?:限|最多|≤)?(?P<n>{NUMBER})(?:户|名|人|家)/(?:(?P<grid>{_GRIDS})|(?P<village>{_VILLAGES}))"
        rf"(?:(?:/|,?每)(?P<after>半年|年|季|月|周)度?)?"
    ),
    re.compile(
        rf"(?:(?:{_PERIOD.format('before')}),?)?(?:共|总共|只|仅)?"
        rf"(?:(?:限评|评限|限额|名额|指标)(?:总?数)?(?:为|是|:|共|控制在)?|(?:评选?|推选|评定|表彰|授予|命名|产生)(?:出|名额|数量|总数)?)"
        rf"(?:不[得能应]?(?:超过|多于|超)|最多|至多|限|≤|控制在|仅限?|只|共)?(?:评选?|为|:)?"
        rf"(?P<n>{NUMBER})个?(?:户|名|家)(?!次|以[上下])(?:家庭|农户)?(?:以内|为限|封顶)?"
        rf"(?:(?:/|,?每)(?P<after>半年|年|季|月|周)度?)?"
    ),
)
"""每网格每年1户, 每村评3名, 2户/组, 限评5户."""
TOWNS: Final = re.compile(rf"全(?:镇|乡|县|区|街道)[^,;。\n]{{0,12}}?{NUMBER}个?(?:户|名|人|家)")
"""A quota of the whole township is none of a village."""
_WINDOWS: Final = {"半年": "half", "年": "year", "季": "quarter", "月": "month", "周": "week"}


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """So many households of a `grid` or `village` in a window; the window is empty where none is named."""

    of: str
    window: str
    most: int
    vague: bool = False  # nothing says of what


def quota_of(match: re.Match[str]) -> Quota | None:
    """What a phrase of QUOTAS says; None where it names no whole number."""
    most = number(match["n"])
    if not most or most.denominator != 1:
        return None
    groups = match.groupdict()
    told = (groups.get(f"{side}{kind}") for side in ("before", "after") for kind in ("", "_all", "_this"))
    window = next((_WINDOWS[one] for one in told if one), "")
    grid, village = groups.get("grid"), groups.get("village")
    return Quota(of="grid" if grid else "village", window=window, most=int(most), vague=not (grid or village))
