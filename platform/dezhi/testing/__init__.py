"""The kit for authors of plugins: a village to try them in, and the promises every plugin keeps, as tests."""

from dezhi.testing.conformance import Conformance
from dezhi.testing.samples import A_DAY, A_HOLDER, a_deed, a_programme, an_answer, an_entry, deeds_of

__all__ = ["A_DAY", "A_HOLDER", "Conformance", "a_deed", "a_programme", "an_answer", "an_entry", "deeds_of"]
