"""Every change of the plugin contract is a visible diff."""

import contract_reference as reference


def test_golden_file_tells_the_whole_contract() -> None:
    assert reference.GOLDEN.read_text(encoding="utf-8") == reference.golden()


def test_reference_tells_what_the_docstrings_tell() -> None:
    page = reference.REFERENCE.read_text(encoding="utf-8")
    assert page.partition(reference.BEGIN)[2].partition(reference.END)[0].strip() == reference.hook_sections()
