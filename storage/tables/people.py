"""Who can be called and raise alarms.

The configuration folder seeds these; from then on the database is the truth.
"""

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.tables.instant import Instant, MaybeInstant


class Person(SQLModel, table=True):
    """Somebody of a partner organisation. `label` tells the function, never a name."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("region_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: str = Field(index=True)
    key: str
    partner: str
    label: str
    roles: str  # space separated: melder duty contact_point coordinator operator
    functions: str  # space separated duty functions
    language: str | None = None
    active: bool = True
    confirmed_at: MaybeInstant = None  # when the contact point last said: still with us
    left_at: MaybeInstant = None
    feed_version: int = 0  # of the calendar links: an older one opens nothing any more

    def has_role(self, role: str) -> bool:
        """True if the person holds this role."""
        return role in self.roles.split()


class Identity(SQLModel, table=True):
    """A person on one messenger, with the direct chat that reaches them."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    channel: str
    address: str  # the messenger's user id
    direct_room: str | None = Field(default=None, index=True)
    joined_at: MaybeInstant = None  # joined the direct chat
    proven_at: MaybeInstant = None  # tapped the test page
    refused_on: str | None = None  # last day the one neutral refusal was given
    preferred: bool = False  # pages go here first


class Invitation(SQLModel, table=True):
    """A link that binds one person on one messenger, once. Of its token only the hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: str
    person_id: int = Field(foreign_key="person.id", index=True)
    channel: str
    token_hash: str  # SHA-256, hexadecimal
    made_by: int = Field(foreign_key="person.id")
    expires_at: Instant
    used_at: MaybeInstant = None


class GroupRoom(SQLModel, table=True):
    """The region's group room on a messenger: it sees references and progress only."""

    __tablename__ = "group_room"

    channel: str = Field(primary_key=True)
    address: str
