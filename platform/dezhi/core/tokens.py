"""Tokens: how a program proves on whose behalf it calls, and what it may ask for."""

import hashlib
import hmac
import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.staff import Role
from dezhi.core.text import N_

LIFE_MAX = timedelta(days=366)
"""A forgotten token must end by itself."""

NAME_MAX = 60
SECRET_BYTES = 32

_TEXT = re.compile(r"dz_([1-9][0-9]{0,18})_([A-Za-z0-9_-]{43})", re.ASCII)


class Scope(StrEnum):
    """What a token may be used for, never more than its owner may do."""

    READ = "read"  # read what the owner's posts let them read
    AWARD = "award"  # record awards, reverse entries
    REDEEM = "redeem"  # place, hand over and cancel redemptions
    REGISTER = "register"  # keep households and persons, take rosters in, board choices
    CARD = "card"  # issue and revoke cards, reset PINs, which come with the answer
    PROGRAMME = "programme"  # adopt versions of programmes
    REGION = "region"  # set villages and grids up
    STAFF = "staff"  # keep accounts and posts; as good as the owner's own account
    TOKEN = "token"  # noqa: S105 - a word: make and revoke tokens


SCOPE_ROLES = {
    Scope.READ: frozenset(Role),
    Scope.AWARD: frozenset({Role.CLERK}),
    Scope.REDEEM: frozenset({Role.CLERK}),
    Scope.REGISTER: frozenset({Role.CLERK, Role.TOWNSHIP}),
    Scope.CARD: frozenset({Role.CLERK, Role.TOWNSHIP}),
    Scope.PROGRAMME: frozenset({Role.TOWNSHIP}),
    Scope.REGION: frozenset({Role.TOWNSHIP}),
    Scope.STAFF: frozenset({Role.TOWNSHIP}),
    Scope.TOKEN: frozenset(Role),
}
"""Which roles a scope is of any use to; nobody makes a token with a scope that is of none to them."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token without its secret. `region` None reaches as far as its owner's posts; `used_on` is the day of last use.

    `expires_at` is the first moment at which it is dead.
    """

    id: int
    owner: int
    name: str
    scopes: tuple[Scope, ...]
    region: int | None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    used_on: date | None = None

    def lives(self, now: datetime) -> bool:
        """Whether it opens anything, as far as it is up to the token."""
        return self.revoked_at is None and now < self.expires_at


class Presented(NamedTuple):
    """A token as a program sent it."""

    id: int
    secret: str


def written(token: int, secret: str) -> str:
    """The text that is shown once: `dz_<id>_<secret>`."""
    return f"dz_{token}_{secret}"


def read_token(text: str) -> Presented | None:
    """Read a token's text; None for anything else."""
    found = _TEXT.fullmatch(text)
    if found is None or int(found[1]) >= 2**63:
        return None
    return Presented(int(found[1]), found[2])


def digest(secret: str) -> str:
    """What is kept of a secret. 256 random bits need no slow hash: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_secret(secret: str, kept: str) -> bool:
    """Whether this is the secret, in the same time for each wrong one."""
    return hmac.compare_digest(digest(secret), kept)


def check_name(text: str) -> str:
    """A token's name as it is kept. Raises Problem `token-name`."""
    name = " ".join(text.split())
    if not 0 < len(name) <= NAME_MAX or not name.isprintable():
        raise Problem("token-name", N_("请写上这个令牌给谁用，最多60个字，例如“镇政务平台”。"), field="name")
    return name


def check_scopes(wanted: Collection[Scope], roles: Collection[Role]) -> tuple[Scope, ...]:
    """The scopes in their order. Raises Problem `token-scopes` for none, and for one that none of the roles has."""
    if not wanted:
        raise Problem("token-scopes", N_("请至少选一样它能做的事。"), field="scopes")
    if any(SCOPE_ROLES[one].isdisjoint(roles) for one in wanted):
        raise Problem("token-scopes", N_("令牌能做的事不能比您自己多。请重新选。"), status=403, field="scopes")
    return tuple(one for one in Scope if one in wanted)


def check_expiry(expires_on: date, today: date) -> date:
    """The last day on which a token works. Raises Problem `token-expiry` unless it is today or within a year."""
    if not today <= expires_on <= today + LIFE_MAX:
        raise Problem("token-expiry", N_("到期日最早是今天，最晚一年以后。"), field="expires_on")
    return expires_on
