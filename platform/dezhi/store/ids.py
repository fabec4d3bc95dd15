"""Keys made by the application: no database has to be asked, and none tells how many there are."""

import secrets

_LARGEST = 2**63 - 1


def new_id() -> int:
    """Return a random positive 63-bit number; one among a million households collides about once in 10^7 townships."""
    return secrets.randbelow(_LARGEST) + 1
