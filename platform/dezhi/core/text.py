"""Texts which are put into a language only when they are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Return the text unchanged; the extractor of message catalogues finds it by this call.

    The text is the message's id, in Simplified Chinese, with `%(name)s` placeholders.
    """
    return text


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message with what stands in its placeholders; made by `phrase` or `counted`."""

    text: str
    values: Mapping[str, Any]
    count: int | None = None  # of what is counted, where a language has a form of its own for one

    def fill(self, sentence: str, translate: "Translate") -> str:
        """Return a catalogue's `sentence` with the values, phrases among them said by `translate` too.

        Raises KeyError when the sentence names a placeholder that has no value: that is a programming error.
        """
        if not self.values:
            # Without values a per cent sign is just a per cent sign.
            return sentence
        return sentence % {
            name: translate(value) if isinstance(value, Phrase) else value for name, value in self.values.items()
        }


Text: TypeAlias = str | Phrase
"""What can be translated: a message without placeholders, or a phrase."""

Translate: TypeAlias = Callable[[Text], str]

_MONTHS: Final = (
    N_("1月"),
    N_("2月"),
    N_("3月"),
    N_("4月"),
    N_("5月"),
    N_("6月"),
    N_("7月"),
    N_("8月"),
    N_("9月"),
    N_("10月"),
    N_("11月"),
    N_("12月"),
)


def phrase(text: str, /, **values: object) -> Phrase:
    """Return a marked message (`phrase(N_("…"), name=…)`) with its values."""
    return Phrase(text, values)


def counted(text: str, n: int, /, **values: object) -> Phrase:
    """Return a message about `n` things. The extractor finds it by this call; `n` fills `%(n)s` unless given anew."""
    return Phrase(text, {"n": n, **values}, n)


def dated(day: date) -> Phrase:
    """Return a day as it stands in a sentence: `2026年3月1日`, in English `1 March 2026`."""
    return phrase(N_("%(year)s年%(month)s%(day)s日"), year=day.year, month=phrase(_MONTHS[day.month - 1]), day=day.day)


def as_it_is(text: Text) -> str:
    """Return the text in the source language, Simplified Chinese."""
    return text.fill(text.text, as_it_is) if isinstance(text, Phrase) else text
