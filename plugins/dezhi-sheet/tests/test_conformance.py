import pytest

from dezhi.core.programme_files import read_programme_file
from dezhi.testing import Conformance
from shapes import TOML, toml_of


@pytest.mark.row("PL-13")
class TestConformance(Conformance):
    """Under every shape's sheet, without its milestones: what only a sum reaches, no single deed earns."""

    package = "dezhi_sheet"
    settings = tuple(
        {**read_programme_file(toml_of(shape)).plugins["dezhi-sheet"].settings, "milestones": []}
        for shape, toml in TOML.items()
        if "[programme]" not in toml
    )
