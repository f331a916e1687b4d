"""Do those who take part in an unpublished program read about it, and is it gone from them when they left?"""

from uuid import uuid4

import pytest
from sqlmodel import Session

from app.domain.glossary import ExitReason, Side
from app.domain.lifecycles import OPEN_ENROLMENTS, EnrolmentStatus
from app.domain.roles import Role
from app.features.enrolments.tables import Enrolment
from app.features.preparation.tables import InformationPack
from tests.features.enrolments.scene import Scene, add_cohort, set_scene
from tests.world import World

STAY = {*OPEN_ENROLMENTS, EnrolmentStatus.EXITED.value}


def about(scene: Scene) -> list[str]:
    """What there is to read about the scene's program."""
    pack: InformationPack = scene.world.add(
        InformationPack(
            program_id=scene.program_id,
            side=Side.MENTEE,
            language="sv",
            number=1,
            title="Så går det till",
            body="Ärligt.",
        )
    )
    program = f"/programs/{scene.program_id}"
    below = ("", "/cohorts", "/targets", "/links", "/information-packs")
    return [
        *(program + path for path in below),
        f"/cohorts/{scene.cohort_id}",
        f"/information-packs/{pack.id}",
    ]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_who_takes_part_reads_about_it(world: World, role: Role) -> None:
    scene = set_scene(world, {"is_published": False})
    member, person = scene.themself(role)
    stranger, _ = scene.themself(role)
    paths = about(scene)
    assert [member.get(path).status_code for path in paths] == [404] * len(paths)
    scene.applied(role.value, person)
    assert [member.get(path).status_code for path in paths] == [200] * len(paths)
    assert [stranger.get(path).status_code for path in paths] == [404] * len(paths)
    ids = [one["id"] for one in member.get("/programs?limit=200").json()["items"]]
    assert str(scene.program_id) in ids
    assert [one["id"] for one in member.get(paths[1]).json()["items"]] == [str(scene.cohort_id)]
    assert member.get(paths[4]).json()["meta"]["totalCount"] == 1
    told = member.get(f"/me/permissions?programId={scene.program_id}").text
    assert '"cohort:read"' in told


def test_who_takes_part_may_change_nothing_of_it(world: World) -> None:
    scene = set_scene(world, {"is_published": False})
    member, person = scene.themself()
    scene.applied(person=person)
    path = f"/programs/{scene.program_id}"
    refused = member.patch(path, {"summary": "Nytt"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_permitted")
    assert member.get(f"{path}/agreements").status_code == 403
    assert member.get(f"/cohorts/{scene.cohort_id}/enrolments").json()["code"] == "access.duty_not_held"


@pytest.mark.parametrize("status", EnrolmentStatus)
def test_it_ends_with_taking_part(world: World, status: EnrolmentStatus) -> None:
    scene = set_scene(world, {"is_published": False})
    member, person = scene.themself()
    path = scene.applied(person=person)
    with Session(world.engine) as session:
        session.info["is_unrecorded"] = True
        row = session.get_one(Enrolment, path.rsplit("/", 1)[1])
        row.status = status
        if status is EnrolmentStatus.EXITED:
            row.exited_on, row.exit_reason = row.applied_on, ExitReason.OTHER
        session.commit()
    expected = 200 if status.value in STAY else 404
    assert member.get(f"/programs/{scene.program_id}").status_code == expected


def test_a_later_cohort_of_an_unpublished_program_is_open_to_those_who_know_it(world: World) -> None:
    scene = set_scene(world, {"is_published": False})
    member, person = scene.themself()
    later = add_cohort(world, scene.program_id)
    assert member.post(f"/cohorts/{later}/applications", {}).status_code == 404
    scene.applied(person=person)
    assert member.post(f"/cohorts/{later}/applications", {}).status_code == 201
    assert member.post(f"/cohorts/{uuid4()}/applications", {}).status_code == 404
