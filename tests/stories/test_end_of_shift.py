"""Story 3: at ten the officer's shift ends, and a case is open. On Matrix, and with the officer who
comes on duty on Telegram."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from storage.tables import Case, Duty, Member, Person
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.casting import MATRIX_ALONE, Casting, played
from tests.stories.stage import Stage, amsterdam

FRIDAY_EVENING = amsterdam(2026, 7, 10, 21, 10)
PAGED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
STAFF = ("vt_fo", *PAGED, "om_ovj2", "om_ap")
BY_PHONE = Casting("phone", ("om_ovj1", "om_ovj2"))


@pytest.mark.parametrize("casting", [MATRIX_ALONE, BY_PHONE], ids=str)
async def test_the_successor_takes_over(synapse: Synapse, tmp_path: Path, casting: Casting) -> None:
    async with played(casting, synapse, tmp_path, FRIDAY_EVENING, STAFF) as stage:
        await _shifts_end_at_ten(stage)
        ref = await _a_case_is_open(stage)
        question = await _it_is_asked(stage, ref)
        page = await _the_old_one_hands_over(stage, ref, question)
        await _the_successor_says_yes(stage, ref, question, page)
        await _the_old_one_is_out_of_it(stage)
        if casting.has_matrix("om_ovj2"):
            await _the_new_one_reads_what_was(stage)
        else:
            await stage.person("om_ovj2").expects("4 van 4 opgepakt.", loud=False)


async def test_nobody_answers(synapse: Synapse, tmp_path: Path) -> None:
    """The old one stays responsible: asked is the contact point, and then the telephone is left."""
    async with played(MATRIX_ALONE, synapse, tmp_path, FRIDAY_EVENING, STAFF) as stage:
        await _shifts_end_at_ten(stage)
        ref = await _a_case_is_open(stage)
        old, point = stage.person("om_ovj1"), stage.person("om_ap")
        question = await _it_is_asked(stage, ref)
        await stage.at("22:00")
        page = await stage.person("om_ovj2").expects(f"🔁 Dienstoverdracht {ref}", loud=True)
        await old.shows(question, f"Je opvolger is gevraagd {ref} over te nemen (22:00).")
        await stage.at("22:15")
        told = f"Nog geen ja voor {ref}. Het aanspreekpunt is opgeroepen (22:15)."
        await old.expects(f"{told} Tot die ja zegt, blijf jij verantwoordelijk.", loud=True)
        await stage.person("om_ovj2").shows(page, "is aan een ander gevraagd.")
        await point.expects("Pak je dit op vóór 22:30 (15 min)?", loud=True)
        await stage.at("22:30")
        await old.expects(f"📞 Niemand neemt {ref} over. Bel ", loud=True)
        await point.finds_changed("is aan een ander gevraagd.")
        assert await _of_om(stage) == {"om_ovj1"}


async def _shifts_end_at_ten(stage: Stage) -> None:
    """The two officers change places at ten; the others stay where they are."""
    async with stage.running.store.unit() as unit:
        for duty in await unit.session.exec(select(Duty)):
            if duty.partner == "om":
                duty.start, duty.end = "08:00", "22:00"
                night = duty.model_copy(update={"id": None, "start": "22:00", "end": "08:00"})
                night.turns = json.dumps([["om_ovj2", "om_ovj1"]])
                unit.session.add(Duty(**night.model_dump()))
            elif duty.start == "22:00":
                duty.turns = json.dumps([["rvdk_contact1", "rvdk_contact2"]])


async def _a_case_is_open(stage: Stage) -> str:
    vt = stage.person("vt_fo")
    await vt.writes("alarm skm spoed Centrum")
    draft = await vt.expects("Er is nog niets verstuurd. Klopt dit?")
    await vt.chooses(draft, "Verstuur: spoed")
    pages = await stage.people(*PAGED).expect("Pak je dit op vóór 21:20 (10 min)?", loud=True)
    for key in PAGED:
        await stage.person(key).chooses(pages[key], "ik pak op")
    there = stage.people("vt_fo", *PAGED)
    asked = await there.expect("Wanneer kun je?", loud=True)
    await there.choose(asked, "Nu")
    async with stage.running.store.view() as unit:
        ref = (await unit.session.exec(select(Case.reference))).one()
    await stage.at("21:29")
    stage.ends_prologue()  # the overleg has stories of its own
    assert ref is not None
    return ref


async def _it_is_asked(stage: Stage, ref: str) -> Seen:
    await stage.at("21:30")
    text = f"🔁 Je dienst stopt om 22:00, {ref} is open. Overdragen aan je opvolger?"
    return await stage.person("om_ovj1").expects(text, loud=True)


async def _the_old_one_hands_over(stage: Stage, ref: str, question: Seen) -> Seen:
    old, new = stage.person("om_ovj1"), stage.person("om_ovj2")
    await stage.at("21:50")
    await old.can_choose(question, "draag over", "ik blijf")
    await old.chooses(question, "draag over")
    page = await new.expects(
        f"🔁 Dienstoverdracht {ref}: 0 afspraken open. Pak je dit op vóór 22:15 (25 min)?",
        loud=True,
    )
    await old.shows(question, "Tot die ja zegt, blijf jij verantwoordelijk.")
    assert await _of_om(stage) == {"om_ovj1"}
    return page


async def _the_successor_says_yes(stage: Stage, ref: str, question: Seen, page: Seen) -> None:
    old, new = stage.person("om_ovj1"), stage.person("om_ovj2")
    await stage.at("22:04")
    await new.chooses(page, "ik pak op")
    await new.shows(page, f"✅ Jij pakt {ref} op (22:04).")
    await old.shows(question, f"✅ Je opvolger pakt {ref} op (22:04). Jij bent klaar.")
    assert await _of_om(stage) == {"om_ovj2"}


async def _the_old_one_is_out_of_it(stage: Stage) -> None:
    old, new = stage.person("om_ovj1"), stage.person("om_ovj2")
    await old.writes("stand")
    await old.expects("Je hebt geen open casus.")
    await new.expects("is nu.", loud=True)


async def _the_new_one_reads_what_was(stage: Stage) -> None:
    room = await stage.case_room()
    stay = stage.people("vt_fo", "vt_gw1", "om_ovj2", "politie_cvd1", "rvdk_contact1")
    await stay.read_the_room(room, "4 van 4 opgepakt.")
    await stay.expect("Link: https://meet.example/", room=room, loud=False)


async def _of_om(stage: Stage) -> set[str]:
    async with stage.running.store.view() as unit:
        found = await unit.session.exec(
            select(Person.key).join(Member).where(Member.partner == "om", Member.left_at == None)  # noqa: E711
        )
        return set(found)
