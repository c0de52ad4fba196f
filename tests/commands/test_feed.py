"""Calendars of shifts: what stands in them, what stays, and whose link opens what."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import col, select

from commands.roster.feed import AFTER, BEFORE, feed
from commands.roster.feed_link import Kind, link, opened
from commands.rules.moments import DAY, HOUR
from config.region import Calendar as PublicCalendar
from storage.sealing import Vault
from storage.tables import Absence, AccessEntry, Duty, Person, RosterChange
from tests.commands.harness import MASTER, Desk
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk

ADDRESS = "https://kortelijn.lagedijk.example"
LINK = re.compile(rf"{ADDRESS}/rooster/([\w-]+)\.ics")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        region = desk.world.region.model_copy(update={"calendar": PublicCalendar(address=ADDRESS)})
        desk.world = replace(desk.world, region=region)
        yield desk
        desk.nothing_unexpected()


async def events(desk: Desk, key: str, kind: Kind = "own") -> list[Any]:
    """The calendar of this person, read back by somebody else's parser."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Person).where(col(Person.key) == key))
        content = await feed(unit, desk.world, found.one(), kind)
    calendar: Any = Calendar.from_ical(content)
    return list(calendar.walk("VEVENT"))


async def change(desk: Desk, **more: Any) -> None:
    async with desk.store.unit() as unit:
        row = {
            "region_id": unit.region_id,
            "partner": "rvdk",
            "function": "contact",
            "role": "primary",
            "kind": "swap",
            "made_by": "rvdk_ap",
            "made_at": unit.now,
        }
        unit.session.add(RosterChange(**{**row, **more}))


def on(found: list[Any], day: int) -> Any:
    """The entry that begins on this day of July 2026."""
    (event,) = [each for each in found if (each.start.month, each.start.day) == (7, day)]
    return event


async def test_own_shifts_stand_in_it_and_nothing_else(desk: Desk) -> None:
    found = await events(desk, "rvdk_contact1")
    friday = on(found, 10)
    assert str(friday["summary"]) == "Dienst: RvdK, RvdK-dienst (voorwacht)"
    assert friday.start == datetime(2026, 7, 10, 6, 0, tzinfo=UTC)
    assert friday.end == datetime(2026, 7, 10, 20, 0, tzinfo=UTC)
    now = datetime.fromtimestamp(desk.now / 1000, UTC)
    assert min(each.end for each in found) > now - timedelta(milliseconds=BEFORE)
    assert max(each.start for each in found) < now + timedelta(milliseconds=AFTER)
    assert len(found) == 97 or len(found) == 98
    assert {each.property_items()[0][0] for each in found} == {"BEGIN"}
    names = {name for each in found for name, _ in each.property_items()}
    assert names == {"BEGIN", "END", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "UID"}
    assert await events(desk, "om_ap") == []


async def test_a_calendar_asks_to_be_fetched_every_hour(desk: Desk) -> None:
    async with desk.store.view() as unit:
        person = (await unit.session.exec(select(Person).where(Person.key == "om_ovj1"))).one()
        calendar: Any = Calendar.from_ical(await feed(unit, desk.world, person, "own"))
    assert calendar["refresh-interval"].dt == timedelta(hours=1)
    assert str(calendar["x-published-ttl"]) == "PT1H"
    assert str(calendar["method"]) == "PUBLISH"


