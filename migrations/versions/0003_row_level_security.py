"""Row-level security, and the role that works under it.

Revision: 0003, after 0002

The role is the whole server's, so it may be there already, made for another database or by an administrator; going
back leaves it. The policies are the text of `app/features/access/row_policies.py` as it was; a contract test compares the
two and prints what a next migration must say.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROLE = "mentorskap_app"

MAKE_ROLE = f"""
do $$ begin
  if not exists (select from pg_roles where rolname = '{ROLE}') then
    begin
      create role {ROLE} nologin;
    exception when duplicate_object or unique_violation then
      null;  -- somebody else, for another database of this server, was faster
    end;
  end if;
  if not pg_has_role(current_user, '{ROLE}', 'set') then
    grant {ROLE} to current_user with inherit false, set true;
  end if;
end $$
"""

GRANTS = f"""
grant usage on schema public to {ROLE};
grant select, insert, update, delete on all tables in schema public to {ROLE};
grant usage, select on all sequences in schema public to {ROLE};
alter default privileges in schema public grant select, insert, update, delete on tables to {ROLE};
alter default privileges in schema public grant usage, select on sequences to {ROLE};
revoke update, delete on change, access_record from {ROLE};
revoke insert, update, delete on alembic_version from {ROLE}
"""

UNGRANT = f"""
alter default privileges in schema public revoke all on tables from {ROLE};
alter default privileges in schema public revoke all on sequences from {ROLE};
revoke all on all tables in schema public from {ROLE};
revoke all on all sequences in schema public from {ROLE};
revoke all on schema public from {ROLE}
"""

# What the application tells at the start of a transaction, see app/features/access/rows.py. Nothing told: no ids.
REACH = """
create function reach(what text) returns uuid[] language sql stable parallel safe as $$
  select coalesce(nullif(current_setting('mentorskap.' || what, true), '')::uuid[], '{}')
$$
"""
BEYOND_REACH = """
create function beyond_reach() returns boolean language sql stable parallel safe as $$
  select coalesce(current_setting('mentorskap.beyond_reach', true) = 'on', false)
$$
"""
# Asked while it is still being found out who acts: ids only, of one account. They widen the reach themselves and put it
# back; a SET clause of the function would say so more briefly, but only a superuser may write it.
PERSONS_OF = """
create function persons_of(account uuid) returns uuid[] language plpgsql as $$
declare
  before text := coalesce(current_setting('mentorskap.beyond_reach', true), '');
  found uuid[];
begin
  perform set_config('mentorskap.beyond_reach', 'on', true);
  found := array(select p.id from participant p where p.user_id = account order by p.id);
  perform set_config('mentorskap.beyond_reach', before, true);
  return found;
end $$
"""
PROGRAMS_OF = """
create function programs_of(account uuid, statuses text[]) returns uuid[] language plpgsql as $$
declare
  before text := coalesce(current_setting('mentorskap.beyond_reach', true), '');
  found uuid[];
begin
  perform set_config('mentorskap.beyond_reach', 'on', true);
  found := array(
    select distinct e.program_id from enrolment e join participant p on p.id = e.participant_id
     where p.user_id = account and e.status = any(statuses) order by e.program_id
  );
  perform set_config('mentorskap.beyond_reach', before, true);
  return found;
end $$
"""

POLICIES = {
    "acknowledgement": """
