"""Does the API say who I am here, and why I may?"""

from app.domain.glossary import Sector
from app.domain.roles import Responsibility, Role
from tests.world import World


def test_permission_is_explained_by_duty_and_agreement(world: World) -> None:
    partner = world.partner("Påhittade kommunen", Sector.MUNICIPALITY)
    program = world.program(partner)
    agreement = world.agree(program, {partner: [Responsibility.PROPOSE_MATCHES]})
    coordinator = world.client(Role.COORDINATOR, partner)

    explained = coordinator.get(f"/me/permissions?programId={program}").json()

    by_name = {one["permission"]: one["restsOn"] for one in explained["permissions"]}
    assert by_name["matchRun:create"] == [
        {"duty": "proposeMatches", "level": "accountable", "agreementId": str(agreement)}
    ]
    assert "followUp:waive" not in by_name


def test_without_a_token_the_answer_is_401_with_a_challenge(world: World) -> None:
    response = world.anonymous.get("/me")
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.json()["code"] == "auth.token_missing"


def test_unknown_query_parameters_are_refused(world: World) -> None:
    response = world.client(Role.EVALUATOR).get("/me?programid=x")
    assert (response.status_code, response.json()["code"]) == (422, "request.query_unknown")
