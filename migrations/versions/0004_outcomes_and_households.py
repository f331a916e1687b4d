"""outcomes tell of education; how many children live in a household

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

EDUCATION = sa.Enum('belowCompulsory', 'compulsory', 'upperSecondary', 'postSecondaryShort', 'postSecondaryLong', 'research', name='educationlevel', native_enum=False, create_constraint=True, length=40)

POLICY = """
(select beyond_reach())
  or participant_id = any ((select reach('household_read.persons'))::uuid[])
  or ((program_id = any ((select reach('household_read.any'))::uuid[])
    and (participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[])))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
"""


# Kinds of change are added to whatever is allowed already: several branches add some.
KINDS = """
do $$ declare
  found text := pg_get_constraintdef((select oid from pg_constraint where conname = 'ck_change_changekind'));
  kinds text := (select string_agg(quote_literal(one[1]), ', ') from regexp_matches(found, $r$'([A-Za-z]+[.][A-Za-z]+)'$r$, 'g') one
                  where one[1] <> 'household.answered');
begin
  alter table change drop constraint ck_change_changekind;
  execute 'alter table change add constraint ck_change_changekind check (kind in (' || kinds || '%s))';
end $$
"""


def upgrade() -> None:
    op.execute(KINDS % ", ''household.answered''")
    op.add_column('outcome', sa.Column('education', EDUCATION, nullable=True))
    op.create_table('household_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=False),
    sa.Column('enrolment_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('children_count', sa.Integer(), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.Column('recorded_by_user_id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('children_count between 0 and 20', name=op.f('ck_household_answer_children')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_household_answer_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_household_answer_participant_id_participant')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_household_answer_program_id_program')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['user_account.id'], name=op.f('fk_household_answer_recorded_by_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household_answer'))
    )
    op.create_index('ix_household_answer_participant_id', 'household_answer', ['participant_id'], unique=False)
    op.create_index('ix_household_answer_program_id', 'household_answer', ['program_id'], unique=False)
    op.create_index('uq_household_answer_enrolment_id', 'household_answer', ['enrolment_id'], unique=True)
    op.execute('alter table household_answer enable row level security')
    op.execute('alter table household_answer force row level security')
    op.execute(f'create policy within_reach on household_answer using ({POLICY}) with check (true)')


def downgrade() -> None:
    op.execute("delete from change where kind = 'household.answered'")
    op.execute(KINDS % "")
    op.drop_table('household_answer')
    op.drop_column('outcome', 'education')
