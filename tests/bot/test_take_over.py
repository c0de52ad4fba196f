"""Who begins to lead does so at once, and knows what the one before it sent."""

from pathlib import Path
from typing import cast

import pytest
from sqlalchemy.exc import OperationalError

from bot.channels.base import Channel, Update
from bot.dispatcher import Dispatcher
from bot.echoes import Echoes
from bot.kill_points import KillPoints
from bot.leader import Elected
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from storage import leases
from tests.commands.morning import open_desk
from tests.commands.test_loops import Mailbox


async def test_a_take_over_that_fails_forgets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> int:
        raise OperationalError("UPDATE", {}, Exception("the database is away"))

    async with open_desk(tmp_path) as desk:
        echoes, metrics = Echoes(), Metrics()
        echoes.note("matrix", Update("$1", "sent", "!room", "@bot", 0, text="kl-key"))
        dispatcher = Dispatcher(
            desk.store,
            desk.world,
            {"matrix": cast(Channel, Mailbox())},
            KillPoints(),
            metrics,
            OperatorLines(desk.store, metrics),
            echoes=echoes,
        )
        with monkeypatch.context() as broken:
            broken.setattr(leases, "release_leases", away)
            with pytest.raises(OperationalError):
                await dispatcher._take_over()
        assert len(echoes.of(["matrix"])) == 1
        await dispatcher._take_over()
        assert echoes.of(["matrix"]) == []


async def test_who_begins_to_lead_looks_at_once_what_there_is_to_send() -> None:
    rung: list[str] = []
    leader = Elected("", "lage-dijk", ["matrix"], rung.append, lambda _: None)
    leader._now_leads(frozenset({"matrix"}))
    leader._now_leads(frozenset({"matrix"}))
    assert rung == ["outbox"]
