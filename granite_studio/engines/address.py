"""The address of a remote server: what is allowed to stand in it, and in which form it is kept."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from granite_studio.core.errors import EngineError

_NEAR = tuple(
    ip_network(net)
    for net in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)
"""This machine and private networks, where sound and key may travel unencrypted."""

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.ASCII)
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*", re.ASCII)
_EXAMPLE = "give it like https://speech.example.org or http://192.168.1.20:8000"


def normal(server: str) -> str:
    """The address as scheme://host[:port][/path], without "/v1" and a slash at its end.

    Two spellings of one address give the same text, which keys are kept under. Raises
    `EngineError` for what is no address, for one with a key or a query in it (addresses are kept
    in projects), and for http:// to anywhere but this machine and private networks.
    """
    text = server.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise EngineError(f"The server's address cannot be read; {_EXAMPLE}.") from None
    if "@" in text or parts.query or parts.fragment or "?" in text or "#" in text:
        raise EngineError(
            "The server's address must hold no name, key or query: addresses are kept in "
            "projects. Give the key with: granite-studio keys set SERVER."
        )
    host = _host(parts)
    path = parts.path.rstrip("/").removesuffix("/v1")
    if parts.scheme not in ("http", "https") or not host or not _PATH.fullmatch(path):
        raise EngineError(f"The server's address cannot be read; {_EXAMPLE}.")
    if parts.scheme == "http" and not _is_near(host):
        raise EngineError(
            f"Sound and key would travel to {host} unencrypted; use https://, or http:// with the "
            "numeric address of a server in your own network."
        )
    usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}{'' if usual else f':{port}'}{path}"


def _host(parts: SplitResult) -> str:
    """The host in lower case and ASCII, brackets around IPv6; empty where it is none."""
    host = (parts.hostname or "").rstrip(".")
    numeric = _numeric(host)
    if numeric is not None:
        return f"[{numeric}]" if numeric.version == 6 else str(numeric)
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return name if _NAME.fullmatch(name) and len(name) < 254 else ""


def _is_near(host: str) -> bool:
    numeric = _numeric(host.strip("[]"))
    if numeric is None:
        return host == "localhost"
    return any(numeric.version == net.version and numeric in net for net in _NEAR)


def _numeric(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
