"""The weekly digest: the right week, the right people, once, and no small number."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import col, select

from commands.rules.moments import DAY, HOUR, MINUTE
from commands.weekly_digest import digest_job, send_digest
from storage.sealing import Vault
from storage.store import Store
from storage.tables import AccessEntry, DoneJob, Identity, Measure, Person
from tests.commands.harness import MASTER, Desk
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk

MONDAY = amsterdam(2026, 7, 13, 8)  # of week 29
IN_WEEK_28 = amsterdam(2026, 7, 8, 14)
_alarms = count()

QUIET_WEEK = """\
📊 Weekbericht 28 · 6–12 juli
Alarmen: <5
Per soort: alle <5
Opgepakt: overal <5 keer
Niet opgepakt: <5
Niemand in dienst: <5 keer
Achterwacht gebruikt: <5 keer
Overleg: <5 keer
Gaten 14 dagen: 14 (RvdK)
RvdK: 22:00 tot di 08:00
RvdK: di 22:00 tot wo 08:00
RvdK: wo 22:00 tot do 08:00
RvdK: do 22:00 tot vr 08:00
RvdK: vr 22:00 tot za 08:00
RvdK: za 22:00 tot zo 08:00
<5 is ook 0."""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, now=MONDAY) as desk:
        yield desk
        desk.nothing_unexpected()


def alarms(
    number: int,
    protocol: str = "skm",
    at: int = IN_WEEK_28,
    region: str = "lage-dijk",
    **also: str | tuple[str, int],
) -> list[Measure]:
    """So many alarms; `also` names further kinds of each, with a partner or partner and time."""
    rows = []
    for _ in range(number):
        token = f"alarm{next(_alarms)}"
        kinds: dict[str, str | tuple[str, int]] = {"alarm": "vt", **also}
        for kind, value in kinds.items():
            partner, length = value if isinstance(value, tuple) else (value, None)
            rows.append(
                Measure(
                    region_id=region,
                    at=at,
                    kind=kind,
                    protocol=protocol,
                    partner=partner,
                    value=length,
                    token=token,
                )
            )
    return rows


async def happened(desk: Desk, *measures: Iterable[Measure]) -> None:
    async with desk.store.unit() as unit:
        for rows in measures:
            unit.session.add_all(rows)


async def sent(desk: Desk, week: tuple[int, int] = (2026, 28)) -> bool:
    async with desk.store.unit() as unit:
        done = await send_digest(unit, desk.world, week)
    await desk.settle()
    return done


async def logged(desk: Desk, what: str) -> list[tuple[str, str | None]]:
    """What was done with it, and on whose behalf."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry.action, AccessEntry.on_behalf).where(AccessEntry.what == what)
        )
        return list(found)


async def test_a_busy_week(desk: Desk) -> None:
    await happened(
        desk,
        alarms(6, time_to_ack=("om", 3 * MINUTE + 1), consultation_in_time=""),
        alarms(5, "ouderen", consultation_late="", backup_used="rvdk", missed="rvdk"),
    )
    await desk["coordinator"].says("weekbericht")
    shown = desk["coordinator"].expects("Weekbericht 28")
    assert shown.text.splitlines()[:14] == [
        "📊 Weekbericht 28 · 6–12 juli",
        "Alarmen: 11",
        "Strafbare kindermishandeling: 6",
        "Ouderenmishandeling: 5",
        "Oppakken, helft binnen:",
        "VT <5 keer",
        "OM 4 min",
        "Politie <5 keer",
        "RvdK <5 keer",
        "Niet opgepakt: 5",
        "Niemand in dienst: <5 keer",
        "Achterwacht gebruikt: 5 keer",
        "Overleg: 11 keer",
        "Overleg op tijd: 55%",
    ]


async def test_a_week_of_nothing_and_a_week_of_four_look_the_same(desk: Desk) -> None:
    await desk["coordinator"].says("weekbericht")
    assert desk["coordinator"].expects("Weekbericht").text == QUIET_WEEK
    await happened(desk, alarms(4, time_to_ack=("vt", MINUTE), missed="om", consultation_late=""))
    await desk["coordinator"].says("weekbericht")
    first, second = desk["coordinator"].screen()[-2:]
    assert second.text == first.text
    second.expected = True


async def test_one_small_kind_takes_the_totals_with_it(desk: Desk) -> None:
    await happened(
        desk,
        alarms(8, consultation_in_time=""),
        alarms(1, "ouderen", consultation_in_time=""),
    )
    await desk["coordinator"].says("weekbericht")
    text = desk["coordinator"].expects("Ouderenmishandeling: <5").text
    assert "Alarmen:" not in text
    assert "Overleg" not in text
    assert "9" not in text


async def test_only_alarms_of_this_week_and_region_count_and_no_drill(desk: Desk) -> None:
    await happened(
        desk,
        alarms(5, at=amsterdam(2026, 7, 5, 23, 59)),
        alarms(5, at=amsterdam(2026, 7, 13, 0)),
        alarms(5, region="elders"),
    )
    drills = alarms(5)
    for drill in drills:
        drill.kind = "drill"
    await happened(desk, drills)
    await desk["coordinator"].says("weekbericht")
    assert desk["coordinator"].expects("Weekbericht").text == QUIET_WEEK


async def test_a_kind_that_the_region_dropped_still_counts_in_the_total(desk: Desk) -> None:
    await happened(desk, alarms(5), alarms(6, "ouderen"), alarms(7, "vroeger"))
    await desk["coordinator"].says("weekbericht")
    assert "Vroeger: 7" in desk["coordinator"].expects("Alarmen: 18").text


