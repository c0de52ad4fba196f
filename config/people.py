"""Who takes part. File people.toml: the seed; from the first start on the database is the truth."""

from typing import Annotated, Literal

from pydantic import Field

from config.entry import Entry, Key, Language, Line, form
from config.region import MatrixId

Role = Literal["melder", "duty", "contact_point", "coordinator", "operator"]
PartnerKey = Annotated[str, form(r"^([a-z0-9][a-z0-9_-]{0,39})?$", "vt")]


class PersonEntry(Entry):
    """A person, known by function: a label such as "officier van dienst 1", not a real name."""

    key: Key
    partner: PartnerKey = ""  # empty: outside the partners, as a coordinator or operator may be
    label: Line
    roles: frozenset[Role] = Field(min_length=1)
    functions: frozenset[Key] = frozenset()
    matrix: MatrixId | None = None  # None: enrols on Telegram, by a link
    language: Language | None = None  # None: the region's language
