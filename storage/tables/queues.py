"""What came in, what must go out, and what must happen later. The database is the queue."""

import secrets

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from storage.tables.instant import Instant, MaybeInstant


def _new_key() -> str:
    return secrets.token_hex(12)


class Cursor(SQLModel, table=True):
    """How far a channel has been read; moves only together with the inbox rows."""

    __tablename__ = "cursor"

    channel: str = Field(primary_key=True)
    position: str
    moved_at: Instant


class InboxRow(SQLModel, table=True):
    """One update, kept until it has been acted upon. The payload is blanked then."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "update_id"),
        Index("ix_inbox_work", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    update_id: str
    state: str  # new done quarantined
    received_at: Instant
    payload: str  # sealed JSON of an Update
    attempts: int = 0
    done_at: MaybeInstant = None


class OutboxRow(SQLModel, table=True):
    """Something to send: a meaning, not a text.

    `key` makes sending it again harmless. It is drawn, not counted: after a lost database or an
    old backup the numbers of rows come again, and the messenger's server still knows the first.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_order", "state", "destination", "lane", "id"),
        Index("ix_outbox_slot", "destination", "slot"),
        Index("ix_outbox_case", "case_id"),
        Index("ix_outbox_key", "key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=_new_key)
    region_id: str
    case_id: int | None = None
    page_id: int | None = Field(default=None, index=True)
    channel: str
    destination: str  # person:<id>, case:<id>, group or room:<address>
    lane: int  # 0 pages, 1 answers, 2 the rest
    # say edit buttons open_room invite remove erase file picture fetch unsigned probe
    kind: str
    slot: str | None = None  # which standing message this makes or edits
    payload: str  # sealed JSON
    loud: bool = False
    state: str  # pending sending sent failed cancelled
    expires_at: MaybeInstant = None
    attempts: int = 0
    leased_until: MaybeInstant = None
    error: str | None = None
    created_at: Instant
    sent_at: MaybeInstant = None
    sent_as: str | None = None  # the event that it became


class Post(SQLModel, table=True):
    """A message that stands on somebody's screen, and what can be answered to it now."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("destination", "slot"),
        Index("ix_post_event", "channel", "event_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    region_id: str
    case_id: int | None = Field(default=None, index=True)
    channel: str
    destination: str
    room: str
    slot: str
    event_id: str
    actions: str = "[]"  # JSON, the buttons that stand now
    reactions: str = "[]"  # JSON list of [emoji, event id] that we set
    posted_at: Instant


class Tap(SQLModel, table=True):
    """A reaction that counts as a vote, so that taking it away can be understood."""

    __tablename__ = "tap"
    __table_args__ = (UniqueConstraint("channel", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(index=True)
    channel: str
    event_id: str  # of the reaction
    person_id: int
    consultation_id: int
    choice: str


class TimerRow(SQLModel, table=True):
    """Something that must happen at an instant (UTC epoch milliseconds)."""

    __tablename__ = "timer"
    __table_args__ = (
        Index("ix_timer_due", "state", "due_at"),
        Index("ix_timer_subject", "subject", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    region_id: str
    case_id: int | None = Field(default=None, index=True)
    kind: str
    subject: str  # chain:12, consultation:3 …
    argument: str = ""
    due_at: Instant
    state: str  # live done cancelled
    attempts: int = 0
