"""An alarm that was raised by mistake: whoever took it must agree, everybody called hears it."""

from collections.abc import AsyncIterator

import pytest

from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.stage import Stage, a_stage, amsterdam

MONDAY = amsterdam(2026, 7, 13, 9, 0)
CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
TOOK_IT = ("om_ovj1", "politie_cvd1")


@pytest.fixture(scope="module")
async def stage(synapse: Synapse, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One region for three mistakes on one morning."""
    folder = tmp_path_factory.mktemp("withdrawal")
    async with a_stage(synapse, folder, MONDAY, ("vt_fo", *CALLED, "rvdk_contact2")) as stage:
        yield stage


async def test_before_anybody_took_it_one_yes_is_enough(stage: Stage) -> None:
    await stage.at("09:00")
    vt, called, everybody = stage["vt_fo"], stage.together(*CALLED), stage.together()
    headline, pages, progress = await _alarm(stage)
    await stage.at("09:03")
    await vt.chooses(headline, "Vergissing")
    sure = await vt.expects("intrekken? Nog niemand pakte op.", loud=False)
    await vt.chooses(sure, "Trek in")
    await vt.shows(sure, "is ingetrokken (09:03): vergissing.")

    await vt.shows(headline, "ingetrokken ma 09:03: vergissing.")
    await called.show(pages, "is ingetrokken (09:03): vergissing. Je hoeft niets te doen.")
    await called.expect("is ingetrokken (09:03): vergissing. Je hoeft niets te doen.", loud=True)
    await everybody.show(progress, "· ingetrokken")
    await vt.expects("Casusruimte", room=vt.case_room, loud=False)
    await vt.expects("is ingetrokken (09:03)", room=vt.case_room, loud=False)
    await stage.together("vt_fo").read_the_room(vt.case_room, "ingetrokken ma 09:03")
    await stage.at("09:30")  # no clock rings any more
    await stage.ends()


async def test_after_two_took_it_both_must_agree(stage: Stage) -> None:
    await stage.at("10:00")
    vt, took_it, in_the_case = (
        stage["vt_fo"],
        stage.together(*TOOK_IT),
        stage.together("vt_fo", *TOOK_IT),
    )
    headline, pages, progress = await _alarm(stage)
    withdrawing, asked = await _two_took_it_and_it_was_a_mistake(stage, pages)

    await stage["om_ovj1"].chooses(asked["om_ovj1"], "Akkoord")
    await stage["om_ovj1"].shows(asked["om_ovj1"], "Dank je. Je gaat akkoord (10:04).")
    await vt.shows(withdrawing, "Wacht op akkoord van: politie.")
    await _until_then_the_calling_goes_on(stage, pages, "10:05")
    await vt.shows(headline, "2 van 4 opgepakt.")

    await stage["politie_cvd1"].chooses(asked["politie_cvd1"], "Akkoord")
    await vt.shows(withdrawing, "is ingetrokken (10:05): vergissing.")
    await vt.shows(headline, "ingetrokken ma 10:05: vergissing.")
    await took_it.find_changed("is ingetrokken (10:05): vergissing.")
    called = stage.together(*CALLED, "rvdk_contact2")
    await called.find_changed("is ingetrokken (10:05): vergissing.")
    others = stage.together("vt_fo", "vt_gw1", "om_ovj1", "rvdk_contact1", "rvdk_contact2")
    await others.expect("is ingetrokken (10:05): vergissing. Je hoeft niets te doen.", loud=True)
    await stage.together().show(progress, "· ingetrokken")
    await in_the_case.expect("is ingetrokken (10:05)", room=vt.case_room, loud=False)
    await in_the_case.read_the_room(vt.case_room, "ingetrokken ma 10:05")
    await stage.at("10:30")  # no clock rings any more
    await stage.ends()


async def test_one_refusal_keeps_it_open_and_the_calling_goes_on(stage: Stage) -> None:
    await stage.at("11:00")
    vt, in_the_case = stage["vt_fo"], stage.together("vt_fo", *TOOK_IT)
    headline, pages, progress = await _alarm(stage)
    withdrawing, asked = await _two_took_it_and_it_was_a_mistake(stage, pages)

    await stage["politie_cvd1"].chooses(asked["politie_cvd1"], "Blijft open")
    await stage["politie_cvd1"].shows(asked["politie_cvd1"], "blijft open (11:04).")
    await stage["om_ovj1"].shows(asked["om_ovj1"], "blijft open.")  # not asked any more
    await vt.expects("Politie laat", loud=True)
    await vt.shows(withdrawing, "blijft open.")
    await _until_then_the_calling_goes_on(stage, pages, "11:05")
    await vt.shows(headline, "2 van 4 opgepakt.")
    await stage.together().show(progress, "2 van 4 partners")
    await in_the_case.read_the_room(vt.case_room, "2 van 4 opgepakt.")
    await stage.ends()


async def _until_then_the_calling_goes_on(stage: Stage, pages: dict[str, Seen], clock: str) -> None:
    await stage.at(clock)
    await stage["rvdk_contact2"].expects("Jij bent achterwacht, je collega reageert niet.")
    for key in ("vt_gw1", "rvdk_contact1"):
        await stage[key].shows(pages[key], f"De achterwacht is opgeroepen ({clock}).")


async def _alarm(stage: Stage) -> tuple[Seen, dict[str, Seen], dict[str, Seen]]:
    vt = stage["vt_fo"]
    await vt.writes("alarm skm spoed West")
    draft = await vt.expects("Er is nog niets verstuurd. Klopt dit?")
    await vt.chooses(draft, "Verstuur: spoed")
    await vt.shows(draft, "0 van 4 opgepakt.")
    pages = await stage.together(*CALLED).expect("Strafbare kindermishandeling, West.", loud=True)
    progress = await stage.together().expect("0 van 4 partners", loud=False)
    return draft, pages, progress


async def _two_took_it_and_it_was_a_mistake(
    stage: Stage, pages: dict[str, Seen]
) -> tuple[Seen, dict[str, Seen]]:
    vt, took_it = stage["vt_fo"], stage.together(*TOOK_IT)
    await took_it.choose(pages, "ik pak op")
    await took_it.show(pages, "Ga naar de casusruimte.")
    await vt.writes("vergissing")
    sure = await vt.expects("OM, politie pakten al op en moeten akkoord zijn.", loud=False)
    await vt.chooses(sure, "Trek in")
    await vt.shows(sure, "Wacht op akkoord van: OM, politie.")
    asked = await took_it.expect("intrekken: vergissing. Akkoord?", loud=True)
    await vt.expects("Casusruimte", room=vt.case_room, loud=False)
    await stage.at(f"{stage.now.hour}:04")
    return sure, asked
