"""Which matches do you see, who are the people, and how do you reach the other one?"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.matches import queries
from app.features.matches.schemas import ContactRead, MatchQuery, MatchRead, PeopleRead
from app.features.matches.tables import Match
from app.kit.pages import Page, answer_page
from app.kit.wire import answer

router = APIRouter()


@router.get("/matches", operation_id="listMatches", summary="List matches", response_model=Page[MatchRead])
def list_matches(
    scope: Annotated[Scope[None], anywhere(Permission.MATCH_READ)], query: Annotated[MatchQuery, Query()]
) -> Response:
    """The matches in your reach, by ids. / Matchningarna inom din räckvidd, med id:n."""
    view = queries.view_of(scope.actor)
    return answer_page(scope.exchange, view, queries.matches(scope, query), query, keys=[Match.id])


@router.get("/matches/{matchId}", operation_id="getMatch", summary="Read a match", response_model=MatchRead)
def get_match(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_READ)]) -> Response:
    """One match, by ids. / En matchning, med id:n."""
    return answer(scope.exchange, queries.view_of(scope.actor), scope.row)


@router.get(
    "/matches/{matchId}/contact",
    operation_id="getMatchContact",
    summary="Read how to reach the other person",
    response_model=ContactRead,
)
def get_match_contact(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_READ)]) -> Response:
    """For the two people, from both acceptances until the end. / För paret, från bådas ja till avslutet."""
    return answer(scope.exchange, ContactRead, queries.contact(scope))


@router.get(
    "/matches/{matchId}/people",
    operation_id="listMatchPeople",
    summary="Read who the two people are",
    response_model=PeopleRead,
)
def list_match_people(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_READ)]) -> Response:
    """Both people with the fields that your duty, your relation to them and the state of the match let you see.

    Båda personerna med de fält som ditt ansvar, din relation till dem och matchningens läge låter dig se.
    """
    return answer(scope.exchange, PeopleRead, queries.people(scope))
