"""How names are written, masked and spelled."""

import re
import unicodedata

from dezhi.core.errors import Problem
from dezhi.core.text import N_

NAME_MAX = 60
HIDDEN = "×"

_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅.．", "·"))  # the look-alikes are the point
_HAN_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")

# Surnames whose usual reading as a word is another one; both are kept, so that either finds the person.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "查": "zha", "区": "ou", "任": "ren", "朴": "piao",
    "盖": "ge", "乐": "yue", "尉": "yu", "翟": "zhai", "召": "shao", "员": "yun", "缪": "miao", "华": "hua",
    "冼": "xian", "万": "wan", "覃": "qin", "种": "chong", "秘": "bi", "宓": "mi", "繁": "po", "黑": "he",
    "折": "she", "晟": "cheng", "燕": "yan", "逄": "pang", "纪": "ji", "令狐": "ling hu", "尉迟": "yu chi",
    "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu",
}  # fmt: skip


def clean_name(text: str) -> str:
    """Return a name as it is kept: no gaps between Chinese characters, one kind of dot.

    Raises Problem `name-missing`, `name-long` or `name-strange` (figures, signs, what a spreadsheet would calculate).
    """
    name = _HAN_GAP.sub("", unicodedata.normalize("NFKC", text).strip()).translate(_DOTS)
    name = " ".join(name.split()).strip("·")
    if not name:
        raise Problem("name-missing", N_("姓名没有填。"), field="name")
    if len(name) > NAME_MAX:
        raise Problem("name-long", N_("姓名太长，最多%(most)s个字。"), field="name", most=NAME_MAX)
    # 〇 is a number to Unicode and a name to people; marks belong to letters of other scripts.
    if not all(sign in "·' -〇" or unicodedata.category(sign)[0] in "LM" for sign in name) or name[0] in "'-":
        raise Problem("name-strange", N_("姓名“%(name)s”里有不像姓名的字符，请只写姓名。"), field="name", name=name)
    return name


def mask(name: str) -> str:
    """Return the name as the public sees it: 陈×芳, 王×, 买××××××山; a single character is hidden whole."""
    if len(name) < 2:  # noqa: PLR2004 - nothing would be left to show
        return HIDDEN
    if len(name) == 2:  # noqa: PLR2004 - surname and given name
        return name[0] + HIDDEN
    return name[0] + HIDDEN * (len(name) - 2) + name[-1]


def household_label(head: str) -> str:
    """Return what a household is called after its head, e.g. 李小明家; give a masked name for the public."""
    return f"{head}家"


def called_after(label: str) -> str | None:
    """Return the name in a household's label; None for a household that goes by its number."""
    head = label.removesuffix("家")
    return head if head != label else None


def spell(name: str) -> tuple[str, str]:
    """Return pinyin and initials without tones, e.g. `("zhangsan", "zs")`; two readings are parted by a space."""
    # late: pypinyin's tables take 66 MB, and most processes never spell a name
    from pypinyin import Style, lazy_pinyin

    plain = name.replace("·", "").replace(" ", "")
    usual = [syllable.lower() for syllable in lazy_pinyin(plain, style=Style.NORMAL)]
    readings = [("".join(usual), "".join(s[0] for s in usual))]
    for length in (2, 1):
        if len(plain) > length and (surname := SURNAMES.get(plain[:length])):
            spelt = surname.split() + usual[length:]
            readings.append(("".join(spelt), "".join(s[0] for s in spelt)))
            break
    return " ".join(dict.fromkeys(r[0] for r in readings)), " ".join(dict.fromkeys(r[1] for r in readings))
