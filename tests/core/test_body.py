"""The bytes that are stored and hashed: one form for each body, and nothing lost."""

import contextlib
import hashlib
import struct

import pytest
from hypothesis import given, strategies as st

from dezhi.core.body import Body, CapMove, CohortMove, Line, Opening, Total, decode, encode, text_digest

numbers = st.integers(-(2**63), 2**63 - 1)
BY_TYPE = {
    int: numbers,
    int | None: st.none() | numbers,
    str: st.text(max_size=20),
    bytes: st.binary(max_size=32),
    tuple[Opening, ...]: st.lists(st.builds(Opening, *[numbers] * 6), max_size=3).map(tuple),
    tuple[Line, ...]: st.lists(st.builds(Line, *[numbers] * 4), max_size=3).map(tuple),
    tuple[CohortMove, ...]: st.lists(st.builds(CohortMove, *[numbers] * 6), max_size=3).map(tuple),
    tuple[Total, ...]: st.lists(st.builds(Total, *[numbers] * 4), max_size=2).map(tuple),
    tuple[CapMove, ...]: st.lists(
        st.builds(CapMove, st.text(max_size=9), numbers, st.text(max_size=9), numbers), max_size=2
    ).map(tuple),
}
fields = {name: BY_TYPE[annotation] for name, annotation in Body.__annotations__.items()}
bodies = st.builds(Body, **{**fields, "region": numbers})


@given(bodies)
def test_round_trip(body: Body) -> None:
    assert decode(encode(body)) == body


@given(bodies, bodies)
def test_different_bodies_have_different_bytes(one: Body, other: Body) -> None:
    assert (encode(one) == encode(other)) == (one == other)


@given(bodies, st.data())
def test_a_changed_byte_is_refused_or_another_body(body: Body, data: st.DataObject) -> None:
    written = bytearray(encode(body))
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(ValueError):
        assert decode(bytes(written)) != body


@given(bodies, st.data())
def test_a_piece_of_a_body_is_refused(body: Body, data: st.DataObject) -> None:
    written = encode(body)
    cut = data.draw(st.integers(0, len(written) - 1))
    for broken in (written[:cut], written + b"\x00"):
        with pytest.raises(ValueError):
            decode(broken)


@pytest.mark.row("LE-04")
@pytest.mark.parametrize("amount", [1.5, 1.0, 2**63, "5"])
def test_a_body_holds_whole_numbers_only(amount: object) -> None:
    body = Body(*[0] * 6, "s", "k", b"", 0, 0, "i", 0, *[None] * 8, "", None, None, b"", b"", (), (), region=1)
    with pytest.raises((struct.error, TypeError, OverflowError)):
        encode(body._replace(lines=(Line(1, 2, 1, amount),)))  # type: ignore[arg-type]


def test_a_text_can_be_erased_without_touching_the_body() -> None:
    salt = bytes(16)
    assert text_digest(salt, "帮邻居") == hashlib.sha256(salt + "帮邻居".encode()).digest()
    assert text_digest(salt, "") == b""
