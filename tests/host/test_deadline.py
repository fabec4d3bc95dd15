"""A call that takes too long is ended, and leaves no alarm behind."""

import signal
import threading
import time

import pytest

from dezhi.host.deadline import TookTooLong, within


def spin() -> None:
    while True:
        pass


def swallow() -> None:
    """Swallows the first alarm, as a careless `except` would."""
    for _ in range(2):
        try:
            spin()
        except TookTooLong:
            continue
    spin()


@pytest.mark.parametrize("call", [spin, swallow, lambda: time.sleep(60)])
def test_slow_call_is_ended(call: object) -> None:
    assert callable(call)
    start = time.monotonic()
    with pytest.raises(TookTooLong):
        within(0.05, call)
    assert time.monotonic() - start < 5


def test_quick_call_answers_and_leaves_no_alarm() -> None:
    assert within(0.05, max, 1, 2) == 2
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    signal.raise_signal(signal.SIGALRM)  # somebody else's, which ends nothing


def test_error_of_the_call_passes_through_and_leaves_no_alarm() -> None:
    with pytest.raises(ZeroDivisionError):
        within(0.05, divmod, 1, 0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_elsewhere_than_in_the_main_thread_the_call_just_runs() -> None:
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(within(0.01, max, 1, 2)))
    thread.start()
    thread.join()
    assert answers == [2]
