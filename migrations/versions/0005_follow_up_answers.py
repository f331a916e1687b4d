"""Answers that are corrected, follow-ups that are moved, and questions of a program's own.

Revision: 0005, after 0004
"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

KINDS = ("followUp.corrected", "followUp.rescheduled", "questionnaire.published")
REASON = "matchReopened"
POLICY = """
(select beyond_reach())
  or participant_id = any ((select reach('follow_up_read.persons'))::uuid[])
  or ((program_id = any ((select reach('follow_up_read.any'))::uuid[])
    and (mentor_participant_id is null or (mentor_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[])))
    and (mentee_participant_id is null or (mentee_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and (mentor_participant_id is null or mentor_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
    and (mentee_participant_id is null or mentee_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))))
"""


def words_of(constraint: str) -> list[str]:
    """What a choice takes now: what lies before this migration need not be repeated here."""
    told = op.get_bind().scalar(
        sa.text("select pg_get_constraintdef(oid) from pg_constraint where conname = :name"), {"name": constraint}
    )
    return re.findall(r"'([^']+)'", told)


def take(constraint: str, table: str, column: str, words: list[str]) -> None:
    op.drop_constraint(op.f(constraint), table, type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f(constraint), table, sa.text(f"{column} in ({listed})"))


def upgrade() -> None:
    op.create_table('program_questionnaire',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('checkInMentor', 'checkInMentee', 'inDepth', 'entry', 'exit', 'afterOneMonth', 'afterSixMonths', 'afterTwelveMonths', name='followupkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('side', sa.Enum('mentor', 'mentee', name='side', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('since_on', sa.Date(), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('questions', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('published_by_user_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_program_questionnaire_program_id_program')),
    sa.ForeignKeyConstraint(['published_by_user_id'], ['user_account.id'], name=op.f('fk_program_questionnaire_published_by_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_program_questionnaire'))
    )
    op.create_index(op.f('ix_program_questionnaire_program_id'), 'program_questionnaire', ['program_id'], unique=False)
    op.create_index('uq_program_questionnaire_number', 'program_questionnaire', ['program_id', 'kind', 'side', 'number'], unique=True, postgresql_nulls_not_distinct=True)
    op.create_table('follow_up_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=False),
    sa.Column('follow_up_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=True),
    sa.Column('mentor_participant_id', sa.Uuid(), nullable=True),
    sa.Column('mentee_participant_id', sa.Uuid(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_by_user_id', sa.Uuid(), nullable=False),
    sa.Column('is_answered_in_person', sa.Boolean(), nullable=False),
    sa.Column('questionnaire_version', sa.Integer(), nullable=False),
    sa.Column('program_questionnaire_id', sa.Uuid(), nullable=True),
    sa.Column('answers', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('correction_reason', sa.Enum('mistyped', 'misunderstood', 'wrongDay', 'newInformation', 'other', name='correctionreason', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrected_by_user_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['corrected_by_user_id'], ['user_account.id'], name=op.f('fk_follow_up_version_corrected_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['follow_up_id'], ['follow_up.id'], name=op.f('fk_follow_up_version_follow_up_id_follow_up')),
    sa.ForeignKeyConstraint(['mentee_participant_id'], ['participant.id'], name=op.f('fk_follow_up_version_mentee_participant_id_participant')),
    sa.ForeignKeyConstraint(['mentor_participant_id'], ['participant.id'], name=op.f('fk_follow_up_version_mentor_participant_id_participant')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_follow_up_version_participant_id_participant')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_follow_up_version_program_id_program')),
    sa.ForeignKeyConstraint(['program_questionnaire_id'], ['program_questionnaire.id'], name=op.f('fk_follow_up_version_program_questionnaire_id_program_questionnaire')),
    sa.ForeignKeyConstraint(['submitted_by_user_id'], ['user_account.id'], name=op.f('fk_follow_up_version_submitted_by_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up_version'))
    )
    op.create_index(op.f('ix_follow_up_version_participant_id'), 'follow_up_version', ['participant_id'], unique=False)
    op.create_index(op.f('ix_follow_up_version_program_id'), 'follow_up_version', ['program_id'], unique=False)
    op.create_index('uq_follow_up_version_follow_up_id_number', 'follow_up_version', ['follow_up_id', 'number'], unique=True)
    op.add_column('follow_up', sa.Column('moved_from', sa.Date(), nullable=True))
    op.add_column('follow_up', sa.Column('is_answered_in_person', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('follow_up', sa.Column('answer_number', sa.Integer(), nullable=False, server_default="0"))
    op.add_column('follow_up', sa.Column('program_questionnaire_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_follow_up_program_questionnaire_id_program_questionnaire'), 'follow_up', 'program_questionnaire', ['program_questionnaire_id'], ['id'])
    op.execute("update follow_up set answer_number = 1 where submitted_at is not null")
    op.execute(
        "update follow_up f set is_answered_in_person = true from user_account u"
        " where u.id = f.submitted_by_user_id and u.role in ('mentor', 'mentee')"
    )
    for column in ("is_answered_in_person", "answer_number"):
        op.alter_column("follow_up", column, server_default=None)
    op.execute("alter table follow_up_version enable row level security")
    op.execute("alter table follow_up_version force row level security")
    op.execute(f"create policy within_reach on follow_up_version using ({POLICY}) with check (true)")
    kinds, reasons = words_of("ck_change_changekind"), words_of("ck_follow_up_waiverreason")
    take("ck_change_changekind", "change", "kind", [*kinds, *KINDS])
    take("ck_follow_up_waiverreason", "follow_up", "waived_reason", [*reasons, REASON])


def downgrade() -> None:
    op.execute(f"update follow_up set waived_reason = 'other' where waived_reason = '{REASON}'")
    kept = [word for word in words_of("ck_follow_up_waiverreason") if word != REASON]
    take("ck_follow_up_waiverreason", "follow_up", "waived_reason", kept)
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    kept = [word for word in words_of("ck_change_changekind") if word not in KINDS]
    take("ck_change_changekind", "change", "kind", kept)
    op.drop_constraint(op.f('fk_follow_up_program_questionnaire_id_program_questionnaire'), 'follow_up', type_='foreignkey')
    op.drop_column('follow_up', 'program_questionnaire_id')
    op.drop_column('follow_up', 'answer_number')
    op.drop_column('follow_up', 'is_answered_in_person')
    op.drop_column('follow_up', 'moved_from')
    op.drop_index('uq_follow_up_version_follow_up_id_number', table_name='follow_up_version')
    op.drop_index(op.f('ix_follow_up_version_program_id'), table_name='follow_up_version')
    op.drop_index(op.f('ix_follow_up_version_participant_id'), table_name='follow_up_version')
    op.drop_table('follow_up_version')
    op.drop_index('uq_program_questionnaire_number', table_name='program_questionnaire', postgresql_nulls_not_distinct=True)
    op.drop_index(op.f('ix_program_questionnaire_program_id'), table_name='program_questionnaire')
    op.drop_table('program_questionnaire')
