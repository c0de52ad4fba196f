"""Drills: alarms that are none. Nothing of them is ever a case, a page or a figure of alarms."""

from sqlmodel import Field, SQLModel

from storage.tables.instant import Instant, MaybeInstant


class Drill(SQLModel, table=True):
    """One drill of some partners. Its reference is drawn like that of a case, and never one."""

    __tablename__ = "drill"

    id: int | None = Field(default=None, primary_key=True)
    region_id: str = Field(index=True)
    reference: str
    asked_by: int = Field(foreign_key="person.id")
    begun_at: Instant
    until_at: Instant
    ended_at: MaybeInstant = None


class DrillCall(SQLModel, table=True):
    """One seat in a drill. Who was called is forgotten when the drill is over."""

    __tablename__ = "drill_call"

    id: int | None = Field(default=None, primary_key=True)
    drill_id: int = Field(foreign_key="drill.id", index=True)
    partner: str
    function: str
    place: str | None = None
    primary_id: int | None = None
    backup_id: int | None = None
    step: str  # primary backup
    state: str  # called taken missed empty
    answered_at: MaybeInstant = None
