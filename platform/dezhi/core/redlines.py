"""The red lines no sheet and no plugin may cross, found by what a text means (B-02, RU-14, RL-1 to RL-15)."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from dezhi.core.redlines_reading import plain, sentences, takes_points
from dezhi.core.redlines_rules import LAWS, REWARD_RULES, RULES, Level, Rule
from dezhi.core.redlines_words import CONCEPTS
from dezhi.plugin import Item

TEXT_READ_MAX = 4_000  # characters; what is longer is read so far
REMEMBERED = 8_192


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A red line a text crosses. `article` and `reason` are message ids; `text` the words it was seen in, as read.

    A `block` may not be adopted, a `warn` should be mended. `at` is the item's code or the line's number.
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
    found = _lint(text[:TEXT_READ_MAX], minus, reward)
    return tuple(msgspec.structs.replace(finding, at=at) for finding in found) if at else found


def lint_items(items: Iterable[Item]) -> tuple[Finding, ...]:
    """Return the red lines of a sheet's items, in their order, each at the item's code."""
    found: list[Finding] = []
    for item in items:
        for text in (f"{item.title}:{item.how}", item.hint):
            known = {finding.code for finding in found if finding.at == item.code}
            found += [each for each in lint_text(text, item.code, minus=item.quiet) if each.code not in known]
    return tuple(found)


def blocks(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those findings that forbid."""
    return tuple(finding for finding in findings if finding.level == "block")


@lru_cache(maxsize=REMEMBERED)
def _lint(text: str, minus: bool, reward: bool) -> tuple[Finding, ...]:  # noqa: FBT001 - a cache's key
    hits: dict[str, Finding] = {}
    for sentence in sentences(plain(text)):
        _read(sentence, minus or takes_points(sentence), reward, hits)
    return tuple(sorted(hits.values(), key=lambda finding: int(finding.code.removeprefix("RL-"))))


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
