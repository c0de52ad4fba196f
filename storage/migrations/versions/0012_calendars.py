"""Calendars by their address, which are looked at every night."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_source",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
    )
    op.create_index("ix_calendar_source_region_id", "calendar_source", ["region_id"])


def downgrade() -> None:
    op.drop_index("ix_calendar_source_region_id", table_name="calendar_source")
    op.drop_table("calendar_source")
