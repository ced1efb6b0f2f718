"""Refuse to send dialogues to a host outside the building."""

import ipaddress
import socket
from urllib.parse import urlsplit

from medsum.core.errors import UserError


def require_private(url: str) -> None:
    """Raise UserError if the URL is not http or https, or if an address of its host is neither private nor local."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserError("the endpoint must be a URL such as http://gpu-server:8000/v1; correct it")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        raise UserError(f"{parts.hostname} has no address; check the name of the endpoint's host") from None
    addresses = {ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_, place in found}
    if not all(address.is_private for address in addresses):
        raise UserError(
            f"{parts.hostname} has a public address, but dialogues of patients must not leave the building; name a host"
            " with a private address"
        )
