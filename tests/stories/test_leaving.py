"""Somebody leaves while they hold a case: out of every room on the real server, the next person is
called at once, and the contact point gets the proof."""

from pathlib import Path
from time import perf_counter

from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.stage import Stage, a_stage, amsterdam

FRIDAY = amsterdam(2026, 7, 10, 15, 40)
PAGED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
STAFF = ("vt_fo", *PAGED, "om_ovj2", "om_ap")
LEAVER = "officier van justitie 1"


async def test_the_officer_leaves_in_the_middle_of_a_case(synapse: Synapse, tmp_path: Path) -> None:
    async with a_stage(synapse, tmp_path, FRIDAY, STAFF) as stage:
        await _a_case_is_open(stage)
        assert await stage.case_room() in await _rooms_on_the_server(stage)
        question = await _it_is_asked(stage)
        took_ms = await _it_is_done(stage, question)
        await _the_next_is_called(stage)
        await _and_proven(stage, question)
        print(f"out of every room {took_ms:.0f} ms after the tap")


async def _a_case_is_open(stage: Stage) -> None:
    vt = stage["vt_fo"]
    await vt.writes("alarm skm spoed Centrum")
    draft = await vt.expects("Er is nog niets verstuurd. Klopt dit?")
    await vt.chooses(draft, "Verstuur: spoed")
    pages = await stage.together(*PAGED).expect("Pak je dit op vóór 15:50 (10 min)?", loud=True)
    await stage.together(*PAGED).choose(pages, "ik pak op")
    await stage.quiet()
    stage.ends_prologue()


async def _it_is_asked(stage: Stage) -> Seen:
    point = stage["om_ap"]
    await point.writes(f"uitschrijven {LEAVER}")
    question = await point.expects("1 casus eerst overdragen. Doorgaan?")
    await point.shows(question, "Dan gaat de oproep meteen naar de volgende.")
    return question


async def _it_is_done(stage: Stage, question: Seen) -> float:
    """In real milliseconds until the homeserver says so, with the phone's own login."""
    point, leaver = stage["om_ap"], stage["om_ovj1"]
    begun = perf_counter()
    await point.chooses(question, "Toch uitschrijven")
    await stage.quiet()
    took_ms = (perf_counter() - begun) * 1000
    left = await _rooms_on_the_server(stage)
    assert left <= {leaver.own_chat}, "neither case room nor group"
    await point.shows(question, "is uitgeschreven (15:40). Ik controleer het nog.")
    await leaver.expects("Je bent uitgeschreven en ziet geen casussen meer.")
    await leaver.writes("stand")
    return took_ms


async def _the_next_is_called(stage: Stage) -> None:
    new = stage["om_ovj2"]
    page = await new.expects("🔴 Alarm", loud=True)
    await new.chooses(page, "ik pak op")
    await new.shows(page, "op (15:40). Ga naar de casusruimte.")
    await new.expects("Wanneer kun je?", loud=True)
    stay = stage.together("vt_fo", "vt_gw1", "om_ovj2", "politie_cvd1", "rvdk_contact1")
    await stay.read_the_room(await stage.case_room(), "4 van 4 opgepakt.")


async def _and_proven(stage: Stage, question: Seen) -> None:
    await stage.at("15:42")
    proof = "✅ Uitgeschreven 15:40: ruimtes, rooster, agenda. Gecontroleerd 15:42."
    await stage["om_ap"].shows(question, proof)
    await stage["om_ap"].expects("⚠️ Geen dienst bij OM van 15:40", loud=True)


async def _rooms_on_the_server(stage: Stage) -> set[str]:
    """Where the homeserver lets the officer be."""
    answer = await stage["om_ovj1"].client.joined_rooms()
    return set(answer.rooms)