@pytest.mark.parametrize("role", ["vt_ap", "vt_fo", "om_ovj1", "beheerder"])
async def test_nobody_else_gets_it(desk: Desk, role: str) -> None:
    await desk[role].says("weekbericht")
    desk[role].expects("wel aan: coördinator")
    desk[role].lacks("Weekbericht 28")
    assert await logged(desk, "weekly") == [("refuse", None)]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("weekbericht 28", "Weekbericht 28 · 6–12 juli"),
        ("Weekbericht week 27", "Weekbericht 27 · 29 juni – 5 juli"),
        ("weekbericht 2026-28", "Weekbericht 28 · 6–12 juli"),
        ("weekbericht 2026-W28", "Weekbericht 28 · 6–12 juli"),
        ("weekly 40", "Weekbericht 2025-40 · 29 september – 5 oktober"),
        ("weekbericht 2020 53", "Weekbericht 2020-53 · 28 december – 3 januari"),
    ],
)
async def test_a_week_can_be_named(desk: Desk, words: str, title: str) -> None:
    await desk["coordinator"].says(words)
    assert desk["coordinator"].expects("Weekbericht").text.startswith(f"📊 {title}\n")


@pytest.mark.parametrize("words", ["0", "54", "2021-53", "2026-40", "volgende", "28 29"])
async def test_a_week_that_is_none(desk: Desk, words: str) -> None:
    await desk["coordinator"].says(f"weekbericht {words}")
    desk["coordinator"].expects("Die week ken ik niet. Zo: weekbericht 28")


@pytest.mark.parametrize("words", ["29", "2026-29"])
async def test_the_running_week_is_never_shown(desk: Desk, words: str) -> None:
    await happened(desk, alarms(9, at=MONDAY))
    await desk["coordinator"].says(f"weekbericht {words}")
    text = desk["coordinator"].expects("Week 29 loopt nog. Ik toon week 28.").text
    assert text.split("\n", 1)[1] == QUIET_WEEK


async def test_every_coordinator_gets_it_once_without_a_sound(desk: Desk) -> None:
    await second_coordinator(desk)
    assert await sent(desk)
    for key in ("coordinator", "vt_ap"):
        assert desk[key].expects("Weekbericht 28", loud=False).text == QUIET_WEEK
    assert not await sent(desk)
    assert set(await logged(desk, "digest")) == {("share", "coordinator"), ("share", "vt_ap")}


async def second_coordinator(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(Person.key == "vt_ap"))
        person = found.one()
        person.roles += " coordinator"
        unit.session.add(person)


async def test_each_week_is_sent(desk: Desk) -> None:
    for week in (28, 27):
        assert await sent(desk, (2026, week))
        desk["coordinator"].expects(f"Weekbericht {week}")


async def test_a_crash_before_the_commit_leaves_it_to_be_sent(desk: Desk) -> None:
    async def broken_off() -> None:
        async with desk.store.unit() as unit:
            await send_digest(unit, desk.world, (2026, 28))
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await broken_off()
    await desk.settle()
    desk["coordinator"].lacks("Weekbericht")
    assert await sent(desk)
    desk["coordinator"].expects("Weekbericht 28")


async def test_two_processes_send_it_once(desk: Desk) -> None:
    other = Store(desk.store.engine, Vault([MASTER]), b"log", "lage-dijk", lambda: desk.now)

    async def send(store: Store) -> bool:
        async with store.unit() as unit:
            return await send_digest(unit, desk.world, (2026, 28))

    assert sorted(await asyncio.gather(send(desk.store), send(other))) == [False, True]
    await desk.settle()
    desk["coordinator"].expects("Weekbericht 28")


async def test_nobody_to_reach_is_not_sent(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(
            select(Identity).where(col(Identity.address).contains("coordinator"))
        )
        await unit.session.delete(found.one())
    assert not await sent(desk)
    async with desk.store.view() as unit:
        jobs = (await unit.session.exec(select(DoneJob.job))).all()
    assert not [job for job in jobs if job.startswith("digest")]


@pytest.mark.parametrize("late", [0, 6 * HOUR, 3 * DAY])
async def test_the_calendar_takes_the_week_that_is_over(desk: Desk, late: int) -> None:
    desk.time[0] += late
    async with desk.store.unit() as unit:
        assert await digest_job(unit, desk.world, unit.now)
    await desk.settle()
    desk["coordinator"].expects("Weekbericht 28")


async def test_who_left_leaves_a_gap(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(Person.key == "om_ovj1"))
        person = found.one()
        person.active = False
        unit.session.add(person)
    await desk["coordinator"].says("weekbericht")
    text = desk["coordinator"].expects("Gaten 14 dagen: 15 (OM, RvdK)").text
    assert "OM: 08:00 tot ma 27 juli 08:00" in text


async def test_at_new_year_the_week_belongs_to_the_old_one(desk: Desk) -> None:
    desk.time[0] = amsterdam(2027, 1, 4, 8)
    await desk["coordinator"].says("weekbericht")
    desk["coordinator"].expects("Weekbericht 2026-53 · 28 december – 3 januari")


async def test_english_for_who_reads_english(desk: Desk) -> None:
    await desk["coordinator"].says("taal en")
    desk["coordinator"].expects("English")
    await desk["coordinator"].says("weekly")
    text = desk["coordinator"].expects("Weekly digest 28 · 6–12 July").text
    assert "<5 includes 0." in text
