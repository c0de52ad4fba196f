"""Who may do what, and on whom: every command there is, written out by hand.

A new command without a row fails here, and so does one that lets somebody else in.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.answer_page import open_pages
from commands.ask import Ask
from commands.declare import COMMANDS, typed_commands
from commands.messages import Action
from commands.people import Known, by_address, by_key, identity_of, row_id
from commands.perform import choose
from commands.permission import role_for
from storage.store import Unit
from storage.tables import Case, Identity, Invitation, Person
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.telegram_scene import open_telegram_desk

# In a case that is open and theirs:
#   R raised it (melder), T took it (duty), C was called and has not answered (duty and melder)
# and outside of it:
#   M melder and backup, not called, A contact point, K coordinator, B operator (beheerder)
PEOPLE = {
    "R": "vt_fo",
    "T": "om_ovj1",
    "C": "politie_cvd1",
    "M": "vt_gw2",
    "A": "om_ap",
    "K": "coordinator",
    "B": "beheerder",
}
MAY = {
    "alarm": "R.CM...",
    "same_alarm": "R.CM...",
    "new_alarm": "R.CM...",
    "pick_kind": "R.CM...",
    "pick_place": "R.CM...",
    "pick_more": "R.CM...",
    "pick_children": "R.CM...",
    "stop_draft": "R.CM...",
    "draft_state": "RTCMAKB",
    "send_urgent": "R.CM...",
    "send_calm": "R.CM...",
    "consult_late": "RT.....",
    "consult_cannot": "RT.....",
    "consult_keep": "RT.....",
    "consult_choose": "R......",
    "consult": "RT.....",
    "consult_now": "RT.....",
    "consult_again": "RT.....",
    "withdraw": "R......",
    "withdraw_back": "R......",
    "withdraw_now": "R......",
    "withdraw_agree": "RT.....",
    "withdraw_refuse": "RT.....",
    "take": ".TC....",
    "decline": ".TC....",
    "page_state": ".TC....",
    "decline_reason": ".TC....",
    "join": ".TC....",
    "phoned": "R......",
    "no_reply": "R......",
    "status": "RTCMAKB",
    "vote": "RT.....",
    "vote_words": "RT.....",
    "agreement_confirm": "RT.....",
    "agreement_dispute": "RT.....",
    "done": "RT.....",
    "agreement_done": "RT.....",
    "agreement_more_time": "RT.....",
    "agreement_until": "RT.....",
    "agreement_past": "RT.....",
    "agreement_move": "RT.....",
    "agreement": "RT.....",
    "agreement_later": "RT.....",
    "agreement_again": "RT.....",
    "lead": "RT.....",
    "lead_pick": "RT.....",
    "close": "RT.....",
    "close_ask_lead": "RT.....",
    "close_back": "RT.....",
    "close_ask_nobody": "RT.....",
    "close_outcome": "R......",
    "close_now": "R......",
    "file_right": "RT.....",
    "file_later": "RT.....",
    "duty": "RTCMAKB",
    "handover": ".TC....",
    "handover_go": "RTCMAKB",  # of the one who holds the case, looked at by the command
    "handover_stay": "RTCMAKB",
    "handover_take": "RTCMAKB",  # of the one to whom it is offered
    "handover_decline": "RTCMAKB",
    "roster": "RTCMAKB",
    "roster_picture": "RTCMAKB",  # of the own organisation; a coordinator's: of all
    "calendar": "RTCMAKB",
    "calendar_new": "RTCMAKB",  # only ever one's own link
    "template": "....A..",
    "import_apply": "....A..",
    "import_stop": "RTCMAKB",  # of the one who sent the file
    "swap": ".TCMA..",
    "swap_ask": ".TCMA..",
    "swap_more": ".TCMA..",
    "swap_take": ".TCMA..",
    "swap_untake": ".TCMA..",
    "swap_withdraw": ".TCMA..",
    "stand_in": ".TCMA..",
    "stand_in_who": ".TCMA..",
    "stand_in_more": ".TCMA..",
    "stand_in_others": ".TCMA..",
    "stand_in_set": ".TCMA..",
    "gap_name": "....A..",
    "gap_take": "....A..",
    "sick": ".TCMA..",
    "sick_stop": ".TCMA..",
    "sick_until": ".TCMA..",
    "back": ".TCMA..",
    "invite": "....A..",
    "invite_chosen": "....A..",
    "test_ready": "RTCMAKB",
    "test": "RTCMAKB",
    "test_heard": "RTCMAKB",
    "test_seen": "RTCMAKB",
    "test_again": "RTCMAKB",
    "people": "....A..",
    "people_back": "....A..",
    "people_chosen": "....A..",
    "invite_new": "....A..",
    "people_duties": "....A..",
    "people_more_duties": "....A..",
    "people_roles": "....A..",
    "people_duty": "....A..",
    "people_role": "....A..",
    "confirm_person": "....A..",
    "confirm_people": "....A..",
    "leave": "RTCMAKB",
    "leave_chosen": "....A..",
    "leave_now": "RTCMAKB",
    "leave_anyway": "....A..",
    "leave_stop": "RTCMAKB",
    "prefer": "RTCMAKB",
    "weekly": ".....K.",
    "drill": ".....K.",
    "drill_start": ".....K.",
    "drill_stop": ".....K.",
    "drill_take": "RTCMAKB",  # of those who were called in it, looked at by the command
    "drill_decline": "RTCMAKB",
    "help": "RTCMAKB",
    "language": "RTCMAKB",
    "that_one": "RTCMAKB",
    "that_case": "RTCMAKB",
    "meant_command": "RTCMAKB",
    "not_meant": "RTCMAKB",
}


async def scene(desk: Desk) -> None:
    """VT raised an alarm, and OM took it; one officer left before."""
    await desk["om_ap"].says("uitschrijven officier van justitie 2")
    await desk["om_ap"].taps("✅")
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    await desk["om_ovj1"].taps("✅")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, after=scene) as desk:
        yield desk


async def known(unit: Unit, key: str) -> Known:
    person = await by_key(unit, key)
    assert person is not None
    identity = await identity_of(unit, row_id(person))
    assert identity is not None
    return Known(person, identity)


def ask_of(unit: Unit, desk: Desk, who: Known, case: Case | None = None) -> Ask:
    room = who.identity.direct_room or ""
    channel = who.identity.channel
    return Ask(unit, desk.world, who, "direct", channel, room, "$x", desk.now, case=case)


def test_every_command_has_its_row() -> None:
    assert set(COMMANDS) == set(MAY)


async def test_who_may_do_what(desk: Desk) -> None:
    found = dict.fromkeys(COMMANDS, "")
    async with desk.store.view() as unit:
        case = (await unit.session.exec(select(Case))).one()
        for letter, key in PEOPLE.items():
            who = await known(unit, key)
            for name, command in COMMANDS.items():
                about = case if command.about != "nothing" else None
                role = await role_for(ask_of(unit, desk, who, about), command.right)
                found[name] += letter if role is not None else "."
    assert {name: found[name] for name in MAY} == MAY


async def test_without_a_case_nothing_about_one_is_allowed(desk: Desk) -> None:
    async with desk.store.view() as unit:
        for key in PEOPLE.values():
            ask = ask_of(unit, desk, await known(unit, key))
            for command in COMMANDS.values():
                if command.right in ("called", "member", "initiator", "lead"):
                    assert await role_for(ask, command.right) is None, (key, command.name)


@pytest.mark.parametrize("who", ["a stranger", "who left"])
async def test_for_others_the_bot_is_deaf(desk: Desk, who: str) -> None:
    address = desk["om_ovj2"].address if who == "who left" else "@nobody:elsewhere.example"
    async with desk.store.view() as unit:
        assert await by_address(unit, "matrix", address) is None
        rooms = [row.direct_room for row in await unit.session.exec(select(Identity))]
    before = len(desk.shown)
    for room in (*rooms, desk["om_ovj2"].direct, desk.rooms_named["Regio Lage Dijk"]):
        for command in typed_commands():
            await desk.update("text", room or "", address, text=command.words[0])
        for message in [each for each in desk.shown if each.room == room and each.buttons]:
            for sign in message.buttons:
                await desk.update("tap", room or "", address, text=sign, about=message.event_id)
    assert len(desk.shown) == before


async def test_a_page_is_answered_by_whom_it_called_and_nobody_else(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        called = ask_of(unit, desk, await known(unit, "politie_cvd1"))
        (page,) = await open_pages(called)
        for key in ("om_ovj1", "vt_fo", "politie_ap", "coordinator", "beheerder"):
            other = ask_of(unit, desk, await known(unit, key))
            await choose(other, Action("take", "", str(row_id(page))))
            assert page.state == "called", key


# ---- on whom: the commands about people

# Who presses it: the person themself (S), a colleague on duty (D), the contact point of the same
# organisation (A), that of another one (O), coordinator (K), operator (B).
ACTORS = {
    "S": "om_ovj1",
    "D": "om_ovj2",
    "A": "om_ap",
    "O": "vt_ap",
    "K": "coordinator",
    "B": "beheerder",
}
ON_OM_OVJ1 = {
    ("leave_now", "{}"): "S.A...",
    ("leave_anyway", "{}"): "..A...",
    ("people_role", "{}:melder"): "..A...",
    ("people_role", "{}:contact_point"): "..A...",
    ("people_role", "{}:operator"): "......",
    ("people_role", "{}:coordinator"): "......",
    ("people_duty", "{}:gedragswetenschapper"): "......",  # a function of another organisation
    ("confirm_person", "{}"): "..A...",
    ("confirm_people", "{}"): "..A...",
    ("invite_chosen", "{}"): "..A...",
}


async def _state(unit: Unit, key: str) -> tuple[object, ...]:
    await unit.session.flush()
    person = (await unit.session.exec(select(Person).where(Person.key == key))).one()
    invited = (await unit.session.exec(select(Invitation))).all()
    confirmed, functions = person.confirmed_at, person.functions
    return person.active, person.roles, functions, confirmed, len(invited)


@pytest.mark.parametrize(("press", "may"), ON_OM_OVJ1.items(), ids=lambda each: str(each))
async def test_who_may_do_it_on_whom(tmp_path: Path, press: tuple[str, str], may: str) -> None:
    """A button carries no right: every one is pressed by everybody."""
    verb, argument = press
    async with open_telegram_desk(tmp_path) as desk:
        desk.time[0] += 1_000
        found = ""
        for letter, key in ACTORS.items():
            async with desk.store.trial() as unit:
                who = await known(unit, key)
                target = row_id((await known(unit, "om_ovj1")).person)
                before = await _state(unit, "om_ovj1")
                await choose(ask_of(unit, desk, who), Action(verb, "", argument.format(target)))
                found += letter if await _state(unit, "om_ovj1") != before else "."
        assert found == may
