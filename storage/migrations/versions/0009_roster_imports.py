"""Roster files wait for a yes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("parsed", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_roster_import_person_id", "roster_import", ["person_id"])


def downgrade() -> None:
    op.drop_table("roster_import")
