"""Households and persons as the rest of the house sees them, and the words for how they are related."""

import unicodedata
from datetime import date

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.names import household_label, mask
from dezhi.core.text import N_

HEAD = "户主"

NUMBER_MAX = 20
ADDRESS_MAX = 120

# fmt: off
RELATIONS = frozenset((
    N_("户主"), N_("配偶"), N_("夫"), N_("妻"), N_("子"), N_("独生子"), N_("长子"), N_("次子"), N_("三子"),
    N_("四子"), N_("五子"), N_("养子"), N_("继子"), N_("女婿"), N_("女"), N_("独生女"), N_("长女"), N_("次女"),
    N_("三女"), N_("四女"), N_("五女"), N_("养女"), N_("继女"), N_("儿媳"), N_("孙子"), N_("孙女"), N_("外孙子"),
    N_("外孙女"), N_("孙媳"), N_("孙女婿"), N_("外孙媳"), N_("外孙女婿"), N_("曾孙子"), N_("曾孙女"), N_("外曾孙子"),
    N_("外曾孙女"), N_("父亲"), N_("母亲"), N_("公公"), N_("婆婆"), N_("岳父"), N_("岳母"), N_("继父"), N_("继母"),
    N_("养父"), N_("养母"), N_("祖父"), N_("祖母"), N_("外祖父"), N_("外祖母"), N_("配偶祖父"), N_("配偶祖母"),
    N_("曾祖父"), N_("曾祖母"), N_("兄"), N_("嫂"), N_("弟"), N_("弟媳"), N_("姐"), N_("姐夫"), N_("妹"), N_("妹夫"),
    N_("兄弟姐妹"), N_("伯父"), N_("伯母"), N_("叔父"), N_("婶母"), N_("舅父"), N_("舅母"), N_("姨父"), N_("姨母"),
    N_("姑父"), N_("姑母"), N_("堂兄弟姐妹"), N_("表兄弟姐妹"), N_("侄子"), N_("侄女"), N_("外甥"), N_("外甥女"),
    N_("其他亲属"), N_("非亲属"), N_("其他"),
))
# fmt: on
"""The words of GB/T 4761 (family relation codes) that rosters use."""

_SAID_AS = {
    "本人": HEAD, "户主本人": HEAD, "之夫": "夫", "丈夫": "夫", "之妻": "妻", "妻子": "妻", "老伴": "配偶",
    "爱人": "配偶", "之子": "子", "儿子": "子", "大儿子": "长子", "二儿子": "次子", "二子": "次子", "之女": "女",
    "女儿": "女", "大女儿": "长女", "二女儿": "次女", "二女": "次女", "媳妇": "儿媳", "儿媳妇": "儿媳",
    "长媳": "儿媳", "次媳": "儿媳", "之孙": "孙子", "孙": "孙子", "孙男": "孙子", "之孙女": "孙女",
    "外孙": "外孙子", "外孙男": "外孙子", "曾孙": "曾孙子", "父": "父亲", "之父": "父亲", "爸爸": "父亲",
    "母": "母亲", "之母": "母亲", "妈妈": "母亲", "爷爷": "祖父", "奶奶": "祖母", "姥爷": "外祖父",
    "外公": "外祖父", "姥姥": "外祖母", "外婆": "外祖母", "哥哥": "兄", "哥": "兄", "弟弟": "弟", "姐姐": "姐",
    "妹妹": "妹", "嫂子": "嫂", "侄": "侄子", "侄儿": "侄子", "其它": "其他",
}  # fmt: skip


def relation_word(text: str) -> str:
    """Return the standard's word for what the roster says. Raises Problem `relation-unknown` for anything else."""
    said = "".join(text.split())
    word = _SAID_AS.get(said, said)
    if word not in RELATIONS:
        raise Problem(
            "relation-unknown",
            N_("与户主关系“%(said)s”不认识，可以写户主、配偶、子、女、父亲、母亲等，都不是就写其他。"),
            field="relation",
            said=said,
        )
    return word


def check_number(text: str) -> str:
    """Return a household number as it is kept. Raises Problem `household-number`."""
    number = "".join(unicodedata.normalize("NFKC", text).split())
    if not number:
        raise Problem("household-number", N_("户号没有填。"), field="number")
    if len(number) > NUMBER_MAX or not number.replace("-", "").isalnum() or number.startswith("-"):
        raise Problem(
            "household-number",
            N_("户号“%(number)s”只能用数字、字母和横线，最多20个。"),
            field="number",
            number=number[:NUMBER_MAX],
        )
    return number


def check_address(text: str) -> str:
    """Return an address as it is kept. Raises Problem `address-strange` for what a spreadsheet would calculate."""
    address = " ".join(text.split())
    if len(address) > ADDRESS_MAX:
        raise Problem("address-strange", N_("地址太长，最多120个字。"), field="address")
    if address[:1] in ("=", "+", "-", "@") or not address.isprintable():
        raise Problem(
            "address-strange", N_("地址“%(address)s”像一个公式，请改成文字。"), field="address", address=address
        )
    return address


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person as a member of a household on a day."""

    person: int
    name: str
    relation: str
    is_head: bool
    birth_date: date | None

    @property
    def masked(self) -> str:
        """The name as the public sees it."""
        return mask(self.name)


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """A household as it was on a day: where it lived, under which number, and who belonged to it.

    `version` is the id of the programme's version which ruled its village that day.
    """

    id: int
    on: date
    number: str
    address: str
    village: int
    village_name: str
    grid: int | None
    grid_name: str | None
    version: int | None
    members: tuple[Member, ...]

    @property
    def head(self) -> Member | None:
        """The head, or None for a household that has none (a roster without one, a death not yet settled)."""
        return next((member for member in self.members if member.is_head), None)

    @property
    def called_after(self) -> str | None:
        """The name the household goes by: its head's, else its first member's."""
        shown = self.head or next(iter(self.members), None)
        return shown.name if shown else None

    @property
    def label(self) -> str:
        """What staff and the household itself read: 李小明家."""
        return household_label(self.called_after) if self.called_after else self.number

    @property
    def masked_label(self) -> str:
        """What everybody else reads: 李×明家."""
        return household_label(mask(self.called_after or ""))


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a search: a household, and the person through whom it was found, if any."""

    household: int
    number: str
    village: int
    village_name: str
    grid: int | None
    grid_name: str | None
    label: str
    masked_label: str
    person: int | None = None
    person_name: str | None = None


class NewMember(msgspec.Struct, frozen=True, kw_only=True):
    """A person about to be registered."""

    name: str
    relation: str
    birth_date: date | None = None
