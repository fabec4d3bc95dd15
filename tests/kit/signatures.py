"""What Litestar reads out of each handler, read once a process instead of once a site.

Every web test builds a site of its own, and half of that time went into the signatures of the same functions.
Only the tests do this: a served Dezhi builds one site in its life.
"""

from collections.abc import Callable, Hashable
from types import FunctionType
from typing import Any, TypeVar

from litestar._signature import SignatureModel
from litestar.utils.signature import ParsedSignature

OPTIONS = "HTTPRoute.create_options_handler.<locals>.options_handler"
"""Litestar's answer to OPTIONS: a function for each path, and all of one signature."""
T = TypeVar("T")


def remember_signatures() -> None:
    """From now on, make each signature, and the model that checks its arguments, but once."""
    parse, create = ParsedSignature.from_fn, SignatureModel.create
    parsed: dict[Hashable, ParsedSignature] = {}
    models: dict[Hashable, type[SignatureModel]] = {}

    def parse_once(_: type, /, fn: Any, signature_namespace: dict[str, Any]) -> ParsedSignature:
        return _once(parsed, fn, frozenset(signature_namespace.items()), lambda: parse(fn, signature_namespace))

    def create_once(_: type, /, dependency_name_set: set[str], fn: Any, **rest: Any) -> type[SignatureModel]:
        # A model holds the parameters it is made from, so their number is no other's while the model is known.
        parameters = id(rest["parsed_signature"].parameters)
        key = (frozenset(dependency_name_set), parameters, rest["data_dto"], tuple(rest["type_decoders"]))
        return _once(models, fn, key, lambda: create(dependency_name_set=dependency_name_set, fn=fn, **rest))

    ParsedSignature.from_fn = classmethod(parse_once)  # type: ignore[assignment,method-assign]
    SignatureModel.create = classmethod(create_once)  # type: ignore[assignment,method-assign]


def _once(known: dict[Hashable, T], fn: Any, key: Hashable, make: Callable[[], T]) -> T:
    # Each site has handlers bound to controllers of its own; beneath, they are the same functions.
    function = getattr(fn, "__func__", fn)
    same: Hashable = function
    if getattr(function, "__qualname__", "") == OPTIONS:
        same = OPTIONS
    elif not isinstance(function, FunctionType) or function.__closure__:
        return make()  # a site's own, which would keep its house alive
    whole = (same, function is fn, key)
    if whole not in known:
        known[whole] = make()
    return known[whole]
