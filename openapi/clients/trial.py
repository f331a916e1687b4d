"""Does a partner's script read well with the generated client? It is checked by mypy, and never run."""

from mentorskap_client import AuthenticatedClient, Client
from mentorskap_client.api.accounts import create_session
from mentorskap_client.api.programs import list_programs
from mentorskap_client.models import Listing, ProblemDocument, ProgramRead, SessionCreate

API = "http://127.0.0.1:8000/mentorskap/v1"


def log_in(email: str, password: str) -> AuthenticatedClient:
    answer = create_session.sync(client=Client(API), body=SessionCreate(email=email, password=password))
    if answer is None or isinstance(answer, ProblemDocument):
        raise SystemExit(answer.title if answer else "no answer that the document tells of")
    return AuthenticatedClient(API, token=answer.access_token)


def own_programs(client: AuthenticatedClient) -> list[ProgramRead]:
    answer = list_programs.sync(client=client, listing=Listing.OWN, limit=200)
    if answer is None or isinstance(answer, ProblemDocument):
        return []
    return answer.items
