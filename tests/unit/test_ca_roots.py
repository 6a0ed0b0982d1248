"""The folder of CA roots that a build makes: real handshakes with it, and that it holds all of certifi's."""

import datetime as dt
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import certifi
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from local.build.__main__ import main
from local.build.roots import write_roots
from shared import transport
from shared.aws import SSM, NoAnswer
from shared.aws.access import Access, Credentials
from tests.support.aws import connect

_DAY = dt.timedelta(days=1)


class Authority:
    """A CA of its own."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.certificate = self.certify(self)

    def certify(self, other: "Authority") -> str:
        """A certificate for another one: as an intermediate, or a second one for a root that has its own."""
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = self._builder(other._name, other._key.public_key()).add_extension(usage, critical=True)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return _pem(builder.sign(self._key, hashes.SHA256()))

    def server_context(self, folder: Path, host: str, *chain: str) -> ssl.SSLContext:
        """The TLS settings of a server with a certificate for this host, which it sends with this chain."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(x509.Name([]), key.public_key())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        signed = builder.add_extension(names, critical=True).sign(self._key, hashes.SHA256())
        file = folder / "server.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_text("".join([_pem(signed), *chain, secret.decode()]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(self._name, subject, key, x509.random_serial_number())
        builder = builder.not_valid_before(now - _DAY).not_valid_after(now + _DAY)
        own = x509.SubjectKeyIdentifier.from_public_key(key)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return builder.add_extension(own, critical=False).add_extension(above, critical=False)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


@contextmanager
def _serving(context: ssl.SSLContext) -> Iterator[int]:
    """A server that answers one connection, on the port that is yielded."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as secured:
                        secured.recv(10_000)
                        secured.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                except OSError:
                    return  # the client refused the certificate

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


def _roots(folder: Path, *authorities: Authority) -> Path:
    bundle, roots = folder / "bundle.pem", folder / "roots"
    bundle.write_text("# A comment\n" + "\n".join(each.certificate for each in authorities).rstrip())
    write_roots(bundle, roots)
    return roots


def _get(roots: Path, port: int) -> int:
    with httpx.Client(verify=transport._context_with(roots), trust_env=False) as client:
        return client.get(f"https://localhost:{port}/").status_code


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("place", [0, 1])
def test_a_server_of_a_root_in_the_folder_is_trusted(tmp_path: Path, place: int) -> None:
    """Also if another root has the same subject."""
    twins = Authority("A root"), Authority("A root")
    roots = _roots(tmp_path, *twins, Authority("Another root"))

    with _serving(twins[place].server_context(tmp_path, "localhost")) as port:
        assert _get(roots, port) == 200
    assert sorted(file.suffix for file in roots.iterdir()) == [".0", ".0", ".1"]


@pytest.mark.parametrize("trusted", ["new", "old", "both"])
def test_a_chain_is_followed_to_whichever_root_is_trusted(tmp_path: Path, trusted: str) -> None:
    """Amazon's servers send such a chain: an intermediate, and a root as an older one has certified it."""
    old, new, intermediate = (Authority(name) for name in ("Old", "New", "Intermediate"))
    roots = _roots(tmp_path, *{"new": [new], "old": [old], "both": [old, new]}[trusted])
    chain = new.certify(intermediate), old.certify(new)

    with _serving(intermediate.server_context(tmp_path, "localhost", *chain)) as port:
        assert _get(roots, port) == 200


@pytest.mark.parametrize(("name", "host"), [("A missing root", "localhost"), ("A root", "elsewhere.example")])
def test_no_other_server_is(tmp_path: Path, name: str, host: str) -> None:
    known = Authority("A root")
    authority = known if name == "A root" else Authority(name)
    roots = _roots(tmp_path, known)

    with (
        _serving(authority.server_context(tmp_path, host)) as port,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        _get(roots, port)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_the_roots_that_the_environment_names_outrank_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    given = Authority("A root")
    roots = _roots(tmp_path, given)
    (empty := tmp_path / "empty").mkdir()
    monkeypatch.setenv(variable, str(tmp_path / "bundle.pem" if variable == "SSL_CERT_FILE" else roots))

    with _serving(given.server_context(tmp_path, "localhost")) as port:
        assert _get(empty, port) == 200


def test_without_a_folder_certifis_roots_are_trusted(tmp_path: Path) -> None:
    assert transport._context_with(tmp_path / "missing").cert_store_stats()["x509_ca"] > 100


def test_every_root_of_certifi_is_found_in_the_folder(tmp_path: Path) -> None:
    """By OpenSSL itself, which verifies a root only if it finds it under its name."""
    roots = tmp_path / "roots"

    assert main(["ca-roots", certifi.where(), str(roots)]) == 0

    files = sorted(roots.iterdir())
    assert len(files) == Path(certifi.where()).read_text("utf-8").count("BEGIN CERTIFICATE")
    assert all(re.fullmatch(r"[0-9a-f]{8}\.[0-9]", file.name) for file in files)
    command = ["openssl", "verify", "-no-CAfile", "-no_check_time", "-CApath", str(roots), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [f"{file}: OK" for file in files], done.stderr


def test_a_service_of_aws_whose_certificate_is_refused_is_told_from_one_that_is_away(tmp_path: Path) -> None:
    with _serving(Authority("A missing root").server_context(tmp_path, "localhost")) as port:
        client = connect(SSM, Access(f"https://localhost:{port}", "eu-central-1", Credentials("AKID", "secret")))
        with pytest.raises(NoAnswer) as raised:
            client.call("GetParameter", {}, 5.0)

    assert str(raised.value) == "ConnectError: unable to get local issuer certificate"


def test_a_process_makes_its_settings_once() -> None:
    assert transport.ssl_context() is transport.ssl_context()


@pytest.mark.parametrize("missing", ["certificates", "openssl"])
def test_what_keeps_the_folder_from_being_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("" if missing == "certificates" else Authority("A root").certificate)
    if missing == "openssl":
        monkeypatch.setenv("PATH", str(tmp_path))

    assert main(["ca-roots", str(bundle), str(tmp_path / "roots")]) == 1

    expected = "holds no certificate" if missing == "certificates" else "apt-get install openssl"
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "roots").exists()
