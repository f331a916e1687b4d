"""How are people cared for in the demo world? A course with its certificate, a referral with consent, an anonymous person."""

from datetime import timedelta
from typing import Any

from app.demo.client import Stage
from app.kit.clock import today

REFERRED: dict[str, Any] = {
    "givenName": "Rosa",
    "familyName": "Remissdotter",
    "bornOn": "1991-03-08",
    "gender": "female",
    "email": "rosa@hanvisad.example",
    "municipalityCode": "0182",
    "languages": [{"code": "sv", "level": "B1"}, {"code": "es", "level": "native"}],
    "occupationCode": "2411",
    "goals": ["findWork"],
}
ANONYMOUS: dict[str, Any] = {
    "gender": "female",
    "birthYear": 1984,
    "languages": [{"code": "sv", "level": "B2"}],
    "goals": ["buildNetwork"],
}
MINUTES = 120
COURSE = {
    "title": "Att vara mentor",
    "isShared": True,
    "language": "sv",
    "description": "Roller, förväntningar, samtal och avslut.",
    "topics": ["roles", "expectations", "relationship", "closure"],
    "minutes": MINUTES,
}


def tell(stage: Stage, partners: dict[str, str], program: str, cohort: str, mentor: dict[str, Any]) -> None:
    """Told after the present cohort stands; nothing here changes who can be matched."""
    tell_course(stage, partners, program, mentor)
    tell_referral(stage, partners, cohort)
    stage["handlaggare@brobyggarna.example"].post(
        f"/partners/{partners['brobyggarna']}/anonymous-participants", ANONYMOUS
    )


def tell_course(stage: Stage, partners: dict[str, str], program: str, mentor: dict[str, Any]) -> None:
    """A shared course in the programme's curriculum, given once; the mentor attends and gets a certificate."""
    lead, trainer = stage["samordnare@brobyggarna.example"], stage["handlaggare@brobyggarna.example"]
    where = f"/partners/{partners['brobyggarna']}"
    course = lead.post(f"{where}/courses", COURSE)
    curriculum = {"courseId": course["id"], "side": "mentor", "isRequired": False}
    lead.post(f"/programs/{program}/curriculum", curriculum)
    begins = stage.clock() + timedelta(hours=1)
    given = {
        "courseVersionId": course["latest"]["id"],
        "startsAt": begins.isoformat(),
        "endsAt": (begins + timedelta(minutes=MINUTES)).isoformat(),
        "mode": "inPerson",
        "place": "Föreningslokalen, Påhittade gatan 1",
        "places": 16,
    }
    session = lead.post(f"{where}/training-sessions", given)
    attendance = trainer.post(f"/enrolments/{mentor['id']}/attendances", {"sessionId": session["id"]})
    stage.clock.advance(timedelta(days=1))
    stage["handlaggare@brobyggarna.example"].patch(f"/attendances/{attendance['id']}", {"status": "attended"})


def tell_referral(stage: Stage, partners: dict[str, str], cohort: str) -> None:
    """Nacka's case handler refers Rosa, who has consented; the association has not answered yet."""
    nacka = f"/partners/{partners['nacka']}"
    words = {"purpose": "referral", "language": "sv", "body": "Nacka kommun får lämna dina uppgifter till mottagaren."}
    text = stage["samordnare@nacka.example"].post(f"{nacka}/consent-texts", words)
    handler = stage["handlaggare@nacka.example"]
    rosa = handler.post(f"{nacka}/participants", REFERRED)
    receiver = partners["brobyggarna"]
    consent = {"purpose": "referral", "textId": text["id"], "recipientPartnerId": receiver}
    handler.post(f"/participants/{rosa['id']}/consents", consent)
    answer_by = str(today(stage.clock()) + timedelta(days=42))
    referral = {"participantId": rosa["id"], "toPartnerId": receiver, "cohortId": cohort, "side": "mentee"}
    handler.post(f"{nacka}/referrals", {**referral, "answerBy": answer_by})
