"""The third way out: when a gateway (SMS, e-mail, voice) took a page, and which one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("page", sa.Column("fallback_at", sa.BigInteger(), nullable=True))
    op.add_column("page", sa.Column("fallback_by", sa.String(), nullable=True))


def downgrade() -> None:
    # What waits for a gateway is nothing that an older program could send.
    op.execute("DELETE FROM outbox WHERE channel = 'fallback'")
    op.drop_column("page", "fallback_by")
    op.drop_column("page", "fallback_at")
