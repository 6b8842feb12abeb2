"""Where registries listen."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterable
from typing import NamedTuple

DEFAULT_PORT = 7411
_ADDRESS = re.compile(
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%a-z]*)\]|(?P<name>[A-Za-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?"
)


class Address(NamedTuple):
    """A registry's."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there stays on this machine."""
        if self.host == "localhost":
            return True
        try:
            if ":" in self.host:
                return socket.inet_pton(socket.AF_INET6, self.host) == b"\0" * 15 + b"\1"
            return socket.inet_pton(socket.AF_INET, self.host)[0] == 127
        except OSError:
            return False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_addresses(given: str | Iterable[str] | None) -> list[Address]:
    """Those that are given, or those of `TRACERY_SERVER`, or `localhost:7411`. Raises ValueError."""
    if given is None:
        given = os.environ.get("TRACERY_SERVER") or "localhost"
    texts = given.split(",") if isinstance(given, str) else list(given)
    if not texts:
        raise ValueError("expected the address of a registry, HOST:PORT, but found none")
    return [_read_address(text.strip()) for text in texts]


def _read_address(text: str) -> Address:
    match = _ADDRESS.fullmatch(text)
    port = int(match["port"] or DEFAULT_PORT) if match else 0
    if not match or not 1 <= port <= 65535:
        raise ValueError(f"expected HOST:PORT, with a port from 1 to 65535, but found {text!r}")
    return Address(match["ipv6"] or match["name"], port)
