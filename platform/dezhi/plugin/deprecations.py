"""What a plugin is warned with when it uses something that is to go from the contract.

Each class names the release that will no longer have it, so that an author can make those of the next one errors:
`python -W error::dezhi.plugin.deprecations.RemovedInDezhi04`. Something is announced for two minor releases and six
months at least; a plugin that uses it loads as before meanwhile.
"""


class Removed(DeprecationWarning):
    """Something of the contract is to go; the message says what to use in its place."""


class RemovedInDezhi03(Removed):
    """It goes with Dezhi 0.3."""


class RemovedInDezhi04(Removed):
    """It goes with Dezhi 0.4."""
