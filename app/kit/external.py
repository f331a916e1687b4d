"""How is a thing spoken of by another system's key? The key in the address, an If-Match that may be left out, the answer."""

from typing import Annotated, Any

from fastapi import Depends, Header, Path, Response
from pydantic import Field

from app.domain.sync import ExternalKey, SyncOutcome
from app.kit import text
from app.kit.bodies import refuse_personnummer
from app.kit.wire import Exchange, T, answer

SYNC_OUTCOME = "Mentorskap-Sync-Outcome"
"""The header that says whether what was sent by an external key was `created`, `changed` or `unchanged`."""
ExternalSystem = Annotated[str, text.code(40)]
ExternalId = Annotated[str, text.code(120)]
ChangedFields = Annotated[
    list[Annotated[str, Field(max_length=60)]],
    Field(max_length=100, description="The fields that differ from before; names, never values.", examples=[["phone"]]),
]
IfMatch = Annotated[str | None, Header(alias="If-Match", include_in_schema=False)]
"""Described with all the others (app/kit/documents.py)."""


async def external_key(
    system: Annotated[ExternalSystem, Path(description="The other system. / Det andra systemet.", examples=["crm"])],
    external_id: Annotated[
        ExternalId, Path(alias="externalId", description="Its key. / Dess nyckel.", examples=["volontar-17"])
    ],
) -> ExternalKey:
    """The key in the address. Raises: `text.personnummer_refused`."""
    refuse_personnummer({"system": system, "externalId": external_id})
    return ExternalKey(system, external_id)


Key = Annotated[ExternalKey, Depends(external_key)]


def synced(model: Any) -> dict[int | str, dict[str, Any]]:
    """The two good answers of a PUT by an external key, for the document."""
    told: dict[str, Any] = {"headers": {SYNC_OUTCOME: {}}}
    return {200: {"model": model, **told}, 201: {"model": model, "description": "Made. / Skapat.", **told}}


def answer_synced(exchange: Exchange, model: type[T], value: Any, outcome: SyncOutcome, address: str) -> Response:
    """Answer what another system sent by its own key: 201 with the address of what was made, otherwise 200."""
    told = {SYNC_OUTCOME: outcome.value}
    if outcome is SyncOutcome.CREATED:
        return answer(exchange, model, value, status=201, location=address, headers=told)
    return answer(exchange, model, value, headers=told)


def address_of(exchange: Exchange, collection: str, resource: str, row_id: object) -> str:
    """The address of a resource, from the address below `/collection/` that was asked."""
    return f"{exchange.path.partition(f'/{collection}/')[0]}/{resource}/{row_id}"
