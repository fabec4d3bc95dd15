"""Sending the example of an operation as the description shows it."""

from typing import Any

import httpx
import jsonschema_rs
import msgspec

from calling import Program
from described import CALLS, SCHEMA
from furnished import Furnished

NDJSON = "application/x-ndjson"


def addressed(furnished: Furnished, name: str) -> tuple[str, Any]:
    """Where the example of an operation is sent, and its body, with real ids."""
    _, path, operation = CALLS[name]
    asked = [one for one in operation.get("parameters", ()) if one["in"] == "path"]
    where = path.removeprefix("/api/v1").format_map({one["name"]: furnished.meant(one["example"]) for one in asked})
    [content] = operation.get("requestBody", {"content": {"": {}}})["content"].values()
    body = content.get("example")
    return where, None if body is None else furnished.meant(body)


def takes_lines(name: str) -> bool:
    """Whether the body of an operation is a line of JSON for each of a list."""
    return NDJSON in CALLS[name][2].get("requestBody", {}).get("content", {})


def packed(name: str, body: Any) -> dict[str, Any]:
    """A body as httpx is to send it."""
    if body is None:
        return {}
    if not takes_lines(name):
        return {"json": body}
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in body)
    return {"content": lines, "headers": {"Content-Type": NDJSON}}


def answered(answer: httpx.Response) -> Any:
    """What an answer says: of lines, the list of them."""
    if answer.headers["content-type"] == NDJSON:
        return [msgspec.json.decode(line) for line in answer.content.splitlines()]
    return answer.json()


async def send(program: Program, furnished: Furnished, name: str, key: str = "") -> httpx.Response:
    """Send the example of an operation, under a key of its own where none is given."""
    where, body = addressed(furnished, name)
    if CALLS[name][0] == "get":
        return await program.get(where)
    return await program.post(where, key=key, **packed(name, body))


def keeps_the_promise(name: str, answer: httpx.Response) -> None:
    """Fail unless an answer is what the description promises of the operation."""
    assert answer.is_success, answer.text
    kind = answer.headers["content-type"]
    promised = CALLS[name][2]["responses"][str(answer.status_code)]["content"][kind]["schema"]
    whole = {**promised, "components": SCHEMA["components"]}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(answered(answer))
