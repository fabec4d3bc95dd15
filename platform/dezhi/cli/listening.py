"""What must hold before anything listens: a free port, a certificate that works, room for connections. In words."""

import contextlib
import resource
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import rich_click as click
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.log import LogLevels

from dezhi.cli.terminal import console, say
from dezhi.core.text import N_, counted, phrase
from dezhi.settings import Settings
from dezhi.web.rendering import BUILT

BACKLOG = 1_024
HEADER_SECONDS = 10
"""How long a client may take for its headers, and how long an open connection may wait for its next request."""
CONNECTIONS_MAX = 10_000
"""Connections open at once in one process; whoever comes after them waits in the kernel's queue."""
CONNECTIONS_MIN = 64
FILES_KEPT = 128
"""Open files left to the database, the logs and the plugins, however many connections come."""
WARN_BEFORE = timedelta(days=14)
_REFUSED = {
    9: N_("证书 %(cert)s 还没有到生效日期（也请看看本机时间）。请换一张再启动。"),
    10: N_("证书 %(cert)s 已经过期。请换一张再启动。"),
}
"""What is said of a certificate's dates, by OpenSSL's numbers."""


def check(settings: Settings) -> None:
    """Look at all of it before anything is loaded. Raises `ClickException`."""
    if settings.workers > 1 and not settings.database_url:
        text = N_(
            "SQLite 只能由一个进程来写，不能开 %(workers)s 个（DEZHI_WORKERS、--workers）：多开更慢，也不安全。"
            "请设成 1；要多个进程，请先用 DEZHI_DATABASE_URL 换成 PostgreSQL。"
        )
        raise click.ClickException(say(phrase(text, workers=settings.workers)))
    check_assets()
    check_port(settings)
    if settings.tls_cert and settings.tls_key:
        left = check_certificate(settings.tls_cert, settings.tls_key, urlsplit(settings.public_url).hostname)
        if left < WARN_BEFORE:
            soon = counted("证书 %(file)s 还有 %(n)s 天到期，请尽快换新。", left.days, file=settings.tls_cert)
            console.print(say(soon), style="yellow")


def check_assets() -> None:
    """Say that pages cannot be shown before anything is loaded: a checkout has to be built. Raises `ClickException`."""
    if not (BUILT / "manifest.json").is_file():
        text = N_(
            "网页的样式和脚本没有，不能开门。"
            "请重新安装德治；在源码目录里请先运行 make assets（或 python3 tools/assets.py）。"
        )
        raise click.ClickException(say(text))


def check_port(settings: Settings) -> None:
    """Say that a port is taken before anything is loaded. Raises `ClickException`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with contextlib.closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            text = N_("%(host)s:%(port)s 用不了（%(reason)s）。请换一个端口，例如 --port 8123。")
            told = phrase(text, host=settings.host, port=settings.port, reason=error.strerror)
            raise click.ClickException(say(told)) from error


def check_certificate(cert: Path, key: Path, host: str | None) -> timedelta:
    """Try a handshake with the certificate as a browser would, in memory; return how long it still lasts.

    `host` is the name people type, where it is known. Raises `ClickException` for files that cannot be read or do not
    belong together, and for a certificate that is out of date or of another name.
    """
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for path in (cert, key):
        try:
            path.read_bytes()
        except OSError as error:
            text = phrase(N_("证书文件 %(file)s 读不了（%(reason)s）。"), file=path, reason=error.strerror)
            raise click.ClickException(say(text)) from error
    try:
        server.load_cert_chain(cert, key, password=_no_password)
        client.load_verify_locations(cert)
    except (ssl.SSLError, ValueError) as error:
        told = N_(
            "证书 %(cert)s 和私钥 %(key)s 用不了：不是 PEM 格式、私钥有口令，或者两个文件不是一对（%(reason)s）。"
        )
        reason = getattr(error, "reason", None) or error
        raise click.ClickException(say(phrase(told, cert=cert, key=key, reason=reason))) from error
    # The chain above the file's own certificates is the browsers' matter: they may know an authority of the county's.
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.check_hostname = host is not None
    try:
        found = _shake_hands(server, client, host)
    except ssl.SSLCertVerificationError as error:
        told = _REFUSED.get(error.verify_code, N_("证书 %(cert)s 用不了（%(reason)s）。请换一张再启动。"))
        raise click.ClickException(say(phrase(told, cert=cert, reason=error.verify_message))) from error
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC) - datetime.now(UTC)


def _no_password() -> str:
    """Refuse a key with a password: nobody sits there to type it after a power cut."""
    raise ValueError("password")


def _shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, host: str | None) -> dict[str, Any]:
    """The certificate that `client` accepted from `server`. Raises `SSLCertVerificationError`."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=host),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(4):  # TLS 1.3 needs two turns
        for end in ends:
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
    return dict(ends[0].getpeercert() or {})


def connections_max() -> int:
    """How many connections one process may hold open here, after raising its limit of open files as far as it goes.

    Raises `ClickException` when the limit leaves too little to serve anybody.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS_MAX + FILES_KEPT
    files = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    room = files - FILES_KEPT
    if room < CONNECTIONS_MIN:
        text = N_("这里最多只让打开 %(most)s 个文件（ulimit -n），不够用。请放宽到 %(wanted)s 以上再启动。")
        raise click.ClickException(say(phrase(text, most=hard, wanted=FILES_KEPT + 1_024)))
    return room


def options(settings: Settings) -> dict[str, Any]:
    """What granian is told, embedded or with workers."""
    return {
        "address": settings.host,
        "port": settings.port,
        "interface": Interfaces.ASGI,
        "http": HTTPModes.http1,
        "websockets": False,
        "backlog": BACKLOG,
        "backpressure": connections_max(),
        "http1_settings": HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1_000),
        "ssl_cert": settings.tls_cert,
        "ssl_key": settings.tls_key,
        # Half of the phones in a village are too old for 1.3.
        "ssl_protocol_min": SSLProtocols.tls12,
        "log_dictconfig": {"loggers": {}},  # its lines go where ours go: dezhi.web.logs
        "log_level": LogLevels.error,  # its one warning is that embedding is young: ADR 0003 weighs that
    }
