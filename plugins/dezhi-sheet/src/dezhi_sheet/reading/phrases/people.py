"""People: names and telephone numbers, which get into no draft."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹"
    "熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧阳樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂覃缪饶裴骆翁柴祁凌霍鲍邝佟阮卜戚滕窦"
)
PERSON: Final = re.compile(rf"[{_SURNAMES}][一-鿿某*×xX]{{1,2}}(?:(?<!之)家)?(?:\([^()]{{1,6}}\))?")
"""A name of two or three characters: 王大明, 李秀英(党员), 张德明家."""
PHONE: Final = re.compile(r"\+?\d[\d\-* ]{6,17}")
"""A telephone number or a person's number."""
_BETWEEN: Final = re.compile(r"[、,/;\s]")
_NUMBERS: Final = re.compile(r"(?<!\d)(?:1\d{2}[-* ]?[\d*]{4}[- ]?\d{4}|0\d{2,3}-\d{7,8}|\d{17}[\dXx])(?!\d)")
_NAMED: Final = re.compile(
    rf"(?P<who>(?:联系|负责|责任|经办|审核|登记|牵头|包联|记录|监督)人?[:：\s]?|找)[{_SURNAMES}][一-鿿]{{1,2}}?"
    r"(?=$|[\s、,，;；。()（）…\d]|登记|报名|申报|确认|签字|审核|电话)"
)
"""联系人：王大明, 找李秀英登记."""


def are_people(values: Sequence[str]) -> bool:
    """Tell whether a column lists people: most of its texts are names, or several."""
    names = [value for value in values if all(PERSON.fullmatch(part) for part in _BETWEEN.split(value))]
    return len(names) > 1 and len(names) * 10 >= len(values) * 7


@lru_cache(maxsize=1_024)
def redacted(text: str) -> str:
    """A text without telephone numbers and without the names of those who are to be asked."""
    return _NAMED.sub(r"\g<who>……", _NUMBERS.sub("……", text))
