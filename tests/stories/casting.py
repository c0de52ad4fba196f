"""Who plays a story on which messenger. The story is the same for every casting."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.kit.synapse import Synapse
from tests.stories.stage import Stage, a_stage
from tests.stories.two_messengers import Sms, TwoMessengers, two_messengers


@dataclass(frozen=True)
class Casting:
    """`only_telegram` are people without an account on Matrix, `both` have Telegram as well;
    everybody else has Matrix."""

    name: str
    only_telegram: tuple[str, ...] = ()
    both: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    def has_matrix(self, key: str) -> bool:
        return key not in self.only_telegram


MATRIX_ALONE = Casting("matrix")


@asynccontextmanager
async def played(
    casting: Casting, synapse: Synapse, folder: Path, begins: datetime, staff: Iterable[str]
) -> AsyncIterator[Stage]:
    """The region at work in this casting, everybody enrolled. At the end nothing unexpected came
    on either messenger, and Telegram has heard nothing of a case."""
    if not (casting.only_telegram or casting.both):
        async with a_stage(synapse, folder, begins, staff) as stage:
            yield stage
        return
    async with on_two(casting, synapse, folder, begins, staff) as two:
        yield two


@asynccontextmanager
async def on_two(
    casting: Casting,
    synapse: Synapse,
    folder: Path,
    begins: datetime,
    staff: Iterable[str],
    sms: Sms | None = None,
) -> AsyncIterator[TwoMessengers]:
    """The same where there are two messengers, and perhaps a third way out."""
    come_in = (*casting.only_telegram, *casting.both)
    points = {f"{key.partition('_')[0]}_ap" for key in come_in}  # who invite them
    phones = sorted({*staff, *points} - {*casting.only_telegram})
    async with two_messengers(
        synapse,
        folder,
        begins,
        phones,
        casting.only_telegram,
        casting.both,
        enrolled=True,
        sms=sms,
    ) as stage:
        yield stage
