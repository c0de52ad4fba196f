"""What the real commands do breaks no promise: nothing is found at any minute of any flow.

On SQLite only: that both databases answer the same is what the other tests of this folder show.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.bot.audit.scene import CALLED, found, raise_alarm, rows, to_the_end
from tests.commands.fallback_scene import RVDK, alarm, forget, open_fallback_desk
from tests.commands.harness import Desk, Shown


@pytest.fixture(autouse=True)
def database() -> str:
    """In place of both."""
    return "sqlite"


Flow = Callable[[Desk], Awaitable[None]]


async def clean(desk: Desk) -> None:
    """Nothing is found now."""
    assert await found(desk) == {}, f"at {desk.now}"


async def minutes(desk: Desk, count: int) -> None:
    """Let the time pass, and look every minute."""
    for _ in range(count):
        await desk.advance(1)
        await clean(desk)


async def nobody_answers(desk: Desk) -> None:
    await minutes(desk, 45)
    assert await count(desk, "SELECT 1 FROM chain WHERE ended_at IS NOT NULL AND notices = 2") == 4


async def all_take_it(desk: Desk) -> None:
    for key in CALLED.values():
        await desk[key].taps("✅")
        await clean(desk)
    await minutes(desk, 10)
    assert await count(desk, "SELECT 1 FROM chain WHERE acked_at IS NOT NULL") == 4


async def seen_and_then_reminded(desk: Desk) -> None:
    for key in CALLED.values():
        await desk[key].reads()
    await minutes(desk, 20)
    assert await count(desk, "SELECT 1 FROM outbox WHERE slot LIKE 'page_%reminder'") >= 4


async def everybody_declines(desk: Desk) -> None:
    for _ in range(3):
        for key in desk.folder.people:
            asked = [each for each in _screen(desk, key) if "Ik pak op" in each.text]
            if asked and "❌" in asked[-1].buttons:
                await desk[key].taps("❌", asked[-1])
                await clean(desk)
    await minutes(desk, 25)
    assert await count(desk, "SELECT 1 FROM page WHERE state = 'declined'") > 4


async def taken_back(desk: Desk) -> None:
    await desk[CALLED["om"]].taps("✅")
    await clean(desk)
    await desk[CALLED["om"]].says("toch niet")
    await minutes(desk, 15)
    assert await count(desk, "SELECT 1 FROM measure WHERE kind = 'undone'") == 1


async def taken_after_the_end(desk: Desk) -> None:
    await to_the_end(desk, 40)
    await clean(desk)
    page = next(each for each in _screen(desk, CALLED["om"]) if "✅" in each.buttons)
    await desk[CALLED["om"]].taps("✅", page)
    await minutes(desk, 5)
    assert await count(desk, "SELECT 1 FROM chain WHERE acked_at IS NOT NULL") == 1


async def the_desk_is_phoned(desk: Desk) -> None:
    await to_the_end(desk, 26)
    await desk["vt_fo"].taps("✅")
    await minutes(desk, 15)
    assert await count(desk, "SELECT 1 FROM chain WHERE phoned_at IS NOT NULL") == 1


async def withdrawn(desk: Desk) -> None:
    await desk["vt_fo"].says("vergissing")
    await desk["vt_fo"].taps("✅")
    await minutes(desk, 10)
    assert await cases(desk, "withdrawn") == 1


async def withdrawal_waits_for_consent(desk: Desk) -> None:
    await desk[CALLED["om"]].taps("✅")
    await desk["vt_fo"].says("vergissing")
    await desk["vt_fo"].taps("✅")
    await minutes(desk, 15)
    assert await count(desk, "SELECT 1 FROM consent WHERE agreed IS NULL") == 1


async def closed_while_chains_run(desk: Desk) -> None:
    await desk[CALLED["politie"]].taps("✅")
    await desk["vt_fo"].says("sluit")
    question = desk["vt_fo"].expects("Wat is de uitkomst?")
    await desk["vt_fo"].taps("1️⃣", question)
    await desk["vt_fo"].taps("✅", question)
    await minutes(desk, 10)
    assert await cases(desk, "closed") == 1


async def cases(desk: Desk, state: str) -> int:
    """How many are in it."""
    return len(await rows(desk, 'SELECT 1 FROM "case" WHERE state = :state', state=state))


async def count(desk: Desk, statement: str) -> int:
    """How many rows: the flow really happened."""
    return len(await rows(desk, statement))


def _screen(desk: Desk, key: str) -> list[Shown]:
    person = desk.folder.people[key]
    known = f"direct:{person.matrix}" in desk.rooms_named
    return desk[key].screen() if known else []


FLOWS = (
    nobody_answers,
    all_take_it,
    seen_and_then_reminded,
    everybody_declines,
    taken_back,
    taken_after_the_end,
    the_desk_is_phoned,
    withdrawn,
    withdrawal_waits_for_consent,
    closed_while_chains_run,
)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
async def test_nothing_is_found_at_any_minute(desk: Desk, flow: Flow) -> None:
    await raise_alarm(desk)
    await clean(desk)
    await flow(desk)


async def test_somebody_who_cannot_be_reached_is_passed_over(desk: Desk) -> None:
    desk.refuses.add(desk[CALLED["om"]].address)
    await raise_alarm(desk)
    await minutes(desk, 15)


async def test_other_messengers_and_an_sms_are_ways_like_any_other(tmp_path: Path) -> None:
    """The first on duty of RvdK gives no sign, and has a number for SMS as well."""
    async with open_fallback_desk(tmp_path) as desk:
        await alarm(desk)
        await clean(desk)
        await minutes(desk, 25)
        assert await count(desk, "SELECT 1 FROM page WHERE fallback_at IS NOT NULL") == 1


async def test_an_sms_is_enough_for_who_has_nothing_else(tmp_path: Path) -> None:
    async with open_fallback_desk(tmp_path) as desk:
        await forget(desk, RVDK)
        await alarm(desk)
        await minutes(desk, 25)
        assert await count(desk, "SELECT 1 FROM page WHERE fallback_at IS NOT NULL") == 1


async def test_who_blocks_us_is_passed_over(tmp_path: Path) -> None:
    async with open_fallback_desk(tmp_path, {}) as desk:
        desk.blocks.add(desk[RVDK].address)
        await alarm(desk)
        await minutes(desk, 25)


async def test_a_draft_that_is_never_sent_is_no_open_case(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm Centrum letsel past niet bij uitleg")
    await minutes(desk, 15)
