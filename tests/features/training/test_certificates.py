"""Who gets which certificate, in which language and form?"""

import io
from typing import Any
from uuid import UUID

import pypdf
import pytest
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing, Gender
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.access.tables import AccessRecord, Concealment
from app.features.participants.tables import Participant
from tests.features.enrolments.scene import add_cohort
from tests.features.training.school import School, duties, open_school, refusal
from tests.world import Client, World

TRAINING = {"title": "Att vara mentor", "topics": ["ethics"], "minutes": 90, "completedOn": "2026-03-01"}


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/pdf"
    return " ".join(pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text().split())


def recorded(school: School, enrolment: str, **over: Any) -> str:
    made = school.scene.screener.made(f"{enrolment}/training-records", {**TRAINING, **over})
    return f"/training-records/{made['id']}/certificate"


def certified(school: School) -> tuple[Client, str]:
    """A mentee with a login, and the path of a certificate."""
    mentee, me = school.scene.themself()
    return mentee, recorded(school, school.scene.applied(person=me))


def test_a_person_gets_the_own_certificate_in_swedish(world: World) -> None:
    school = open_school(world)
    mentee, path = certified(school)
    response = mentee.get(path)
    text = text_of(response)
    for part in ("Intyg", "Påhitt Påhittsson", "Att vara mentor", "1 timme 30 minuter", "1 mars 2026", "Etik"):
        assert part in text
    trainer = school.scene.screener.get(f"/partners/{school.trainer_id}").json()["name"]
    program = mentee.get(f"/programs/{school.scene.program_id}").json()["name"]
    assert {trainer in text, program in text, path.split("/")[2] in text} == {True}
    assert response.headers["Content-Language"] == "sv"
    assert response.headers["Cache-Control"] == "no-store"
    assert mentee.get(path).content == response.content, "the same record, the same bytes"


def test_it_is_told_in_english_and_as_data(world: World) -> None:
    school = open_school(world)
    mentee, path = certified(school)
    english = mentee.get(path, headers={"Accept-Language": "en-GB, sv;q=0.5", "Accept": "application/pdf"})
    assert "1 hour 30 minutes" in text_of(english)
    assert english.headers["Content-Language"] == "en"
    data = mentee.get(path, headers={"Accept": "application/json"})
    said = data.json()
    assert data.headers["Content-Type"] == "application/json"
    assert (said["name"], said["course"], said["topics"]) == ("Påhitt Påhittsson", "Att vara mentor", ["Etik"])
    assert (said["title"], said["day"], said["words"]["issuer"]) == ("Intyg", "1 mars 2026", "Utfärdat av")
    anything = mentee.get(path, headers={"Accept": "application/json, */*"})
    assert anything.headers["Content-Type"] == "application/pdf"


def test_the_holder_of_the_session_issues_what_attendance_completed(world: World) -> None:
    school = open_school(world)
    enrolment = school.scene.applied()
    course = school.taught()
    school.attend(enrolment, school.session(course))
    (record,) = school.records(enrolment)
    text = text_of(school.scene.screener.get(f"/training-records/{record['id']}/certificate"))
    assert course["title"] in text
    assert f"Utfärdat av {school.scene.screener.get(f'/partners/{school.trainer_id}').json()['name']}" in text