async def test_a_longer_shift_is_the_same_shift(desk: Desk) -> None:
    before = on(await events(desk, "rvdk_contact1"), 14)
    await change(
        desk,
        enters="rvdk_contact1",
        start_at=amsterdam(2026, 7, 14, 22, 0),
        end_at=amsterdam(2026, 7, 14, 23, 0),
    )
    after = on(await events(desk, "rvdk_contact1"), 14)
    assert str(after["uid"]) == str(before["uid"])
    assert after.end - before.end == timedelta(hours=1)
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt == datetime.fromtimestamp(desk.now // 1000, UTC)


async def test_all_other_shifts_keep_their_uid_whatever_happens_to_one(desk: Desk) -> None:
    before = {str(each["uid"]) for each in await events(desk, "rvdk_contact1")}
    assert len(before) == len(await events(desk, "rvdk_contact1")), "each has its own"
    await change(
        desk,
        leaves="rvdk_contact1",
        enters="rvdk_contact2",
        start_at=amsterdam(2026, 7, 14, 8, 0),
        end_at=amsterdam(2026, 7, 14, 22, 0),
    )
    after = {str(each["uid"]) for each in await events(desk, "rvdk_contact1")}
    assert len(before - after) == 1
    assert after < before


async def test_a_day_later_the_same_shifts_have_the_same_uids(desk: Desk) -> None:
    """Also those of whoever stands there for ever."""
    for key in ("rvdk_contact1", "politie_cvd1"):
        first = {str(each["uid"]): each.start for each in await events(desk, key)}
        desk.time[0] += DAY + 3 * HOUR
        later = {str(each["uid"]): each.start for each in await events(desk, key)}
        both = first.keys() & later.keys()
        assert len(both) >= len(first) - 2
        assert all(first[uid] == later[uid] for uid in both)


async def test_who_is_away_has_no_shift(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        start = amsterdam(2026, 7, 13, 0, 0)
        unit.session.add(
            Absence(
                region_id=unit.region_id, person="rvdk_contact1", start_at=start,
                end_at=start + 2 * DAY, made_by="rvdk_ap", made_at=unit.now,
            )
        )  # fmt: skip
    found = await events(desk, "rvdk_contact1")
    days = {each.start.day for each in found if each.start.month == 7}
    assert {13, 14}.isdisjoint(days)
    assert {12, 15} <= days


async def test_two_shifts_on_a_day_are_two(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        for start, end in (("07:00", "09:00"), ("15:00", "17:00")):
            unit.session.add(
                Duty(
                    region_id=unit.region_id, partner="vt", function="frontoffice",
                    weekdays="0", start=start, end=end, turns='[["vt_fo", null]]',
                )
            )  # fmt: skip
    found = [each for each in await events(desk, "vt_fo") if each.start.day == 13]
    monday = [each for each in found if each.start.month == 7]
    assert len(monday) == 2
    assert len({str(each["uid"]) for each in monday}) == 2


async def test_an_organisation_has_all_its_shifts(desk: Desk) -> None:
    found = await events(desk, "rvdk_ap", "partner")
    told = {str(each["summary"]) for each in found}
    assert "RvdK-dienst 1: RvdK, RvdK-dienst (voorwacht)" in told
    assert "RvdK-dienst 2: RvdK, RvdK-dienst (achterwacht)" in told
    friday = [each for each in found if each.start.month == 7 and each.start.day == 14]
    swapped = {str(each["uid"]) for each in friday}
    await change(
        desk,
        leaves="rvdk_contact1",
        enters="rvdk_ap",
        start_at=amsterdam(2026, 7, 14, 8, 0),
        end_at=amsterdam(2026, 7, 14, 22, 0),
    )
    again = await events(desk, "rvdk_ap", "partner")
    assert {
        str(each["uid"]) for each in again if each.start.month == 7 and each.start.day == 14
    } == swapped, "somebody else in it is the same shift"


# links


async def token(desk: Desk, key: str, kind: Kind = "own") -> str:
    async with desk.store.view() as unit:
        person = (await unit.session.exec(select(Person).where(col(Person.key) == key))).one()
        found = LINK.fullmatch(link(unit, desk.world, person, kind) or "")
    assert found is not None
    return found[1]


async def opens(desk: Desk, meant: str) -> tuple[str, Kind] | None:
    async with desk.store.view() as unit:
        found = await opened(unit, meant)
        return (found[0].key, found[1]) if found else None


async def test_a_link_opens_what_it_was_made_for(desk: Desk) -> None:
    assert await opens(desk, await token(desk, "om_ovj1")) == ("om_ovj1", "own")
    assert await opens(desk, await token(desk, "om_ap", "partner")) == ("om_ap", "partner")
    assert await token(desk, "om_ovj1") == await token(desk, "om_ovj1"), "it stays"


async def test_no_other_token_opens_anything(desk: Desk) -> None:
    right = await token(desk, "om_ovj1")
    wrong = [
        right[:at] + ("A" if right[at] != "A" else "B") + right[at + 1 :]
        for at in range(len(right) - 1)
    ]
    for each in (*wrong, "", "x", "é", right + "A", right[:-2], "A" * 400, right.upper()):
        assert await opens(desk, each) is None, each


async def test_a_link_ends_with_who_has_it(desk: Desk) -> None:
    own, shared = await token(desk, "om_ap"), await token(desk, "om_ap", "partner")
    async with desk.store.unit() as unit:
        person = (await unit.session.exec(select(Person).where(Person.key == "om_ap"))).one()
        person.roles = "duty"
    assert await opens(desk, own) == ("om_ap", "own")
    assert await opens(desk, shared) is None
    async with desk.store.unit() as unit:
        person = (await unit.session.exec(select(Person).where(Person.key == "om_ap"))).one()
        person.active = False
    assert await opens(desk, own) is None


async def test_links_outlive_a_new_master_key_and_end_with_the_old_one(desk: Desk) -> None:
    from cryptography.fernet import Fernet

    right, fresh = await token(desk, "om_ovj1"), Fernet.generate_key()
    desk.store._vault = Vault([fresh, MASTER])
    assert await opens(desk, right) == ("om_ovj1", "own")
    assert await token(desk, "om_ovj1") != right
    desk.store._vault = Vault([fresh])
    assert await opens(desk, right) is None


async def test_keys_of_different_purposes_differ() -> None:
    vault = Vault([MASTER])
    assert vault.code_keys("a") != vault.code_keys("b")
    assert len(vault.code_keys("a")[0]) == 32


# the command


async def test_the_command_gives_the_own_link_and_a_new_one_ends_it(desk: Desk) -> None:
    phone = desk["om_ovj1"]
    await phone.says("agenda")
    shown = phone.expects("📅 Abonneer je agenda op deze link.", loud=False)
    (first,) = LINK.findall(shown.text)
    assert await opens(desk, first) == ("om_ovj1", "own")
    await phone.taps(shown.buttons[0], shown)
    (second,) = LINK.findall(shown.text)
    assert "De oude links werken niet meer." in shown.text
    assert await opens(desk, first) is None
    assert await opens(desk, second) == ("om_ovj1", "own")
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry)
            .where(col(AccessEntry.what) == "feed")
            .order_by(col(AccessEntry.number))
        )
        assert [(each.action, each.person) for each in found] == [
            ("share", "om_ovj1"),
            ("change", "om_ovj1"),
        ]


async def test_a_contact_point_gets_that_of_the_organisation_too(desk: Desk) -> None:
    await desk["om_ap"].says("calendar")
    shown = desk["om_ap"].expects("En van OM, alle diensten:")
    own, shared = LINK.findall(shown.text)
    assert await opens(desk, own) == ("om_ap", "own")
    assert await opens(desk, shared) == ("om_ap", "partner")


async def test_without_a_public_address_it_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk["om_ovj1"].says("agenda")
        desk["om_ovj1"].expects("Agenda's staan hier niet aan.")
        desk.nothing_unexpected()
