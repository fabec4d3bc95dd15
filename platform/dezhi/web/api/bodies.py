"""Request bodies: JSON decoded straight into their Structs, strictly: no text for a number, no unknown field.

Litestar's own way reads JSON leniently ("5" for 5), as fits forms; a program's mistake should be found at once.
"""

import re
from typing import Any, ClassVar

import msgspec
from litestar import Request, Response
from litestar.dto import AbstractDTO
from litestar.enums import RequestEncodingType
from litestar.exceptions import ValidationException
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.web.problems import problem_body, problem_response

_WHERE = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?", re.DOTALL)
_UNKNOWN = re.compile(r"Object (?:contains unknown|missing required) field `(.*)`")
FIELD_MAX = 100
NO_KEY = N_("请在请求头 Idempotency-Key 里写这一次的编号（1到64个可见的 ASCII 字符），重发时用同一个。什么都没有做。")


class StrictBody(AbstractDTO[msgspec.Struct]):
    """Decodes the body of a handler whose `data` is a Struct."""

    _decoders: ClassVar[dict[str, msgspec.json.Decoder[Any]]] = {}

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Make the handler's decoder."""
        del backend_cls  # there is nothing to transfer: the Struct is what the handler gets
        cls._decoders[handler_id] = msgspec.json.Decoder(field_definition.annotation)

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        """Describe the Struct itself."""
        del handler_id
        found: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return found

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        """Leave what handlers return to Litestar."""
        del field_definition
        return False

    def decode_bytes(self, value: bytes) -> Any:
        """Raise `Problem` 400 for what is no JSON, 422 for what is no such Struct."""
        try:
            return self._decoders[self.asgi_connection.route_handler.handler_id].decode(value)
        except msgspec.ValidationError as wrong:
            raise invalid(str(wrong)) from wrong
        # RecursionError of brackets within brackets.
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
            raise malformed() from broken


def malformed() -> Problem:
    """What to raise for a body that is no JSON."""
    return Problem("malformed", N_("请求体不是完整的 JSON，什么都没有做。"), status=400)


def invalid(message: str, key: str = "") -> Problem:
    """What to raise for a value that breaks its bounds, from what msgspec says of it."""
    said = _WHERE.fullmatch(message)
    why, place = (said[1], said[2] or key) if said else (message, key)
    unknown = _UNKNOWN.fullmatch(why)
    if unknown:
        place = ".".join(part for part in (place, unknown[1]) if part)
    field = place[:FIELD_MAX] or None
    text = N_("“%(name)s”不合要求，什么都没有做：%(why)s。")
    return Problem("invalid", text, field=field, name=field or "-", why=why[:FIELD_MAX])


async def check_body(request: Request[Any, Any, Any]) -> None:
    """Raise `Problem` 415 or 400 where a handler wants JSON and gets something else, or nothing."""
    if request.route_handler.parsed_data_field is None:
        return
    # Nearly always these very bytes, which need not be taken apart.
    said = next((value for name, value in request.scope["headers"] if name == b"content-type"), b"")
    kind = RequestEncodingType.JSON if said == b"application/json" else request.content_type[0]
    if kind != RequestEncodingType.JSON:
        raise Problem("media-type", N_("请求体要写成 JSON（Content-Type: application/json）。"), status=415)
    if not await request.body():
        raise malformed()


def on_invalid(request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    """A parameter of the address or a header that is missing, or breaks its bounds."""
    del request  # part of the hook
    first = next((one for one in error.extra or () if isinstance(one, dict)), {})
    key = str(first.get("key", ""))
    problem = invalid(str(first.get("message", error.detail)), key)
    if first.get("source") == "header" or "header" in error.detail:
        problem = Problem("idempotency-key", NO_KEY, status=400)
    return problem_response(problem_body(problem.status, problem.code, problem.phrase, field=problem.field))
