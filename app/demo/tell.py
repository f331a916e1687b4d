"""What happened in the demo world so far? Told act by act through the API, ending just before the first matching run."""

from datetime import timedelta

from app.demo import acts, care, past, planning, talk, world
from app.demo.client import Stage, Voice
from app.kit.clock import FixedClock, now, today
from app.kit.runtime import Runtime
from app.main import create_runtime
from app.settings import Settings

PRESENT_DAYS = 21
"""The present cohort opened this many days ago."""

SPLIT = {
    "nacka": ["definePurpose", "recruitMentees", "screenMentees", "proposeMatches", "approveMatches", "recordOutcomes",
              "reportToCommittee", "holdPersonalData", "handleIncidents", "fund"],
    "foretagarna": ["recruitMentors", "screenMentors"],
    "brobyggarna": ["inform", "trainMentors", "trainMentees", "signMatchAgreements", "followUpMatches"],
}  # fmt: skip


def all(runtime: Runtime, settings: Settings) -> None:  # noqa: A001  the module reads `tell.all`
    """Fill an empty database. Raises: DemoFailed when the API refuses a step."""
    clock = FixedClock(past.began_at(now()))
    telling = create_runtime(runtime.database, runtime.keyring, settings, clock)
    with Stage.set(telling, settings, clock) as stage:
        system = stage.join(world.SYSTEM[0], world.invite_administrator(telling, *world.SYSTEM))
        partners = tell_partners(stage, system)
        tell_listed(stage, partners)
        program = tell_program(stage, partners)
        tell_links(stage, program)
        past.tell(stage, partners, program)
        tell_cohort(stage, partners, program)
        talk.tell(stage, partners, program)
        planning.tell(stage, partners, program)
    telling.outbox.close()


def tell_partners(stage: Stage, system: Voice) -> dict[str, str]:
    """The organisations, their administrators and colleagues; answers partner ids by key."""
    partners: dict[str, str] = {}
    for partner in world.data()["partners"]:
        body = {name: value for name, value in partner.items() if name != "key"}
        partners[partner["key"]] = system.post("/partners", body)["id"]
    for user in world.data()["users"]:
        where = f"/partners/{partners[user['partner']]}"
        body = {"name": user["name"], "email": user["email"]}
        if user["role"] == "partnerAdministrator":
            invited = system.post(f"{where}/administrators", body)
        else:
            administrator = stage[f"admin@{user['email'].split('@')[1]}"]
            invited = administrator.post(f"{where}/users", {**body, "role": user["role"]})
        stage.join(user["email"], invited["invitationToken"])
    for umbrella, member in world.data()["members"]:
        administrator = stage[f"admin@{umbrella}.example"]
        administrator.post(f"/partners/{partners[umbrella]}/members", {"memberId": partners[member]})
    return partners


def tell_listed(stage: Stage, partners: dict[str, str]) -> None:
    """The existing programmes that the survey of 2014 found: described, run elsewhere."""
    for listed in world.data()["listed"]:
        body = {name: value for name, value in listed.items() if name not in {"owner", "initiator"}}
        if "initiator" in listed:
            body["initiatorPartnerId"] = partners[listed["initiator"]]
        body |= {"listing": "listed", "source": "kartläggning 2014", "isPublished": True, "municipalityCode": "0182"}
        body["assuredOn"] = str(today(stage.runtime.clock()))
        stage[f"samordnare@{listed['owner']}.example"].post("/programs", body)


def tell_links(stage: Stage, program: str) -> None:
    """NBTP cooperates with mentoring programmes: the demo's own and a listed one."""
    valfard = stage["samordnare@valfard.example"]
    by_name = {one["name"]: one["id"] for one in valfard.get("/programs?limit=100")["items"]}
    nbtp = by_name["Nacka business traineeprogram (NBTP)"]
    for linked in (program, by_name["Mentor för kvinnor i Nacka"]):
        valfard.post(f"/programs/{nbtp}/links", {"linkedProgramId": linked})


