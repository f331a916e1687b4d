"""A real identity provider, in a process of its own: `python -m tests.features.accounts.provider` prints its port.

It believes itself to be behind TLS, as it would be: its issuer is https, and what reaches it is what a proxy hands on.
"""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import oidc_provider_mock


class Quiet(WSGIRequestHandler):
    """Without a line on standard error for each request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
        pass


def behind_tls(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The provider, told that the world sees it at an https address."""
    answer: Iterable[bytes] = PROVIDER({**environ, "wsgi.url_scheme": "https"}, start_response)
    return answer


if __name__ == "__main__":
    PROVIDER: Any = oidc_provider_mock.app(require_nonce=True)
    server = make_server("127.0.0.1", 0, behind_tls, handler_class=Quiet)
    print(server.server_port, flush=True)  # noqa: T201  the parent reads it
    server.serve_forever()
