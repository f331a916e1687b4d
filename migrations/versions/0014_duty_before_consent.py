"""Incidents stay in the reach of the partner whose duty they are; kept answers with secrets are emptied.

Revision: 0014, after 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PEOPLE = ("mentor_participant_id", "mentee_participant_id")
POLICY = """
(select beyond_reach())
  or reported_by_user_id = any ((select reach('incident_read.author'))::uuid[])
  or ({shared}
    and mentor_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))
    and mentee_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
"""
BY_DUTY = "program_id = any ((select reach('incident_read.any'))::uuid[])"
CONSENTING = [
    f"({person}, program_id) not in (select c.participant_id, c.program_id from concealment c"
    " where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))"
    for person in PEOPLE
]
# Answers that showed a secret once: the key stays taken, what was answered goes. They lived for 72 hours at most.
EMPTY = """
update idempotency_record set body = ''
 where convert_from(body, 'UTF8') ~ '"(clientSecret|invitationToken|accessToken|refreshToken)":|/calendar-feeds/'
"""


def confine(shared: str) -> None:
    op.execute("drop policy within_reach on incident")
    op.execute(f"create policy within_reach on incident using ({POLICY.format(shared=shared)}) with check (true)")


def upgrade() -> None:
    confine(BY_DUTY)
    op.execute(EMPTY)


def downgrade() -> None:
    confine("(" + "\n    and ".join([BY_DUTY, *CONSENTING]) + ")")
