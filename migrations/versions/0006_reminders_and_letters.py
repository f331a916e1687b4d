"""Reminders of follow-ups, and the letters that carry them.

Revision: 0006, after 0005
"""

import re

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

KINDS = ("followUp.reminded",)
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
    op.create_table('letter',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('answering', 'asking', 'supporting', 'accountable', name='letterkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('status', sa.Enum('queued', 'sending', 'sent', 'dropped', 'failed', name='letterstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_letter_program_id_program')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_letter_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter'))
    )
    op.create_index('ix_letter_next_at', 'letter', ['next_at'], unique=False, postgresql_where=sa.text("status in ('queued', 'sending')"))
    op.create_table('reminder',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=False),
    sa.Column('follow_up_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=True),
    sa.Column('mentor_participant_id', sa.Uuid(), nullable=True),
    sa.Column('mentee_participant_id', sa.Uuid(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('rung', sa.Enum('ahead', 'late', 'supporting', 'accountable', name='rung', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('letter_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['follow_up_id'], ['follow_up.id'], name=op.f('fk_reminder_follow_up_id_follow_up')),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_reminder_letter_id_letter')),
    sa.ForeignKeyConstraint(['mentee_participant_id'], ['participant.id'], name=op.f('fk_reminder_mentee_participant_id_participant')),
    sa.ForeignKeyConstraint(['mentor_participant_id'], ['participant.id'], name=op.f('fk_reminder_mentor_participant_id_participant')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_reminder_participant_id_participant')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_reminder_program_id_program')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_reminder_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder'))
    )
    op.create_index(op.f('ix_reminder_letter_id'), 'reminder', ['letter_id'], unique=False)
    op.create_index(op.f('ix_reminder_participant_id'), 'reminder', ['participant_id'], unique=False)
    op.create_index(op.f('ix_reminder_program_id'), 'reminder', ['program_id'], unique=False)
    op.create_index('uq_reminder_follow_up_id_due_on_rung_user_id', 'reminder', ['follow_up_id', 'due_on', 'rung', 'user_id'], unique=True)
    op.execute("alter table reminder enable row level security")
    op.execute("alter table reminder force row level security")
    op.execute(f"create policy within_reach on reminder using ({POLICY}) with check (true)")
    take("ck_change_changekind", "change", "kind", [*words_of("ck_change_changekind"), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    kept = [word for word in words_of("ck_change_changekind") if word not in KINDS]
    take("ck_change_changekind", "change", "kind", kept)
    op.drop_index('uq_reminder_follow_up_id_due_on_rung_user_id', table_name='reminder')
    op.drop_index(op.f('ix_reminder_program_id'), table_name='reminder')
    op.drop_index(op.f('ix_reminder_participant_id'), table_name='reminder')
    op.drop_index(op.f('ix_reminder_letter_id'), table_name='reminder')
    op.drop_table('reminder')
    op.drop_index('ix_letter_next_at', table_name='letter', postgresql_where=sa.text("status in ('queued', 'sending')"))
    op.drop_table('letter')
