import pytest

from dezhi.core.errors import Problem
from dezhi.core.names import clean_name, household_label, mask, spell


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("陈建芳", "陈×芳"),
        ("王军", "王×"),
        ("王", "×"),
        ("", "×"),
        ("欧阳建国", "欧××国"),
        ("买买提江·艾山", "买×××××山"),
        ("阿卜杜热合曼江", "阿×××××江"),
    ],
)
def test_the_public_sees_a_masked_name(name: str, masked: str) -> None:
    assert mask(name) == masked
    assert household_label(mask(name)) == f"{masked}家"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 王 芳 ", "王芳"),
        ("王\u3000芳", "王芳"),
        ("买买提•艾山", "买买提·艾山"),
        ("买买提.艾山", "买买提·艾山"),
        ("㐱𠮷〇", "㐱𠮷〇"),
        ("Anna  Li", "Anna Li"),
    ],
)
def test_a_name_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "=cmd|' /C calc'!A0", "+王", "-王", "@王", "王1", "王<b>", "13812345678", "王" * 61, "王\u202e军"],
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(Problem, match="name-"):
        clean_name(typed)


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("张三", "zhangsan", "zs"),
        ("吕梁", "lvliang", "ll"),
        ("单小军", "danxiaojun shanxiaojun", "dxj sxj"),
        ("尉迟恭", "yuchigong", "ycg"),
    ],
)
def test_a_name_is_spelled_without_tones(name: str, pinyin: str, initials: str) -> None:
    assert spell(name) == (pinyin, initials)
