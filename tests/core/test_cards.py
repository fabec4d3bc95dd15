from itertools import product

import pytest

from dezhi.core.cards import check_digit, number_is_right, pin_is_weak, print_number, read_scan


def test_the_check_digit_finds_every_wrong_digit_and_every_swap() -> None:
    digits = "4071335"
    number = digits + check_digit(digits)
    assert number_is_right(number)
    for place, digit in product(range(len(number)), "0123456789"):
        changed = number[:place] + digit + number[place + 1 :]
        assert number_is_right(changed) == (changed == number), changed
    for place in range(len(number) - 1):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert number_is_right(swapped) == (swapped == number), swapped


def test_a_number_is_read_as_it_is_printed() -> None:
    number = "1234567" + check_digit("1234567")
    scan = read_scan(f" {print_number(number)} ")
    assert scan is not None
    assert scan.value == number


@pytest.mark.parametrize("pin", ["000000", "123456", "654321", "901234", "121212", "123123"])
def test_the_first_pins_anybody_tries_are_weak(pin: str) -> None:
    assert pin_is_weak(pin)


@pytest.mark.parametrize("pin", ["135790", "482913", "112233"])
def test_an_ordinary_pin_is_not(pin: str) -> None:
    assert not pin_is_weak(pin)
