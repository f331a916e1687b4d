"""In which part of the municipality people live.

Revision: 0016, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("participant", sa.Column("district", sa.String(length=60), nullable=True))


def downgrade() -> None:
    op.drop_column("participant", "district")
