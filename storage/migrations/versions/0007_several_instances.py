"""Several instances on one database: what they must have the same, and rows found by their key."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_outbox_key", "outbox", ["key"], unique=False)
    op.add_column("outbox", sa.Column("sent_as", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "sent_as")
    op.drop_index("ix_outbox_key", table_name="outbox")
    op.drop_table("kept")
