"""A reverse proxy as small as can be, as the recipes in deploy/ make one: TLS outside, forwarded headers inside."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import trustme

HOST = "dezhi.example.cn"
# As deploy/nginx.conf: what the client wrote under these names is replaced or appended to, never passed on.
REPLACED = (b"host", b"x-forwarded-proto", b"x-real-ip", b"connection")


@asynccontextmanager
async def proxy(authority: trustme.CA, port: int) -> AsyncIterator[int]:
    """Serve HTTPS for `HOST` on a free port until the block ends, in front of plain HTTP on `port` of this machine."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await _pass_on(reader, writer, port)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Pass one request on and its answer back; each has a connection of its own."""
    head = (await reader.readuntil(b"\r\n\r\n")).rstrip().split(b"\r\n")
    lines = [line.partition(b":") for line in head[1:]]
    kept = [(name.lower(), value.strip()) for name, _, value in lines]
    length = next((int(value) for name, value in kept if name == b"content-length"), 0)
    before = [value for name, value in kept if name == b"x-forwarded-for"]
    kept = [(name, value) for name, value in kept if name not in {*REPLACED, b"x-forwarded-for"}]
    peer = writer.get_extra_info("peername")[0].encode()
    kept += [
        (b"host", HOST.encode()),
        (b"x-forwarded-for", b", ".join([*before, peer])),
        (b"x-forwarded-proto", b"https"),
        (b"connection", b"close"),
    ]
    inner_reader, inner = await asyncio.open_connection("127.0.0.1", port)
    inner.write(b"\r\n".join([head[0], *(name + b": " + value for name, value in kept), b"", b""]))
    inner.write(await reader.readexactly(length))
    while piece := await inner_reader.read(65_536):
        writer.write(piece)
        await writer.drain()
    inner.close()
