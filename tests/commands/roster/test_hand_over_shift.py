"""A shift ends while its case is open: asked, offered, taken over; till then the old one has it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.rules.moments import MINUTE
from storage.tables import Case, Chain, Duty, Member, Person
from tests.commands.harness import Desk
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk
from tests.commands.roster.scene import everybody_tested, logged, nights_filled

FRIDAY = (2026, 7, 10)


async def case_of_rvdk(desk: Desk) -> None:
    """All have taken it. At 22:00 the two of the RvdK change places."""
    await everybody_tested(desk)
    await nights_filled(desk)
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    for key in ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1"):
        await desk[key].taps("✅")
    desk.expect_so_far()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """At 21:30, when it is asked; what the others were told of an overleg is not its subject."""
    async with open_desk(tmp_path, after=case_of_rvdk) as desk:
        await until(desk, 21, 29)
        desk.expect_so_far()
        yield desk
        desk.nothing_unexpected()


async def until(desk: Desk, hour: int, minute: int) -> None:
    await desk.advance((amsterdam(*FRIDAY, hour, minute) - desk.now) / MINUTE)


def reference(desk: Desk) -> str:
    return next(name for name, room in desk.rooms_named.items() if room == desk.case_room())


async def members(desk: Desk, partner: str) -> set[str]:
    """Who is in the case for this partner."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(Person.key).join(Member).where(Member.partner == partner, Member.left_at == None)  # noqa: E711
        )
        return set(found)


async def asked(desk: Desk) -> str:
    await until(desk, 21, 30)
    ref = reference(desk)
    text = f"🔁 Je dienst stopt om 22:00, {ref} is open. Overdragen aan je opvolger?"
    desk["rvdk_contact1"].expects(text, loud=True)
    return ref


async def test_the_successor_takes_over_and_the_old_one_is_out(desk: Desk) -> None:
    ref = await asked(desk)
    await desk["rvdk_contact1"].taps("✅")  # [Draag over]
    desk["rvdk_contact1"].expects(f"Je opvolger is gevraagd {ref} over te nemen (21:30).")
    page = desk["rvdk_contact2"].expects(
        f"🔁 Dienstoverdracht {ref}: 0 afspraken open. Pak je dit op vóór 22:15 (45 min)?",
        loud=True,
    )
    assert await members(desk, "rvdk") == {"rvdk_contact1"}, "still responsible"
    await until(desk, 22, 4)
    await desk["rvdk_contact2"].taps("✅", page)
    desk["rvdk_contact2"].expects(f"✅ Jij pakt {ref} op (22:04).")
    desk["rvdk_contact1"].expects(f"✅ Je opvolger pakt {ref} op (22:04). Jij bent klaar.")
    assert await members(desk, "rvdk") == {"rvdk_contact2"}
    assert desk["rvdk_contact1"].address not in desk.members[desk.case_room()]
    assert ("rvdk_contact2", "share", None) in await logged(desk, "case")
    desk["rvdk_contact2"].expects("K", desk.case_room())
    desk.expect_so_far()
    await desk["rvdk_contact1"].says("stand")
    desk["rvdk_contact1"].expects("Je hebt geen open casus.")
    await desk["rvdk_contact1"].says("ik doe mee")
    await desk["rvdk_contact1"].taps("1️⃣", desk["rvdk_contact1"].expects("Je hoeft niets te doen."))
    assert await members(desk, "rvdk") == {"rvdk_contact2"}


async def test_without_an_answer_it_is_offered_at_the_end_of_the_shift(desk: Desk) -> None:
    ref = await asked(desk)
    await until(desk, 22, 0)
    desk["rvdk_contact2"].expects("Pak je dit op vóór 22:15 (15 min)?", loud=True)
    desk["rvdk_contact1"].expects(f"Je opvolger is gevraagd {ref} over te nemen (22:00).")


async def test_nobody_answers_then_the_contact_point_then_the_telephone(desk: Desk) -> None:
    ref = await asked(desk)
    await desk["rvdk_contact1"].taps("✅")
    desk.expect_so_far()
    await until(desk, 22, 15)
    desk["rvdk_contact1"].expects(
        f"Nog geen ja voor {ref}. Het aanspreekpunt is opgeroepen (22:15)."
        " Tot die ja zegt, blijf jij verantwoordelijk.",
        loud=True,
    )
    desk["rvdk_contact2"].expects(f"De overdracht van {ref} is aan een ander gevraagd.")
    desk["rvdk_ap"].expects("Pak je dit op vóór 22:30 (15 min)?", loud=True)
    await until(desk, 22, 30)
    desk["rvdk_contact1"].expects(f"📞 Niemand neemt {ref} over. Bel de RvdK-spoedlijn", loud=True)
    desk["rvdk_ap"].expects(f"De overdracht van {ref} is aan een ander gevraagd.")
    assert await members(desk, "rvdk") == {"rvdk_contact1"}
    await until(desk, 23, 59)


async def test_who_cannot_passes_it_on_at_once(desk: Desk) -> None:
    ref = await asked(desk)
    await desk["rvdk_contact1"].taps("✅")
    desk.expect_so_far()
    await desk["rvdk_contact2"].taps("❌")
    desk["rvdk_contact2"].expects(f"Goed. De volgende wordt gevraagd voor {ref}.")
    desk["rvdk_ap"].expects(f"🔁 Dienstoverdracht {ref}", loud=True)
    desk["rvdk_contact1"].expects(f"Nog geen ja voor {ref}. Het aanspreekpunt is opgeroepen")
    await desk["rvdk_ap"].taps("✅")
    assert await members(desk, "rvdk") == {"rvdk_ap"}
    desk.expect_so_far()


