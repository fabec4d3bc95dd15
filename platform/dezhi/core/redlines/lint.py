"""Find the red lines of texts, items and all that a programme offers."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.redlines.concepts import CONCEPTS
from dezhi.core.redlines.likeness import likeness
from dezhi.core.redlines.reading import parts, plain, sentences, takes_points
from dezhi.core.redlines.rules import LAWS, REWARD_RULES, RULES, Level, Rule
from dezhi.core.text import N_, phrase
from dezhi.plugin import Board, Item, Reward

TEXT_READ_MAX = 4_000  # characters; what is longer is read so far
REMEMBERED = 8_192
ORDINARY_FROM = -0.3
"""A line whose likeness is below this reads ordinary throughout, whatever words of it a rule took up."""
LIKE_FROM = 0.15
"""A line above this is like others that cross a red line, though no rule names its words: somebody should look."""
LIKE_LENGTH_MIN = 8
"""Chinese characters of a line that can be like another: a code, a heading or a name says too little."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LIKE = N_(
    "没有哪个词直接碰线，但整句话很像碰这条线的写法，请人看一看：要是因为这个给分、扣分或者办事分先后，请改掉；不是这个意思，可以不改。"
)

_GIVEN = re.compile(
    r"[,，、;；]?(?:(?:道德|荣誉|平安)?积分(?:加|记|给)\d+分|志愿时记[\d小时分钟]+|(?:今天|今年|本[周月季])?还能[记加]\d+[分次]|[加记]\d+分)"
)
"""How much a sentence says was given: part of nearly every reason, and nothing a red line is about."""
_SMALL = re.compile(r"(?<![\d.])(?!985|211)[1-9]\d{0,2}(?![\d.])")
"""An ordinary number; 0, 12345 and 985 may mean more than how many."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A red line a text crosses. `article` and `reason` are message ids; `text` the words it was seen in, as read.

    A `block` may not be adopted, a `warn` should be mended; one whose `text` is a whole line should be looked at.
    `at` is the item's code or the line's number.
    """

    code: str
    level: Level
    article: str
    reason: str
    text: str
    at: str = ""


def lint_text(text: str, at: str = "", *, minus: bool = False, reward: bool = False) -> tuple[Finding, ...]:
    """Return the red lines a text crosses, by number, each once; blocks are told rather than warnings.

    `minus` says that points are taken whether or not the text says so (a reminder's title); `reward` that the text is
    what points are spent on, where public services and money are out of place by themselves (RE-12).
    """
    # What is known to be a penalty or a price is no line of a sheet: likeness has not learned to read it.
    found = _lint(text[:TEXT_READ_MAX], minus, reward) if minus or reward else _weighed(text[:TEXT_READ_MAX])
    return tuple(msgspec.structs.replace(finding, at=at) for finding in found) if at else found


def lint_items(items: Iterable[Item]) -> tuple[Finding, ...]:
    """Return the red lines of some items, in their order, each at the item's code and told once."""
    return tuple(finding for item in items for finding in _lint_item(item, item.code))


def lint_offer(
    items: Mapping[str, Item],
    rewards: Mapping[str, Reward],
    boards: Mapping[str, Board],
    settings: Mapping[str, Mapping[str, object]],
) -> tuple[Finding, ...]:
    """Return the red lines of all that plugins offer under a version's settings, and of the texts in these."""
    found = [finding for code, item in items.items() for finding in _lint_item(item, code)]
    for code, reward in rewards.items():
        found += _once(lint_text(text, code, reward=True) for text in (reward.title, reward.about))
    for code, board in boards.items():
        found += _once(lint_text(text, code) for text in (board.title, board.about))
    for name, chosen in settings.items():
        told = {finding.code for finding in found if finding.at.startswith(f"{name}/")}
        found += [one for one in _once(lint_text(text, name) for text in _words(chosen)) if one.code not in told]
    return tuple(found)


def crossed(text: str, adopted: Iterable[str] = ()) -> Finding | None:
    """Return the first red line which a plugin's own sentence may not cross, None where it may be shown.

    What differs by small numbers alone is judged once and remembered: this stands in the way of every award.
    `adopted` are texts in it that the village adopted, which were judged then. With them it is read as a sheet is,
    near misses let go; what the plugin adds of its own is held to every rule.
    """
    read = _SMALL.sub("2", _GIVEN.sub("", text[:TEXT_READ_MAX]))
    found = blocks(_lint(read, False, False))  # noqa: FBT003
    listed = sorted(filter(None, adopted), key=len, reverse=True)
    if not found or not listed:
        return next(iter(found), None)
    own = text[:TEXT_READ_MAX]
    for words in listed:
        own = own.replace(words, ",")
    added = blocks(_lint(_SMALL.sub("2", _GIVEN.sub("", own)), False, False))  # noqa: FBT003
    return next(iter(blocks(_weighed(read)) or added), None)


