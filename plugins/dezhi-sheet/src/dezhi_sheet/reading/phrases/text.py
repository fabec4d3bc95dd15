"""Text as villages type it: full-width digits, spaces inside words, Chinese numerals, list numbers, scanned letters."""

import re
import unicodedata
from fractions import Fraction
from typing import Final, NamedTuple

_DASHES: Final = dict.fromkeys("‐‑‒–—―−─━﹣－", "-")
_SAME: Final = {
    **_DASHES,
    "〜": "~",
    "∼": "~",
    "➕": "+",
    "➖": "-",
    "﹤": "<",
    "≦": "≤",
    "⩽": "≤",
    "︰": ":",
    "•": "·",
    "丶": "、",
    **dict(
        zip(
            "積項類別內標準數單獎勵罰減滿戶個會條發處時週參計額備註負場組戰為與從於並無應過這護勞動務評違規經聽說間學習開關鄉鎮縣級國",
            "积项类别内标准数单奖励罚减满户个会条发处时周参计额备注负场组战为与从于并无应过这护劳动务评违规经听说间学习开关乡镇县级国",
            strict=True,
        )
    ),
}
_LATIN: Final = re.compile(r"[0-9A-Za-z]")

NUMERALS: Final = "零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟半"
NUMBER: Final = rf"(?:\d{{1,7}}(?:\.\d{{1,2}})?|[{NUMERALS}]{{1,9}}(?:点[零一二三四五六七八九]{{1,2}}(?=个?积?分))?)"
"""Bounded, as is every repetition in these patterns: a cell may hold thousands of digits, and time is short."""

_DIGITS: Final = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
}
_UNITS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}

# A list number: 1、 2. (3) ④ 五、 (六) at the start, or after something that ends a line or a clause.
_MARK: Final = re.compile(
    r"(?:^|(?<=[\n;,。: ]))(?:(?:\d{1,2}|[lI]|[一二三四五六七八九十]{1,3})(?:[、)](?!\d)|[.](?!\d))"
    r"|\((?:\d{1,2}|[一二三四五六七八九十]{1,3})\))"
    r"|[①-⑳⑴-⒇㈠-㈩❶-❿]"
)
LIST_NUMBER: Final = re.compile(
    r"^(?:\d{1,2}(?=[\u4e00-\u9fff])(?![分元个人次年月日天户小公斤米点位名号级星楼组岁件条项类种周季时万千百十对委届到至多条节课份])|\d{1,2}(?:\.\d{1,2}){1,3}[、.]?(?=[\u3400-\u9fff(“\"])(?![分元个斤米小公积])|第?\s*(?:\d{1,3}|[lI]|[一二三四五六七八九十百]{1,4})\s*(?:[、)]|[.](?!\d)|[条项款题](?=[\s:、,]|[^\d目]))"
    r"|\((?:\d{1,2}|[一二三四五六七八九十]{1,3})\)|[A-Za-z]\s*(?:[、)]|[.](?![A-Za-z\d]))|[①-⑳⑴-⒇㈠-㈩❶-❿]|[*·●○■□☐☑☒✓✔◻▢◆▲△★☆※])[、.,:\s]*"
)
_WRAPPED: Final = re.compile(r"[ \t]*\n[ \t]*")


_TRAILING: Final = re.compile(
    r"(?<=[\u4e00-\u9fff）)”])(?:[ \t\xa0]{2,}|\u3000[ \u3000]*)(?=[+＋\-－]?\d{1,3}分?$)", re.MULTILINE
)
"""A gap before a figure at the end of a line, as wide as dots: 打扫卫生    3."""


class Line(NamedTuple):
    """A text twice: as it is shown, and of the same length as it is matched."""

    shown: str
    plain: str

    def part(self, start: int, end: int | None = None) -> "Line":
        """What stands between two places."""
        return Line(self.shown[start:end], self.plain[start:end])


def line(text: str) -> Line:
    """Tidy a cell's text. Spaces stay only between Latin words, line breaks stay."""
    text = text.replace("\ufe0f\u20e3", "、").replace("\ufe0f", "")  # a figure on a key
    text = re.sub(r'^="(.*)"$', r"\1", text.strip())  # what a program writes so that a spreadsheet leaves it as text
    characters = [" " if character in "\u3000\xa0\t\ufeff\u200b" else character for character in _parted(text.strip())]
    shown: list[str] = []
    for at, character in enumerate(characters):
        if character == "\r":
            continue
        if character == " " and not _between_words(characters, at, shown):
            continue
        shown.append(character)
    tidied = "".join(shown)
    return Line(tidied, _scanned("".join(_plain(character) for character in tidied)))


