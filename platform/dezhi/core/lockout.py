"""How long somebody waits after wrong tries (SE-03)."""

from datetime import timedelta

FREE_TRIES = 5
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(minutes=30)
"""At a try each half hour half of all six-digit PINs take 28 years. A longer wait would help nobody but a joker who
types a clerk's name wrong on purpose to keep the village from working."""


def wait_after(failures: int) -> timedelta | None:
    """Return the wait after so many wrong tries in a row, doubling with each; None while tries are free."""
    if failures < FREE_TRIES:
        return None
    # The exponent is bounded too: somebody may try for years.
    return min(FIRST_WAIT * (1 << min(failures - FREE_TRIES, 16)), LONGEST_WAIT)
