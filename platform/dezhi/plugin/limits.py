"""What every text, code and amount of the contract keeps to."""

import re
from typing import Final

from dezhi.plugin.manifest import NAME_PATTERN

AMOUNT_MAX: Final = 100_000  # the most one line of one award may add: points, or minutes
MINUTES_MAX: Final = 1_440  # a deed lasts a day at most
TITLE_MAX: Final = 40
TEXT_MAX: Final = 400
CODE_MAX: Final = 48

_CODE: Final = re.compile(NAME_PATTERN)


def ensure_code(what: str, code: str) -> None:
    """Raise ValueError unless `code` is lower-case words joined by hyphens, CODE_MAX characters at most."""
    if len(code) > CODE_MAX or not _CODE.match(code):
        raise ValueError(f"{what}: code {code!r} must be lower-case letters and digits joined by single hyphens")


def ensure_text(what: str, text: str, limit: int = TITLE_MAX) -> None:
    """Raise ValueError unless `text` says something and fits in `limit` characters."""
    if not text.strip() or len(text) > limit:
        raise ValueError(f"{what} must have 1 to {limit} characters")


def ensure_amount(what: str, amount: int, least: int = 1, most: int = AMOUNT_MAX) -> None:
    """Raise ValueError unless `amount` is a whole number (True is not one) from `least` to `most`."""
    if type(amount) is not int or not least <= amount <= most:
        raise ValueError(f"{what} must be a whole number from {least} to {most}, not {amount!r}")
