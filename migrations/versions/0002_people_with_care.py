"""people with care

Revision: 0002, after 0001
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('consent_text',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.Enum('shareInProgram', 'showInProposal', 'referral', name='consentpurpose', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('language', sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sqlmodel.sql.sqltypes.AutoString(length=8000), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_consent_text_partner_id_partner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_text'))
    )
    op.create_index('uq_consent_text_version', 'consent_text', ['partner_id', 'purpose', 'language', 'number'], unique=True)
    op.create_table('course',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('is_shared', sa.Boolean(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_course_partner_id_partner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course'))
    )
    op.create_index('uq_course_partner_id_title', 'course', ['partner_id', 'title'], unique=True)
    op.create_table('clearance',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('proposed', 'approved', 'declined', 'revoked', name='clearancestatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('proposed_by_user_id', sa.Uuid(), nullable=False),
    sa.Column('answered_by_user_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by_user_id', sa.Uuid(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['answered_by_user_id'], ['user_account.id'], name=op.f('fk_clearance_answered_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_clearance_partner_id_partner')),
    sa.ForeignKeyConstraint(['proposed_by_user_id'], ['user_account.id'], name=op.f('fk_clearance_proposed_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['revoked_by_user_id'], ['user_account.id'], name=op.f('fk_clearance_revoked_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_clearance_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clearance'))
    )
    op.create_index(op.f('ix_clearance_partner_id'), 'clearance', ['partner_id'], unique=False)
    op.create_index('ix_clearance_user_id', 'clearance', ['user_id'], unique=False, postgresql_where=sa.text("status = 'approved'"))
    op.create_index('uq_clearance_open', 'clearance', ['user_id', 'partner_id'], unique=True, postgresql_where=sa.text("status = 'proposed'"))
    op.create_table('course_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('language', sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
    sa.Column('description', sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
    sa.Column('topics', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.CheckConstraint('minutes between 1 and 10000', name=op.f('ck_course_version_minutes')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_version_course_id_course')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_course_version_partner_id_partner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_version'))
    )
    op.create_index('uq_course_version_course_id_number', 'course_version', ['course_id', 'number'], unique=True)
    op.create_table('program_course',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.Enum('mentor', 'mentee', name='side', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_program_course_course_id_course')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_program_course_program_id_program')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_program_course'))
    )
    op.create_index(op.f('ix_program_course_course_id'), 'program_course', ['course_id'], unique=False)
    op.create_index(op.f('ix_program_course_program_id'), 'program_course', ['program_id'], unique=False)
    op.create_index('uq_program_course_program_id_course_id_side', 'program_course', ['program_id', 'course_id', 'side'], unique=True)
    op.create_table('attestation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('is_met', sa.Boolean(), nullable=False),
    sa.Column('attested_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('attested_by_user_id', sa.Uuid(), nullable=False),
    sa.Column('attested_by_partner_id', sa.Uuid(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('valid_until is null or valid_until >= attested_on', name=op.f('ck_attestation_period')),
    sa.ForeignKeyConstraint(['attested_by_partner_id'], ['partner.id'], name=op.f('fk_attestation_attested_by_partner_id_partner')),
    sa.ForeignKeyConstraint(['attested_by_user_id'], ['user_account.id'], name=op.f('fk_attestation_attested_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_attestation_participant_id_participant')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_attestation_partner_id_partner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attestation'))
    )
    op.create_index(op.f('ix_attestation_participant_id'), 'attestation', ['participant_id'], unique=False)
    op.create_table('concealment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('protectedIdentity', 'withdrawnConsent', 'anonymous', name='concealing', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=True),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], ),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], ),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('uq_concealment_participant_id_kind_program_id', 'concealment', ['participant_id', 'kind', 'program_id'], unique=True, postgresql_nulls_not_distinct=True)
    op.create_table('guardian',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('given_name', sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
    sa.Column('family_name', sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True),
    sa.Column('phone', sqlmodel.sql.sqltypes.AutoString(length=30), nullable=True),
    sa.Column('consented_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('recorded_by_user_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_guardian_participant_id_participant')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_guardian_partner_id_partner')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['user_account.id'], name=op.f('fk_guardian_recorded_by_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardian'))
    )
    op.create_index(op.f('ix_guardian_participant_id'), 'guardian', ['participant_id'], unique=False)
    op.create_table('link_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_participant_id', sa.Uuid(), nullable=False),
    sa.Column('second_participant_id', sa.Uuid(), nullable=False),
    sa.Column('is_same_person', sa.Boolean(), nullable=False),
    sa.Column('decided_by_user_id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('first_participant_id < second_participant_id', name=op.f('ck_link_decision_order')),
    sa.ForeignKeyConstraint(['decided_by_user_id'], ['user_account.id'], name=op.f('fk_link_decision_decided_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['first_participant_id'], ['participant.id'], name=op.f('fk_link_decision_first_participant_id_participant')),
    sa.ForeignKeyConstraint(['second_participant_id'], ['participant.id'], name=op.f('fk_link_decision_second_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_decision'))
    )
    op.create_index(op.f('ix_link_decision_second_participant_id'), 'link_decision', ['second_participant_id'], unique=False)
    op.create_index('uq_link_decision_first_participant_id_second_participant_id', 'link_decision', ['first_participant_id', 'second_participant_id'], unique=True)
    op.create_table('training_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=False),
    sa.Column('course_version_id', sa.Uuid(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('mode', sa.Enum('inPerson', 'video', 'phone', name='meetingmode', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('place', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('places', sa.Integer(), nullable=True),
    sa.Column('status', sa.Enum('planned', 'held', 'cancelled', name='sessionstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_training_session_period')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_training_session_course_id_course')),
    sa.ForeignKeyConstraint(['course_version_id'], ['course_version.id'], name=op.f('fk_training_session_course_version_id_course_version')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_training_session_partner_id_partner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_session'))
    )
    op.create_index(op.f('ix_training_session_course_id'), 'training_session', ['course_id'], unique=False)
    op.create_index(op.f('ix_training_session_partner_id'), 'training_session', ['partner_id'], unique=False)
    op.create_table('attendance',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=False),
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('enrolment_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.Enum('mentor', 'mentee', name='side', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('status', sa.Enum('registered', 'attended', 'absent', 'cancelled', name='attendancestatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('recorded_by_user_id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('minutes between 0 and 10000', name=op.f('ck_attendance_minutes')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_attendance_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_attendance_participant_id_participant')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_attendance_partner_id_partner')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_attendance_program_id_program')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['user_account.id'], name=op.f('fk_attendance_recorded_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['session_id'], ['training_session.id'], name=op.f('fk_attendance_session_id_training_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance'))
    )
    op.create_index(op.f('ix_attendance_enrolment_id'), 'attendance', ['enrolment_id'], unique=False)
    op.create_index(op.f('ix_attendance_participant_id'), 'attendance', ['participant_id'], unique=False)
    op.create_index(op.f('ix_attendance_program_id'), 'attendance', ['program_id'], unique=False)
    op.create_index('uq_attendance_session_id_enrolment_id', 'attendance', ['session_id', 'enrolment_id'], unique=True)
    op.create_table('consent',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.Enum('shareInProgram', 'showInProposal', 'referral', name='consentpurpose', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text_id', sa.Uuid(), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=True),
    sa.Column('recipient_partner_id', sa.Uuid(), nullable=True),
    sa.Column('giver', sa.Enum('self', 'staff', 'guardian', name='consentgiver', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('guardian_id', sa.Uuid(), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.Uuid(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by_user_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("(giver = 'guardian') = (guardian_id is not null)", name=op.f('ck_consent_guardian')),
    sa.CheckConstraint("(purpose = 'referral') = (program_id is null)", name=op.f('ck_consent_program')),
    sa.CheckConstraint("(purpose = 'referral') = (recipient_partner_id is not null)", name=op.f('ck_consent_recipient')),
    sa.ForeignKeyConstraint(['guardian_id'], ['guardian.id'], name=op.f('fk_consent_guardian_id_guardian')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_consent_participant_id_participant')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_consent_partner_id_partner')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_consent_program_id_program')),
    sa.ForeignKeyConstraint(['recipient_partner_id'], ['partner.id'], name=op.f('fk_consent_recipient_partner_id_partner')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['user_account.id'], name=op.f('fk_consent_recorded_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['text_id'], ['consent_text.id'], name=op.f('fk_consent_text_id_consent_text')),
    sa.ForeignKeyConstraint(['withdrawn_by_user_id'], ['user_account.id'], name=op.f('fk_consent_withdrawn_by_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    op.create_index(op.f('ix_consent_participant_id'), 'consent', ['participant_id'], unique=False)
    op.create_index(op.f('ix_consent_program_id'), 'consent', ['program_id'], unique=False)
    op.create_index(op.f('ix_consent_recipient_partner_id'), 'consent', ['recipient_partner_id'], unique=False)
    op.create_index('uq_consent_in_force', 'consent', ['participant_id', 'purpose', 'program_id', 'recipient_partner_id'], unique=True, postgresql_where=sa.text('withdrawn_at is null'), postgresql_nulls_not_distinct=True)
    op.create_table('contact_digest',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('guardian_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Enum('email', 'phone', name='digestkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('digest', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.ForeignKeyConstraint(['guardian_id'], ['guardian.id'], name=op.f('fk_contact_digest_guardian_id_guardian')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_contact_digest_participant_id_participant')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_contact_digest_partner_id_partner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_digest'))
    )
    op.create_index('ix_contact_digest_digest', 'contact_digest', ['digest'], unique=False)
    op.create_index(op.f('ix_contact_digest_guardian_id'), 'contact_digest', ['guardian_id'], unique=False)
    op.create_index(op.f('ix_contact_digest_participant_id'), 'contact_digest', ['participant_id'], unique=False)
    op.create_table('expectation_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=False),
    sa.Column('enrolment_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.Enum('mentor', 'mentee', name='side', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('questionnaire_version', sa.Integer(), nullable=False),
    sa.Column('answers', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_expectation_answer_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_expectation_answer_participant_id_participant')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_expectation_answer_partner_id_partner')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_expectation_answer_program_id_program')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['user_account.id'], name=op.f('fk_expectation_answer_recorded_by_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expectation_answer'))
    )
    op.create_index(op.f('ix_expectation_answer_participant_id'), 'expectation_answer', ['participant_id'], unique=False)
    op.create_index(op.f('ix_expectation_answer_program_id'), 'expectation_answer', ['program_id'], unique=False)
    op.create_index('uq_expectation_answer_enrolment_id', 'expectation_answer', ['enrolment_id'], unique=True)
    op.create_table('referral',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('program_id', sa.Uuid(), nullable=False),
    sa.Column('cohort_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.Enum('mentor', 'mentee', name='side', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('from_partner_id', sa.Uuid(), nullable=False),
    sa.Column('to_partner_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('consent_id', sa.Uuid(), nullable=False),
    sa.Column('sent_by_user_id', sa.Uuid(), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('sent', 'accepted', 'declined', 'withdrawn', 'expired', name='referralstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('snapshot', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_user_id', sa.Uuid(), nullable=True),
    sa.Column('declined_reason', sa.Enum('criteriaNotMet', 'noTimeNow', 'noPlace', 'noContact', 'noLongerInterested', 'foundWork', 'startedStudies', 'otherProgramFits', 'moved', 'duplicate', 'personalReasons', 'other', name='statusreason', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('received_participant_id', sa.Uuid(), nullable=True),
    sa.Column('enrolment_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('from_partner_id <> to_partner_id', name=op.f('ck_referral_two_partners')),
    sa.ForeignKeyConstraint(['answered_by_user_id'], ['user_account.id'], name=op.f('fk_referral_answered_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_referral_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_referral_consent_id_consent')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_referral_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['from_partner_id'], ['partner.id'], name=op.f('fk_referral_from_partner_id_partner')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_referral_participant_id_participant')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_referral_program_id_program')),
    sa.ForeignKeyConstraint(['received_participant_id'], ['participant.id'], name=op.f('fk_referral_received_participant_id_participant')),
    sa.ForeignKeyConstraint(['sent_by_user_id'], ['user_account.id'], name=op.f('fk_referral_sent_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['to_partner_id'], ['partner.id'], name=op.f('fk_referral_to_partner_id_partner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral'))
    )
    op.create_index('ix_referral_answer_by', 'referral', ['answer_by'], unique=False, postgresql_where=sa.text("status = 'sent'"))
    op.create_index(op.f('ix_referral_consent_id'), 'referral', ['consent_id'], unique=False)
    op.create_index(op.f('ix_referral_from_partner_id'), 'referral', ['from_partner_id'], unique=False)
    op.create_index(op.f('ix_referral_program_id'), 'referral', ['program_id'], unique=False)
    op.create_index(op.f('ix_referral_received_participant_id'), 'referral', ['received_participant_id'], unique=False)
    op.create_index(op.f('ix_referral_to_partner_id'), 'referral', ['to_partner_id'], unique=False)
    op.create_index('uq_referral_open', 'referral', ['participant_id', 'cohort_id', 'side', 'to_partner_id'], unique=True, postgresql_where=sa.text("status = 'sent'"))
    op.add_column('access_record', sa.Column('people', postgresql.ARRAY(sa.Uuid()), nullable=False, server_default='{}'))
    op.alter_column('access_record', 'people', server_default=None)
    op.create_index('ix_access_record_people', 'access_record', ['people'], unique=False, postgresql_using='gin')
    op.add_column('enrolment', sa.Column('ground', sa.Enum('consent', 'publicInterest', 'contract', name='legalground', native_enum=False, create_constraint=True, length=40), nullable=False, server_default='contract'))
    op.alter_column('enrolment', 'ground', server_default=None)
    op.execute("update enrolment e set ground = 'publicInterest' from partner p where p.id = e.partner_id and p.sector not in ('business', 'civilSociety')")
    op.add_column('follow_up', sa.Column('mentor_participant_id', sa.Uuid(), nullable=True))
    op.add_column('follow_up', sa.Column('mentee_participant_id', sa.Uuid(), nullable=True))
    op.execute('update follow_up f set mentor_participant_id = m.mentor_participant_id, mentee_participant_id = m.mentee_participant_id from match m where m.id = f.match_id')
    op.create_foreign_key(op.f('fk_follow_up_mentee_participant_id_participant'), 'follow_up', 'participant', ['mentee_participant_id'], ['id'])
    op.create_foreign_key(op.f('fk_follow_up_mentor_participant_id_participant'), 'follow_up', 'participant', ['mentor_participant_id'], ['id'])
    op.add_column('match', sa.Column('mentor_reviewed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('match', sa.Column('mentee_reviewed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('match_run', sa.Column('clearance_needed', postgresql.ARRAY(sa.Uuid()), server_default='{}', nullable=False))
    op.add_column('participant', sa.Column('person_id', sa.Uuid(), nullable=True))
    op.execute('update participant set person_id = id')
    op.alter_column('participant', 'person_id', nullable=False)
    op.add_column('participant', sa.Column('is_anonymous', sa.Boolean(), nullable=False, server_default='false'))
    op.alter_column('participant', 'is_anonymous', server_default=None)
    op.add_column('participant', sa.Column('protection', sa.Enum('confidentialityMark', 'protectedRegistration', 'assumedIdentity', name='protectionlevel', native_enum=False, create_constraint=True, length=40), nullable=True))
    op.add_column('participant', sa.Column('birth_year', sa.Integer(), nullable=True))
    op.alter_column('participant', 'given_name',
               existing_type=sa.VARCHAR(length=80),
               nullable=True)
    op.alter_column('participant', 'family_name',
               existing_type=sa.VARCHAR(length=80),
               nullable=True)
    op.alter_column('participant', 'born_on',
               existing_type=sa.DATE(),
               nullable=True)
    op.create_check_constraint(op.f('ck_participant_anonymous'), 'participant', "(is_anonymous and coalesce(given_name, family_name, email, phone) is null and born_on is null and birth_year is not null) or (not is_anonymous and given_name is not null and family_name is not null and born_on is not null)")
    op.create_index('ix_participant_person_id', 'participant', ['person_id'], unique=False)
    op.add_column('training_record', sa.Column('course_version_id', sa.Uuid(), nullable=True))
    op.add_column('training_record', sa.Column('session_id', sa.Uuid(), nullable=True))
    op.add_column('training_record', sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_training_record_course_version_id'), 'training_record', ['course_version_id'], unique=False)
    op.create_index('uq_training_record_session_id_enrolment_id', 'training_record', ['session_id', 'enrolment_id'], unique=True)
    op.create_foreign_key(op.f('fk_training_record_session_id_training_session'), 'training_record', 'training_session', ['session_id'], ['id'])
    op.create_foreign_key(op.f('fk_training_record_course_version_id_course_version'), 'training_record', 'course_version', ['course_version_id'], ['id'])
    op.drop_constraint(op.f('ck_change_changekind'), 'change', type_='check')
    op.create_check_constraint(op.f('ck_change_changekind'), 'change', sa.text("kind in ('user.created', 'user.updated', 'serviceSecret.issued', 'serviceSecret.revoked', 'partner.created', 'partner.updated', 'partnerMember.added', 'program.created', 'program.updated', 'program.linked', 'target.added', 'cohort.created', 'cohort.updated', 'cohort.opened', 'cohort.moved', 'agreement.drafted', 'agreement.proposed', 'agreement.signed', 'agreement.cameIntoForce', 'agreement.superseded', 'agreement.ended', 'agreement.withdrawn', 'responsibility.assigned', 'responsibility.ended', 'handover.proposed', 'handover.accepted', 'handover.declined', 'handover.withdrawn', 'participant.created', 'participant.updated', 'participant.linked', 'attestation.recorded', 'attestation.revoked', 'guardian.added', 'guardian.updated', 'consentText.published', 'consent.given', 'consent.withdrawn', 'protection.set', 'protection.lifted', 'clearance.proposed', 'clearance.approved', 'clearance.declined', 'clearance.revoked', 'referral.sent', 'referral.accepted', 'referral.declined', 'referral.withdrawn', 'referral.expired', 'referral.copyErased', 'enrolment.created', 'enrolment.moved', 'information.published', 'information.acknowledged', 'training.recorded', 'training.revoked', 'course.created', 'course.updated', 'courseVersion.published', 'curriculum.changed', 'session.planned', 'session.updated', 'attendance.recorded', 'expectations.answered', 'matchingPolicy.published', 'matchRun.queued', 'matchRun.completed', 'matchRun.failed', 'matchRun.cancelled', 'matchRun.approved', 'matchRun.discarded', 'match.proposed', 'match.accepted', 'match.declined', 'match.expectationsReviewed', 'match.prepared', 'match.activated', 'match.moved', 'match.closed', 'meeting.logged', 'meeting.confirmed', 'followUp.planned', 'followUp.submitted', 'followUp.waived', 'outcome.recorded')"))


def downgrade() -> None:
    # Kinds and people that the older version does not know cannot be kept.
    op.execute(sa.text("delete from change where kind not in ('user.created', 'user.updated', 'serviceSecret.issued', 'serviceSecret.revoked', 'partner.created', 'partner.updated', 'partnerMember.added', 'program.created', 'program.updated', 'program.linked', 'target.added', 'cohort.created', 'cohort.updated', 'cohort.opened', 'cohort.moved', 'agreement.drafted', 'agreement.proposed', 'agreement.signed', 'agreement.cameIntoForce', 'agreement.superseded', 'agreement.ended', 'agreement.withdrawn', 'responsibility.assigned', 'responsibility.ended', 'handover.proposed', 'handover.accepted', 'handover.declined', 'handover.withdrawn', 'participant.created', 'participant.updated', 'enrolment.created', 'enrolment.moved', 'information.published', 'information.acknowledged', 'training.recorded', 'matchingPolicy.published', 'matchRun.queued', 'matchRun.completed', 'matchRun.failed', 'matchRun.cancelled', 'matchRun.approved', 'matchRun.discarded', 'match.proposed', 'match.accepted', 'match.declined', 'match.prepared', 'match.activated', 'match.moved', 'match.closed', 'meeting.logged', 'meeting.confirmed', 'followUp.planned', 'followUp.submitted', 'followUp.waived', 'outcome.recorded')"))
    op.drop_constraint(op.f('ck_change_changekind'), 'change', type_='check')
    op.create_check_constraint(op.f('ck_change_changekind'), 'change', sa.text("kind in ('user.created', 'user.updated', 'serviceSecret.issued', 'serviceSecret.revoked', 'partner.created', 'partner.updated', 'partnerMember.added', 'program.created', 'program.updated', 'program.linked', 'target.added', 'cohort.created', 'cohort.updated', 'cohort.opened', 'cohort.moved', 'agreement.drafted', 'agreement.proposed', 'agreement.signed', 'agreement.cameIntoForce', 'agreement.superseded', 'agreement.ended', 'agreement.withdrawn', 'responsibility.assigned', 'responsibility.ended', 'handover.proposed', 'handover.accepted', 'handover.declined', 'handover.withdrawn', 'participant.created', 'participant.updated', 'enrolment.created', 'enrolment.moved', 'information.published', 'information.acknowledged', 'training.recorded', 'matchingPolicy.published', 'matchRun.queued', 'matchRun.completed', 'matchRun.failed', 'matchRun.cancelled', 'matchRun.approved', 'matchRun.discarded', 'match.proposed', 'match.accepted', 'match.declined', 'match.prepared', 'match.activated', 'match.moved', 'match.closed', 'meeting.logged', 'meeting.confirmed', 'followUp.planned', 'followUp.submitted', 'followUp.waived', 'outcome.recorded')"))
    op.drop_constraint(op.f('ck_participant_anonymous'), 'participant', type_='check')
    op.drop_constraint(op.f('fk_training_record_course_version_id_course_version'), 'training_record', type_='foreignkey')
    op.drop_constraint(op.f('fk_training_record_session_id_training_session'), 'training_record', type_='foreignkey')
    op.drop_index('uq_training_record_session_id_enrolment_id', table_name='training_record')
    op.drop_index(op.f('ix_training_record_course_version_id'), table_name='training_record')
    op.drop_column('training_record', 'revoked_at')
    op.drop_column('training_record', 'session_id')
    op.drop_column('training_record', 'course_version_id')
    op.drop_index('ix_participant_person_id', table_name='participant')
    op.alter_column('participant', 'born_on',
               existing_type=sa.DATE(),
               nullable=False)
    op.alter_column('participant', 'family_name',
               existing_type=sa.VARCHAR(length=80),
               nullable=False)
    op.alter_column('participant', 'given_name',
               existing_type=sa.VARCHAR(length=80),
               nullable=False)
    op.drop_column('participant', 'birth_year')
    op.drop_column('participant', 'protection')
    op.drop_column('participant', 'is_anonymous')
    op.drop_column('participant', 'person_id')
    op.drop_column('match_run', 'clearance_needed')
    op.drop_column('match', 'mentee_reviewed_at')
    op.drop_column('match', 'mentor_reviewed_at')
    op.drop_constraint(op.f('fk_follow_up_mentor_participant_id_participant'), 'follow_up', type_='foreignkey')
    op.drop_constraint(op.f('fk_follow_up_mentee_participant_id_participant'), 'follow_up', type_='foreignkey')
    op.drop_column('follow_up', 'mentee_participant_id')
    op.drop_column('follow_up', 'mentor_participant_id')
    op.drop_column('enrolment', 'ground')
    op.drop_index('ix_access_record_people', table_name='access_record', postgresql_using='gin')
    op.drop_column('access_record', 'people')
    op.drop_index('uq_referral_open', table_name='referral', postgresql_where=sa.text("status = 'sent'"))
    op.drop_index(op.f('ix_referral_to_partner_id'), table_name='referral')
    op.drop_index(op.f('ix_referral_received_participant_id'), table_name='referral')
    op.drop_index(op.f('ix_referral_program_id'), table_name='referral')
    op.drop_index(op.f('ix_referral_from_partner_id'), table_name='referral')
    op.drop_index(op.f('ix_referral_consent_id'), table_name='referral')
    op.drop_index('ix_referral_answer_by', table_name='referral', postgresql_where=sa.text("status = 'sent'"))
    op.drop_table('referral')
    op.drop_index('uq_expectation_answer_enrolment_id', table_name='expectation_answer')
    op.drop_index(op.f('ix_expectation_answer_program_id'), table_name='expectation_answer')
    op.drop_index(op.f('ix_expectation_answer_participant_id'), table_name='expectation_answer')
    op.drop_table('expectation_answer')
    op.drop_index(op.f('ix_contact_digest_participant_id'), table_name='contact_digest')
    op.drop_index(op.f('ix_contact_digest_guardian_id'), table_name='contact_digest')
    op.drop_index('ix_contact_digest_digest', table_name='contact_digest')
    op.drop_table('contact_digest')
    op.drop_index('uq_consent_in_force', table_name='consent', postgresql_where=sa.text('withdrawn_at is null'), postgresql_nulls_not_distinct=True)
    op.drop_index(op.f('ix_consent_recipient_partner_id'), table_name='consent')
    op.drop_index(op.f('ix_consent_program_id'), table_name='consent')
    op.drop_index(op.f('ix_consent_participant_id'), table_name='consent')
    op.drop_table('consent')
    op.drop_index('uq_attendance_session_id_enrolment_id', table_name='attendance')
    op.drop_index(op.f('ix_attendance_program_id'), table_name='attendance')
    op.drop_index(op.f('ix_attendance_participant_id'), table_name='attendance')
    op.drop_index(op.f('ix_attendance_enrolment_id'), table_name='attendance')
    op.drop_table('attendance')
    op.drop_index(op.f('ix_training_session_partner_id'), table_name='training_session')
    op.drop_index(op.f('ix_training_session_course_id'), table_name='training_session')
    op.drop_table('training_session')
    op.drop_index('uq_link_decision_first_participant_id_second_participant_id', table_name='link_decision')
    op.drop_index(op.f('ix_link_decision_second_participant_id'), table_name='link_decision')
    op.drop_table('link_decision')
    op.drop_index(op.f('ix_guardian_participant_id'), table_name='guardian')
    op.drop_table('guardian')
    op.drop_index('uq_concealment_participant_id_kind_program_id', table_name='concealment', postgresql_nulls_not_distinct=True)
    op.drop_table('concealment')
    op.drop_index(op.f('ix_attestation_participant_id'), table_name='attestation')
    op.drop_table('attestation')
    op.drop_index('uq_program_course_program_id_course_id_side', table_name='program_course')
    op.drop_index(op.f('ix_program_course_program_id'), table_name='program_course')
    op.drop_index(op.f('ix_program_course_course_id'), table_name='program_course')
    op.drop_table('program_course')
    op.drop_index('uq_course_version_course_id_number', table_name='course_version')
    op.drop_table('course_version')
    op.drop_index('uq_clearance_open', table_name='clearance', postgresql_where=sa.text("status = 'proposed'"))
    op.drop_index('ix_clearance_user_id', table_name='clearance', postgresql_where=sa.text("status = 'approved'"))
    op.drop_index(op.f('ix_clearance_partner_id'), table_name='clearance')
    op.drop_table('clearance')
    op.drop_index('uq_course_partner_id_title', table_name='course')
    op.drop_table('course')
    op.drop_index('uq_consent_text_version', table_name='consent_text')
    op.drop_table('consent_text')
