"""What can go wrong while a plugin is asked, beside that it takes too long (`dezhi.host.deadline`)."""


class Nonsense(Exception):
    """An answer of another kind than the hook promises."""


class Died(Exception):
    """The chamber ended while a plugin was asked; the message says how."""


class OutOfMemory(Exception):
    """The plugin wanted more memory than a chamber has."""


class ClockOrChance(Exception):
    """The plugin asked what time it is, or threw dice; the message says how."""


class PluginRaised(Exception):
    """A plugin raised inside the chamber; `kind` is the error's type, `detail` where."""

    def __init__(self, kind: str, why: str, detail: str) -> None:
        super().__init__(why)
        self.kind = kind
        self.detail = detail
