"""What can wait for a partner, and in which words is it told?"""

from collections.abc import Mapping
from enum import StrEnum


class WaitingKind(StrEnum):
    """The kinds of things that wait, in the order in which they are told."""

    AGREEMENTS_TO_SIGN = "agreementsToSign"
    HANDOVERS_TO_ANSWER = "handoversToAnswer"
    REFERRALS_TO_ANSWER = "referralsToAnswer"
    PARTICIPANTS_TO_SCREEN = "participantsToScreen"
    MATCH_RUNS_TO_APPROVE = "matchRunsToApprove"
    MATCHES_TO_SIGN = "matchesToSign"
    MATCHES_TO_ACTIVATE = "matchesToActivate"
    FOLLOW_UPS_OVERDUE = "followUpsOverdue"
    INCIDENTS_OPEN = "incidentsOpen"
    READINESS_ITEMS = "readinessItems"
    MEETINGS_TO_ANSWER = "meetingsToAnswer"
    UNREAD_POSTS = "unreadPosts"
    UNREAD_MENTIONS = "unreadMentions"


WORDS: Mapping[WaitingKind, Mapping[str, str]] = {
    WaitingKind.AGREEMENTS_TO_SIGN: {"sv": "Avtal att underteckna", "en": "Agreements to sign"},
    WaitingKind.HANDOVERS_TO_ANSWER: {"sv": "Överlämnade ansvar att svara på", "en": "Hand-overs to answer"},
    WaitingKind.REFERRALS_TO_ANSWER: {"sv": "Hänvisningar att svara på", "en": "Referrals to answer"},
    WaitingKind.PARTICIPANTS_TO_SCREEN: {"sv": "Inskrivningar att pröva", "en": "Enrolments to screen"},
    WaitingKind.MATCH_RUNS_TO_APPROVE: {"sv": "Matchningskörningar att godkänna", "en": "Matching runs to approve"},
    WaitingKind.MATCHES_TO_SIGN: {"sv": "Matchningar att underteckna", "en": "Matches to sign"},
    WaitingKind.MATCHES_TO_ACTIVATE: {"sv": "Matchningar att starta", "en": "Matches to activate"},
    WaitingKind.FOLLOW_UPS_OVERDUE: {"sv": "Försenade uppföljningar", "en": "Overdue follow-ups"},
    WaitingKind.INCIDENTS_OPEN: {"sv": "Öppna incidenter", "en": "Open incidents"},
    WaitingKind.READINESS_ITEMS: {"sv": "Det som fattas för att kunna öppna", "en": "What is missing before opening"},
    WaitingKind.MEETINGS_TO_ANSWER: {"sv": "Samverkansmöten att svara på", "en": "Joint meetings to answer"},
    WaitingKind.UNREAD_POSTS: {"sv": "Olästa inlägg", "en": "Unread posts"},
    WaitingKind.UNREAD_MENTIONS: {"sv": "Olästa omnämnanden", "en": "Unread mentions"},
}
"""What each kind is called."""