def _parted(text: str) -> str:
    """Break a line where wide gaps part several entries, each with a figure of its own: 乱扔烟头 -1　　乱停车 -2."""
    text = _TRAILING.sub("…", text)
    if "\n" in text:
        return text
    parts = re.split(r"(?:[ \t\xa0]{2,}|\u3000[ \u3000]*)", text)
    told = [part for part in parts if re.search(r"[一-鿿]{2}", part) and re.search(r"[\d０-９]", part)]
    return "\n".join(parts) if 1 < len(parts) == len(told) else text


def _between_words(characters: list[str], at: int, shown: list[str]) -> bool:
    """Tell whether a space parts two Latin words; between Chinese characters it only spreads them."""
    after = next((character for character in characters[at + 1 :] if character != " "), "")
    before = shown[-1] if shown else ""
    if not (_LATIN.match(before) and _LATIN.match(after)):
        return False
    return not (before.isdigit() and after.isdigit())


def _plain(character: str) -> str:
    if character in _SAME:
        return _SAME[character]
    if "\u2460" <= character <= "\u24ff" or "\u2776" <= character <= "\u2793":
        return character  # a circled number numbers a list; it is no figure
    same = unicodedata.normalize("NFKC", character)
    return same if len(same) == 1 else character


def _scanned(text: str) -> str:
    """Read letters among figures as the figures a scanner took them for; one character stays one character."""
    text = re.sub(r"(?<=\d)[OoQ](?=[\d分次/.\-~]|$)|(?<![A-Za-z0-9])[Oo](?=\.\d)", "0", text)
    text = re.sub(
        r"(?<=\d)[lI|](?=[\d分次/.\-~]|$)|(?<![A-Za-z0-9])[lI|](?=[\d]|分)|(?<=[+\-加扣])[lI|](?=[\d分])", "1", text
    )
    return re.sub(r"(?<=\d)一(?=\d)", "-", text)


def number(text: str) -> Fraction | None:
    """The value of digits or Chinese numerals; None where they make none."""
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return Fraction(text)
    if "点" in text:
        return _pointed(*text.split("点", 1))
    if not text or any(character not in NUMERALS for character in text):
        return None
    if "半" in text:
        whole = number(text[:-1]) if text[:-1] else Fraction(0)
        return None if whole is None or not text.endswith("半") else whole + Fraction(1, 2)
    if not any(character in _UNITS or character == "万" for character in text):
        return Fraction("".join(str(_DIGITS[character]) for character in text))
    total, section, digit = 0, 0, 0
    for character in text:
        if character == "万":
            total, section, digit = (total + section + digit or 1) * 10_000, 0, 0
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return Fraction(total + section + digit)


def _pointed(whole: str, part: str) -> Fraction | None:
    """零点五: the digits before and behind the point."""
    before, after = number(whole), number(part)
    return None if before is None or after is None else before + after / 10 ** len(part)


def unnumbered(text: Line) -> Line:
    """The text without the list number or bullet it begins with."""
    for _ in range(2):
        found = LIST_NUMBER.match(text.plain)
        if found is None or found.end() == len(text.plain):
            break
        text = text.part(found.end())
    return text


def listed(text: Line) -> list[Line]:
    """The entries of a numbered list inside one text; the text alone where it holds no list."""
    marks = [found.start() for found in _MARK.finditer(text.plain)]
    if len(marks) < 2:
        return [text]
    starts = marks if not text.plain[: marks[0]].strip() else [0, *marks]
    ends = [*starts[1:], len(text.plain)]
    parts = [trimmed(text.part(start, end)) for start, end in zip(starts, ends, strict=True)]
    return [part for part in parts if part.plain]


def lines(text: Line) -> list[Line]:
    """The lines of a text that has line breaks."""
    parts: list[Line] = []
    start = 0
    for found in re.finditer(r"\n|$", text.plain):
        part = trimmed(text.part(start, found.start()))
        if part.plain:
            parts.append(part)
        start = found.end()
    return parts


def unwrapped(text: Line) -> Line:
    """The text in one line; a break inside a narrow cell means nothing."""
    keep = [at for at, character in enumerate(text.plain) if character != "\n"]
    return Line("".join(text.shown[at] for at in keep), "".join(text.plain[at] for at in keep))


def trimmed(text: Line, also: str = "") -> Line:
    """The text without the separators at its ends."""
    marks = " \n;,。、.:·…_-~" + also
    start, end = 0, len(text.plain)
    while start < end and text.plain[start] in marks and text.plain[start] not in "-~":
        start += 1
    while end > start and text.plain[end - 1] in marks:
        end -= 1
    return text.part(start, end)
