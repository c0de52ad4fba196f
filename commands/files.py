"""Documents that somebody sends: which are fetched, and what becomes of what came.

The content goes from the messenger to whoever reads it; it never stands in a row or in the log.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from commands.ask import Ask
from commands.messages import message
from commands.people import Known, by_id, identity_on
from commands.places import person_in
from commands.roster.take_file import Understood, read_file, take_file
from commands.tell import answer_there, tell_person
from commands.update import TOO_LARGE, Document
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import OutboxRow

MOST_BYTES = 2 * 1024 * 1024
MOST_FETCHES = 4  # attempts
LONGEST_NAME = 100
READABLE = frozenset({".xlsx", ".xlsm", ".xls", ".csv", ".ics", ".txt"})
_NO_LETTERS = re.compile(r"[\x00-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


async def take_document(ask: Ask, document: Document) -> None:
    """Fetch it, or say why not."""
    name = _plain(document.name)
    if PurePosixPath(name).suffix.lower() not in READABLE:
        await ask.answer(message("wrong.file_kind"))
    elif document.size is not None and document.size > MOST_BYTES:
        await ask.answer(message("wrong.file_size", count=MOST_BYTES // 2**20))
    else:
        outbox.queue(
            ask.unit,
            channel=ask.channel,
            destination=ask.own_chat,
            kind="fetch",
            payload={"name": name, "source": document.source, "most_bytes": MOST_BYTES},
            lane=outbox.ANSWERS,
        )


async def read_document(
    unit: Unit, world: World, destination: str, meaning: Mapping[str, Any], content: bytes
) -> Understood | None:
    """What was sent, understood. Before the transaction that answers: reading takes its time."""
    person = await by_id(unit, person_in(destination) or 0)
    return await read_file(unit, world, person, meaning["name"], content)


async def file_came(
    unit: Unit, world: World, row: OutboxRow, understood: Understood | None
) -> None:
    """Hand it to who answers, if the sender still may send it."""
    person = await by_id(unit, person_in(row.destination) or 0)
    identity = await identity_on(unit, person.id or 0, row.channel)
    if identity is None or not person.active or not person.has_role("contact_point"):
        return
    answer_there(unit, identity)
    await take_file(unit, world, Known(person, identity), understood)


async def file_lost(unit: Unit, row: OutboxRow, reason: str = "") -> None:
    """It could not be fetched: the sender can send it again, or a smaller one."""
    person_id = person_in(row.destination) or 0
    identity = await identity_on(unit, person_id, row.channel)
    if identity is not None:
        answer_there(unit, identity)
        large = message("wrong.file_size", count=MOST_BYTES // 2**20)
        text = large if reason == TOO_LARGE else message("wrong.file_lost")
        await tell_person(unit, person_id, text)


def _plain(name: str) -> str:
    """Without folders and without signs that play tricks; the end stays, where the kind is."""
    last = re.split(r"[/\\]", _NO_LETTERS.sub(" ", name))[-1].strip()
    return last[-LONGEST_NAME:]
