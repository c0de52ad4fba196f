"""Story 8: the bot is away in the middle of an alarm. What is overdue goes out once, nothing
comes twice, no answer is lost; an alarm that was confirmed long ago is asked again."""

from collections.abc import AsyncIterator

import pytest

from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.player import Noise
from tests.stories.stage import OPERATOR, Stage, a_stage, amsterdam

WEDNESDAY = amsterdam(2026, 7, 15, 13, 0)
CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
BACKUPS = ("politie_cvd2", "rvdk_contact2")


@pytest.fixture(scope="module")
async def stage(synapse: Synapse, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One region for an afternoon on which the bot dies twice."""
    folder = tmp_path_factory.mktemp("restart")
    people = ("vt_fo", *CALLED, *BACKUPS)
    async with a_stage(synapse, folder, WEDNESDAY, people) as stage:
        yield stage


async def test_a_confirmation_that_waited_for_an_hour_is_asked_again(stage: Stage) -> None:
    await stage.at("13:00")
    vt, called = stage["vt_fo"], stage.together(*CALLED)
    draft = await _last_screen(stage)
    await stage.stop_bot()
    await stage.at("13:01")
    await vt.taps(draft, "1️⃣")
    await stage.at("14:00")
    await stage.start_bot()

    again = await vt.expects("Je antwoord van 13:01 kwam nu pas aan.", loud=True)
    assert "Er is nog niets verstuurd. Klopt dit?" in again.text
    await vt.gone(draft)
    await stage[OPERATOR].expects("Ik was weg van 13:00 tot 14:00.", loud=True)
    await stage.ends()  # and nobody was called

    await vt.chooses(again, "Verstuur: spoed")
    await vt.shows(again, "0 van 4 opgepakt. Oppakken vóór 14:10.")
    pages = await called.expect("vóór 14:10 (10 min)?", loud=True)
    await vt.chooses(again, "Vergissing")
    await vt.chooses(await vt.expects("Nog niemand pakte op."), "Trek in")
    await vt.finds_changed("is ingetrokken (14:00)")
    await called.show(pages, "is ingetrokken (14:00)")
    await called.expect("is ingetrokken (14:00)", loud=True)
    await vt.expects("Casusruimte", room=vt.case_room)
    await vt.expects("is ingetrokken (14:00)", room=vt.case_room)
    await stage.together("vt_fo").read_the_room(vt.case_room, "ingetrokken wo 14:00")
    await vt.shows(again, "ingetrokken wo 14:00")
    await stage.together().expect("· ingetrokken", loud=False)
    await stage.ends()


async def test_away_for_minutes_in_the_middle_of_an_alarm(stage: Stage) -> None:
    await stage.at("14:45")
    vt, politie, rvdk = stage["vt_fo"], stage["politie_cvd1"], stage["rvdk_contact1"]
    headline = await _last_screen(stage)
    await vt.chooses(headline, "Verstuur: spoed")
    pages = await stage.together(*CALLED).expect("vóór 14:55 (10 min)?", loud=True)
    took_it = stage.together("vt_gw1", "om_ovj1")
    await took_it.choose(pages, "ik pak op")
    await took_it.show(pages, "op (14:45). Ga naar de casusruimte.")
    await stage.at("14:49")
    before = {key: phone.noise() for key, phone in stage.phones.items()}

    await stage.stop_bot()
    await stage.at("14:52")
    await politie.taps(pages["politie_cvd1"], "✅")
    await stage.at("14:56")
    await stage.start_bot()

    await politie.shows(pages["politie_cvd1"], "op (14:56). Ga naar de casusruimte.")
    late = "vóór 15:01 (5 min)? Jij bent achterwacht, je collega reageert niet."
    await stage["rvdk_contact2"].expects(late, loud=True)  # should have been 14:50
    await rvdk.shows(pages["rvdk_contact1"], "De achterwacht is opgeroepen (14:56).")
    await vt.shows(headline, "3 van 4 opgepakt. Wacht nog op: RvdK.")
    in_the_case = stage.together("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1")
    away = "Ik was weg van 14:49 tot 14:56. De klokken liepen door."
    await stage.together("vt_fo", "vt_gw1", "om_ovj1").expect(away, room=vt.case_room, loud=False)
    await stage[OPERATOR].expects(away, loud=True)
    await vt.expects("Casusruimte", room=vt.case_room)
    await in_the_case.read_the_room(vt.case_room, "Politie: opgepakt 14:56")
    await stage.together().expect("3 van 4 partners", loud=False)
    for key in ("vt_fo", *CALLED):
        assert stage[key].noise() == before[key], stage[key].heard_ringing()
    assert stage["rvdk_contact2"].noise() == Noise(1, 0), "called more than once"
    assert stage["politie_cvd2"].noise() == Noise(0, 0), "called though the first had said yes"


async def _last_screen(stage: Stage) -> Seen:
    vt = stage["vt_fo"]
    await vt.writes("alarm skm spoed Zuid letsel past niet bij uitleg")
    return await vt.expects("Er is nog niets verstuurd. Klopt dit?")
