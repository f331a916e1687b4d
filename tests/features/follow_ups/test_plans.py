"""Does every planned follow-up know both people of its match, so that it can be hidden with either?"""

from sqlmodel import Session, select

from app.features.follow_ups.tables import FollowUp
from tests.features.matches.pairs import Place
from tests.world import World


def test_the_follow_ups_of_an_exit_name_both_people(world: World) -> None:
    place = Place(world)
    pair, staff = place.active(), place.staff()
    closed = staff.post(f"{pair.path}/closure", {"closedOn": place.today.isoformat(), "cause": "naturalEnd"})
    assert closed.status_code == 200, closed.text
    with Session(world.engine) as session:
        rows = session.exec(select(FollowUp).where(FollowUp.match_id == pair.match.id)).all()
    assert {one.side for one in rows} > {None} or len({one.side for one in rows}) > 1
    assert {(one.mentor_participant_id, one.mentee_participant_id) for one in rows} == {
        (pair.mentor.id, pair.mentee.id)
    }
