"""The address of this site as people's phones reach it, for cards and walls."""

import ipaddress

from dezhi.settings import Settings
from dezhi.web.visitors import AnyRequest


def own_address(request: AnyRequest) -> str:
    """Scheme, host and port of this site; empty where phones could not open it.

    DEZHI_PUBLIC_URL where it is set. Otherwise what the browser typed, if that is an address of a private network: a
    name in the Host header is whatever its sender wrote, and a card is printed for years.
    """
    settings: Settings = request.app.state.settings
    if settings.public_url:
        return settings.public_url
    try:
        host = ipaddress.ip_address(request.url.hostname or "")
    except ValueError:
        return ""
    return f"{request.url.scheme}://{request.url.netloc}" if host.is_private and not _nobodys(host) else ""


def _nobodys(host: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a phone that dials it reaches itself or nothing."""
    return host.is_loopback or host.is_unspecified or host.is_link_local
