"""A case and all that hangs on it. Free text is sealed under the key of its case."""

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.tables.instant import Instant, MaybeInstant


class Case(SQLModel, table=True):
    """One alarm from draft to wiped. Instants are UTC epoch milliseconds."""

    __tablename__ = "case"
    __table_args__ = (UniqueConstraint("region_id", "reference"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: str = Field(index=True)
    state: str = Field(index=True)  # draft open closed withdrawn wiped (dropped: unsent draft)
    version: int = 0
    reference: str | None = None
    protocol: str | None = None  # key
    frozen: str | None = None  # the protocol as it was when the alarm was confirmed, JSON
    urgent: bool | None = None
    place: str | None = None
    has_children: bool | None = None
    reason: str | None = None  # sealed
    wrapped_key: str  # the key of this case, wrapped by the master key
    initiator_id: int = Field(foreign_key="person.id", index=True)
    channel: str  # of the case room and of the initiator's direct chat
    room: str | None = Field(default=None, index=True)
    shown_at: MaybeInstant = None  # when the draft's confirmation was last put before the eyes
    opened_at: MaybeInstant = None
    take_by: MaybeInstant = None
    consult_by: MaybeInstant = None
    lead: str | None = None  # partner with the case lead (regie)
    outcome: str | None = None
    closed_at: MaybeInstant = None
    withdrawal_asked_at: MaybeInstant = None


class Chain(SQLModel, table=True):
    """The calling of one partner: on duty, backup, contact point, desk number."""

    __tablename__ = "chain"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    partner: str
    function: str
    position: int  # order in the headline
    candidates: str  # JSON: who can still be called, in order
    acked_page_id: int | None = None
    acked_at: MaybeInstant = None
    ended_at: MaybeInstant = None
    notices: int = 0
    nobody_at: MaybeInstant = None  # nobody was on duty: said at once
    phoned_at: MaybeInstant = None  # informed by telephone: no ack


class Page(SQLModel, table=True):
    """One person called in a chain."""

    __tablename__ = "page"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    chain_id: int = Field(foreign_key="chain.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str  # primary backup contact_point
    state: str = Field(index=True)  # queued called seen acked declined expired
    due_at: Instant
    queued_at: Instant
    called_at: MaybeInstant = None
    seen_at: MaybeInstant = None
    answered_at: MaybeInstant = None
    fallback_at: MaybeInstant = None  # when a gateway took it: SMS, e-mail, voice
    fallback_by: str | None = None  # name of that gateway


class Member(SQLModel, table=True):
    """Somebody who belongs in the case room: initiator at opening, others on their ack."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    partner: str
    since: Instant
    joined_at: MaybeInstant = None
    left_at: MaybeInstant = None
    file_right_at: MaybeInstant = None  # said that the own file of the partner is complete


class Consultation(SQLModel, table=True):
    """An overleg: slots on offer, then one moment."""

    __tablename__ = "consultation"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    state: str  # voting fixed replaced
    slots: str  # JSON list of instants
    fixed_at: MaybeInstant = None  # when it takes place
    secret: str  # makes the meeting link unguessable
    created_at: Instant


class Vote(SQLModel, table=True):
    """What one person can make of the slots on offer."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("consultation_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    partner: str
    choices: str = ""  # space separated: slot numbers from 1, "now", "none"; empty = no vote yet


class Agreement(SQLModel, table=True):
    """Who does what before when."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    number: int
    partner: str
    text: str  # sealed
    due_at: Instant
    state: str = "open"  # open confirmed disputed done
    late: bool = False
    created_at: Instant = 0
    done_at: MaybeInstant = None


class Consent(SQLModel, table=True):
    """A party's answer to a withdrawal."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("case_id", "partner"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    partner: str
    agreed: bool | None = None