(select beyond_reach())
  or participant_id = any ((select reach('enrolment_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('enrolment_read.partner'))::uuid[])
    or (((side = 'mentor' and program_id = any ((select reach('enrolment_read.mentor'))::uuid[]))
    or (side = 'mentee' and program_id = any ((select reach('enrolment_read.mentee'))::uuid[])))
    and (participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "attendance": """
(select beyond_reach())
  or participant_id = any ((select reach('attendance_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('attendance_read.partner'))::uuid[])
    or (((side = 'mentor' and program_id = any ((select reach('attendance_read.mentor'))::uuid[]))
    or (side = 'mentee' and program_id = any ((select reach('attendance_read.mentee'))::uuid[])))
    and (participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "attestation": """
(select beyond_reach())
  or participant_id = any ((select reach('attestation_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('attestation_read.partner'))::uuid[])
    or (cardinality((select reach('attestation_read.any'))::uuid[]) > 0
    and exists (select from enrolment e where (e.participant_id = attestation.participant_id
    and ((e.side = 'mentor' and e.program_id = any ((select reach('attestation_read.mentor'))::uuid[]))
    or (e.side = 'mentee' and e.program_id = any ((select reach('attestation_read.mentee'))::uuid[])))
    and e.status in ('referred', 'applied', 'screening', 'ready', 'paused', 'waiting', 'exited')
    and (e.participant_id, e.program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and attestation.participant_id not in (select c.participant_id from concealment c where c.kind = 'anonymous' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "consent": """
(select beyond_reach())
  or participant_id = any ((select reach('consent_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('consent_read.partner'))::uuid[])
    or (cardinality((select reach('consent_read.any'))::uuid[]) > 0
    and exists (select from enrolment e where (e.participant_id = consent.participant_id
    and ((e.side = 'mentor' and e.program_id = any ((select reach('consent_read.mentor'))::uuid[]))
    or (e.side = 'mentee' and e.program_id = any ((select reach('consent_read.mentee'))::uuid[])))
    and e.status in ('referred', 'applied', 'screening', 'ready', 'paused', 'waiting', 'exited')
    and (e.participant_id, e.program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and consent.participant_id not in (select c.participant_id from concealment c where c.kind = 'anonymous' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "contact_digest": """
(select beyond_reach())
  or participant_id = any ((select reach('participant_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('participant_read.partner'))::uuid[])
    or (cardinality((select reach('participant_read.any'))::uuid[]) > 0
    and exists (select from enrolment e where (e.participant_id = contact_digest.participant_id
    and ((e.side = 'mentor' and e.program_id = any ((select reach('participant_read.mentor'))::uuid[]))
    or (e.side = 'mentee' and e.program_id = any ((select reach('participant_read.mentee'))::uuid[])))
    and e.status in ('referred', 'applied', 'screening', 'ready', 'paused', 'waiting', 'exited')
    and (e.participant_id, e.program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and contact_digest.participant_id not in (select c.participant_id from concealment c where c.kind = 'anonymous' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "enrolment": """
(select beyond_reach())
  or participant_id = any ((select reach('enrolment_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('enrolment_read.partner'))::uuid[])
    or (((side = 'mentor' and program_id = any ((select reach('enrolment_read.mentor'))::uuid[]))
    or (side = 'mentee' and program_id = any ((select reach('enrolment_read.mentee'))::uuid[])))
    and (participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "expectation_answer": """
(select beyond_reach())
  or participant_id = any ((select reach('expectation_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('expectation_read.partner'))::uuid[])
    or (((side = 'mentor' and program_id = any ((select reach('expectation_read.mentor'))::uuid[]))
    or (side = 'mentee' and program_id = any ((select reach('expectation_read.mentee'))::uuid[])))
    and (participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "follow_up": """
(select beyond_reach())
  or participant_id = any ((select reach('follow_up_read.persons'))::uuid[])
  or ((program_id = any ((select reach('follow_up_read.any'))::uuid[])
    and (mentor_participant_id is null or (mentor_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[])))
    and (mentee_participant_id is null or (mentee_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and (mentor_participant_id is null or mentor_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
    and (mentee_participant_id is null or mentee_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))))
""",
    "guardian": """
(select beyond_reach())
  or participant_id = any ((select reach('guardian_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('guardian_read.partner'))::uuid[])
    or (cardinality((select reach('guardian_read.any'))::uuid[]) > 0
    and exists (select from enrolment e where (e.participant_id = guardian.participant_id
    and ((e.side = 'mentor' and e.program_id = any ((select reach('guardian_read.mentor'))::uuid[]))
    or (e.side = 'mentee' and e.program_id = any ((select reach('guardian_read.mentee'))::uuid[])))
    and e.status in ('referred', 'applied', 'screening', 'ready', 'paused', 'waiting', 'exited')
    and (e.participant_id, e.program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and guardian.participant_id not in (select c.participant_id from concealment c where c.kind = 'anonymous' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "match": """
(select beyond_reach())
  or mentor_participant_id = any ((select reach('match_read.persons'))::uuid[])
  or mentee_participant_id = any ((select reach('match_read.persons'))::uuid[])
  or ((mentor_partner_id = any ((select reach('match_read.partner'))::uuid[])
    or mentee_partner_id = any ((select reach('match_read.partner'))::uuid[])
    or (program_id = any ((select reach('match_read.any'))::uuid[])
    and (mentor_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))
    and (mentee_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and mentor_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))
    and mentee_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "match_run_certificate": """
(select beyond_reach())
  or (program_id = any ((select reach('match_run_read.any'))::uuid[])
    and exists (select from match_run w where w.id = run_id and w.clearance_needed <@ (select reach('cleared'))))
""",
    "match_run_pair": """
(select beyond_reach())
  or (program_id = any ((select reach('match_run_read.any'))::uuid[])
    and exists (select from match_run w where w.id = run_id and w.clearance_needed <@ (select reach('cleared'))))
""",
    "match_run_unmatched": """
(select beyond_reach())
  or (program_id = any ((select reach('match_run_read.any'))::uuid[])
    and exists (select from match_run w where w.id = run_id and w.clearance_needed <@ (select reach('cleared'))))
""",
    "meeting": """
(select beyond_reach())
  or mentor_participant_id = any ((select reach('meeting_read.persons'))::uuid[])
  or mentee_participant_id = any ((select reach('meeting_read.persons'))::uuid[])
  or ((program_id = any ((select reach('meeting_read.any'))::uuid[])
    and (mentor_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))
    and (mentee_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[])))
    and mentor_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))
    and mentee_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "outcome": """
(select beyond_reach())
  or participant_id = any ((select reach('outcome_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('outcome_read.partner'))::uuid[])
    or (program_id = any ((select reach('outcome_read.any'))::uuid[])
    and (participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "participant": """
(select beyond_reach())
  or id = any ((select reach('participant_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('participant_read.partner'))::uuid[])
    or (cardinality((select reach('participant_read.any'))::uuid[]) > 0
    and exists (select from enrolment e where (e.participant_id = participant.id
    and ((e.side = 'mentor' and e.program_id = any ((select reach('participant_read.mentor'))::uuid[]))
    or (e.side = 'mentee' and e.program_id = any ((select reach('participant_read.mentee'))::uuid[])))
    and e.status in ('referred', 'applied', 'screening', 'ready', 'paused', 'waiting', 'exited')
    and (e.participant_id, e.program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant.id not in (select c.participant_id from concealment c where c.kind = 'anonymous' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "referral": """
(select beyond_reach())
  or participant_id = any ((select reach('referral_read.persons'))::uuid[])
  or received_participant_id = any ((select reach('referral_read.persons'))::uuid[])
  or ((from_partner_id = any ((select reach('referral_read.partner'))::uuid[])
    or to_partner_id = any ((select reach('referral_read.partner'))::uuid[]))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))
    and (received_participant_id is null or received_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))))
""",
    "training_record": """
(select beyond_reach())
  or participant_id = any ((select reach('training_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('training_read.partner'))::uuid[])
    or (((side = 'mentor' and program_id = any ((select reach('training_read.mentor'))::uuid[]))
    or (side = 'mentee' and program_id = any ((select reach('training_read.mentee'))::uuid[])))
    and (participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "user_account": """
(select beyond_reach())
  or cardinality((select reach('user'))) = 0
  or id = any ((select reach('user'))::uuid[])
  or (partner_id = any ((select reach('user_read.partner'))::uuid[])
    and id not in (select c.user_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]) and c.user_id is not null))
""",
    "link_decision": """
(select beyond_reach())
  or (exists (select from participant p where p.id = first_participant_id)
    and exists (select from participant p where p.id = second_participant_id))
""",
}


def upgrade() -> None:
    op.execute(MAKE_ROLE)
    for statement in GRANTS.split(";"):
        op.execute(statement)
    for function in (REACH, BEYOND_REACH, PERSONS_OF, PROGRAMS_OF):
        op.execute(function)
    for table, condition in POLICIES.items():
        op.execute(f'alter table "{table}" enable row level security')
        op.execute(f'alter table "{table}" force row level security')
        op.execute(f'create policy within_reach on "{table}" using ({condition}) with check (true)')


def downgrade() -> None:
    for table in POLICIES:
        op.execute(f'drop policy within_reach on "{table}"')
        op.execute(f'alter table "{table}" no force row level security')
        op.execute(f'alter table "{table}" disable row level security')
    for function in ("programs_of(uuid, text[])", "persons_of(uuid)", "beyond_reach()", "reach(text)"):
        op.execute(f"drop function {function}")
    for statement in UNGRANT.split(";"):
        op.execute(statement)
