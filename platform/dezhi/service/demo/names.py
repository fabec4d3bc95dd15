"""Invented names. The pools are ours; whoever bears such a name bears it by chance."""

from random import Random
from typing import Final

SURNAMES: Final = [
    "王",
    "李",
    "张",
    "刘",
    "陈",
    "赵",
    "马",
    "杨",
    "于",
    "闫",
    "殷",
    "茹",
    "朱",
    "蒋",
    "雷",
    "乔",
    "贾",
    "祁",
    "薛",
    "田",
    "邓",
    "何",
    "郭",
    "罗",
    "梁",
    "宋",
    "许",
    "韩",
    "冯",
    "曹",
    "彭",
    "曾",
    "潘",
    "袁",
    "董",
    "余",
    "苏",
    "叶",
    "吕",
    "魏",
]
RARE: Final = ("欧阳建业", "上官玉兰", "司马志远", "诸葛海燕", "尉迟生荣")
"""Four characters: a surname of two."""

LONG: Final = "古丽米热·阿不都克里木"

_GENERATION: Final = {
    "elder": "建 国 玉 德 永 生 兴 世 学 长 殿 万",
    "middle": "志 海 晓 文 立 爱 红 小 宏 天 振 新",
    "young": "子 浩 雨 嘉 俊 思 梓 宇 佳 欣 泽 一",
}
_MEN: Final = {
    "elder": "荣 福 贵 林 义 才 禄 元 昌 寿 成 忠 仁 业",
    "middle": "强 军 峰 平 东 刚 斌 龙 民 勇 辉 鹏 明 伟",
    "young": "轩 辰 航 宇 博 杰 铭 睿 阳 凯",
}
_WOMEN: Final = {
    "elder": "桂英 秀兰 玉梅 凤英 桂花 淑琴 月娥 秀珍 兰英 菊香 玉莲 翠英 金花 春兰 银环 素珍 桂琴 凤仙",
    "middle": "丽 娟 燕 红梅 海霞 晓玲 秀丽 春梅 爱萍 雪琴 芳 艳红 玉霞 小红 慧 金凤 彩云 文静",
    "young": "雨桐 欣怡 思涵 佳琪 梦瑶 诗雨 静怡 可欣 若曦 子涵",
}

ELDER_FROM: Final = 56
MIDDLE_FROM: Final = 28


def band(age: int) -> str:
    """The generation an age belongs to: their names went by different fashions."""
    return "elder" if age >= ELDER_FROM else "middle" if age >= MIDDLE_FROM else "young"


class Clans:
    """The families of one village: few surnames, and one character for the men of a clan and generation."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._own = rng.sample(SURNAMES, 7)
        self._characters: dict[tuple[str, str], str] = {}

    def surname(self) -> str:
        """A surname; two of three households belong to one of the village's own clans."""
        return self._rng.choice(self._own if self._rng.random() < 0.66 else SURNAMES)

    def man(self, surname: str, age: int) -> str:
        """A man's name: kin of one generation mostly share a character."""
        era = band(age)
        if era != "elder" and self._rng.random() < 0.2:
            return surname + self._rng.choice(_MEN[era].split())
        key = (surname, era)
        if key not in self._characters:
            self._characters[key] = self._rng.choice(_GENERATION[era].split())
        shared = self._rng.random() < 0.6
        first = self._characters[key] if shared else self._rng.choice(_GENERATION[era].split())
        return surname + first + self._rng.choice(_MEN[era].split())

    def woman(self, age: int, surname: str = "") -> str:
        """A woman's name; who married in brings her own surname."""
        return (surname or self._rng.choice(SURNAMES)) + self._rng.choice(_WOMEN[band(age)].split())
