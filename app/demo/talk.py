"""What do the partners of the demo world say to each other, and when do they meet?"""

from datetime import timedelta

from app.demo.client import Stage

MEETING_DAYS = 35


def tell(stage: Stage, partners: dict[str, str], program: str) -> None:
    """A question with its answer, a decision, and a joint meeting that one partner has answered."""
    channel = f"/programs/{program}/channel-posts"
    nacka, bridge = stage["samordnare@nacka.example"], stage["samordnare@brobyggarna.example"]
    asked = {"kind": "question", "body": "Hinner ni ge grundkursen en gång till före sommaren?"}
    question = nacka.post(channel, {**asked, "mentionedPartnerIds": [partners["brobyggarna"]]})
    bridge.post(f"/channel-posts/{question['id']}/replies", {"body": "Ja, den andra veckan i maj går bra."})
    begins = stage.clock() + timedelta(days=MEETING_DAYS)
    planned = {
        "title": "Styrgrupp för Yrkesmentor",
        "startsAt": begins.isoformat(),
        "endsAt": (begins + timedelta(hours=2)).isoformat(),
        "place": "Påhittade stadshuset, rum 2",
        "agenda": [
            {"text": "Läget i innevarande omgång", "responsiblePartnerId": partners["brobyggarna"]},
            {"text": "Mål för nästa omgång", "responsiblePartnerId": partners["nacka"]},
        ],
    }
    meeting = nacka.post(f"/programs/{program}/joint-meetings", planned)
    stage["samordnare@foretagarna.example"].post(f"/joint-meetings/{meeting['id']}/answers", {"answer": "coming"})
    decision = {"kind": "decision", "body": "Nästa omgång öppnar när styrgruppen har träffats."}
    link = {"title": "Underlag till styrgruppen", "url": "https://nacka.example/underlag"}
    nacka.post(channel, {**decision, "links": [link], "jointMeetingId": meeting["id"]})
