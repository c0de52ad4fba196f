"""A second messenger: invitations, a preferred identity, and places that name their messenger."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WITH_PLACES = ("outbox", "post")


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_person_id"), ["person_id"], unique=False)

    # The rows that are there need a value: nobody chose yet.
    op.add_column(
        "identity",
        sa.Column("preferred", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for table in _WITH_PLACES:
        op.execute(
            f"UPDATE {table} SET destination = destination || ':' || channel "
            "WHERE destination LIKE 'person:%'"
        )
        op.execute(
            f"UPDATE {table} SET destination = 'group:' || channel WHERE destination = 'group'"
        )
    # What is waited for in a direct chat; until now all of them were on Matrix.
    op.execute("UPDATE timer SET subject = subject || '\\:matrix' WHERE kind = 'words_forget'")


def downgrade() -> None:
    op.execute(
        "UPDATE timer SET subject = replace(subject, '\\:matrix', '') WHERE kind = 'words_forget'"
    )
    for table in _WITH_PLACES:
        # Two places of one person would become one, with two messages in the same slot.
        op.execute(
            f"DELETE FROM {table} WHERE channel <> 'matrix' "
            "AND (destination LIKE 'person:%' OR destination LIKE 'group:%')"
        )
        op.execute(
            f"UPDATE {table} SET destination = "
            "substr(destination, 1, length(destination) - length(channel) - 1) "
            "WHERE destination LIKE 'person:%' OR destination LIKE 'group:%'"
        )
    op.drop_column("identity", "preferred")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_person_id"))

    op.drop_table("invitation")
