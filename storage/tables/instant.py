"""The type of every moment: UTC epoch milliseconds, which need 64 bits on PostgreSQL."""

from typing import Annotated

from sqlalchemy import BigInteger
from sqlmodel import Field

Instant = Annotated[int, Field(sa_type=BigInteger)]
MaybeInstant = Annotated[int | None, Field(sa_type=BigInteger, nullable=True)]
