"""Is the command patient with a server that cannot answer, and only with what may be sent twice?"""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from app.sync.client import LONGEST_WAIT, PATIENCE, Api
from app.sync.failures import NotConfigured, Refused, Unreachable
from app.sync.settings import Settings

SETTINGS = Settings("http://127.0.0.1:1", UUID(int=1), UUID(int=2), "a secret", "register", Path("state"))
TOKEN = httpx.Response(200, json={"access_token": "t", "expires_in": 600})
Answer = httpx.Response | Exception


@dataclass
class Server:
    """Answers as it is told to, in order, and remembers what it was asked."""

    answers: list[Answer]
    asked: list[httpx.Request] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    logins: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            self.logins += 1
            return TOKEN
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def api(self) -> Api:
        http = httpx.Client(base_url=SETTINGS.server, transport=httpx.MockTransport(self))
        return Api(http, SETTINGS, self.waits.append)


OK = httpx.Response(200, json={"fine": True})
LOST = httpx.ReadError("lost")


@pytest.mark.parametrize(
    "trouble",
    [
        LOST,
        httpx.ConnectTimeout("slow"),
        httpx.Response(503),
        httpx.Response(502),
        httpx.Response(409, headers={"Retry-After": "1"}),
    ],
)
def test_what_may_be_repeated_is_repeated_until_it_is_answered(trouble: Answer) -> None:
    server = Server([trouble, trouble, OK])
    assert server.api.get("/me") == {"fine": True}
    assert server.waits == list(PATIENCE[:2])


def test_a_server_that_says_when_is_believed_within_reason() -> None:
    server = Server(
        [httpx.Response(429, headers={"Retry-After": "40"}), httpx.Response(429, headers={"Retry-After": "9999"}), OK]
    )
    server.api.get("/me")
    assert server.waits == [40, LONGEST_WAIT]


@pytest.mark.parametrize("last", [LOST, httpx.Response(503)])
def test_patience_ends(last: Answer) -> None:
    server = Server([*(httpx.Response(503) for _ in PATIENCE), last])
    with pytest.raises(Unreachable):
        server.api.get("/me")
    assert server.waits == list(PATIENCE)


def test_a_post_is_repeated_only_with_a_key_and_then_with_the_same() -> None:
    server = Server([LOST])
    with pytest.raises(Unreachable):
        server.api.send("POST", "/x", json={})
    assert len(server.asked) == 1
    server = Server([LOST, OK])
    server.api.send("POST", "/x", json={}, key="k")
    assert [request.headers["idempotency-key"] for request in server.asked] == ["k", "k"]


def test_a_token_is_used_until_it_ends_and_renewed_once_when_it_is_refused() -> None:
    server = Server([OK, OK, httpx.Response(401), OK])
    api = server.api
    for _ in range(2):
        api.get("/me")
    assert server.logins == 1
    api.get("/me")
    assert server.logins == 2
    server.answers += [httpx.Response(401), httpx.Response(401, json={"title": "No.", "code": "auth.token_invalid"})]
    with pytest.raises(Refused) as refused:
        api.get("/me")
    assert (refused.value.status, refused.value.code) == (401, "auth.token_invalid")


def test_a_login_that_is_refused_is_for_a_person_to_mend() -> None:
    def refuse(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"error": "invalid_client"})

    http = httpx.Client(base_url=SETTINGS.server, transport=httpx.MockTransport(refuse))
    with pytest.raises(NotConfigured):
        Api(http, SETTINGS, lambda _seconds: None).get("/me")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"title": "Nej.", "code": "x.y", "errors": [{"pointer": "/a", "message": "wrong"}, "odd"]},
            "Nej. (422 x.y)\n  /a: wrong",
        ),
        ({"detail": "no problem document"}, "(422 )"),
        ([], "(422 )"),
    ],
)
def test_a_refusal_is_told_in_the_servers_words(body: object, said: str) -> None:
    server = Server([httpx.Response(422, json=body)])
    with pytest.raises(Refused) as refused:
        server.api.get("/me")
    assert said in str(refused.value)


def test_what_is_no_json_is_still_a_refusal() -> None:
    with pytest.raises(Refused):
        Server([httpx.Response(404, text="<html>")]).api.get("/me")


def test_a_redirect_is_not_followed_with_the_secret() -> None:
    server = Server([httpx.Response(302, headers={"Location": "http://127.0.0.1:2/"})])
    assert server.api.send("GET", "/me").status_code == 302
    assert len(server.asked) == 1


def test_the_secret_is_in_no_text() -> None:
    assert "a secret" not in repr(SETTINGS)
    assert "a secret" not in repr(Server([]).api)
