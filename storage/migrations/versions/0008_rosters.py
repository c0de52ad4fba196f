"""Rosters as they exist: turns, districts, swaps, absence, holidays, gaps that were told."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_DUTY = sa.table(
    "duty",
    sa.column("id", sa.Integer),
    sa.column("primary", sa.String),
    sa.column("backup", sa.String),
    sa.column("turns", sa.String),
)


def upgrade() -> None:
    nobody = json.dumps([[None, None]])
    op.add_column("duty", sa.Column("place", sa.String(), nullable=True))
    op.add_column("duty", sa.Column("turns", sa.String(), nullable=False, server_default=nobody))
    op.add_column("duty", sa.Column("turn", sa.String(), nullable=False, server_default="week"))
    op.add_column("duty", sa.Column("first_turn", sa.String(), nullable=True))
    op.add_column(
        "duty", sa.Column("temporary", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(_DUTY)).all():
        turns = json.dumps([[row.primary, row.backup]])
        connection.execute(_DUTY.update().where(_DUTY.c.id == row.id).values(turns=turns))
    op.drop_column("duty", "primary")
    op.drop_column("duty", "backup")
    op.add_column("person", sa.Column("confirmed_at", sa.BigInteger(), nullable=True))
    op.add_column("person", sa.Column("left_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "roster_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("leaves", sa.String(), nullable=True),
        sa.Column("enters", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_roster_change_when", "roster_change", ["region_id", "end_at"])
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_absence_who", "absence", ["region_id", "person"])
    op.create_table(
        "holiday",
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "day"),
    )
    op.create_table(
        "swap",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_swap_region_id", "swap", ["region_id"])
    op.create_table(
        "gap_warning",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("mended_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_gap_warning_open", "gap_warning", ["region_id", "mended_at"])
    op.create_table(
        "shift_handover",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.ForeignKeyConstraint(["chain_id"], ["chain.id"]),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"]),
    )
    op.create_index("ix_shift_handover_case_id", "shift_handover", ["case_id"])
    op.create_index("ix_shift_handover_chain_id", "shift_handover", ["chain_id"])


def downgrade() -> None:
    for table in ("shift_handover", "gap_warning", "swap", "holiday", "absence", "roster_change"):
        op.drop_table(table)
    op.drop_column("person", "left_at")
    op.drop_column("person", "confirmed_at")
    op.add_column("duty", sa.Column("primary", sa.String(), nullable=True))
    op.add_column("duty", sa.Column("backup", sa.String(), nullable=True))
    # An older program knows neither turns nor districts nor what is temporary.
    connection = op.get_bind()
    for row in connection.execute(sa.select(_DUTY.c.id, _DUTY.c.turns)).all():
        primary, backup = json.loads(row.turns)[0]
        pair = {"primary": primary, "backup": backup}
        connection.execute(_DUTY.update().where(_DUTY.c.id == row.id).values(pair))
    for column in ("temporary", "first_turn", "turn", "turns", "place"):
        op.drop_column("duty", column)
