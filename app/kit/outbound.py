"""How do we call an address that somebody else gave us, without being led into our own network, or held up?

The only importer of an HTTP client in the server. The name is resolved once, every address that it has must be public,
and the connection goes to that very address (TLS still checks the name). No redirects, no proxies of the environment, one
deadline for everything, and the answer's body is read up to a limit: what comes for a POST is thrown away.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, TypeVar

import httpcore  # noqa: TID251  this is the wrapper
from sqlmodel import Session

from app.kit.addresses import LOOPBACK_NAMES, AddressRefused, Target, is_public

T = TypeVar("T")
DEADLINE_SECONDS = 10.0
MOST_BYTES = 65_536
"""Of an answer's body: so much is read, so that the receiver sees its answer taken, and no more."""
Resolve = Callable[[str, int], list[str]]


class Failure(StrEnum):
    """Why a call got no answer. A closed list: what the other side says is not repeated."""

    ADDRESS_REFUSED = "addressRefused"
    NAME_UNKNOWN = "nameUnknown"
    CONNECTION_FAILED = "connectionFailed"
    TLS_FAILED = "tlsFailed"
    TIMEOUT = "timeout"
    ANSWER_BROKEN = "answerBroken"


class CallFailed(Exception):  # noqa: N818  expected, and about the other side
    """There was no answer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def outbound_of(session: Session) -> "Outbound":
    """The way out of the process that opened this session (see `create_runtime` in app/main.py)."""
    found: Outbound = session.info["outbound"]
    return found


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system's resolver says now."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True)
class Outbound:
    """The way out. `allow_loopback` lets development and tests call this machine; `lookup` is the resolver."""

    allow_loopback: bool = False
    lookup: Resolve = resolve
    deadline: float = DEADLINE_SECONDS
    tls: ssl.SSLContext | None = None

    def check(self, url: str) -> Target:
        """The target of a URL that we would call. Raises: AddressRefused."""
        return Target.of(url, allow_loopback=self.allow_loopback)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send, and answer the status. Raises: CallFailed."""
        return self._call("POST", url, body, headers, _discard)

    def get(self, url: str, most_bytes: int) -> bytes:
        """The document at an address. Raises: CallFailed, also when it is not there or larger than that."""
        return self._call("GET", url, None, {"Accept": "application/json"}, partial(_document, most_bytes=most_bytes))

    def _call(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        read: Callable[[httpcore.Response], T],
    ) -> T:
        try:
            target = self.check(url)
        except AddressRefused:
            raise CallFailed(Failure.ADDRESS_REFUSED) from None
        clock = _Clock(time.monotonic() + self.deadline)
        route = _Route(self, clock)
        where = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        tls = self.tls or _trust()
        try:
            with (
                httpcore.ConnectionPool(ssl_context=tls, network_backend=route) as pool,
                pool.stream(method, where, headers=_headers(target, headers), content=body) as answer,
            ):
                return read(answer)
        except CallFailed:
            raise
        except (httpcore.TimeoutException, TimeoutError):
            raise CallFailed(Failure.TIMEOUT) from None
        except (httpcore.ConnectError, ssl.SSLError) as failed:
            raise CallFailed(Failure.TLS_FAILED if _is_of_tls(failed) else Failure.CONNECTION_FAILED) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            raise CallFailed(Failure.ANSWER_BROKEN) from None


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that this machine trusts, read once: reading them takes longer than a call."""
    return ssl.create_default_context()


def _headers(target: Target, headers: Mapping[str, str]) -> list[tuple[bytes | str, bytes | str]]:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = {"https": 443, "http": 80}[target.scheme]
    return [("Host", host if target.port == usual else f"{host}:{target.port}"), *headers.items()]


def _discard(answer: httpcore.Response) -> int:
    """The status. Reads a little, so that a well-behaved receiver is not cut off; the status is what counts."""
    read = 0
    with suppress(httpcore.NetworkError, httpcore.ProtocolError):  # the status has come: a torn body changes nothing
        for chunk in answer.iter_stream():
            read += len(chunk)
            if read >= MOST_BYTES:
                break
    return answer.status


def _document(answer: httpcore.Response, most_bytes: int) -> bytes:
    found = bytearray()
    if answer.status != HTTPStatus.OK:
        raise CallFailed(Failure.ANSWER_BROKEN)
    for chunk in answer.iter_stream():
        found += chunk
        if len(found) > most_bytes:
            raise CallFailed(Failure.ANSWER_BROKEN)
    return bytes(found)


def _is_of_tls(failed: BaseException) -> bool:
    cause: BaseException | None = failed
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


@dataclass(frozen=True)
class _Clock:
    """One deadline for the whole call: whoever drips a byte now and then does not buy time."""

    ends_at: float

    def left(self) -> float:
        seconds = self.ends_at - time.monotonic()
        if seconds <= 0:
            raise CallFailed(Failure.TIMEOUT)
        return seconds


class _Route(httpcore.SyncBackend):
    """Connects to an address that was looked at, never to a name."""

    def __init__(self, outbound: Outbound, clock: _Clock) -> None:
        self._outbound = outbound
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the one deadline counts
        local_address: str | None = None,  # noqa: ARG002  as the interface says
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in self._addresses(host, port):
            try:
                stream = super().connect_tcp(address, port, self._clock.left(), None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as unreachable:
                failed = unreachable
            else:
                return _Stream(stream, self._clock)
        raise failed or CallFailed(Failure.NAME_UNKNOWN)

    def connect_unix_socket(self, *_args: Any, **_kwargs: Any) -> httpcore.NetworkStream:
        raise CallFailed(Failure.ADDRESS_REFUSED)

    def _addresses(self, host: str, port: int) -> list[str]:
        """What the name leads to, looked up once. Raises: CallFailed when one of the addresses is not public.

        Said in the same word as for a name that does not exist: nobody learns from us which names there are in our network.
        """
        found = self._look_up(host, port)
        is_loopback = self._outbound.allow_loopback and host in LOOPBACK_NAMES
        for one in found:
            literal = ip_address(one)
            if not is_public(literal) and not (is_loopback and literal.is_loopback):
                raise CallFailed(Failure.NAME_UNKNOWN)
        return found

    def _look_up(self, host: str, port: int) -> list[str]:
        """In a thread of its own: a resolver that hangs cannot be told to stop, only be left alone."""
        answered: list[list[str] | None] = []

        def look() -> None:
            try:
                answered.append(self._outbound.lookup(host, port))
            except (OSError, UnicodeError):
                answered.append(None)

        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        looking.join(self._clock.left())
        if not answered:
            raise CallFailed(Failure.TIMEOUT)
        if not answered[0]:
            raise CallFailed(Failure.NAME_UNKNOWN)
        return answered[0]


class _Stream(httpcore.NetworkStream):
    """A connection whose every step has what is left of the one deadline."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  the one deadline counts
        return self._stream.read(max_bytes, self._clock.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  as above
        self._stream.write(buffer, self._clock.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  as above
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._clock.left()), self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
