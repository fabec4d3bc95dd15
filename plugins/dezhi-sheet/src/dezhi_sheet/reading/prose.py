"""Items told in words, with their points in the sentence: one, several, or the steps of a matrix."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from .items import Found, Place, clean_title, settle
from .phrases.patterns import LEVEL_WORD, TIER
from .phrases.terms import Amount, Terms, read_terms
from .phrases.text import Line, lines, listed, trimmed, unwrapped


def pieces_of(text: Line) -> list[Line]:
    """The entries one cell holds: of a numbered list, of its lines, or parted by semicolons, if each has points."""
    parts = [each for entry in listed(text) for part in _broken(entry) for each in _of_one_figure(part)]
    found: list[Line] = []
    for part in parts:
        parted = clauses(part, ";。")
        having = [clause for clause in parted if read_terms(clause).amounts]
        if len(having) > 1 and not _same_matter(having):
            found.extend(_gathered(parted))
        else:
            found.append(part)
    return _led(found)


def _led(pieces: Sequence[Line]) -> list[Line]:
    """The pieces with the points that one before says of all after it: 有下列行为之一的，每次加5分：(1)… (2)…."""
    found: list[Line] = []
    said = Line("", "")
    for at, piece in enumerate(pieces):
        amounts = read_terms(piece).amounts
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if len(amounts) == 1 and after is not None and _LEADS.search(piece.plain) and not read_terms(after).amounts:
            said = piece.part(amounts[0].start, amounts[0].end)
            continue
        said = Line("", "") if amounts else said
        found.append(Line(piece.shown + said.shown, piece.plain + said.plain))
    return found


_LEADS: Final = re.compile(r"下列|以下|如下|之一")
_CLASS: Final = re.compile(
    r"(?:[A-Za-z甲乙丙丁一二三四五]?[类档级等项])?(?:的?(?:行为|事项|情形|项目))?|[可有得的类项]*"
)


def _of_one_figure(text: Line) -> list[Line]:
    """A list whose points are said before it, as an entry each with its points: A类（10分）：献血、救灾."""
    colon = text.plain.find(":")
    label = text.part(0, max(colon, 0))
    amounts = read_terms(label).amounts if 0 < colon <= _LABEL_MAX else ()
    rest = text.part(colon + 1)
    if len(amounts) != 1 or read_terms(rest).amounts or read_terms(rest).limits:
        return [text]
    words = re.sub(r"[\s\0()\[\]【】:、,]", "", read_terms(label).left)
    parts = [part for part in (trimmed(part) for part in clauses(rest, "、;,。")) if part.plain]
    if not _CLASS.fullmatch(words) or len(parts) < 2 or any(not 2 <= len(part.plain) <= _ENTRY_MAX for part in parts):
        return [text]
    said = label.part(amounts[0].start, amounts[0].end)
    return [Line(part.shown + said.shown, part.plain + said.plain) for part in parts]


_LABEL_MAX: Final = 16
_ENTRY_MAX: Final = 16


def _broken(text: Line) -> list[Line]:
    """A text's lines where each is an entry of its own, else the text in one line."""
    parts = lines(text)
    if len(parts) > 1 and sum(bool(read_terms(part).amounts) for part in parts) * 2 > len(parts):
        return parts
    return [unwrapped(text)]


def clauses(text: Line, marks: str) -> list[Line]:
    """The parts of a text between any of the marks, but not inside brackets."""
    found: list[Line] = []
    start, depth = 0, 0
    for at, character in enumerate(text.plain):
        depth += (character == "(") - (character == ")")
        if character in marks and depth <= 0:
            found.append(text.part(start, at))
            start = at + 1
    found.append(text.part(start))
    return [part for part in found if part.plain.strip()]


def _same_matter(clauses: Sequence[Line]) -> bool:
    """Tell whether clauses are steps of one item (本科30分；专科20分), or one item's plus and minus."""
    titles = []
    for clause in clauses[1:]:
        terms = read_terms(clause)
        titles.append(clean_title(Line(clause.shown, terms.left).part(0, terms.amounts[0].start)))
    return all(not title or LEVEL_WORD.fullmatch(title) or TIER.fullmatch(title) or len(title) <= 2 for title in titles)


def _gathered(clauses: Sequence[Line]) -> list[Line]:
    """Clauses without points of their own belong to the one before."""
    found: list[Line] = []
    for clause in clauses:
        if found and not read_terms(clause).amounts:
            found[-1] = Line(f"{found[-1].shown}；{clause.shown}", f"{found[-1].plain};{clause.plain}")
        else:
            found.append(clause)
    return found


