"""What a phone that was never here before loads for a page: its HTML and everything it needs, compressed."""

import gzip
import re
import tempfile
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import httpx

from bench.figures import Figure, figure
from running import dezhi

NAMES = ("page-passbook", "page-public")
KB = 1024
_CSS_URL = re.compile(r"url\(\s*['\"]?(?!data:)([^'\")]+)")
_IMPORT = re.compile(r"\b(?:from|import)\s*\(?\s*[\"']([^\"']+)[\"']")
_LOADED = {
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "image": "href",
    "use": "href",
}
_RELS = {"stylesheet", "icon", "manifest", "preload", "modulepreload", "apple-touch-icon"}


def figures() -> Sequence[Figure]:
    """Load a passbook and the public page of the demo, each with nothing kept from before."""
    with tempfile.TemporaryDirectory() as folder, dezhi("demo", Path(folder) / "demo") as served:
        passbook = _first_load(served.url, "/me", enter="resident")
        public = _first_load(served.url, "/")
    return [
        figure("page-passbook", passbook / KB, "KB on first load, compressed", "<= 150"),
        figure("page-public", public / KB, "KB on first load, compressed", "<= 150"),
    ]


def _first_load(site: str, path: str, enter: str = "") -> int:
    """Bytes of all bodies as they came over the line."""
    with httpx.Client(base_url=site, headers={"accept-encoding": "gzip"}, timeout=30) as client:
        if enter:
            client.get("/")
            token = {"_csrf_token": client.cookies["dezhi-csrf"]}
            if client.post(f"/demo/enter/{enter}", data=token).is_error:
                raise RuntimeError(f"no entrance for {enter}")
        waiting, loaded = [path], dict[str, int]()
        while waiting:
            address = waiting.pop()
            if address in loaded:
                continue
            loaded[address], kind, text = _fetch(client, address)
            waiting += [str(httpx.URL(f"{site}{address}").join(one).raw_path.decode()) for one in _needs(kind, text)]
    if len(loaded) < 3:
        raise RuntimeError(f"{path} loads only {', '.join(loaded)}: the bench reads it wrongly")
    return sum(loaded.values())


def _fetch(client: httpx.Client, address: str) -> tuple[int, str, str]:
    """An address's bytes over the line, its kind, and its text if it is text. Raises for anything but 200."""
    with client.stream("GET", address) as answer:
        raw = b"".join(answer.iter_raw())
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        plain = gzip.decompress(raw) if answer.headers.get("content-encoding") == "gzip" else raw
        kind = answer.headers.get("content-type", "").partition(";")[0]
        text = plain.decode() if kind.startswith("text/") or "javascript" in kind else ""
        return len(raw), kind, text


def _needs(kind: str, text: str) -> Iterator[str]:
    """What a page, style or script makes a browser load."""
    if kind == "text/html":
        reader = _Loads()
        reader.feed(text)
        yield from reader.found
    elif kind == "text/css":
        yield from _CSS_URL.findall(text)
    elif "javascript" in kind:
        yield from _IMPORT.findall(text)


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get(_LOADED.get(tag, ""), "") or ""
        rels = set((given.get("rel") or "").split())
        if address and not address.startswith(("data:", "#")) and (tag != "link" or rels & _RELS):
            self.found.append(address)
