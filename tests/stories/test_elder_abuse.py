"""Story 6: elder abuse. The RvdK comes along only where children live."""

from collections.abc import AsyncIterator

import pytest

from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.stage import Stage, a_stage, amsterdam

TUESDAY = amsterdam(2026, 7, 14, 11, 0)
CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1")
RVDK = ("rvdk_contact1", "rvdk_contact2")


@pytest.fixture(scope="module")
async def stage(synapse: Synapse, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One region for both mornings."""
    folder = tmp_path_factory.mktemp("elder-abuse")
    async with a_stage(synapse, folder, TUESDAY, ("vt_fo", *CALLED, *RVDK)) as stage:
        yield stage


async def test_without_children_the_rvdk_is_not_offered_and_never_called(stage: Stage) -> None:
    await stage.at("11:00")
    headline = await _four_taps(stage, "Geen kinderen", "Oproep aan: VT, OM, politie\n")
    vt, called = stage["vt_fo"], stage.together(*CALLED)
    await vt.shows(headline, "0 van 3 opgepakt. Oppakken vóór 11:10. Overleg uiterlijk 14:00.")
    pages = await called.expect("Ouderenmishandeling, Noord.", loud=True)
    await called.choose(pages, "ik pak op")
    await called.show(pages, "op (11:00). Ga naar de casusruimte.")
    await vt.shows(headline, "3 van 3 opgepakt.")

    everybody = stage.together("vt_fo", *CALLED)
    await everybody.expect("Wanneer kun je?", loud=True)
    await vt.expects("Casusruimte", room=vt.case_room, loud=False)
    await everybody.read_the_room(vt.case_room, "3 van 3 opgepakt.")
    await stage.together().expect("3 van 3 partners", loud=False)
    for seen in (seen for phone in everybody for seen in phone.messages):
        assert not any("RvdK" in text for text in seen.versions), seen
    for key in RVDK:
        assert stage[key].noise().loud == 0
    await stage.ends()


async def test_with_children_the_fourth_tap_calls_the_rvdk_too(stage: Stage) -> None:
    await stage.at("11:05")
    vt = stage["vt_fo"]
    headline = await _four_taps(stage, "Er wonen kinderen", "Oproep aan: VT, OM, politie, RvdK\n")
    await vt.shows(headline, "0 van 4 opgepakt. Oppakken vóór 11:15. Overleg uiterlijk 14:05.")
    page = await stage["rvdk_contact1"].expects("Ouderenmishandeling, Noord.", loud=True)
    await stage["rvdk_contact1"].chooses(page, "ik pak op")
    await stage["rvdk_contact1"].shows(page, "op (11:05). Ga naar de casusruimte.")
    await vt.shows(headline, "RvdK: opgepakt 11:05")
    await stage.together(*CALLED).expect("Ouderenmishandeling, Noord.", loud=True)
    await vt.expects("Casusruimte", room=vt.case_room, loud=False)
    await stage.together("vt_fo", "rvdk_contact1").read_the_room(vt.case_room, "1 van 4 opgepakt.")
    await stage.together().expect("1 van 4 partners", loud=False)
    await stage.ends()


async def _four_taps(stage: Stage, children: str, called: str) -> Seen:
    vt = stage["vt_fo"]
    await vt.writes("alarm")
    draft = await vt.expects("Wat is er aan de hand?", loud=False)
    await vt.chooses(draft, "Ouderenmishandeling")
    await vt.shows(draft, "Waar?")
    await vt.chooses(draft, "Noord")
    await vt.shows(draft, "Wonen er kinderen?")
    await vt.chooses(draft, children)
    await vt.shows(draft, called)
    await vt.chooses(draft, "Verstuur: spoed")
    return draft
