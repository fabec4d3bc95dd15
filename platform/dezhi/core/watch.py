"""What the floors tell about their own work, so that an operator can see it; never about whom it was for."""


class Watch:
    """Told of batches, refusals, plugins and requests as they happen. This one forgets; `dezhi.web.metrics` counts.

    Every method is called on a hot path and some from other threads: an implementation must be quick, safe to call from
    any thread, and must not raise.
    """

    def batch(self, size: int, seconds: float) -> None:
        """A batch of `size` submissions was read, decided and committed in `seconds`."""

    def again(self, why: str) -> None:
        """A batch was not written, for `passing` or `unknown` trouble of the database or a `fault`, and is tried again.

        A `fault` is an error that the ledger's rules should have made impossible: somebody must look at it.
        """

    def outcome(self, code: str) -> None:
        """The ledger answered one submission with `code`, e.g. `booked` or `cap`."""

    def asked(self, plugin: str, hook: str, seconds: float) -> None:
        """A plugin was asked for `hook`, and answered or failed, in `seconds`."""

    def slow_query(self) -> None:
        """A statement took longer than `dezhi.store.slow.SLOW_SECONDS`."""

    def refusal(self, code: str) -> None:
        """Somebody was told no, with a `Problem` of this code."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request to a route (its template, never the address itself) was answered with `status` in `seconds`."""


UNWATCHED = Watch()
"""For tests and for an installation that shows no metrics."""
