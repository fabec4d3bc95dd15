"""What remarks below a table say of its items: of those with a mark (带△的，每月不超过20分), or of one by its name."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from .grid import Matrix, Spot
from .items import Found
from .phrases.headings import REMARK
from .phrases.terms import Limit, Terms, read_terms
from .phrases.text import Line, listed, unnumbered

_MARKS: Final = r"[*※#△▲☆★◆◇○●■□]{1,3}"
_OF_MARK: Final = re.compile(
    rf"(?:带|标|有|加|打|注有|标有|带有|标注|画)?[“\"(]?(?P<mark>{_MARKS})[”\")]?(?:号|标记|符号)?(?:的|者|项|项目|条目|:|为|表示)"
)
_MARKED: Final = re.compile(rf"(?P<mark>{_MARKS})$")
_NAME_LEAST: Final = 4
_SENTENCE_MAX: Final = 120


def annotated(found: Sequence[Found], matrix: Matrix) -> tuple[list[Found], frozenset[str]]:
    """The items with the limits that remarks set, and without the marks; and the sentences that set any."""
    spots = {id(one.spot) for one in found}
    sentences = [
        sentence
        for spot in {id(spot): spot for spot in matrix.at.values()}.values()
        if id(spot) not in spots and _remarks(spot, found)
        for sentence in sentences_of(spot)
    ]
    marks = {match["mark"] for sentence in sentences if (match := _OF_MARK.search(sentence)) is not None}
    items = [_one(item, sentences, marks) for item in found]
    used = {
        sentence
        for sentence in sentences
        for before, after in zip(found, items, strict=True)
        if _is_of(sentence, before, after)
    }
    return items, frozenset(used)


def _remarks(spot: Spot, found: Sequence[Found]) -> bool:
    """Tell whether a cell is a remark: by its words, or as it speaks of a mark or of an item by name."""
    flat = spot.flat
    named = any(len(one.title) >= _NAME_LEAST and one.title in spot.text.shown for one in found)
    return len(flat) > _NAME_LEAST and bool(
        REMARK.fullmatch(flat) or _OF_MARK.search(flat) or (named and len(flat) > 12)
    )


def _is_of(sentence: str, before: Found, after: Found) -> bool:
    """Tell whether a sentence speaks of an item that remarks changed."""
    told = _OF_MARK.search(sentence)
    return told["mark"] in before.title if told is not None else after.title in sentence


def sentences_of(spot: Spot, *, most: int = _SENTENCE_MAX) -> list[str]:
    """The sentences of a remark, without the numbers of its list; none longer than `most`."""
    text = re.sub(r"^(?:备?注|说明|附注|附则)\d?[:.、]?", "", spot.flat)
    parts = [unnumbered(part).plain for part in listed(Line(text, text))]
    return [sentence for part in parts for sentence in re.split(r"[。;]", part) if 0 < len(sentence) <= most]


def _one(item: Found, sentences: Sequence[str], marks: set[str]) -> Found:
    plain = Line(item.title, item.title).plain
    marked = _MARKED.search(plain)
    mark = marked["mark"] if marked is not None and marked["mark"] in marks else ""
    title = item.title[: -len(mark)].rstrip() if mark else item.title
    limits: list[Limit] = []
    once = False
    for sentence in sentences:
        told = _OF_MARK.search(sentence)
        if told is not None:
            rest = sentence[told.end() :] if told["mark"] == mark else ""
        else:
            at = sentence.find(title) if len(title) >= _NAME_LEAST else -1
            rest = sentence[at + len(title) :] if 0 <= at <= 6 else ""
        terms = read_terms(Line(rest, rest)) if rest else Terms()
        if not terms.amounts:
            limits.extend(limit for limit in terms.limits if limit not in item.limits)
            once = once or terms.once
    if title == item.title and not limits and not once:
        return item
    return msgspec.structs.replace(
        item, title=title, limits=(*item.limits, *dict.fromkeys(limits)), per="once" if once else item.per
    )
