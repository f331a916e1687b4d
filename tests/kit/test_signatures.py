"""Does the receiver's library believe our signatures, and is each secret its own?"""

from uuid import uuid4

import pytest
from standardwebhooks import Webhook, WebhookVerificationError  # noqa: TID251  the receiver's own library

from app.kit.clock import STOCKHOLM, now
from app.kit.digests import Digester
from app.kit.signatures import secret_of, signed

DIGESTS = Digester(b"p" * 32)


def test_secrets_are_derived_alike_and_differ_by_row_and_installation() -> None:
    one, other = uuid4(), uuid4()
    assert secret_of(DIGESTS, one) == secret_of(DIGESTS, one)
    assert len({secret_of(DIGESTS, one), secret_of(DIGESTS, other), secret_of(Digester(b"q" * 32), one)}) == 3


def test_each_of_two_secrets_proves_it() -> None:
    old, new = secret_of(DIGESTS, uuid4()), secret_of(DIGESTS, uuid4())
    headers = signed([new, old], "msg_1", now().astimezone(STOCKHOLM), '{"å":1}')
    for secret in (old, new):
        assert Webhook(secret).verify('{"å":1}', headers) == {"å": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify('{"å":2}', headers)
