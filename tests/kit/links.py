"""What a page refers to, and what it says, as a browser would find it."""

from html.parser import HTMLParser

ADDRESSES = {"href", "src", "action", "formaction", "srcset", "poster", "data", "manifest", "background", "xlink:href"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.said: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        for name, value in attrs:
            if name in ADDRESSES:
                self.addresses.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(f"<{tag} {name}>")

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if {"script", "style"} & set(self._within):
            self.inline.append(data)
        else:
            self.said.append(data)


def addresses(page: str) -> list[str]:
    """Everything the page would load, open or send to."""
    return _read(page).addresses


def inline(page: str) -> list[str]:
    """Scripts, styles and handlers written into the page, which the policy of the site forbids."""
    return _read(page).inline


def text(page: str) -> str:
    """What people read, with single spaces."""
    return " ".join("".join(_read(page).said).split())


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader
