"""How a village keeps points."""

from collections.abc import Mapping

from dezhi.web.views.frame import Option, Part


class Keeping(Part, frozen=True, kw_only=True):
    """The form, with what is kept or was typed."""

    village: str
    code: str
    version: int
    lapses: tuple[Option, ...]
    values: Mapping[str, str]
    to_kin: bool = False
    to_pool: bool = False
    field: str = ""  # the field at fault
    error: str = ""