def tell_program(stage: Stage, partners: dict[str, str]) -> str:
    """Yrkesmentor: purpose, targets, information, policy, and the agreement signed by all three; answers its id."""
    nacka = stage["samordnare@nacka.example"]
    program = nacka.post("/programs", PROGRAM)["id"]
    for outcome, number in (("selfSufficient", 10), ("completedMatches", 20)):
        due = str(today(now()) + timedelta(days=365))
        nacka.post(f"/programs/{program}/targets", {"outcome": outcome, "number": number, "dueOn": due})
    for side, text in INFORMATION.items():
        nacka.post(f"/programs/{program}/information-packs", {"side": side, "language": "sv", **text})
    policy = nacka.get(f"/programs/{program}/default-matching-policy")["document"]
    nacka.post(f"/programs/{program}/matching-policies", {"document": policy, "note": "Enligt profilen."})
    duties = [
        {"duty": duty, "partnerId": partners[key], "level": "accountable"}
        for key, held in SPLIT.items()
        for duty in held
    ]
    duties.append({"duty": "recruitMentees", "partnerId": partners["brobyggarna"], "level": "supporting"})
    draft = {
        "title": "Samverkansavtal Yrkesmentor",
        "terms": "Parterna driver Yrkesmentor tillsammans. Ansvaret fördelas som i bilagd tabell.",
        "validFrom": str(today(stage.runtime.clock())),
        "parties": [partners[key] for key in SPLIT],
        "duties": duties,
    }
    agreement = nacka.post(f"/programs/{program}/agreements", draft)["id"]
    nacka.post(f"/agreements/{agreement}/proposal")
    for key in SPLIT:
        stage[f"samordnare@{key}.example"].post(f"/agreements/{agreement}/signatures")
    return str(program)


def tell_cohort(stage: Stage, partners: dict[str, str], program: str) -> None:
    """The present cohort: twelve mentors and fifteen mentees enrolled, screened, trained and informed."""
    clock = stage.clock
    clock.advance(now() - timedelta(days=PRESENT_DAYS) - clock())
    cohort = acts.open_cohort(stage, program, "Innevarande omgång", today(clock()), weeks=30)
    mentors = [acts.enrol(stage, partners["foretagarna"], cohort, one, "mentor") for one in world.data()["mentors"]]
    mentees = [acts.enrol(stage, partners["nacka"], cohort, one, "mentee") for one in world.data()["mentees"]]
    clock.advance(timedelta(days=7))
    packs = acts.packs_by_side(stage, program)
    for enrolment in [*mentors, *mentees]:
        acts.make_ready(stage, enrolment, packs)
    acts.invite_pair(stage, mentors[0], world.data()["mentors"][0]["email"])
    acts.invite_pair(stage, mentees[0], world.data()["mentees"][0]["email"])
    care.tell(stage, partners, program, cohort, mentors[0])


PROGRAM = {
    "name": "Yrkesmentor Nacka (demo)",
    "summary": "Professionskollegor, inklusive egna företagare, som mentorer för den som söker sig in i yrkeslivet.",
    "description": "En mentor i samma yrke, eller som själv driver företag, möter en adept under minst fyra månader.",
    "kind": "mentoring",
    "category": "professionalPeers",
    "purpose": "Fler personer utanför arbetsmarknaden når egen försörjning genom ett yrkesnätverk.",
    "municipalityCode": "0182",
    "isPublished": True,
    "eligibility": {"minAge": 18},
}
INFORMATION = {
    "mentor": {
        "title": "Till dig som blir mentor",
        "body": "Du delar erfarenhet och nätverk. Du ordnar inte ett jobb.",
    },
    "mentee": {
        "title": "Till dig som blir adept",
        "body": "Du äger dina mål. Mentorn stöttar men ordnar inte ett jobb.",
    },
}
