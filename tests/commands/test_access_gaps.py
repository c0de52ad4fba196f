"""What used to happen without a line in the access log. Each line is content-free and chained."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.access_log import verify
from storage.tables import AccessEntry
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

Line = tuple[str, str, str, str]  # person, action, what, right


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon; at its end the chain of the log is whole."""
    async with open_desk(tmp_path) as desk:
        yield desk
        async with desk.store.view() as unit:
            assert (await verify(unit)).broken_at is None


async def entries(desk: Desk, what: str) -> list[AccessEntry]:
    """The rows about this, oldest first."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry).where(AccessEntry.what == what).order_by(col(AccessEntry.number))
        )
        return list(found)


async def lines(desk: Desk, what: str) -> list[Line]:
    """The same without the rest."""
    return [(row.person, row.action, row.what, row.right) for row in await entries(desk, what)]


async def raise_alarm(desk: Desk) -> None:
    """One line and the send button."""
    await desk["vt_fo"].says("alarm skm spoed Centrum letsel past niet bij uitleg")
    await desk["vt_fo"].taps("1️⃣")


async def test_a_draft_is_logged_when_made_changed_and_stopped(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await vt.says("alarm")
    await vt.taps("1️⃣")  # what
    await vt.says("Centrum")
    await vt.says("letsel past niet bij uitleg")
    await vt.taps("❌")
    assert await lines(desk, "draft") == [
        ("vt_fo", "create", "draft", "melder"),
        *[("vt_fo", "change", "draft", "melder")] * 3,
        ("vt_fo", "delete", "draft", "melder"),
    ]


async def test_a_new_draft_and_the_clock_delete_a_draft(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm")
    await desk["vt_fo"].says("alarm ouderen")
    await desk.advance(31)
    assert await lines(desk, "draft") == [
        ("vt_fo", "create", "draft", "melder"),
        ("vt_fo", "delete", "draft", "melder"),
        ("vt_fo", "create", "draft", "melder"),
        ("bot", "delete", "draft", "retention"),
    ]


async def test_who_joins_the_room_reads_the_case(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk["om_ovj1"].taps("✅")
    desk["om_ovj1"].expects("letsel past niet bij uitleg", desk.case_room())
    read = [row for row in await entries(desk, "case") if row.action == "read"]
    assert [(row.person, row.right, row.partner) for row in read] == [
        ("vt_fo", "member", "vt"),
        ("om_ovj1", "member", "om"),
    ]
    assert all(row.reference for row in read)


async def test_who_leaves_the_room_is_logged(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk.update("left", desk.case_room(), desk["vt_fo"].address)
    assert await lines(desk, "room") == [("vt_fo", "change", "room", "member")]


async def test_taking_a_stranger_out_of_a_room_is_logged(desk: Desk) -> None:
    await raise_alarm(desk)
    room = desk.case_room()
    for user in ("@stranger:x", desk["coordinator"].address):
        await desk.update("joined", room, user)
    rows = await entries(desk, "room")
    assert [(row.person, row.action, row.right, row.on_behalf) for row in rows] == [
        ("bot", "change", "guard", None),
        ("bot", "change", "guard", "coordinator"),
    ]
    read = [row.person for row in await entries(desk, "case") if row.action == "read"]
    assert read == ["vt_fo"], "who was taken out was not caught up"


async def test_every_page_that_expires_and_the_end_of_a_chain_are_logged(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk.advance(11)
    early = await lines(desk, "chain")
    await desk.advance(60)
    late = await lines(desk, "chain")
    assert early, "the first ones on duty were silent"
    assert len(late) > len(early)
    assert set(late) == {("bot", "change", "chain", "protocol")}


async def test_a_reason_of_a_no_is_logged_but_not_which(desk: Desk) -> None:
    await raise_alarm(desk)
    om = desk["om_ovj1"]
    await om.taps("❌")
    await om.taps("1️⃣")
    assert (await lines(desk, "page"))[-3:] == [
        ("bot", "share", "page", "protocol"),  # the backup
        ("om_ovj1", "change", "page", "called"),  # the no
        ("om_ovj1", "change", "page", "called"),  # why
    ]


async def test_closing_asked_for_and_taken_back_is_logged(desk: Desk) -> None:
    await raise_alarm(desk)
    vt = desk["vt_fo"]
    await vt.says("sluit")
    question = vt.expects("Wat is de uitkomst?")
    await vt.taps("1️⃣", question)
    await vt.taps("❌", question)
    assert await lines(desk, "closing") == [("vt_fo", "change", "closing", "member")]


async def test_nothing_of_the_case_stands_in_the_log(desk: Desk) -> None:
    await raise_alarm(desk)
    await desk["om_ovj1"].taps("✅")
    await desk["om_ovj1"].says("kan niet")
    await desk.advance(30)
    async with desk.store.view() as unit:
        rows = (await unit.session.exec(select(AccessEntry))).all()
    text = " ".join(str(row.model_dump()) for row in rows).lower()
    assert len(rows) > 20
    for word in ("letsel", "uitleg", "centrum"):
        assert word not in text
