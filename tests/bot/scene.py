"""An alarm whose pages are about to leave, and a chat that answers as it likes."""

from typing import Any

from sqlalchemy import text
from sqlmodel import select

from bot.channels.base import Delivery, OpenRoom, Receipt, Say
from storage.tables import Chain, OutboxRow, Page, Person
from tests.bot.scripted import until
from tests.commands.harness import Desk


async def raise_alarm(desk: Desk) -> None:
    """Everything that follows from it stays queued."""
    await desk["vt_fo"].says("alarm skm spoed Centrum letsel past niet bij uitleg")

    async def stay() -> None: ...

    desk.settle = stay  # type: ignore[method-assign]
    await desk["vt_fo"].taps("1️⃣")


class Chat:
    """One direct chat answers `receipt` (None: it takes everything); the others are fine."""

    def __init__(self, desk: Desk, key: str, receipt: Receipt | None) -> None:
        self._room = desk[key].direct
        self.receipt = receipt
        self.asked = 0

    async def __call__(self, delivery: Delivery) -> Receipt | None:
        if isinstance(delivery, OpenRoom) or delivery.room != self._room:
            return None
        self.asked += 1
        return self.receipt

    async def asked_again(self, times: int = 2) -> None:
        """Asked so often from now on."""
        enough = self.asked + times

        async def done() -> bool:
            return self.asked >= enough

        await until(done)


def is_page(delivery: Delivery) -> bool:
    """A first call, loud."""
    return isinstance(delivery, Say) and delivery.loud and "🔴 Alarm" in delivery.text


async def outbox_rows(desk: Desk, *clauses: Any) -> list[OutboxRow]:
    """Oldest first."""
    async with desk.store.view() as unit:
        wanted = select(OutboxRow).where(*clauses).order_by("id")
        return list((await unit.session.exec(wanted)).all())


async def page_of(desk: Desk, key: str) -> Page:
    """The one page of this person."""
    async with desk.store.view() as unit:
        wanted = select(Page).join(Person).where(Person.key == key)
        return (await unit.session.exec(wanted)).one()


async def chain_of(desk: Desk, partner: str) -> Chain:
    async with desk.store.view() as unit:
        return (await unit.session.exec(select(Chain).where(Chain.partner == partner))).one()


async def refuse(desk: Desk, name: str, when: str) -> None:
    """From now on the database refuses this: `when` is the head of a trigger."""
    await _run(desk, f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'no'); END")


async def allow(desk: Desk, name: str) -> None:
    """What was refused is taken again."""
    await _run(desk, f"DROP TRIGGER {name}")


async def _run(desk: Desk, statement: str) -> None:
    async with desk.store.unit() as unit:
        await unit.session.exec(text(statement))  # type: ignore[call-overload]
