"""Asking everybody for a time, and their votes."""

from tests.commands.consultation_scene import (
    ASK,
    ASKED,
    FIVE,
    ON_DUTY,
    alarm,
    begins,
    choices,
    desk,  # noqa: F401  (a fixture)
    question,
    rows,
    voting,
)
from tests.commands.harness import Desk


@begins(alarm)
async def test_everybody_is_asked_when_the_last_one_takes_it(desk: Desk) -> None:
    for key in ON_DUTY[:3]:
        await desk[key].taps("✅")
        desk.expect_so_far()
    for key in ASKED:
        desk[key].lacks(ASK)
    await desk.advance(1)
    await desk["rvdk_contact1"].taps("✅")
    for key in ASKED:
        asked = desk[key].expects(ASK, loud=True)
        assert asked.text.startswith("📞 Overleg "), asked.text
        assert "Uiterlijk 18:40." in asked.text
        assert asked.buttons == FIVE
        assert "1️⃣ 16:30, 2️⃣ 17:00, 3️⃣ 17:30, 4️⃣ Nu, ❌ Niets past" in asked.text
    desk.expect_so_far()


@begins(alarm)
async def test_a_chain_that_ended_does_not_hold_up_the_others(desk: Desk) -> None:
    for key in ON_DUTY[:3]:
        await desk[key].taps("✅")
    for key in ("rvdk_contact1", "rvdk_contact2", "rvdk_ap"):
        desk[key].lacks(ASK)
        await desk[key].taps("❌")
    desk["om_ovj1"].expects(ASK, loud=True)
    desk["rvdk_contact1"].lacks(ASK)
    desk.expect_so_far()


@begins(alarm)
async def test_nobody_is_asked_to_meet_alone(desk: Desk) -> None:
    await desk["vt_gw1"].taps("✅")
    for key in ("om_ovj", "politie_cvd", "rvdk_contact"):
        for person in (f"{key}1", f"{key}2", f"{key.partition('_')[0]}_ap"):
            await desk[person].taps("❌")
    assert await rows(desk) == []
    await desk["vt_fo"].says("overleg")
    desk["vt_fo"].expects("nog niemand om mee te overleggen")
    await desk["vt_fo"].says("overleg nu")
    assert await rows(desk) == []
    desk.expect_so_far()


@begins(alarm)
async def test_who_takes_it_later_is_asked_too(desk: Desk) -> None:
    for key in ON_DUTY[:3]:
        await desk[key].taps("✅")
    await desk.advance(30)  # nobody of RvdK gives a sign
    await desk["om_ovj1"].taps("1️⃣")
    desk["om_ovj1"].expects("Wacht nog op: VT, politie.")
    await desk["rvdk_contact1"].taps("✅")
    desk["rvdk_contact1"].expects(ASK, loud=True)
    desk["om_ovj1"].expects("Wacht nog op: VT, politie, RvdK.")
    desk.expect_so_far()


@begins(voting)
async def test_who_takes_the_yes_back_drops_out_and_is_waited_for_again(desk: Desk) -> None:
    for key in ("vt_gw1", "om_ovj1", "politie_cvd1"):
        await desk[key].taps("1️⃣")
    await desk["rvdk_contact1"].says("kan niet")
    desk["rvdk_contact1"].expects("Je hoeft niets te doen.")
    assert not any(each.buttons == FIVE for each in desk["rvdk_contact1"].screen())
    assert [each.state for each in await rows(desk)] == ["voting"]  # RvdK is called again
    await desk["rvdk_contact2"].taps("✅")
    await desk["rvdk_contact2"].taps("2️⃣")
    await desk["rvdk_contact2"].taps("1️⃣")
    assert [each.state for each in await rows(desk)] == ["fixed"]
    desk.expect_so_far()


# ---- voting


@begins(voting)
async def test_votes_add_up_and_the_message_says_so(desk: Desk) -> None:
    asked = question(desk, "om_ovj1")
    await desk["om_ovj1"].taps("2️⃣")
    await desk["om_ovj1"].taps("1️⃣")
    assert asked.text.startswith(
        "Jij kunt: 16:30, 17:00. Wacht nog op: VT, politie, RvdK. Wijzigen mag."
    )
    assert asked.buttons == FIVE
    await desk["om_ovj1"].taps("❌")
    assert asked.text.startswith("Niets past jou. Wacht nog op: VT, politie, RvdK.")
    await desk["om_ovj1"].taps("4️⃣")
    assert asked.text.startswith("Jij kunt: Nu.")
    await desk["politie_cvd1"].taps("1️⃣")
    assert "Wacht nog op: VT, RvdK." in asked.text  # an old list would lie


@begins(voting)
async def test_taking_a_reaction_away_takes_the_vote_back(desk: Desk) -> None:
    om = desk["om_ovj1"]
    asked = question(desk, "om_ovj1")
    first, second = await om.taps("1️⃣"), await om.taps("2️⃣")
    await om.untaps(first)
    assert asked.text.startswith("Jij kunt: 17:00. ")
    nothing = await om.taps("❌")
    assert asked.text.startswith("Niets past jou.")
    await om.untaps(nothing)
    assert asked.text.startswith("Jij kunt: 17:00. ")  # its reaction still stands
    await om.untaps(second)
    assert ASK in asked.text
    await om.untaps(second)
    await om.untaps("$ander")
    assert await choices(desk) == [""] * 5


TYPED = {
    "1 2": "1 2",
    "16:30 en 17:30": "1 3",
    "4": "now",
    "nu": "now",
    "1 4": "1 now",
    "5": "none",
    "niets past": "none",
    "alles": "1 2 3",
    "Nothing fits": "none",
    "all of these": "1 2 3",
    "geen": "none",
    "I can 17:00": "2",
    "none of these times": "none",
    "now": "now",
    "geen van deze": "none",
}


@begins(voting)
async def test_typed_times_replace_what_was_chosen(desk: Desk) -> None:
    reaction = await desk["om_ovj1"].taps("2️⃣")
    for typed, stored in TYPED.items():
        await desk["om_ovj1"].says(typed)
        assert [each for each in await choices(desk) if each] == [stored], typed
    await desk["om_ovj1"].untaps(reaction)  # words came later than the reaction
    assert [each for each in await choices(desk) if each] == [stored]


@begins(voting)
async def test_a_typed_time_that_is_not_on_offer(desk: Desk) -> None:
    await desk["om_ovj1"].says("19:15")
    desk["om_ovj1"].expects("Kies 1 tot 4.")
    assert await choices(desk) == [""] * 5


@begins(voting)
async def test_the_vote_of_one_is_not_in_the_hands_of_another(desk: Desk) -> None:
    reaction = await desk["om_ovj1"].taps("1️⃣")
    await desk["politie_cvd1"].untaps(reaction)
    asked = question(desk, "om_ovj1")
    await desk.update(
        "tap", asked.room, desk["coordinator"].address, text="2️⃣", about=asked.event_id
    )
    assert [each for each in await choices(desk) if each] == ["1"]
    desk.expect_so_far()


# ---- a time is fixed