def red_line(findings: Iterable[Finding], names: Mapping[str, str]) -> Problem | None:
    """Return the Problem `red-line` that tells the first thing which forbids; None where nothing does.

    `names` are what people call the places findings are at.
    """
    forbidding = blocks(findings)
    if not forbidding:
        return None
    first = forbidding[0]
    text = N_(
        "没有存上：“%(what)s”碰了红线 %(line)s（%(words)s）。%(reason)s依据：%(article)s。这样的一共%(count)d处。"
    )
    return Problem(
        "red-line",
        text,
        field=first.at or None,
        what=phrase(names.get(first.at, first.at)),
        line=first.code,
        words=first.text,
        reason=phrase(first.reason),
        article=phrase(first.article),
        count=len(forbidding),
    )


def blocks(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those findings that forbid."""
    return tuple(finding for finding in findings if finding.level == "block")


def _lint_item(item: Item, at: str) -> list[Finding]:
    return _once(lint_text(text, at, minus=item.quiet) for text in _texts_of(item))


def _texts_of(item: Item) -> tuple[str, ...]:
    """What of an item is read: its title with how to earn it, and what the clerk is told and asks."""
    asked = (text for question in item.questions for text in (question.title, question.help) if text)
    return f"{item.title}:{item.how}", item.hint, *asked


def _words(value: object) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from _words(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from _words(inside)


def _once(found: Iterable[tuple[Finding, ...]]) -> list[Finding]:
    """Put the findings of several texts of one thing together: each code once."""
    kept: dict[str, Finding] = {}
    for findings in found:
        for finding in findings:
            kept.setdefault(finding.code, finding)
    return list(kept.values())


@lru_cache(maxsize=REMEMBERED)
def _lint(text: str, minus: bool, reward: bool) -> tuple[Finding, ...]:  # noqa: FBT001 - a cache's key
    hits: dict[str, Finding] = {}
    for sentence in sentences(plain(text)):
        _read(sentence, minus or takes_points(sentence), reward, hits)
    return _by_number(hits.values())


def _by_number(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: int(finding.code.removeprefix("RL-"))))


@lru_cache(maxsize=REMEMBERED)
def _weighed(text: str) -> tuple[Finding, ...]:
    """Read for concepts, then as a whole: near misses are let go, and what is only like a red line is a warning."""
    kept: list[tuple[Finding, ...]] = []
    for part in parts(plain(text)):
        found, like = _lint(part, False, False), likeness(part)  # noqa: FBT003
        told = len(_CHINESE.findall(part)) >= LIKE_LENGTH_MIN and like.margin > LIKE_FROM
        if told and like.code not in {finding.code for finding in found}:
            law = LAWS[like.code]
            found += (Finding(code=like.code, level="warn", article=law.article, reason=_LIKE, text=part),)
        if like.margin >= ORDINARY_FROM:
            kept.append(found)
    blocks_first = sorted((finding for found in kept for finding in found), key=lambda finding: finding.level)
    return _by_number(_once([tuple(blocks_first)]))


def _read(sentence: str, minus: bool, reward: bool, hits: dict[str, Finding]) -> None:  # noqa: FBT001
    """Add the red lines of one sentence."""
    seen: dict[str, str] = {}

    def says(concept: str) -> str:
        if concept not in seen:
            seen[concept] = CONCEPTS[concept].find(sentence)
        return seen[concept]

    for rule in (*RULES, *REWARD_RULES) if reward else RULES:
        if rule.minus is not None and rule.minus != minus:
            continue
        if rule.weak and any(hit.level == "block" for hit in hits.values()):
            continue
        known = hits.get(rule.code)
        if known and (known.level == "block" or rule.level == "warn"):
            continue
        if all(says(concept) for concept in rule.needs) and not any(says(concept) for concept in rule.unless):
            hits[rule.code] = _finding(rule, [says(concept) for concept in rule.needs])


def _finding(rule: Rule, words: list[str]) -> Finding:
    law = LAWS[rule.code]
    told = " … ".join(dict.fromkeys(words))
    return Finding(code=rule.code, level=rule.level, article=law.article, reason=law.reason, text=told)
