"""What `dezhi doctor` looks at outside the data: the port, the address people type, the certificate, files, fonts."""

import shutil
import subprocess
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

import rich_click as click

from dezhi.cli import listening
from dezhi.core.findings import Finding, error, ok, warning
from dezhi.core.text import N_, phrase
from dezhi.settings import Settings
from dezhi.store.lock import holder
from dezhi.web.rendering import BUILT

FONT_SECONDS = 20


def look(settings: Settings) -> Iterator[Finding]:
    """Everything, one finding after another."""
    yield _port(settings)
    yield _address(settings)
    if settings.tls_cert and settings.tls_key:
        yield _certificate(settings)
    yield _files()
    yield _assets()
    yield _font()


def _port(settings: Settings) -> Finding:
    where = {"where": f"{settings.host}:{settings.port}"}
    try:
        listening.check_port(settings)
    except click.ClickException:
        served_by = None if settings.database_url else holder(settings.data_dir)
        if served_by is not None:
            text = phrase(N_("德治正在 %(where)s 上运行，或者在别的端口上（进程 %(pid)s）"), pid=served_by, **where)
            return ok("port", text)
        text = phrase(N_("%(where)s 已经有程序在用，或者本机没有这个地址"), **where)
        return warning("port", text, N_("如果是德治自己，就没有事；不是，请用 DEZHI_PORT 换一个端口。"))
    return ok("port", phrase(N_("%(where)s 空着，可以用"), **where))


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def _address(settings: Settings) -> Finding:
    public = urlsplit(settings.public_url)
    if settings.https:
        if settings.tls_cert is None and not settings.trusted_proxies:
            text = phrase(N_("%(url)s 由前面的代理提供，可是没有说信任哪个代理"), url=settings.public_url)
            return warning("address", text, N_("请把代理的地址写进 DEZHI_TRUSTED_PROXIES，例如 127.0.0.1。"))
        if settings.public_url.startswith("http://"):
            text = phrase(N_("有证书，对外的地址却是 %(url)s"), url=settings.public_url)
            return error("address", text, N_("请把 DEZHI_PUBLIC_URL 改成 https:// 开头。"))
        return ok("address", N_("大家用 HTTPS 打开"))
    if _is_loopback(settings.host) and _is_loopback(public.hostname or "localhost"):
        return ok("address", N_("只有这台机器自己能打开"))
    return error(
        "address",
        N_("大家不用 HTTPS 打开：别的机器上的工作人员不能登录，扫码也用不了"),
        N_("请设 DEZHI_TLS_CERT 和 DEZHI_TLS_KEY，或者放在有证书的代理后面并设 DEZHI_PUBLIC_URL。"),
    )


def _certificate(settings: Settings) -> Finding:
    cert, key = settings.tls_cert, settings.tls_key
    if cert is None or key is None:
        raise ValueError("no certificate is set")
    try:
        left = listening.check_certificate(cert, key, urlsplit(settings.public_url).hostname)
    except click.ClickException as trouble:
        return error("certificate", phrase(N_("证书用不了：%(reason)s"), reason=trouble.message), N_("请换一张证书。"))
    text = phrase(N_("证书 %(file)s 还有 %(days)s 天到期"), file=str(cert), days=left.days)
    if left < listening.WARN_BEFORE:
        return warning("certificate", text, N_("请尽快换新，再重启德治。"))
    return ok("certificate", text)


def _files() -> Finding:
    try:
        room = listening.connections_max()
    except click.ClickException as trouble:
        return error(
            "open-files",
            trouble.message,
            N_("请在 systemd 里设 LimitNOFILE，或者 ulimit -n。"),
        )
    text = phrase(N_("一个进程最多同时开 %(count)s 个连接"), count=room)
    if room < listening.CONNECTIONS_MAX:
        return warning("open-files", text, N_("人多的地方请在 systemd 里设 LimitNOFILE=65536。"))
    return ok("open-files", text)


def _assets() -> Finding:
    if (BUILT / "manifest.json").is_file():
        return ok("assets", N_("网页的样式和脚本都在"))
    return error("assets", N_("网页的样式和脚本没有"), N_("请重新安装德治；在源码目录里请运行 make assets。"))


def _font() -> Finding:
    """Only a browser on this very machine (the big screen, the printer at the desk) needs a Chinese font."""
    lister = shutil.which("fc-list")
    if lister is None:
        return ok("font", N_("没有看字体：只有在这台机器上开浏览器才用得着"))
    done = subprocess.run(  # noqa: S603 - the system's own program
        [lister, ":lang=zh-cn", "family"], capture_output=True, check=False, timeout=FONT_SECONDS
    )
    if done.stdout.strip():
        return ok("font", N_("这台机器有中文字体"))
    text = N_("这台机器没有中文字体：在它上面开大屏、打印存折，字会变成方框；别的手机和电脑不受影响")
    return warning("font", text, N_("要在这台机器上开浏览器，请装一个，例如 apt install fonts-noto-cjk。"))
