"""What stands at the other end of a webhook? A receiver on this machine that remembers, and behaves as it is told."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


@dataclass
class Receiver:
    """`status` is what it answers; `before` is done first, `instead` writes an answer of its own to the socket."""

    url: str
    got: list[Got] = field(default_factory=list)
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    before: Callable[[], None] | None = None
    instead: Callable[[socket.socket], None] | None = None

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.got]

    @property
    def subjects(self) -> list[str]:
        return [one.event["data"]["subjectId"] for one in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver at a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            kept = {name.lower(): value for name, value in self.headers.items()}
            if receiver.before is not None:
                receiver.before()
            receiver.got.append(Got(self.path, kept, body))
            if receiver.instead is not None:
                with suppress(OSError):
                    receiver.instead(self.connection)
                self.close_connection = True
                return
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.content)))
            self.end_headers()
            self.wfile.write(receiver.content)

        do_GET = do_POST  # noqa: N815  the names that the server looks for

        def log_message(self, *_args: Any) -> None:
            """Tests are quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: Any) -> None:
            """Whoever hangs up in the middle is expected here."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook?key=1")
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        serving.join(5)


def drip(connection: socket.socket) -> None:
    """A head that never ends, a byte now and then: no single read takes long."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(600):
        connection.sendall(b"a")
        time.sleep(0.1)


def drip_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(600):
        connection.sendall(b"a")
        time.sleep(0.1)


def flood(connection: socket.socket) -> None:
    """A gigabyte, as fast as it is taken."""
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {GIGABYTE}\r\n\r\n".encode())
    sent = 0
    while sent < GIGABYTE:
        sent += connection.send(b"x" * 65_536)


def silence(_connection: socket.socket) -> None:
    time.sleep(60)


def nonsense(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.9\r\n")
