"""R1 to R28 as TOML: one test each, on the one table of expectations."""

from functools import cache

import msgspec
import pytest

from dezhi.core.keeping import Keeping, Lapse
from dezhi.core.programme_files import read_programme_file, write_programme_file
from dezhi.core.scoring import accept, check_deed
from dezhi.plugin import Facts, HolderKind, Role, Subject
from dezhi.testing import deeds_of
from dezhi_sheet import NAME, declares, items, score
from dezhi_sheet.model import Sheet
from dezhi_sheet.parts import Per
from shapes import ASKED, CASES, LIMITS, check, deed_of, toml_of

pytestmark = pytest.mark.sqlite


@cache
def sheet_of(shape: str) -> Sheet:
    """The shape's sheet, read from its file, written and read again."""
    read = read_programme_file(toml_of(shape))
    again = read_programme_file(write_programme_file(read))
    assert again == read
    return msgspec.convert(again.plugins[NAME].settings, Sheet)


def holds(shape: str) -> None:
    """Offer the shape's rows, score its deeds, and let the core judge what comes of them."""
    sheet = sheet_of(shape)
    offered = {f"{NAME}/{item.code}": item for item in items(sheet)}
    known = [fact.name for fact in declares(sheet).facts]
    for case in CASES[shape]:
        awards = check(case, known, lambda deed, facts: score(sheet, deed, facts))
        judged = accept(offered, [(NAME, awards)], deed_of(case), version=1)
        assert [str(refusal) for refusal in judged.refusals] == []
    for code, caps in LIMITS.get(shape, {}).items():
        assert offered[f"{NAME}/{code}"].caps == caps
    for code, names in ASKED.get(shape, {}).items():
        assert tuple(question.name for question in offered[f"{NAME}/{code}"].questions) == names


def keeping_of(shape: str) -> Keeping:
    file = read_programme_file(toml_of(shape))
    assert read_programme_file(write_programme_file(file)) == file
    assert list(file.document.keeping.problems()) == []
    return file.document.keeping


@pytest.mark.parametrize("shape", list(CASES))
def test_whatever_a_form_lets_a_clerk_answer_is_taken(shape: str) -> None:
    """The least, the most and every option, by the item's own limits: the deed stands, and so does what it gives."""
    sheet = sheet_of(shape)
    offered = {f"{NAME}/{item.code}": item for item in items(sheet)}
    facts = Facts(dict.fromkeys([fact.name for fact in declares(sheet).facts], 0))
    for row in sheet.items:
        item = offered[f"{NAME}/{row.code}"]
        for deed in deeds_of(f"{NAME}/{row.code}", item):
            check_deed(offered, deed)
            judged = accept(offered, [(NAME, score(sheet, deed, facts))], deed, version=1)
            assert [str(refusal) for refusal in judged.refusals] == []
        if row.per is Per.HOUR:
            assert item.asked == (1, 1_440)
        if row.most:
            assert item.asked == (row.least, row.most)


@pytest.mark.row("RU-01")
@pytest.mark.row("RU-04")
def test_r01_flat_points_each_time() -> None:
    holds("R1")


@pytest.mark.row("RU-01")
def test_r02_for_each_person_or_household() -> None:
    holds("R2")


@pytest.mark.row("RU-01")
def test_r03_by_day_month_quarter_and_year() -> None:
    holds("R3")


@pytest.mark.row("RU-01")
def test_r04_once_only() -> None:
    holds("R4")


@pytest.mark.row("RU-01")
def test_r05_a_range_with_a_reason() -> None:
    holds("R5")


@pytest.mark.row("RU-01")
def test_r06_quantity_times_rate() -> None:
    holds("R6")


@pytest.mark.row("RU-01")
def test_r07_a_cap_for_a_person_and_week() -> None:
    holds("R7")
    assert items(sheet_of("R7"))[0].holder is HolderKind.PERSON


@pytest.mark.row("RU-01")
def test_r08_a_cap_for_life() -> None:
    holds("R8")


@pytest.mark.row("RU-01")
def test_r09_a_cap_for_one_event() -> None:
    holds("R9")


@pytest.mark.row("RU-01")
def test_r10_a_matrix_of_levels() -> None:
    holds("R10")


@pytest.mark.row("RU-01")
def test_r11_the_highest_only() -> None:
    holds("R11")


@pytest.mark.row("RU-01")
@pytest.mark.row("RU-18")
def test_r12_a_base_with_reminders() -> None:
    holds("R12")
    [_, litter, straw] = items(sheet_of("R12"))
    assert litter.quiet
    assert straw.quiet


@pytest.mark.row("RU-01")
def test_r13_an_inspection_down_to_nothing() -> None:
    holds("R13")


@pytest.mark.row("RU-01")
def test_r14_weighted_sections() -> None:
    holds("R14")


@pytest.mark.row("RU-01")
def test_r15_preconditions_that_are_never_stored_apart() -> None:
    """One question covers all preconditions, so no record can say which of them failed."""
    holds("R15")


@pytest.mark.row("RU-01")
def test_r16_stars_and_tiers() -> None:
    holds("R16")


@pytest.mark.row("RU-01")
def test_r17_the_mean_of_judges() -> None:
    holds("R17")


@pytest.mark.row("RU-01")
def test_r18_own_and_mutual_marks() -> None:
    holds("R18")


@pytest.mark.row("RU-01")
@pytest.mark.row("RU-09")
def test_r19_a_campaign_until_midnight() -> None:
    holds("R19")


@pytest.mark.row("RU-01")
def test_r20_several_beneficiaries() -> None:
    holds("R20")


@pytest.mark.row("RU-01")
def test_r21_a_quota_of_winners() -> None:
    holds("R21")


@pytest.mark.row("RU-01")
def test_r22_category_times_coefficient_times_hours() -> None:
    holds("R22")


@pytest.mark.row("RU-01")
def test_r23_a_vote_on_one_case() -> None:
    holds("R23")


@pytest.mark.row("RU-01")
@pytest.mark.row("RU-19")
def test_r24_analogy_with_a_reason() -> None:
    holds("R24")


@pytest.mark.row("RU-01")
def test_r25_clearing_with_the_year() -> None:
    assert keeping_of("R25") == Keeping(lapse=Lapse.YEAR, clearing_days=10)


@pytest.mark.row("RU-01")
def test_r26_a_grid_whole_or_split() -> None:
    holds("R26")
    [whole, _] = items(sheet_of("R26"))
    assert [(one.role, one.of) for one in whole.people] == [(Role.GROUP, Subject.GRID)]


@pytest.mark.row("RU-01")
def test_r27_overdraft_up_to_a_limit() -> None:
    assert keeping_of("R27") == Keeping(overdraft=50)


@pytest.mark.row("RU-01")
def test_r28_what_a_point_is_worth() -> None:
    assert keeping_of("R28") == Keeping(fen=100)
