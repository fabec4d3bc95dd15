"""上坝镇 and the villages the founding texts name. Names and models are real; codes only look like the real ones."""

from collections.abc import Container, Mapping
from typing import Any, Final

import msgspec

TOWNSHIP: Final = "620902108000"
TOWNSHIP_NAMES: Final = ("甘肃省", "酒泉市", "肃州区", "上坝镇")
PLUGIN_VERSION: Final = "0.1.0"
YINGER: Final = "dezhi-yinger"
HELLO: Final = "dezhi-hello"
GRID_SIZE: Final = 50


class VillagePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A village to be founded. `programme` is the title of what it adopted, empty for a village without any yet."""

    code: str
    name: str
    households: int
    clerk: str
    clerk_name: str
    programme: str = ""
    plugins: Mapping[str, Mapping[str, Any]] = {}
    pace: float = 1.0
    """How busy its people are, 1 being 营尔村."""

    @property
    def saves(self) -> bool:
        """Whether it runs the savings bank, with hours, safety and rewards."""
        return YINGER in self.plugins

    def among(self, names: Container[str]) -> "VillagePlan":
        """The same village with only those of its plugins that `names` holds."""
        left = {name: chosen for name, chosen in self.plugins.items() if name in names}
        return msgspec.structs.replace(self, plugins=left)


HOME: Final = "620902108201"

VILLAGES: Final = (
    VillagePlan(
        code=HOME,
        name="营尔村",
        households=322,
        clerk="clerk",
        clerk_name="刘志强",
        programme="道德储蓄银行",
        plugins={YINGER: {}},
    ),
    VillagePlan(
        code="620902108202",
        name="上坝村",
        households=156,
        clerk="shangba",
        clerk_name="赵晓玲",
        programme="上坝村道德银行",
        plugins={YINGER: {"goal_title": "文化广场装两盏灯", "goal_points": 1_200, "board_size": 8}},
        pace=0.7,
    ),
    VillagePlan(
        code="620902108203",
        name="下坝村",
        households=128,
        clerk="xiaba",
        clerk_name="马立平",
        programme="下坝村爱心账本",
        plugins={YINGER: {"goal_title": "给老人食堂添一台冰柜", "goal_points": 900, "thanks_times": 10}, HELLO: {}},
        pace=0.6,
    ),
    VillagePlan(
        code="620902108204",
        name="旧墩村",
        households=104,
        clerk="jiudun",
        clerk_name="闫春梅",
        programme="清扫村道积分",
        plugins={HELLO: {}},
        pace=0.5,
    ),
    VillagePlan(code="620902108205", name="新上村", households=118, clerk="xinshang", clerk_name="祁宏民"),
)
