"""Which plan did the committee of the demo world ask for, and what has become of it?"""

from datetime import timedelta

from app.demo.client import Stage
from app.kit.clock import today

YEARS = 3


def tell(stage: Stage, partners: dict[str, str], program: str) -> None:
    """The plan of the memo: existing programmes accessible, new ones possible; adopted, published, and begun."""
    lead, bridge = stage["samordnare@nacka.example"], stage["samordnare@brobyggarna.example"]
    begins = today(stage.clock())
    plan = lead.post(
        "/plans",
        {
            "title": "Plan för mentorskapsprogram i Nacka (demo)",
            "purpose": "Befintliga mentorskapsprogram görs tillgängliga och nya möjliggörs för den som står utanför arbetsmarknaden.",
            "children": "Föräldrars ökade kontaktnät och inkludering i samhället skapar positiva effekter för barn.",
            "startsOn": str(begins),
            "endsOn": str(begins + timedelta(days=365 * YEARS)),
            "withPartnerIds": [partners["brobyggarna"], partners["foretagarna"]],
        },
    )
    where = f"/plans/{plan['id']}"
    goal = lead.post(f"{where}/goals", {"text": "Fler kvinnor har en mentor", "number": 40, "unit": "kvinnor"})
    measure = {
        "text": "Rekrytera mentorer som talar tigrinska och arabiska",
        "responsiblePartnerId": partners["brobyggarna"],
        "startsOn": str(begins),
        "dueOn": str(begins + timedelta(days=300)),
        "gap": {"category": "womenWithImmigrantBackground"},
        "programIds": [program],
    }
    made = lead.post(f"/plan-goals/{goal['id']}/measures", measure)
    adoption = {
        "kind": "adoption",
        "diaryNumber": "AFN 2014/47",
        "decidedOn": str(begins),
        "decidedBy": "Påhittade arbets- och företagsnämnden",
    }
    lead.post(f"{where}/decisions", adoption)
    bridge.post(f"/plan-measures/{made['id']}/reports", {"status": "ongoing", "comment": "Två mentorer är på väg in."})
    lead.post(f"{where}/publication", {"isPublished": True})
