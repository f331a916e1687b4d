"""Do the entries of a calendar say what they are in both languages, and never who it is?"""

import pytest

from app.domain import calendars as rules
from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import MeetingMode, Side


@pytest.mark.parametrize("language", rules.LANGUAGES)
def test_everything_has_words(language: str) -> None:
    said = [
        rules.calendar_name(language),
        *(rules.meeting_summary(side, language) for side in Side),
        *(rules.meeting_description(mode, language) for mode in MeetingMode),
        *(rules.follow_up_summary(kind, language) for kind in FollowUpKind),
    ]
    assert all(said)


def test_each_side_meets_the_other() -> None:
    assert rules.meeting_summary(Side.MENTOR, "sv") == "Träff med din adept"
    assert rules.meeting_summary(Side.MENTEE, "sv") == "Träff med din mentor"
    assert rules.follow_up_summary(FollowUpKind.EXIT, "sv") == "Avslutssamtal om mentorskapet"
    assert rules.follow_up_summary(FollowUpKind.AFTER_SIX_MONTHS, "sv") == "Uppföljning"
