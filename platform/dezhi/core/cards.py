"""Card numbers, QR tokens and PINs: what is typed, scanned and printed."""

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_

NUMBER_LENGTH = 8
TOKEN_LENGTH = 26
PIN_LENGTH = 6

# Damm's quasigroup of order 10: its check digit finds every single wrong digit and every swap of neighbours,
# which are what a finger does to a number read from a card.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_TOKEN = re.compile(rf"[A-Z2-7]{{{TOKEN_LENGTH}}}")


class ScanKind(StrEnum):
    """What was held before the camera or typed in."""

    NUMBER = "number"
    TOKEN = "token"  # noqa: S105 - a kind, not a secret


class Scan(msgspec.Struct, frozen=True):
    """A card as it was read; it only tells which card, and opens nothing."""

    kind: ScanKind
    value: str


class HolderKind(StrEnum):
    """Whom a card belongs to."""

    HOUSEHOLD = "household"
    PERSON = "person"


def check_digit(digits: str) -> str:
    """Return the digit that completes the number."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def number_is_right(number: str) -> bool:
    """Whether this is a card number with its check digit, without gaps."""
    plain = len(number) == NUMBER_LENGTH and number.isascii() and number.isdigit()
    return plain and check_digit(number) == "0"


def print_number(number: str) -> str:
    """Return the number in two groups, as it stands on the card: `4071 3356`."""
    half = NUMBER_LENGTH // 2
    return f"{number[:half]} {number[half:]}"


def read_scan(text: str) -> Scan | None:
    """Read a typed number, a token, or the address a QR code holds; None when it is none of these.

    Full-width characters, gaps and small letters are what an input method or a scanner makes of them, and are accepted.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    last = plain.rstrip("/").rpartition("/")[2]
    if _TOKEN.fullmatch(last):
        return Scan(ScanKind.TOKEN, last)
    digits = re.sub(r"[\s-]", "", plain)
    return Scan(ScanKind.NUMBER, digits) if number_is_right(digits) else None


def pin_is_weak(pin: str) -> bool:
    """Whether a PIN is among the first anybody would try: one digit six times, a run, a repeated pair or triple."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return (len(steps) == 1 and steps <= {0, 1, 9}) or pin in (pin[:2] * 3, pin[:3] * 2)


def check_pin_form(pin: str) -> str:
    """Return the PIN in plain digits. Raises Problem `pin-form` unless it is six digits."""
    plain = unicodedata.normalize("NFKC", pin).strip()
    if len(plain) != PIN_LENGTH or not (plain.isascii() and plain.isdigit()):
        raise Problem("pin-form", N_("密码是卡上密码单里的6位数字。"), field="pin")
    return plain
