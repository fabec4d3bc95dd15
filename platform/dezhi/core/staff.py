"""Who may do what, below which region."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_

LOGIN_MIN = 2
LOGIN_MAX = 40
PASSWORD_MIN = 10
PASSWORD_MAX = 200  # a longer one only costs time to hash


class Role(StrEnum):
    """What a member of staff may do below the region of the post."""

    TOWNSHIP = "township"  # sets villages up, keeps staff, adopts programmes
    CLERK = "clerk"  # records deeds, hands rewards over, keeps the register
    SUPERVISOR = "supervisor"  # reads every entry, changes none


class Post(msgspec.Struct, frozen=True):
    """A role held below a region."""

    role: Role
    region: int


class StaffMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff with the posts held today. `language` is empty until one is chosen."""

    id: int
    login: str
    name: str
    person: int | None
    must_change: bool
    state: str = "active"
    language: str = ""
    posts: tuple[Post, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether this person may log in."""
        return self.state == "active"

    def regions(self, role: Role) -> tuple[int, ...]:
        """Return the regions below which the role is held."""
        return tuple(post.region for post in self.posts if post.role is role)

    def may(self, role: Role, region_and_above: Iterable[int]) -> bool:
        """Whether the role reaches a region, given as its own id and the ids of everything above it."""
        return self.is_active and not set(self.regions(role)).isdisjoint(region_and_above)


def check_login(login: str) -> str:
    """Return the log-in name as it is kept, small letters. Raises Problem `login-form`."""
    plain = login.strip().lower()
    if not (
        LOGIN_MIN <= len(plain) <= LOGIN_MAX and plain.isascii() and plain.replace("-", "").replace(".", "").isalnum()
    ):
        raise Problem("login-form", N_("登录名用2到40个英文字母或数字，例如 wangjun。"), field="login")
    return plain


def check_password(password: str, login: str, name: str) -> None:
    """Raise Problem `password-weak` for a password that is short, one character over and over, or holds the name."""
    if len(password) < PASSWORD_MIN:
        raise Problem(
            "password-weak",
            N_("密码至少要%(least)s个字符，可以用一句自己记得住的话。"),
            field="password",
            least=PASSWORD_MIN,
        )
    if len(password) > PASSWORD_MAX:
        raise Problem("password-long", N_("密码太长，最多%(most)s个字符。"), field="password", most=PASSWORD_MAX)
    if len(set(password)) < 4 or login in password.lower() or name in password:  # noqa: PLR2004 - 1111111111, 1212121212
        raise Problem("password-weak", N_("这个密码太好猜：不要用重复的字符，也不要带登录名或姓名。"), field="password")
