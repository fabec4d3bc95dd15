"""What an installed Dezhi does on a machine without a network; run by the installed environment's own Python.

`offline.py FOLDER` goes in a network namespace of its own (`unshare --net`), where only the loopback is, with an audit
hook in every Python process that notes attempts to reach anything else in the file CONNECTIONS_LOG. It needs the
standard library alone and knows nothing of the checkout. It prints what it did and ends with 0 when all of it worked.
"""

import contextlib
import fcntl
import http.cookiejar
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

BIN = Path(sys.executable).parent
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 15
# Documentation's own networks (RFC 5737, RFC 3849): nobody has them.
ELSEWHERE = (("192.0.2.1", 443), ("2001:db8::1", 443))
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def main() -> None:
    """Check the installation in an empty folder."""
    folder = Path(sys.argv[1])
    raise_loopback()
    assert_cut_off()
    os.chdir(folder)
    # These attempts were noted, so the others will be.
    log = Path(os.environ["CONNECTIONS_LOG"])
    assert all(where in log.read_text(encoding="utf-8") for where, _ in ELSEWHERE)
    log.unlink()
    print("no way out of here")
    told = command("plugin", "list")
    assert "dezhi-yinger" in told, told
    written = command("plugin", "new", "my-village")
    assert (folder / "my-village" / "src" / "my_village" / "plugin.toml").is_file(), written
    print("plugins are listed and written")
    visit_the_demo(folder)
    found_a_township(folder)
    outside = log.read_text(encoding="utf-8") if log.is_file() else ""
    assert not outside, f"something tried to reach:\n{outside}"
    print("nothing tried to reach anything outside")


def raise_loopback() -> None:
    """Switch `lo` on: a new namespace has it, switched off."""
    with socket.socket() as any_socket:
        name = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, SIOCGIFFLAGS, name))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))


def assert_cut_off() -> None:
    """Prove that this check runs where it must: nothing outside can be reached."""
    for address in ELSEWHERE:
        try:
            socket.create_connection(address, timeout=5).close()
        except OSError:
            continue
        sys.exit(f"{address} can be reached: this must run in a network namespace of its own")


def command(*arguments: str) -> str:
    """What a `dezhi` command prints; it must end well."""
    done = subprocess.run([BIN / "dezhi", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextlib.contextmanager
def served(verb: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Run `dezhi VERB` until the block ends: its address and the file with what it prints. It must stop when asked."""
    log = folder / f"{verb}.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [BIN / "dezhi", verb, "--port", str(port), "--data-dir", str(folder / verb)],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < end, log.read_text(encoding="utf-8")
                time.sleep(0.1)
        yield url, log
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_SECONDS_MAX) == 0, log.read_text(encoding="utf-8")
    finally:
        process.kill()
        process.wait()


class Visitor:
    """A browser as simple as can be: it keeps cookies and sends the CSRF token back."""

    def __init__(self, url: str) -> None:
        self.url = url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        self.page = ""

    def open(self, path: str) -> str:
        """A page, or what it needs; any status but success raises."""
        with self.opener.open(self.url + path, timeout=20) as answer:
            self.page = answer.read().decode()
        return self.page

    def send(self, path: str, **fields: str) -> str:
        """Send a form of the page that was opened last; the page it leads to."""
        token = re.search(r'name="_csrf_token" value="([^"]+)"', self.page)
        assert token, self.page
        data = urllib.parse.urlencode({"_csrf_token": token[1], **fields}).encode()
        with self.opener.open(self.url + path, data, timeout=20) as answer:
            self.page = answer.read().decode()
        return self.page


def visit_the_demo(folder: Path) -> None:
    """Open the public pages with what they load, and the pages of a clerk."""
    with served("demo", folder) as (url, _):
        visitor = Visitor(url)
        home = visitor.open("/")
        assert "营尔村" in home
        needed = sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', home)))
        assert needed, home
        for path in needed:
            assert visitor.open(path), path
        villages = set(re.findall(r'href="(/v/\d{12})["/]', home)) or {"/v/620902101201"}
        for path in [f"{village}{page}" for village in villages for page in ("", "/wall", "/rules")]:
            visitor.open(path)
        visitor.open("/staff")
        clerk = visitor.send("/staff", login="clerk", password="only-for-the-demo", next="")
        assert "/logout" in clerk, clerk
    print(f"the demo was visited: {len(needed)} scripts and styles, {len(villages)} villages, a clerk's page")


def found_a_township(folder: Path) -> None:
    """Set an empty installation up by its one-time address."""
    with served("serve", folder) as (url, log):
        printed = log.read_text(encoding="utf-8")
        address = re.search(r"/setup/\S+", printed)
        assert address, printed
        visitor = Visitor(url)
        visitor.open(address[0])
        visitor.send(
            address[0],
            province="甘肃省",
            city="酒泉市",
            county="肃州区",
            township="上坝镇",
            code="620902101",
            name="刘芳",
            login="liu",
            password="油菜花开满山坡上2026",
        )
        assert "上坝镇" in visitor.open("/township")
    print("a township was founded")


if __name__ == "__main__":
    main()