async def test_who_stays_is_not_asked_again_for_this_shift(desk: Desk) -> None:
    ref = await asked(desk)
    await desk["rvdk_contact1"].taps("❌")  # [Ik blijf]
    desk["rvdk_contact1"].expects(f"Goed. {ref} blijft bij jou.")
    await until(desk, 23, 59)
    assert await members(desk, "rvdk") == {"rvdk_contact1"}


async def test_by_oneself_at_any_moment(desk: Desk) -> None:
    """The officer hands over in the middle of the shift: nobody comes after, so the backup."""
    ref = reference(desk)
    await desk["om_ovj1"].says("overdragen")
    desk["om_ovj1"].expects(f"De achterwacht is gevraagd {ref} over te nemen (21:29).")
    await desk["om_ovj2"].taps("✅")
    desk["om_ovj1"].expects(f"✅ Je opvolger pakt {ref} op (21:29). Jij bent klaar.")
    assert await members(desk, "om") == {"om_ovj2"}
    desk.expect_so_far()


async def test_only_who_has_it_hands_over(desk: Desk) -> None:
    """Who was called and let it go to the backup has nothing to give."""
    async with desk.store.unit() as unit:
        chain = (await unit.session.exec(select(Chain).where(Chain.partner == "om"))).one()
        chain.acked_page_id = None
    await desk["om_ovj1"].says("overdragen")
    desk["om_ovj1"].expects("Je hebt deze casus niet opgepakt. Alleen wie hem heeft, draagt over.")


async def test_an_old_button_takes_nothing_over(desk: Desk) -> None:
    ref = await asked(desk)
    await desk["rvdk_contact1"].taps("✅")
    page = desk["rvdk_contact2"].expects(f"🔁 Dienstoverdracht {ref}")
    async with desk.store.unit() as unit:
        case = (await unit.session.exec(select(Case).where(Case.reference == ref))).one()
        case.state, case.closed_at = "closed", unit.now
    await desk["rvdk_contact2"].taps("✅", page)
    desk["rvdk_contact2"].expects("Deze overdracht is voorbij. Je hoeft niets te doen.")
    desk.expect_so_far()


async def test_illness_in_the_shift_asks_for_a_handover_at_once(desk: Desk) -> None:
    ref = reference(desk)
    await desk["rvdk_contact1"].says("ziek")
    await desk["rvdk_contact1"].taps("1️⃣")
    desk["rvdk_contact2"].expects(f"🔁 Dienstoverdracht {ref}", loud=True)
    desk.expect_so_far()


async def test_who_says_yes_before_the_own_shift_is_asked_at_its_end(desk: Desk) -> None:
    ref = await asked(desk)
    await desk["rvdk_contact1"].taps("✅")
    await desk["rvdk_contact2"].taps("✅")  # at half past nine; the own shift is from ten to eight
    desk.expect_so_far()
    await desk.advance((amsterdam(2026, 7, 11, 7, 31) - desk.now) / MINUTE)
    desk["rvdk_contact2"].expects(f"🔁 Je dienst stopt om 08:00, {ref} is open.", loud=True)
    desk.expect_so_far()


async def test_a_clock_that_fires_after_the_shift_still_asks(desk: Desk) -> None:
    """The bot was away from before half past nine until after ten."""
    ref = reference(desk)
    desk.time[0] = amsterdam(*FRIDAY, 22, 20)
    await desk.settle()
    text = f"🔁 Je dienst is voorbij, {ref} is open. Overdragen aan je opvolger?"
    desk["rvdk_contact1"].expects(text, loud=True)
    await until(desk, 22, 36)
    desk["rvdk_contact2"].expects(f"🔁 Dienstoverdracht {ref}", loud=True)
    desk.expect_so_far()


async def test_overdragen_twice_leaves_the_offer_where_it_is(desk: Desk) -> None:
    ref = reference(desk)
    await desk["om_ovj1"].says("overdragen")
    await desk["om_ovj1"].says("overdragen")
    desk["om_ovj1"].expects(f"De overdracht van {ref} is al gevraagd.")
    assert await members(desk, "om") == {"om_ovj1"}
    await desk["om_ovj2"].taps("✅")
    assert await members(desk, "om") == {"om_ovj2"}
    desk.expect_so_far()


async def test_a_yes_that_is_taken_back_calls_those_on_duty_now(desk: Desk) -> None:
    """The RvdK's second took over at night; the roster of the alarm is of the afternoon."""
    await asked(desk)
    await desk["rvdk_contact1"].taps("✅")
    await until(desk, 22, 5)
    await desk["rvdk_contact2"].taps("✅")
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Duty).where(Duty.start == "22:00"))
        found.one().turns = '[["rvdk_contact2", "rvdk_ap"]]'
    desk.expect_so_far()
    await desk["rvdk_contact2"].says("kan niet")
    desk["rvdk_ap"].expects("Jij bent achterwacht, je collega kan niet.", loud=True)
    desk.expect_so_far()


async def test_whoever_leaves_while_they_are_asked_passes_it_on(desk: Desk) -> None:
    ref = await asked(desk)
    await desk["rvdk_contact1"].taps("✅")
    desk.expect_so_far()
    await desk["rvdk_ap"].says("uitschrijven RvdK-dienst 2")
    await desk["rvdk_ap"].taps("✅")
    desk["rvdk_ap"].expects(f"🔁 Dienstoverdracht {ref}", loud=True)
    desk.expect_so_far()
