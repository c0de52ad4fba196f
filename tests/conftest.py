"""What every test can have: a real homeserver, and phones of people on it."""

import gc
import itertools
from collections.abc import AsyncIterator, Awaitable
from typing import Protocol

import pytest

from tests.kit.expect import nothing_unexpected
from tests.kit.phone import Phone
from tests.kit.postgres import Postgres
from tests.kit.synapse import Synapse

PASSWORD = "een wachtwoord van niemand"
SELDOM = 5_000  # as the program itself does (bot/running.py)
_numbers = itertools.count(1)


def pytest_collection_finish() -> None:
    """What was imported stays: looking for garbage among it takes part of every test's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "clients: needs Node and matrix-js-sdk (make test-clients)")


@pytest.fixture(scope="session")
async def synapse() -> AsyncIterator[Synapse]:
    """One homeserver for the whole run. A test that breaks it makes its own."""
    async with Synapse.temporary() as server:
        yield server


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    """One PostgreSQL for the whole run. A test that breaks it makes its own."""
    async with Postgres.temporary() as server:
        yield server


class MakeUser(Protocol):
    def __call__(self, name: str) -> Awaitable[str]: ...


class MakePhone(Protocol):
    def __call__(self, name: str, *, bot: str, signed: bool = True) -> Awaitable[Phone]: ...


@pytest.fixture
def make_user(synapse: Synapse) -> MakeUser:
    """Registers somebody that no other test knows, and returns the user id.

    The password is `PASSWORD`. A number is put behind the name.
    """

    async def make(name: str) -> str:
        return await synapse.register(f"{name}-{next(_numbers)}", PASSWORD)

    return make


@pytest.fixture
async def make_phone(synapse: Synapse, make_user: MakeUser) -> AsyncIterator[MakePhone]:
    """Signs in a phone, of a new person (`name`) or of one that exists (a user id).

    At the end the test fails if any phone has a message of its bot that nobody expected.
    """
    phones: list[Phone] = []

    async def make(name: str, *, bot: str, signed: bool = True) -> Phone:
        user = name if name.startswith("@") else await make_user(name)
        phone = Phone(synapse.base_url, user, PASSWORD, bot=bot, signed=signed)
        phones.append(phone)
        await phone.sign_in()
        return phone

    yield make
    try:
        await nothing_unexpected(phones)
    finally:
        for phone in phones:
            await phone.close()
