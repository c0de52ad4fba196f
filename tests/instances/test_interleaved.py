"""Whatever two instances do at a time, and whenever one of them dies: each page arrives once, a yes
stays a yes, and no chain is without a clock."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from commands.update import Update
from storage.engine import open_engine
from storage.store import Store
from storage.tables import Chain, Page, Person, TimerRow
from tests.commands.harness import Desk
from tests.commands.morning import on_postgres, open_desk
from tests.instances.two_in_memory import PAGE, Two
from tests.kit.postgres import Postgres

CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1", "om_ovj2", "rvdk_contact2")
which = st.integers(0, 1)
steps = st.one_of(
    st.tuples(st.sampled_from(["act", "sweep", "send", "mark"]), which),
    st.tuples(st.just("die"), which),
    st.tuples(st.sampled_from(["take", "decline"]), st.integers(0, len(CALLED) - 1)),
    st.tuples(st.just("later"), st.integers(1, 12)),
)
Pair = tuple[tuple[str, int], tuple[str, int]]


@given(pairs=st.lists(st.tuples(steps, steps), min_size=5, max_size=40))
@settings(max_examples=15, deadline=None, phases=[Phase.reuse, Phase.generate])
async def test_two_at_a_time(postgres: Postgres, pairs: list[Pair]) -> None:
    with TemporaryDirectory() as folder, on_postgres(postgres):
        async with open_desk(Path(folder)) as desk:
            url = desk.store.engine.url.render_as_string(hide_password=False)
            other = Store(
                open_engine(url), desk.store._vault, b"log", desk.store.region_id, lambda: desk.now
            )
            try:
                await _play(desk, Two(desk, (desk.store, other)), pairs)
            finally:
                await other.close()


async def _play(desk: Desk, two: Two, pairs: list[Pair]) -> None:
    melder = desk["vt_fo"]
    await melder.says("alarm skm spoed Centrum letsel past niet bij uitleg")
    draft = melder.expects("Er is nog niets verstuurd")
    confirm = Update(
        desk.fresh_id(), "tap", draft.room, melder.address, desk.now, "1️⃣", draft.event_id
    )
    await two.happens(confirm)
    taken: set[int] = set()
    for pair in pairs:
        await asyncio.gather(*(_step(desk, two, *step) for step in pair))
        taken |= await _acked(desk, taken)
    await two.settle()
    await _acked(desk, taken)
    await _each_page_once(desk, two)
    await _no_chain_is_forgotten(desk)


async def _step(desk: Desk, two: Two, what: str, number: int) -> None:
    match what:
        case "act":
            await two.act(number)
        case "sweep":
            await two.sweep(number)
        case "send":
            await two.send(number)
        case "mark":
            await two.mark(number)
        case "die":
            await two.die(number)
        case "later":
            desk.time[0] += number * 60_000
        case "take" | "decline":
            await _press(desk, two, CALLED[number], "✅" if what == "take" else "❌")


async def _press(desk: Desk, two: Two, key: str, emoji: str) -> None:
    """On the page, if there is one yet."""
    phone = desk[key]
    for message in phone.screen():
        if message.text.startswith(PAGE):
            tap = Update(
                desk.fresh_id(),
                "tap",
                phone.direct,
                phone.address,
                desk.now,
                emoji,
                message.event_id,
            )
            await two.happens(tap)
            return


async def _acked(desk: Desk, before: set[int]) -> set[int]:
    """The chains with a yes. None of those before has lost it: nobody takes it back here."""
    async with desk.store.view() as unit:
        chains = (await unit.session.exec(select(Chain))).all()
    now = {chain.id or 0 for chain in chains if chain.acked_page_id is not None}
    assert before <= now, "a yes was undone"
    return now


async def _each_page_once(desk: Desk, two: Two) -> None:
    """Everybody who was called has it once. A copy that came too late was taken away."""
    async with desk.store.view() as unit:
        called = select(Person.key).join(Page).where(Page.called_at.is_not(None))  # type: ignore[union-attr]
        keys = (await unit.session.exec(called)).all()
    for key in keys:
        came = two.pages.get(desk[key].direct, [])
        standing = [event for event in came if event not in desk.erased]
        assert len(standing) == keys.count(key), f"{key}: {len(came)} came, {standing} stand"


async def _no_chain_is_forgotten(desk: Desk) -> None:
    """A yes, a live clock, or the end of what can be tried."""
    async with desk.store.view() as unit:
        chains = (await unit.session.exec(select(Chain))).all()
        live = select(TimerRow.subject).where(TimerRow.state == "live")
        subjects = set((await unit.session.exec(live)).all())
    for chain in chains:
        going = f"chain:{chain.id}" in subjects
        assert chain.acked_page_id is not None or going or chain.ended_at is not None, chain
