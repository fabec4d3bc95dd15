"""What passwords and PINs cost whoever steals the database; other tests hash quickly (`home` in conftest.py)."""

from argon2 import extract_parameters
from argon2.low_level import Type

from dezhi.service import secrets


def test_a_password_costs_what_owasp_asks() -> None:
    """OWASP's password storage cheat sheet: argon2id, 19 MiB, two rounds, one thread."""
    made = extract_parameters(secrets.PASSWORDS.hash("correct horse"))
    assert (made.type, made.memory_cost, made.time_cost) == (Type.ID, 19_456, 2)


def test_a_pin_costs_eight_mebibytes() -> None:
    made = extract_parameters(secrets.PINS.hash("1234"))
    assert (made.type, made.memory_cost, made.time_cost) == (Type.ID, 8_192, 2)
