"""A call that takes too long is ended, and leaves no alarm behind."""

import os
import signal
import subprocess
import sys
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


def assert_silent() -> None:
    """Fail unless the bell stops by itself, and ends nothing meanwhile."""
    end = time.monotonic() + 5
    while signal.getitimer(signal.ITIMER_REAL) != (0.0, 0.0):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_forked_process_has_a_bell_of_its_own() -> None:
    within(5, max, 1, 2)
    child = os.fork()
    if not child:
        try:
            within(0.05, spin)
        except TookTooLong:
            os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert_silent()


@pytest.mark.parametrize("call", [spin, swallow, lambda: time.sleep(60)])
def test_slow_call_is_ended(call: object) -> None:
    assert callable(call)
    start = time.monotonic()
    with pytest.raises(TookTooLong):
        within(0.05, call)
    assert time.monotonic() - start < 5


def test_quick_call_answers_and_leaves_no_alarm() -> None:
    assert within(0.05, max, 1, 2) == 2
    signal.raise_signal(signal.SIGALRM)  # somebody else's, which ends nothing
    assert_silent()


def test_error_of_the_call_passes_through_and_leaves_no_alarm() -> None:
    with pytest.raises(ZeroDivisionError):
        within(0.05, divmod, 1, 0)
    assert_silent()


def test_elsewhere_than_in_the_main_thread_the_call_just_runs() -> None:
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(within(0.01, max, 1, 2)))
    thread.start()
    thread.join()
    assert answers == [2]


def test_a_process_that_ends_slowly_is_not_killed_by_its_bell() -> None:
    """Python takes its signal handlers away and tidies up after that."""
    program = """if True:
        import time
        from dezhi.host.deadline import within
        class Slow:
            def __del__(self, sleep=time.sleep):
                sleep(0.2)
        slow = Slow()
        within(5, max, 1, 2)
    """
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
