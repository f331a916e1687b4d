"""Which people and partners does the field matrix look at, and what does each of them see? All invented."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.domain.glossary import AgeGroup, Concealing, ConsentGiver, ConsentPurpose, Gender, Goal, Interest, Side
from app.domain.lifecycles import ClearanceStatus, MatchStatus
from app.domain.roles import Responsibility, Role
from app.features.access.tables import Concealment, UserAccount
from app.features.consents.tables import Consent, ConsentText
from app.features.protection.tables import Clearance
from tests.features.matches.pairs import Pair, Person, Place
from tests.world import Client, World

D = Responsibility
SCREENS = {Side.MENTOR: D.SCREEN_MENTORS, Side.MENTEE: D.SCREEN_MENTEES}
STATUS = {
    "proposed": MatchStatus.PROPOSED,
    "proposedWithConsent": MatchStatus.ACCEPTED_BY_MENTOR,
    "accepted": MatchStatus.ACCEPTED,
    "started": MatchStatus.ACTIVE,
    "ended": MatchStatus.CLOSED,
    "calledOff": MatchStatus.DECLINED,
    "acceptedAnonymous": MatchStatus.PREPARED,
    "acceptedProtected": MatchStatus.ACCEPTED,
    "acceptedWithdrawn": MatchStatus.ACCEPTED,
}
SECRETS = ("Gåtfulla", "Hemlighetsson", "gata@example.org", "+46700112233", "1979-05-06", "nyckel-9")
"""Given and family name, e-mail, phone, day of birth, external id: no answer holds one without showing the field."""

NAMING = ("given_name", "family_name", "email", "phone", "born_on", "external_system", "external_id")
"""Of the anonymous nothing is kept that says who they are."""


@dataclass
class Theatre:
    """A program where every capacity is another partner's, seen from the side of one of the two people."""

    world: World
    side: Side
    place: Place = field(init=False)
    holder: UUID = field(init=False)
    other: UUID = field(init=False)
    duties: dict[str, UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.place = Place(self.world)
        self.holder, self.other = self.world.partner("Har personen"), self.world.partner("Har den andra")
        held = {
            "matcher": [D.PROPOSE_MATCHES, D.APPROVE_MATCHES],
            "follower": [D.SIGN_MATCH_AGREEMENTS, D.FOLLOW_UP_MATCHES],
            "screeningMatcher": [SCREENS[self.side], D.PROPOSE_MATCHES],
            "screeningFollower": [SCREENS[self.side], D.FOLLOW_UP_MATCHES],
            "screenerOnly": [SCREENS[self.side]],
        }
        self.duties = {name: self.world.partner(name) for name in held}
        for name, duties in held.items():
            for duty in duties:
                self.place.support(self.duties[name], duty)

    def play(self, state: str) -> "Scene":
        """A match in that state and everybody who looks at it."""
        facts = known(self.other, self.world.number())
        if state == "acceptedAnonymous":
            facts |= dict.fromkeys(NAMING) | {"is_anonymous": True, "birth_year": 1979}
        subject = self.place.person(self.side, self.holder, **facts)
        another = self.place.person(next(side for side in Side if side is not self.side), self.other)
        mentor, mentee = (subject, another) if self.side is Side.MENTOR else (another, subject)
        over: dict[str, Any] = {"closed_on": self.place.today} if state == "ended" else {}
        pair = self.place.pair(mentor, self.place.new_cohort(), mentee, status=STATUS[state], **over)
        self.happen(state, subject)
        return Scene(self, pair, subject, another)

    def happen(self, state: str, subject: Person) -> None:
        """What the state holds beside the status of the match."""
        if state == "proposedWithConsent":
            self.consent(subject)
        kinds = {
            "acceptedProtected": Concealing.PROTECTED_IDENTITY,
            "acceptedWithdrawn": Concealing.WITHDRAWN_CONSENT,
            "acceptedAnonymous": Concealing.ANONYMOUS,
        }
        if state in kinds:
            program = self.place.program if kinds[state] is Concealing.WITHDRAWN_CONSENT else None
            concealed = {"participant_id": subject.id, "partner_id": self.holder, "program_id": program}
            self.world.add(Concealment.model_validate({**concealed, "kind": kinds[state]}))

    def consent(self, subject: Person) -> None:
        purpose, user = ConsentPurpose.SHOW_IN_PROPOSAL, subject.row.user_id
        text = ConsentText(
            partner_id=self.holder, purpose=purpose, language="sv", number=self.world.number(), body="Visas i förslag."
        )
        given = {"giver": ConsentGiver.SELF, "given_at": self.world.clock(), "recorded_by_user_id": user}
        owner = {"participant_id": subject.id, "partner_id": self.holder, "program_id": self.place.program}
        self.world.add(text)
        self.world.add(Consent.model_validate({**given, **owner, "purpose": purpose, "text_id": text.id}))


@dataclass
class Scene:
    theatre: Theatre
    pair: Pair
    subject: Person
    another: Person
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, principal: str) -> Client:
        if principal not in self.clients:
            self.clients[principal] = self.enter(principal)
        return self.clients[principal]

    def enter(self, principal: str) -> Client:
        theatre, world = self.theatre, self.theatre.world
        handler, coordinator = Role.CASE_HANDLER, Role.COORDINATOR
        match principal:
            case "self":
                return self.subject.client
            case "counterpart":
                return self.another.client
            case "clearedHandler":
                return self.cleared()
            case "holderMatchService":
                return world.client(Role.SERVICE, theatre.holder, ["match:read"])
            case "stranger":
                return world.client(handler, world.partner())
        places = {"holderHandler": theatre.holder, "holderCoordinator": theatre.holder, "otherHandler": theatre.other}
        role = coordinator if principal in {"holderCoordinator", "matcher", "follower"} else handler
        return world.client(role, places.get(principal) or theatre.duties[principal])

    def cleared(self) -> Client:
        world, holder = self.theatre.world, self.theatre.holder
        email = f"c{world.number()}@example.org"
        user: UserAccount = world.add(
            UserAccount(name="Påhittad Person", role=Role.CASE_HANDLER, partner_id=holder, email=email)
        )
        world.add(
            Clearance(
                partner_id=holder,
                user_id=user.id,
                status=ClearanceStatus.APPROVED,
                valid_until=self.theatre.place.today + timedelta(days=30),
                proposed_by_user_id=user.id,
            )
        )
        return world.client_for(user)

    def seen(self, principal: str) -> dict[str, Any]:
        """What the subject is to that principal; nothing at all when the match does not exist for them."""
        response = self.client(principal).get(f"{self.pair.path}/people")
        if response.status_code == 404:
            return {"shown": [], "text": response.text}
        assert response.status_code == 200, response.text
        found = next(one for one in response.json()["people"] if one["participantId"] == str(self.subject.id))
        assert found["side"] == self.theatre.side
        return {**found, "text": response.text}


def known(employer: UUID, number: int) -> dict[str, Any]:
    """A value in every field that can have one."""
    return {
        "given_name": SECRETS[0],
        "family_name": SECRETS[1],
        "email": SECRETS[2],
        "phone": SECRETS[3],
        "born_on": date.fromisoformat(SECRETS[4]),
        "gender": Gender.FEMALE,
        "municipality_code": "0182",
        "district": "Påhittade berget",
        "accepts_gender": Gender.FEMALE,
        "accepts_age_groups": [AgeGroup.FROM_40_TO_54],
        "employer_partner_id": employer,
        "languages": [{"code": "so", "level": "native"}],
        "occupation_code": "2512",
        "skills": ["DHhX_uVf_y6X"],
        "is_business_owner": True,
        "goals": [Goal.FIND_WORK],
        "interests": [Interest.GARDENING],
        "availability": [16, 17, 40],
        "external_system": "register",
        "external_id": f"{SECRETS[5]}-{number}",
    }