def from_words(text: Line, place: Place, given: Sequence[Terms] = ()) -> list[Found]:
    """The items a piece of text tells, with its points in it; `given` is what other cells say of all of them."""
    terms = read_terms(text)
    left = Line(text.shown, terms.left)
    if not terms.amounts:
        found = settle(left, _less(place, 8), [terms, *given], (), cut=True)
        return [found] if found else []
    titles = _titles(left, terms.amounts)
    if not any(titles):
        return []
    place = _less(place, 6)
    if terms.turn:
        found = settle(titles[0], place, [terms, *given], terms.amounts, cut=True)
        return [found] if found else []
    if len(terms.amounts) == 1 or terms.full is not None:
        found = settle(titles[0], place, [terms, *given], terms.amounts[:1], cut=True)
        return [found] if found else []
    if _is_matrix(titles) and not _MORE.search(text.plain):
        return _matrix(titles, terms, place, given)
    items: list[Found] = []
    title = titles[0]
    bare = msgspec.structs.replace(terms, per=frozenset(), step=None, unit="")
    for own, amount in zip(titles, terms.amounts, strict=True):
        words = clean_title(own, cut=True)
        if words and not _is_continuation(words):
            title = own
        one = settle(title, place, [bare, *given], [amount], cut=True)
        if one is not None and (not items or one.title != items[-1].title or one.minus != items[-1].minus):
            items.append(one)
    return items


_MORE: Final = re.compile(r"(?:另外?|再|额外|同时)(?:加|奖|扣|减|给)")
"""What is given besides is an item of its own, no step."""


def _is_continuation(words: str) -> bool:
    """不达标, 缺席, 否则: what happens otherwise, no item of its own."""
    return len(words) <= 4 and bool(re.match(r"(?:不|未|否则|缺席|无故|反之|没有)", words))


def _less(place: Place, by: int) -> Place:
    return msgspec.structs.replace(place, sure=place.sure - by)


def _titles(text: Line, amounts: Sequence[Amount]) -> list[Line]:
    """What stands before each amount; what stands behind the only one, where nothing is before."""
    found: list[Line] = []
    last = 0
    for amount in amounts:
        found.append(text.part(last, amount.start))
        last = amount.end
    if len(amounts) == 1 and not clean_title(found[0]):
        found[0] = text.part(last)
    elif len(amounts) == 1:
        said = [part for part in re.split(r"\0+", found[0].plain) if re.sub(r"[\s,;:。、()的.\d①-⑳]", "", part)]
        if len(said) > 1 and len(said[0]) > 1:
            found[0] = found[0].part(0, found[0].plain.index(said[0]) + len(said[0]))
    return found


_PRAISE = re.compile(r"(?:级|等)?(?:表彰|奖励|荣誉|称号|奖项|奖)$")


def _is_matrix(titles: Sequence[Line]) -> bool:
    """Tell whether all amounts but the first stand behind the name of a level."""
    words = [_PRAISE.sub("", clean_title(title, cut=True)) for title in titles]
    return all(words[1:]) and all(
        (LEVEL_WORD.match(word) and len(word) <= 8) or TIER.fullmatch(word) for word in words[1:]
    )


def _matrix(titles: Sequence[Line], terms: Terms, place: Place, given: Sequence[Terms]) -> list[Found]:
    """受到国家级表彰加50分、省级30分: the title is what the first step is said of."""
    first = titles[0]
    plain = first.plain
    found = None
    for match in LEVEL_WORD.finditer(plain):
        if len(match.group()) > 1 or match.end() >= len(plain.rstrip("\0")) - 4:
            found = match
    if found is None and (colon := re.search(rf":(?P<step>{TIER.pattern})[\0,的]*$", plain)) is not None:
        amounts = [msgspec.structs.replace(terms.amounts[0], label=first.part(*colon.span("step"))), *terms.amounts[1:]]
        return of_signs(first.part(0, colon.start()), place, [terms, *given], amounts, cut=True)
    amounts = list(terms.amounts)
    title = first
    if found is not None and found.start() > 0:
        more = re.match(r"(?:及|或|含)?以上", plain[found.end() :])
        end = found.end() + (more.end() if more else 0)
        title = Line(first.shown[: found.start()] + first.shown[end:], plain[: found.start()] + plain[end:])
        amounts[0] = msgspec.structs.replace(amounts[0], label=first.part(found.start(), found.end()))
    return of_signs(title, place, [terms, *given], amounts, cut=True)


def of_signs(
    title: Line, place: Place, terms: Sequence[Terms], amounts: Sequence[Amount], *, cut: bool = False
) -> list[Found]:
    """The steps that give and those that take, each an item: 优6分、良4分、差扣3分. `cut` in one sentence."""
    minuses = [msgspec.structs.replace(amount, stepped=True) for amount in amounts if amount.minus]
    pluses = [msgspec.structs.replace(amount, stepped=True) for amount in amounts if not amount.minus]
    mixed = bool(minuses) and bool(pluses) and not (cut and amounts[0].minus)  # 差扣5分、较差3分 all take
    if not mixed:
        minuses, pluses = [], list(amounts)
    several = ((pluses, None), (minuses, True))
    found = (settle(title, place, terms, some, minus=minus, cut=cut) for some, minus in several if some)
    return [one for one in found if one is not None]
