"""How does a test stand in for another machine's documents? By a transport, asked as the way out would ask."""

import httpx

from app.kit.oidc import Fetch
from app.kit.outbound import CallFailed, Failure


def fetched_by(transport: httpx.BaseTransport) -> Fetch:
    """What `Outbound.get` does, over this transport."""

    def fetch(url: str, most_bytes: int) -> bytes:
        try:
            with httpx.Client(transport=transport, follow_redirects=False) as client:
                answer = client.get(url, headers={"Accept": "application/json"})
        except httpx.HTTPError:
            raise CallFailed(Failure.CONNECTION_FAILED) from None
        if answer.status_code != httpx.codes.OK or len(answer.content) > most_bytes:
            raise CallFailed(Failure.ANSWER_BROKEN)
        return answer.content

    return fetch
