"""Story 6: elder abuse. The RvdK comes along only where children live. The same two mornings in
every casting."""

from collections.abc import AsyncIterator

import pytest

from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.casting import MATRIX_ALONE, Casting, played
from tests.stories.stage import Stage, amsterdam
from tests.stories.wording import WHERE_TO

TUESDAY = amsterdam(2026, 7, 14, 11, 0)
CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1")
RVDK = ("rvdk_contact1", "rvdk_contact2")
PAGE = "Pak je dit op vóór {} (10 min)?"


STREET_AND_DESK = Casting("street and desk", ("vt_fo", "politie_cvd1"))


@pytest.fixture(scope="module", params=[MATRIX_ALONE, STREET_AND_DESK], ids=str)
async def stage(
    request: pytest.FixtureRequest, synapse: Synapse, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """One region for both mornings."""
    folder = tmp_path_factory.mktemp("elder-abuse")
    staff = ("vt_fo", *CALLED, *RVDK)
    async with played(request.param, synapse, folder, TUESDAY, staff) as stage:
        yield stage


async def test_without_children_the_rvdk_is_not_offered_and_never_called(stage: Stage) -> None:
    await stage.at("11:00")
    headline = await _four_taps(stage, "Geen kinderen", "Oproep aan: VT, OM, politie\n")
    vt, called = stage.person("vt_fo"), stage.people(*CALLED)
    await vt.shows(headline, "0 van 3 opgepakt. Oppakken vóór 11:10. Overleg uiterlijk 14:00.")
    pages = await called.expect(PAGE.format("11:10"), loud=True)
    await called.show(pages, "⟦Ouderenmishandeling, Noord.⟧")
    await called.choose(pages, "ik pak op")
    await called.show(pages, f"op (11:00). {WHERE_TO}")
    await vt.shows(headline, "3 van 3 opgepakt.")

    everybody, room = stage.people("vt_fo", *CALLED), await stage.case_room()
    await everybody.expect("Wanneer kun je?", loud=True)
    await everybody.are_welcomed(room)
    await everybody.read_the_room(room, "3 van 3 opgepakt.")
    await stage.people().expect("3 van 3 partners", loud=False)
    for seen in (seen for person in everybody for seen in person.messages):
        assert not any("RvdK" in text for text in seen.versions), seen
    for key in RVDK:
        assert stage[key].noise().loud == 0
    await stage.ends()


async def test_with_children_the_fourth_tap_calls_the_rvdk_too(stage: Stage) -> None:
    await stage.at("11:05")
    vt, rvdk = stage.person("vt_fo"), stage["rvdk_contact1"]
    headline = await _four_taps(stage, "Er wonen kinderen", "Oproep aan: VT, OM, politie, RvdK\n")
    await vt.shows(headline, "0 van 4 opgepakt. Oppakken vóór 11:15. Overleg uiterlijk 14:05.")
    called = stage.people(*CALLED, "rvdk_contact1")
    pages = await called.expect(PAGE.format("11:15"), loud=True)
    await called.show(pages, "⟦Ouderenmishandeling, Noord.⟧")
    await rvdk.chooses(pages["rvdk_contact1"], "ik pak op")
    await rvdk.shows(pages["rvdk_contact1"], f"op (11:05). {WHERE_TO}")
    await vt.shows(headline, "RvdK: opgepakt 11:05")
    room, there = await stage.case_room(), stage.people("vt_fo", "rvdk_contact1")
    await there.are_welcomed(room)
    await there.read_the_room(room, "1 van 4 opgepakt.")
    await stage.people().expect("1 van 4 partners", loud=False)
    await stage.ends()


async def _four_taps(stage: Stage, children: str, called: str) -> Seen:
    vt = stage.person("vt_fo")
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
