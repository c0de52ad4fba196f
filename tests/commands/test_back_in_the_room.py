"""Who left the case room by hand, or refused the invitation, comes back in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from storage.tables import AccessEntry, Case, OutboxRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

OM = "om_ovj1"


async def _om_took_it(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    await desk[OM].taps("✅")
    desk.expect_so_far()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """VT raised an alarm, OM took it, both are in the room."""
    async with open_desk(tmp_path, after=_om_took_it) as desk:
        yield desk


async def leaves(desk: Desk, key: str) -> None:
    """By hand; to the bot it looks the same when an invitation is refused."""
    desk.members[desk.case_room()].discard(desk[key].address)
    await desk.update("left", desk.case_room(), desk[key].address)


def is_in(desk: Desk, key: str) -> bool:
    return desk[key].address in desk.members[desk.case_room()]


async def invitations(desk: Desk) -> int:
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(OutboxRow).where(OutboxRow.kind == "invite"))
        return sum(row.destination.startswith("case:") for row in found)


async def shared(desk: Desk) -> list[str]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry.person).where(
                AccessEntry.action == "share", AccessEntry.what == "case"
            )
        )
        return list(found)


@pytest.mark.parametrize("key", [OM, "vt_fo"])
async def test_stand_in_the_own_chat_invites_again(desk: Desk, key: str) -> None:
    await leaves(desk, key)
    assert not is_in(desk, key)
    await desk[key].says("stand")
    assert is_in(desk, key)
    assert "1 van 4 opgepakt" in desk[key].screen()[-1].text
    assert (await shared(desk))[-1] == key
    desk[key].expects("tot nu toe (15:40)", desk.case_room())


async def test_to_ack_again_invites_again(desk: Desk) -> None:
    await leaves(desk, OM)
    await desk[OM].says("ik pak op")
    assert is_in(desk, OM)
    assert (await shared(desk))[-1] == OM


async def test_a_tap_on_the_taken_page_invites_again(desk: Desk) -> None:
    page = desk[OM].expects("Jij pakt")
    await leaves(desk, OM)
    await desk.update("tap", page.room, desk[OM].address, text="✅", about=page.event_id)
    assert is_in(desk, OM)


async def test_an_invitation_that_was_refused_comes_again(desk: Desk) -> None:
    desk.joins = False
    await desk["politie_cvd1"].taps("✅")
    before = await invitations(desk)
    await desk.update("left", desk.case_room(), desk["politie_cvd1"].address)
    desk.joins = True
    await desk["politie_cvd1"].says("stand")
    assert await invitations(desk) == before + 1
    assert is_in(desk, "politie_cvd1")


async def test_who_is_in_the_room_is_not_invited(desk: Desk) -> None:
    before = await invitations(desk), await shared(desk)
    await desk[OM].says("stand")
    assert (await invitations(desk), await shared(desk)) == before


async def test_who_comes_along_after_leaving_is_let_in(desk: Desk) -> None:
    """A colleague took it; [Ik doe mee] was pressed before, and the room was left since."""
    await desk.advance(6)  # the police are silent: their backup is called too
    await desk["politie_cvd2"].taps("✅")
    await desk["politie_cvd1"].says("ik doe mee")
    await leaves(desk, "politie_cvd1")
    await desk["politie_cvd1"].says("ik doe mee")
    assert is_in(desk, "politie_cvd1")


async def test_who_gave_it_back_is_not_invited(desk: Desk) -> None:
    await desk[OM].says("kan niet")
    before = await invitations(desk)
    await desk[OM].says("stand")
    assert await invitations(desk) == before
    assert not is_in(desk, OM)


@pytest.mark.parametrize(("state", "comes"), [("closed", True), ("withdrawn", False)])
async def test_after_the_end_only_a_closed_case_opens_its_room(
    desk: Desk, state: str, comes: bool
) -> None:
    async with desk.store.unit() as unit:
        case = (await unit.session.exec(select(Case).where(Case.state == "open"))).one()
        case.state, case.closed_at, case.outcome = state, unit.now, "plan"
    await leaves(desk, OM)
    await desk[OM].says("stand")
    assert is_in(desk, OM) is comes
