"""The one way in which a rule or a use case says no in plain words."""

from collections.abc import Callable


def _as_it_is(text: str) -> str:
    return text


class Problem(Exception):
    """What happened, what is safe and what to do, for the person in front of the page.

    `code` is stable and for programs, e.g. `"card-unknown"`. `text` is a message id in Simplified Chinese, marked
    with `dezhi.core.text.N_`, with `%(name)s` placeholders filled from the keyword arguments only when it is shown.
    `status` is the HTTP status the web answers with (422: the request was understood and refused). `field` names the
    form field at fault, `row` the line of an uploaded sheet, counted from 1 as the spreadsheet shows it.
    """

    def __init__(
        self,
        code: str,
        text: str,
        status: int = 422,
        field: str | None = None,
        row: int | None = None,
        **args: object,
    ) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text
        self.status = status
        self.field = field
        self.row = row
        # Not `args`: that name belongs to Exception.
        self.values = args

    def say(self, translate: Callable[[str], str] = _as_it_is) -> str:
        """Return the sentence in the language of `translate` (gettext of a catalogue; the source text without one).

        Raises KeyError when the text names a placeholder the raiser did not fill: that is a programming error.
        """
        sentence = translate(self.text)
        # Without values a per cent sign is just a per cent sign.
        return sentence % self.values if self.values else sentence

    def __str__(self) -> str:
        return f"{self.code}: {self.say()}"