def test_only_who_may_see_the_person_sees_the_name(world: World) -> None:
    school = open_school(world)
    owner_id, recruiter_id, trainer_id = school.scene.owner_id, school.scene.recruiter_id, world.partner()
    program_id = world.program(owner_id)
    world.agree(
        program_id,
        {
            owner_id: [Duty.DEFINE_PURPOSE],
            recruiter_id: [Duty.RECRUIT_MENTEES, Duty.SCREEN_MENTEES],
            trainer_id: [Duty.TRAIN_MENTEES],
        },
    )
    mentee, path = certified(school)
    enrolment = school.scene.applied()
    trainer = world.client(Role.CASE_HANDLER, trainer_id)
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    other, _ = school.scene.themself()
    for client in (trainer, stranger, other):
        assert client.get(path).status_code == 404
    assert refusal(school.lead.get(path)) == (403, "access.role_not_permitted")
    holder = text_of(school.scene.recruiter.get(path))
    assert holder == text_of(mentee.get(path))
    # Who trains, and neither screens nor holds, knows whom by id only.
    scene = type(school.scene)(**{**vars(school.scene), "program_id": program_id})
    scene.cohort_id = add_cohort(world, program_id)
    enrolment = scene.applied()
    made = trainer.made(f"{enrolment}/training-records", TRAINING)
    path = f"/training-records/{made['id']}/certificate"
    refused = trainer.get(path)
    assert refusal(refused) == (403, "access.duty_not_held")
    assert duties(refused) == [("holdPersonalData", None), ("screenMentees", str(recruiter_id))]
    assert "Påhittsson" not in refused.text
    assert "Påhittsson" in text_of(scene.recruiter.get(path))


def test_a_protected_person_has_a_certificate_of_their_own_only(world: World) -> None:
    school = open_school(world)
    mentee, me = school.scene.themself()
    path = recorded(school, school.scene.applied(person=me))
    world.add(
        Concealment(
            participant_id=UUID(me["id"]), partner_id=school.scene.recruiter_id, kind=Concealing.PROTECTED_IDENTITY
        )
    )
    assert "Påhittsson" in text_of(mentee.get(path))
    for client in (school.scene.screener, school.scene.recruiter):
        assert client.get(path).status_code == 404
        assert client.get(path, headers={"Accept": "application/json"}).status_code == 404


def test_an_anonymous_person_has_no_certificate(world: World) -> None:
    school = open_school(world)
    person = world.add(
        Participant(partner_id=school.scene.recruiter_id, is_anonymous=True, gender=Gender.FEMALE, birth_year=1990)
    )
    enrolment = school.scene.applied(person={"id": str(person.id)})
    path = recorded(school, enrolment)
    assert refusal(school.scene.recruiter.get(path)) == (409, "certificate.no_name")


def test_a_revoked_record_has_no_certificate(world: World) -> None:
    school = open_school(world)
    mentee, path = certified(school)
    school.scene.screener.made(path.replace("certificate", "revocation"), status=200)
    for accept in ("application/pdf", "application/json"):
        assert refusal(mentee.get(path, headers={"Accept": accept})) == (409, "training.revoked")


@pytest.mark.parametrize("name", ["#panic()", "*x* $y$ \\", '"; read("/etc/passwd")', "// <a> @b"])
def test_a_name_is_only_ever_a_name(world: World, name: str) -> None:
    school = open_school(world)
    person = school.scene.person(givenName=name)
    path = recorded(school, school.scene.applied(person=person), title=name)
    text = text_of(school.scene.recruiter.get(path))
    assert f"{name} Påhittsson" in text
    assert text.count(name) == 2


def test_a_name_that_cannot_be_printed_is_told(world: World) -> None:
    school = open_school(world)
    path = recorded(school, school.scene.applied(person=school.scene.person(givenName="小明")))
    refused = school.scene.recruiter.get(path)
    assert refusal(refused) == (409, "certificate.not_printable")
    assert "小" not in refused.text
    said = school.scene.recruiter.get(path, headers={"Accept": "application/json"}).json()
    assert said["name"] == "小明 Påhittsson"


def test_reading_a_certificate_leaves_a_record(world: World) -> None:
    school = open_school(world)
    _, me = school.scene.themself()
    path = recorded(school, school.scene.applied(person=me))
    school.scene.recruiter.get(path)
    with Session(world.engine) as session:
        newest = session.exec(select(AccessRecord).order_by(col(AccessRecord.id).desc())).first()
    assert newest
    assert (newest.permission, newest.decision, newest.people) == ("training:read", "allowed", [UUID(me["id"])])
    assert str(newest.subject_id) == path.split("/")[2]
