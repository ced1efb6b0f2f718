"""Decide which host names the server answers to, and which web pages may call it."""

import ipaddress
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

LOCAL = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # both texts mean every address of this machine


class Hosts:
    """The host names of one server: the address on which it listens, and the names of `--allow-host`."""

    def __init__(self, listens_on: str, allowed: Iterable[str]) -> None:
        self.added = {name.lower() for name in allowed}
        self.names = self.added | {listens_on.lower(), *LOCAL}
        self.any_address = listens_on in EVERYWHERE

    def answers_to(self, host: str) -> bool:
        """Return whether a Host header names this server. The port does not matter.

        A server that listens on every address of the machine accepts every numeric address in the header. This is safe,
        because a page of an attacker has a name, and the browser sends this name and not an address. The server accepts
        a name only if it is one of the host names of this server.
        """
        name = _host_name(host)
        return name in self.names or (self.any_address and _is_address(name))

    def accepts(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request is addressed to this server and does not come from a page of another origin.

        The origin must be the same host and port that the request is sent to. The names of `--allow-host` are also
        accepted as origins, because a proxy may change the host.
        """
        forwarded = headers.get("x-forwarded-host")  # Gradio takes the address of the page from this header
        hosts = [headers.get("host", ""), *(forwarded.split(",") if forwarded else [])]
        if not all(map(self.answers_to, hosts)):
            return False
        origin = headers.get("origin")
        if origin is not None:
            return _netloc(origin) == headers["host"].lower() or _host_name(_netloc(origin)) in self.added
        return headers.get("sec-fetch-site") != "cross-site" or headers.get("sec-fetch-mode") == "navigate"


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _host_name(host: str) -> str:
    """Return the name in `name:port` or `[address]:port`, or an empty text if the value has another form."""
    try:
        return (urlsplit(f"//{host.strip()}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
