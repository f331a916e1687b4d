"""May what is known of a person be kept, whichever way it came in?"""

from app.kit import bodies
from app.kit.wire import Schema


def refuse_personnummer(body: Schema) -> None:
    """What the guard asks of every request's body, asked of what did not come as one.

    Raises: `text.personnummer_refused`.
    """
    bodies.refuse_personnummer(body.model_dump(by_alias=True, mode="json", exclude_unset=True))
