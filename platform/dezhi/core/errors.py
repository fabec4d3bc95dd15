"""The one way in which a rule or a use case says no in plain words."""

from dezhi.core.text import Phrase, Translate, as_it_is


class Problem(Exception):
    """What happened, what is safe and what to do, for the person in front of the page.

    `code` is stable and for programs, e.g. `"card-unknown"`. `text` is a message id in Simplified Chinese, marked with
    `dezhi.core.text.N_`, with `%(name)s` placeholders filled only when it is shown from the keyword arguments: values,
    or phrases to be said in the same language. `status` is the HTTP status the web answers with (422: the request was
    understood and refused). `field` names the form field at fault, `row` the line of an uploaded sheet, counted from 1
    as the spreadsheet shows it. `replay` is set on the remembered answer to a request that was refused before.
    """

    replay = False

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

    def say(self, translate: Translate = as_it_is) -> str:
        """Return the sentence in the language of `translate` (`dezhi.web.languages.translate`; else the source's).

        Raises KeyError when the text names a placeholder the raiser did not fill: that is a programming error.
        """
        return translate(self.phrase)

    @property
    def phrase(self) -> Phrase:
        """The sentence, for whoever translates later."""
        return Phrase(self.text, self.values)

    def __str__(self) -> str:
        return f"{self.code}: {self.say()}"
