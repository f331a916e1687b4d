"""How does a test speak TLS? A server on this machine with a certificate made a moment ago, and a context that trusts it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.kit.clock import now


@contextmanager
def certified(name: str) -> Iterator[tuple[int, ssl.SSLContext]]:
    """The port of a server that proves to be `name`, and a context that believes it."""
    with TemporaryDirectory() as folder:
        file = _certificate(Path(folder) / "server.pem", name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            serving = threading.Thread(target=_serve, args=(listening, context), daemon=True)
            serving.start()
            yield listening.getsockname()[1], ssl.create_default_context(cafile=str(file))
            listening.shutdown(socket.SHUT_RDWR)
        serving.join(5)


def _serve(listening: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _ = listening.accept()
        except OSError:
            return
        plain.settimeout(5)
        with suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
            asked = b""
            while not asked.endswith(b"\r\n\r\n{}") and (more := connection.recv(65_536)):
                asked += more
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def _certificate(file: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
