"""Are the words that people consent to versioned, and kept by the partner that asks?"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from app.domain.roles import Role
from tests.features.consents.asking import SHARE, give, refused, text_of
from tests.features.enrolments.scene import set_scene
from tests.world import World


def test_only_a_text_of_the_holder_for_the_purpose(world: World) -> None:
    scene = set_scene(world)
    person = scene.person()
    for text in (text_of(scene, "referral"), text_of(scene, partner_id=scene.screener_id), str(uuid4())):
        assert refused(give(scene, person, text=text)) == (422, "consent_text.unknown", "/textId")


def test_an_older_version_of_the_text_can_still_be_what_was_signed(world: World) -> None:
    scene = set_scene(world)
    first, _ = text_of(scene), text_of(scene)
    assert give(scene, scene.person(), text=first).status_code == 201


def test_texts_are_versioned_without_gaps(world: World) -> None:
    scene = set_scene(world)
    path = f"/partners/{scene.recruiter_id}/consent-texts"
    writer = world.client(Role.PARTNER_ADMINISTRATOR, scene.recruiter_id)
    body = {"purpose": SHARE, "language": "sv", "body": "Vi delar."}
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: writer.made(path, body), range(4)))
    assert sorted(text["number"] for text in made) == [1, 2, 3, 4]
    assert writer.made(path, {**body, "language": "en"})["number"] == 1
    assert writer.made(path, {**body, "purpose": "referral"})["number"] == 1
    newest = max(made, key=lambda text: text["number"])
    assert scene.kinds(f"/consent-texts/{newest['id']}") == ["consentText.published"]
    assert writer.get(f"{path}?purpose={SHARE}&language=sv").json()["meta"]["totalCount"] == 4
    assert writer.get(f"{path}?purpose={SHARE}").json()["meta"]["totalCount"] == 5
    assert writer.get(path).json()["meta"]["totalCount"] == 6

    mentee, me = scene.themself()
    asked = f"/participants/{me['id']}/consent-texts"
    assert mentee.get(asked).json()["meta"]["totalCount"] == 3
    assert [text["id"] for text in mentee.get(f"{asked}?purpose={SHARE}&language=sv").json()["items"]] == [newest["id"]]
    assert mentee.get(f"/consent-texts/{newest['id']}").json()["body"] == "Vi delar."
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.get(path).status_code == 200, "the words are no secret"


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"body": "Ring 19811228-9874"}, "text.personnummer_refused", "/body"),
        ({"body": ""}, "field.too_short", "/body"),
        ({"body": "x" * 8001}, "field.too_long", "/body"),
        ({"language": "svenska"}, "field.too_long", "/language"),
        ({"purpose": "marketing"}, "field.not_a_choice", "/purpose"),
        ({"number": 7}, "field.unknown", "/number"),
    ],
)
def test_bad_texts_are_refused(world: World, over: dict[str, Any], code: str, pointer: str) -> None:
    scene = set_scene(world)
    writer = world.client(Role.COORDINATOR, scene.recruiter_id)
    body = {"purpose": SHARE, "language": "sv", "body": "Vi delar.", **over}
    response = writer.post(f"/partners/{scene.recruiter_id}/consent-texts", body)
    assert response.status_code == 422
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]


def test_texts_are_ones_own_partners(world: World) -> None:
    scene = set_scene(world)
    path = f"/partners/{scene.recruiter_id}/consent-texts"
    body = {"purpose": SHARE, "language": "sv", "body": "Vi delar."}
    foreign = scene.owner.post(path, body)
    assert (foreign.status_code, foreign.json()["code"]) == (403, "access.duty_not_held")
    assert scene.recruiter.post(path, body).json()["code"] == "access.role_not_permitted"
