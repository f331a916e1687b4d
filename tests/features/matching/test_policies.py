"""Do policies follow each other by number, unchanged rules make no version, and are bad rules pointed at?"""

from typing import Any

import pytest

from app.domain.changes import ChangeKind
from app.domain.matching.policy import default_policy_document
from app.domain.roles import Role
from app.features.changes.tables import Change
from app.features.matching.tables import MatchingPolicy
from tests.features.matching.scene import Scene, nowhere
from tests.world import World

WOMEN_ONLY = {"mentorIn": ["female"], "respectPreferences": True, "legalGround": None}


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def document(**over: Any) -> dict[str, Any]:
    return default_policy_document("sv-adult-labour") | over


def test_a_policy_is_published_in_canonical_form_and_read(scene: Scene) -> None:
    given = document()
    given["constraints"]["conflicts"].reverse()
    given["weights"]["goals"] = 280.0
    made = scene.proposer.post(scene.policies, {"document": given, "note": "Den första."})
    assert made.status_code == 201
    found = scene.proposer.get(made.headers["location"])
    assert found.json() == made.json()
    assert (found.json()["number"], found.json()["note"]) == (1, "Den första.")
    assert found.json()["document"] == document()
    tag = {"If-None-Match": found.headers["ETag"]}
    assert scene.proposer.get(made.headers["location"], headers=tag).status_code == 304


def test_the_same_rules_make_no_new_version(scene: Scene) -> None:
    published = Change.kind == ChangeKind.MATCHING_POLICY_PUBLISHED, Change.program_id == scene.program
    first = scene.proposer.made(scene.policies, {"document": document()})
    again = scene.proposer.post(scene.policies, {"document": document(), "note": "Annan anteckning."})
    assert (again.status_code, again.json()) == (200, first)
    assert scene.count(Change, *published) == 1

    scene.proposer.made(scene.policies, {"document": document(scoreFloor={"least": 1, "raise": False})})
    back = scene.proposer.made(scene.policies, {"document": document()})
    assert back["number"] == 3
    assert [one["number"] for one in scene.items(scene.policies)] == [3, 2, 1]
    assert back["digest"] == first["digest"]


def test_the_default_policy_is_the_profiles_and_may_be_published(world: World, scene: Scene) -> None:
    default = scene.read(f"/programs/{scene.program}/default-matching-policy")
    assert default == {"profileId": "sv-adult-labour", "document": document()}
    scene.proposer.made(scene.policies, {"document": default["document"]})


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"schema": 3}, "matching_policy.version_unknown", "/document/schema"),
        (
            {"constraints": {**document()["constraints"], "gender": WOMEN_ONLY}},
            "matching_policy.legal_ground_missing",
            "/document/constraints/gender/legalGround",
        ),
        ({"colour": 1}, "matching_policy.invalid", "/document/colour"),
        ({"tierDays": 0}, "matching_policy.invalid", "/document/tierDays"),
        ({"weights": {"goals": 1}}, "matching_policy.invalid", "/document/weights/occupation"),
        ({"a" * 61: 1}, "field.invalid", "/document"),
        ({"a\x00b": 1}, "field.invalid", "/document"),
        ({"weights": [[[[[[1]]]]]]}, "field.invalid", "/document"),
    ],
)
def test_bad_rules_are_pointed_at(scene: Scene, over: dict[str, Any], code: str, pointer: str) -> None:
    refused = scene.proposer.post(scene.policies, {"document": document(**over)})
    assert refused.status_code == 422
    assert [(error["code"], error["pointer"]) for error in refused.json()["errors"]] == [(code, pointer)]
    assert scene.items(scene.policies) == []


def test_a_weight_that_is_not_a_number_is_refused(scene: Scene) -> None:
    for raw in ("NaN", "Infinity", "1e400", '"\\ud800"'):
        body = '{"document": {"schema": 1, "weights": {"goals": %s}}}' % raw  # noqa: UP031  braces everywhere
        headers = {"Content-Type": "application/json"}
        refused = scene.proposer.call("POST", scene.policies, content=body.encode(), headers=headers)
        assert refused.status_code in {400, 422}, raw


def test_who_may_read_and_publish(world: World, scene: Scene) -> None:
    body = {"document": document()}
    refused = scene.approver.post(scene.policies, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    holder = refused.json()["context"]["duties"][0]
    assert (holder["duty"], holder["partnerId"]) == ("proposeMatches", str(scene.municipality))

    role = world.client(Role.CASE_HANDLER, scene.municipality).post(scene.policies, body)
    assert (role.status_code, role.json()["code"]) == (403, "access.role_not_permitted")

    made = scene.publish_policy()
    assert scene.approver.get(f"/matching-policies/{made['id']}").status_code == 200
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.get(f"/matching-policies/{made['id']}").status_code == 404
    assert stranger.post(scene.policies, body).status_code == 404
    assert stranger.get(f"/matching-policies/{nowhere()}").status_code == 404


def first_version() -> dict[str, Any]:
    """As documents were written before version 2."""
    old = document(schema=1, scoreFloor=100)
    for name in ("capacity", "group", "rematch"):
        del old[name]
    del old["constraints"]["age"], old["constraints"]["training"], old["constraints"]["gender"]["legalGround"]
    del old["weights"]["skills"], old["weights"]["interests"]
    return old


def test_a_policy_of_an_older_version_is_brought_up_to_date(scene: Scene) -> None:
    made = scene.proposer.made(scene.policies, {"document": first_version()})
    assert (made["document"]["schema"], made["document"]["scoreFloor"]) == (2, {"least": 100, "raise": False})
    assert made["document"]["weights"]["skills"] == 0
    stored = MatchingPolicy(program_id=scene.program, number=2, document=first_version(), digest="before")
    scene.world.add(stored)
    scene.mentor()
    scene.mentee()
    run = scene.read(scene.run())
    assert (run["policyNumber"], run["status"], run["people"]) == (2, "completed", 1)
    assert run["policyDigest"] == made["digest"]
