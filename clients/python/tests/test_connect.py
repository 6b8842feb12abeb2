from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import grpc
import pytest
from registry import Registry

import tracery
from tracery._address import Address, read_addresses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("registry", [("registry", 7411)]),
        ("registry.example:1", [("registry.example", 1)]),
        ("10.0.0.1:65535", [("10.0.0.1", 65535)]),
        ("[::1]", [("::1", 7411)]),
        ("[fe80::1%eth0]:8", [("fe80::1%eth0", 8)]),
        ("a:1, b:2,c", [("a", 1), ("b", 2), ("c", 7411)]),
        (["a", "b:2"], [("a", 7411), ("b", 2)]),
    ],
)
def test_addresses_are_read(text: Any, expected: Any) -> None:
    assert read_addresses(text) == expected


@pytest.mark.parametrize("text", ["", "a:", "a:0", "a:65536", "::1", "[::1", "http://a", "a b", "a,,b", [], "a:1:2"])
def test_an_address_that_is_none_is_refused(text: Any) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        tracery.connect(text)


def test_the_default_address_is_the_environments_or_localhost(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_addresses(None) == [("localhost", 7411)]
    monkeypatch.setenv("TRACERY_SERVER", "a:1,b:2")
    assert read_addresses(None) == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("localhost", True),
        ("127.9.0.1", True),
        ("::1", True),
        ("0:0::1", True),
        ("128.0.0.1", False),
        ("::2", False),
        ("127.0.0.1.example", False),
        ("localhost.example", False),
    ],
)
def test_loopback_is_known(host: str, is_loopback: bool) -> None:
    assert Address(host, 1).is_loopback is is_loopback


def test_a_token_does_not_leave_the_machine_in_the_clear() -> None:
    with pytest.raises(ValueError, match=r"a token is not sent to registry\.example:7411 without TLS; use tls=True"):
        tracery.connect("localhost,registry.example", token="secret")


@pytest.mark.parametrize("token", ["", " ", "a\nb", "two words", "ä"])
def test_a_token_that_is_none_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="expected a token of printable ASCII characters without blanks"):
        tracery.connect("localhost", token=token)


def test_a_token_is_sent_to_loopback() -> None:
    with Registry({}) as registry, tracery.connect(registry.address, token="secret\n") as client:
        client.status()
        assert registry.metadata[0]["authorization"] == "Bearer secret"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`ca.pem`, and certificates of it for a server on 127.0.0.1 and for a client, with their keys."""
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test ca", "-days", "2")
    for name in ("server", "client"):
        (folder / "extensions").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl(
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
            *("-out", f"{name}.pem", "-days", "2", "-extfile", "extensions"),
        )
    return folder


def tls_registry(folder: Path, *, wants_client: bool) -> Registry:
    pair = ((folder / "server.key").read_bytes(), (folder / "server.pem").read_bytes())
    roots = (folder / "ca.pem").read_bytes() if wants_client else None
    return Registry({}, credentials=grpc.ssl_server_credentials([pair], roots, wants_client))


def test_tls_with_a_ca_file_and_a_token(certificates: Path) -> None:
    with (
        tls_registry(certificates, wants_client=False) as registry,
        tracery.connect(registry.address, ca=certificates / "ca.pem", token="secret") as client,
    ):
        client.status()
        assert registry.metadata[0]["authorization"] == "Bearer secret"


def test_tls_with_a_client_certificate(certificates: Path) -> None:
    ca = certificates / "ca.pem"
    with tls_registry(certificates, wants_client=True) as registry:
        with tracery.connect(
            registry.address, ca=ca, certificate=certificates / "client.pem", key=certificates / "client.key"
        ) as client:
            client.status()
        with tracery.connect(registry.address, ca=ca, timeout=5) as client, pytest.raises(tracery.Unreachable):
            client.status()


def test_a_certificate_that_the_system_does_not_know_is_not_trusted(certificates: Path) -> None:
    with (
        tls_registry(certificates, wants_client=False) as registry,
        tracery.connect(registry.address, tls=True) as client,
        pytest.raises(tracery.Unreachable, match=r"(?i)certificate"),
    ):
        client.status()


def test_half_of_a_client_certificate_is_refused(certificates: Path) -> None:
    with pytest.raises(ValueError, match="expected a client certificate and its key, or neither"):
        tracery.connect("localhost", certificate=certificates / "client.pem")


def test_a_ca_file_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone\.pem"):
        tracery.connect("localhost", ca=tmp_path / "gone.pem")


def test_a_ca_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ValueError, match=r"ca\.pem has no certificate"):
        tracery.connect("localhost", ca=tmp_path / "ca.pem")


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
def test_a_registry_on_ipv6_is_reached() -> None:
    with Registry({}, host="[::1]") as registry, tracery.connect(registry.address, token="secret") as client:
        client.status()
        assert registry.calls == ["GetStatus"]


def test_a_client_that_is_closed_says_so() -> None:
    client = tracery.connect("localhost")
    client.close()
    with pytest.raises(ValueError, match="the client is closed"):
        client.status()
