"""Every change of the plugin contract is a visible diff."""

import inspect

import pytest

import contract_reference as reference
from dezhi.plugin import Deed, hooks


@pytest.mark.row("PL-08")
def test_golden_file_tells_the_whole_contract() -> None:
    assert reference.GOLDEN.read_text(encoding="utf-8") == reference.golden()


@pytest.mark.row("PL-08")
@pytest.mark.parametrize("name", reference.specs())
def test_another_signature_of_a_hook_is_another_golden_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = inspect.signature(getattr(hooks, name))
    more = inspect.Parameter("more", inspect.Parameter.KEYWORD_ONLY, annotation=Deed)
    for changed in (
        kept.replace(parameters=[*kept.parameters.values(), more]),
        kept.replace(parameters=[*kept.parameters.values()][1:]),
        kept.replace(return_annotation=Deed),
    ):
        monkeypatch.setattr(getattr(hooks, name), "__signature__", changed, raising=False)
        assert reference.golden() != reference.GOLDEN.read_text(encoding="utf-8")


def test_reference_tells_what_the_docstrings_tell() -> None:
    page = reference.REFERENCE.read_text(encoding="utf-8")
    assert page.partition(reference.BEGIN)[2].partition(reference.END)[0].strip() == reference.hook_sections()
