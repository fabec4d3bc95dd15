"""Sending the example of an operation as the description shows it."""

from typing import Any

import httpx
import jsonschema_rs

from calling import Program
from described import CALLS, SCHEMA
from furnished import Furnished


def addressed(furnished: Furnished, name: str) -> tuple[str, Any]:
    """Where the example of an operation is sent, and its body, with real ids."""
    _, path, operation = CALLS[name]
    asked = [one for one in operation.get("parameters", ()) if one["in"] == "path"]
    where = path.removeprefix("/api/v1").format_map({one["name"]: furnished.meant(one["example"]) for one in asked})
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    return where, None if body is None else furnished.meant(body)


async def send(program: Program, furnished: Furnished, name: str, key: str = "") -> httpx.Response:
    """Send the example of an operation, under a key of its own where none is given."""
    where, body = addressed(furnished, name)
    return await (program.get(where) if CALLS[name][0] == "get" else program.post(where, body, key))


def keeps_the_promise(name: str, answer: httpx.Response) -> None:
    """Fail unless an answer is what the description promises of the operation."""
    assert answer.is_success, answer.text
    promised = CALLS[name][2]["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
    whole = {**promised, "components": SCHEMA["components"]}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(answer.json())
