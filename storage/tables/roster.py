"""When people are on duty: what comes back, what is different for once, who is away."""

from sqlmodel import Field, Index, SQLModel

from storage.tables.instant import Instant, MaybeInstant


class Duty(SQLModel, table=True):
    """A duty that comes back, in wall-clock time of Europe/Amsterdam."""

    __tablename__ = "duty"

    id: int | None = Field(default=None, primary_key=True)
    region_id: str = Field(index=True)
    partner: str
    function: str
    place: str | None = None  # this district only
    weekdays: str  # "0123456", Monday is 0; 7: public holidays
    start: str  # HH:MM
    end: str  # HH:MM, not after start means over midnight
    turns: str = "[[null, null]]"  # JSON: pairs of person keys, primary and backup
    turn: str = "week"  # or day: how long each pair has it
    first_turn: str | None = None  # ISO date on which the first pair has its turn
    valid_from: str | None = None  # ISO date
    valid_until: str | None = None
    temporary: bool = False  # wins over what is not


class RosterChange(SQLModel, table=True):
    """Somebody stands somewhere for once: by hand, by a swap, or as a calendar says."""

    __tablename__ = "roster_change"
    __table_args__ = (Index("ix_roster_change_when", "region_id", "end_at"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: str
    partner: str
    function: str
    place: str | None = None
    start_at: Instant
    end_at: Instant
    role: str | None = None  # primary or backup; none: in either
    leaves: str | None = None  # person key; none: whoever would stand there
    enters: str | None = None
    kind: str  # planned override swap stand_in
    source: str | None = None  # where a planned one comes from: a file, a calendar
    made_by: str  # person key
    made_at: Instant
    undone_at: MaybeInstant = None


class Absence(SQLModel, table=True):
    """Somebody is away. Why is nobody's business: illness is never written down."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_who", "region_id", "person"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: str
    person: str  # key
    start_at: Instant
    end_at: MaybeInstant = None  # none: until they say so
    made_by: str
    made_at: Instant


class Holiday(SQLModel, table=True):
    """A public holiday: the roster takes it for a Sunday."""

    __tablename__ = "holiday"

    region_id: str = Field(primary_key=True)
    day: str = Field(primary_key=True)  # ISO date


class Swap(SQLModel, table=True):
    """Somebody asks colleagues to take over (a part of) a shift."""

    __tablename__ = "swap"

    id: int | None = Field(default=None, primary_key=True)
    region_id: str = Field(index=True)
    person: str  # whose shift it is
    partner: str
    function: str
    place: str | None = None
    start_at: Instant
    end_at: Instant
    state: str  # open taken withdrawn over
    change_id: int | None = None  # while it is taken
    taken_by: str | None = None
    asked_by: str  # the person, or their contact point
    made_at: Instant


class GapWarning(SQLModel, table=True):
    """A gap that the contact point knows of, so that nobody is told twice."""

    __tablename__ = "gap_warning"
    __table_args__ = (Index("ix_gap_warning_open", "region_id", "mended_at"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: str
    partner: str
    function: str
    place: str | None = None
    role: str
    start_at: Instant
    end_at: Instant
    stage: int  # how near it was when last told: 0 within 14 days … 3 within two hours
    told_at: Instant
    slot: str  # the message that tells of it, perhaps with others
    mended_at: MaybeInstant = None


class ShiftHandover(SQLModel, table=True):
    """A shift ends while its case is open: who hands over to whom, and how far that is."""

    __tablename__ = "shift_handover"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    chain_id: int = Field(foreign_key="chain.id", index=True)
    from_id: int = Field(foreign_key="person.id")
    to_id: int | None = Field(default=None, foreign_key="person.id")
    ends_at: Instant  # of the shift
    state: str  # asked offered accepted stayed over void
    step: str = "successor"  # whom it was offered to last: successor, backup, contact_point
    asked: str = "[]"  # JSON: person ids, everybody to whom it was offered


class RosterImport(SQLModel, table=True):
    """A roster file that was understood and waits for a yes of whoever sent it."""

    __tablename__ = "roster_import"
    __table_args__ = {"sqlite_autoincrement": True}  # an old button names no other row

    id: int | None = Field(default=None, primary_key=True)
    region_id: str
    person_id: int = Field(foreign_key="person.id", index=True)
    parsed: str  # sealed JSON
    mark: str  # of the roster that it was compared with
    expires_at: Instant


class CalendarSource(SQLModel, table=True):
    """A calendar by its address, that is looked at every night: its events are shifts."""

    __tablename__ = "calendar_source"

    id: int | None = Field(default=None, primary_key=True)
    region_id: str = Field(index=True)
    partner: str
    function: str
    place: str | None = None
    address: str  # sealed: who has it can often read the calendar
    etag: str | None = None
    checked_at: MaybeInstant = None
    trouble: str | None = None  # code of what was wrong at the last look
