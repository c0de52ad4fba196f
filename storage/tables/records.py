"""What outlives a case: the access log, counts and times, what exists where."""

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from storage.tables.instant import Instant, MaybeInstant


class LogHead(SQLModel, table=True):
    """The end of a region's access log, so that a cut-off tail shows."""

    __tablename__ = "log_head"

    region_id: str = Field(primary_key=True)
    number: int
    mac: str


class AccessEntry(SQLModel, table=True):
    """One line of the access log, after NEN 7513. Never any message text."""

    __tablename__ = "access_log"
    __table_args__ = (UniqueConstraint("region_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: str
    number: int
    at: Instant
    action: str  # create read change share delete access refuse
    what: str  # alarm, page, agreement …
    reference: str | None = None
    person: str  # person key, or "bot"
    role: str
    partner: str
    on_behalf: str | None = None
    origin: str  # channel, "clock" or "console"
    right: str  # the permission that allowed it
    mac: str  # over this row and the one before


class Measure(SQLModel, table=True):
    """A count or a time that may be kept when the case is gone. No person, no reference."""

    __tablename__ = "measure"
    __table_args__ = (Index("ix_measure_when", "region_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: str
    at: Instant
    kind: str
    protocol: str
    partner: str | None = None
    value: MaybeInstant = None  # milliseconds, where the kind is a time
    token: str = ""  # random per case: tells alarms apart without telling which


class InventoryItem(SQLModel, table=True):
    """Where something of a case exists, so that wiping can reach it."""

    __tablename__ = "inventory"
    __table_args__ = (UniqueConstraint("channel", "room", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(index=True)
    channel: str
    room: str
    event_id: str = ""  # empty: the room itself
    what: str  # message reaction room file typed
    at: Instant


class DoneJob(SQLModel, table=True):
    """A job of the calendar that has been done for a period: it never runs twice."""

    __tablename__ = "done_job"

    job: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    done_at: Instant


class Kept(SQLModel, table=True):
    """Something that every instance of the program must have the same. Sealed: it may be a key."""

    __tablename__ = "kept"

    name: str = Field(primary_key=True)
    payload: str  # sealed JSON
    kept_at: Instant
