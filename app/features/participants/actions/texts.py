"""May what is known of a person be kept, whichever way it came in?"""

import json
from collections.abc import Mapping
from typing import Any

from app.kit import bodies
from app.kit.text import looks_like_personnummer
from app.kit.wire import Schema


def refuse_personnummer(body: Schema) -> None:
    """What the guard asks of every request's body, asked of what did not come as one.

    Raises: `text.personnummer_refused`.
    """
    refuse_personnummer_in(body.model_dump(by_alias=True, mode="json", exclude_unset=True))


def refuse_personnummer_in(row: Mapping[str, Any]) -> None:
    """The same of one row among many: it is looked at as a whole first, and text by text only when that tells.

    Between two texts stands what is part of no personnummer; a text with signs that JSON writes otherwise is looked at by
    itself. Raises: `text.personnummer_refused`.
    """
    whole = json.dumps(row, ensure_ascii=False, default=str)
    if "\\" in whole or looks_like_personnummer(whole):
        bodies.refuse_personnummer(row)
