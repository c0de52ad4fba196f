"""Story 1: a hospital tells Veilig Thuis on a Friday afternoon. The same day in every casting."""

from pathlib import Path

import icalendar
import pytest
from sqlmodel import select

from storage.tables import Case, Page, Person
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.casting import MATRIX_ALONE, Casting, played
from tests.stories.player import Noise
from tests.stories.stage import OPERATOR, Stage, amsterdam
from tests.stories.wording import READ_IT, WHERE_TO

FRIDAY = amsterdam(2026, 7, 10, 15, 40)
PAGED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
IN_THE_CASE = ("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact2")
CLOSED = (
    "gesloten vr 17:50. ⟦Uitkomst: samen plan gemaakt. ⟧Regie: politie.",
    "Afspraken: 1 klaar, 1 open (RvdK, vóór za 12:00).",
    "Dossier klopt: VT, politie. Nog niet: OM, RvdK.",
)
STAFF = ("vt_fo", *PAGED, "rvdk_contact2", "rvdk_ap", "coordinator")


ON_THE_STREET = Casting("street", ("politie_cvd1", "rvdk_contact2"))
AT_THE_DESK = Casting("desk", ("vt_fo", "rvdk_contact2"))


@pytest.mark.parametrize("casting", [MATRIX_ALONE, ON_THE_STREET, AT_THE_DESK], ids=str)
async def test_friday_hospital(synapse: Synapse, tmp_path: Path, casting: Casting) -> None:
    async with played(casting, synapse, tmp_path, FRIDAY, STAFF) as stage:
        headline = await _three_taps(stage)
        group = await _everybody_takes_it(stage, headline)
        await _one_consultation(stage, headline)
        await _agreements(stage)
        await _closing(stage, headline, casting)
        await _nobody_was_disturbed_more_than_needed(stage, group, casting)
        await _it_was_one_case(stage)


async def _three_taps(stage: Stage) -> Seen:
    vt = stage.person("vt_fo")
    await vt.writes("alarm")
    draft = await vt.expects("Wat is er aan de hand?", loud=False)
    await vt.chooses(draft, "Kindermishandeling")
    await vt.shows(draft, "Waar? Alleen wijk of gemeente.")
    await vt.chooses(draft, "Centrum")
    await vt.shows(draft, "Er is nog niets verstuurd. Klopt dit?")
    await vt.writes("letsel past niet bij uitleg")
    await vt.shows(draft, "⟦Reden: letsel past niet bij uitleg⟧")
    await vt.chooses(draft, "Verstuur: spoed")
    await vt.shows(draft, "⟦· strafbare kindermishandeling · Centrum ⟧· spoed")
    await vt.shows(draft, "0 van 4 opgepakt. Oppakken vóór 15:50. Overleg uiterlijk 18:40.")
    return draft


async def _everybody_takes_it(stage: Stage, headline: Seen) -> str:
    vt, everybody = stage.person("vt_fo"), stage.people()
    rvdk, backup = stage["rvdk_contact1"], stage.person("rvdk_contact2")
    called = stage.people(*PAGED)
    pages = await called.expect("Pak je dit op vóór 15:50 (10 min)?", loud=True)
    await called.show(pages, "⟦Strafbare kindermishandeling, Centrum.⟧")
    progress = await everybody.expect("0 van 4 partners", loud=False)

    await _takes(stage, "vt_gw1", pages["vt_gw1"], "15:42")
    await stage.people("vt_fo", "vt_gw1").are_welcomed(await stage.case_room())
    await everybody.show(progress, "1 van 4 partners")
    await stage.at("15:43")
    await rvdk.reads(pages["rvdk_contact1"])
    await vt.shows(headline, "RvdK: gezien 15:43")
    await _takes(stage, "om_ovj1", pages["om_ovj1"], "15:44")
    await vt.shows(headline, "2 van 4 opgepakt. Wacht nog op: politie, RvdK.")

    await stage.at("15:45")
    await rvdk.expects("wacht op jou, vóór 15:50 (5 min)", loud=True)
    await _takes(stage, "politie_cvd1", pages["politie_cvd1"], "15:46")
    await stage.at("15:50")
    asked = await backup.expects("vóór 15:55 (5 min)? Jij bent achterwacht", loud=True)
    await rvdk.shows(pages["rvdk_contact1"], "De achterwacht is opgeroepen (15:50)")
    await vt.shows(headline, "RvdK: geen reactie, achterwacht opgeroepen 15:50")
    await _takes(stage, "rvdk_contact2", asked, "15:53")

    await rvdk.shows(pages["rvdk_contact1"], "al op (15:53). Je hoeft niets te doen.")
    await vt.shows(headline, "4 van 4 opgepakt.")
    await vt.shows(headline, "RvdK: opgepakt 15:53 (achterwacht)")
    await everybody.show(progress, "4 van 4 partners")
    return progress["coordinator"].room


async def _takes(stage: Stage, key: str, page: Seen, clock: str) -> None:
    await stage.at(clock)
    await stage.person(key).can_choose(page, "ik pak op", "kan niet")
    await stage.person(key).chooses(page, "ik pak op")
    await stage.person(key).shows(page, f"op ({clock}). {WHERE_TO}")


async def _one_consultation(stage: Stage, headline: Seen) -> None:
    in_the_case, room = stage.people(*IN_THE_CASE), await stage.case_room()
    asked = await in_the_case.expect(
        "Wanneer kun je? Kies alles wat past. Uiterlijk 18:40.", loud=True
    )
    await stage.at("15:55")
    for key in ("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1"):
        await stage.person(key).chooses(asked[key], "16:30")
        await stage.person(key).shows(asked[key], "Jij kunt: 16:30.")
    await stage.person("rvdk_contact2").writes("16:30 17:00")
    await in_the_case.show(asked, "vr 16:30 (over 35 min)")
    await stage.person("vt_fo").shows(
        headline, "4 van 4 opgepakt. Overleg vr 16:30, ⟦link hieronder|link in de casusruimte⟧."
    )
    link = await in_the_case.expect("Link: https://meet.example/kortelijn-", room=room, loud=False)
    files = await in_the_case.expect(".ics", room=room, loud=False)
    _is_the_same_meeting(await stage["om_ovj1"].opens(files["om_ovj1"]), link["om_ovj1"])

    await stage.at("16:20")
    await in_the_case.expect("om 16:30 (10 min).", loud=True)
    await stage.at("16:30")
    await stage.person("vt_fo").shows(headline, "Overleg bezig sinds 16:30.")


def _is_the_same_meeting(file: bytes, posted: Seen) -> None:
    (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert event.decoded("dtstart") == FRIDAY.replace(hour=16, minute=30)
    address = str(event["url"])
    assert len(address.partition("kortelijn-")[2]) > 20, "the link can be guessed"
    assert f"Link: {address} · inbellen: 0800-2005" in posted.text
    assert "kindermishandeling" not in file.decode().lower()


async def _agreements(stage: Stage) -> None:
    politie, rvdk = stage.person("politie_cvd1"), stage.person("rvdk_contact2")
    in_the_case, room = stage.people(*IN_THE_CASE), await stage.case_room()
    await stage.at("16:40")
    await politie.tells_the_case("afspraak politie: sporen veiligstellen vóór 18:00")
    first = await in_the_case.expect("Afspraak 1 · politie · vóór vr 18:00: ⟦sporen⟧", room=room)
    mine = await politie.expects("voor politie, vóór vr 18:00.", loud=False)
    await politie.shows(mine, READ_IT)
    assert "sporen" not in mine.text
    await politie.chooses(mine, "Klopt")
    await in_the_case.show(first, "⟦veiligstellen⟧ · bevestigd 16:40")
    await politie.shows(mine, "is bevestigd (16:40)")

    await stage.person("vt_gw1").tells_the_case("afspraak rvdk: gezin bezoeken voor za 12:00")
    await in_the_case.expect("Afspraak 2 · RvdK · vóór za 12:00", room=room)
    await rvdk.chooses(await rvdk.expects("Afspraak 2 in", loud=False), "Klopt")
    await rvdk.finds_changed("Afspraak 2 van")
    await in_the_case.find_changed("⟦gezin bezoeken · bevestigd 16:40⟧")
    await stage.person("om_ovj1").tells_the_case("regie politie")
    await in_the_case.expect("politie (16:40)", room=room, loud=False)

    await stage.at("17:20")
    await politie.tells_the_case("klaar")
    await stage.people("politie_cvd1").expect("⟦|is klaar (17:20).⟧", loud=False)
    await in_the_case.show(first, "⟦veiligstellen⟧ · klaar 17:20")


async def _closing(stage: Stage, headline: Seen, casting: Casting) -> None:
    await stage.at("17:50")
    await _close(stage, casting)
    in_the_case = stage.people(*IN_THE_CASE)
    own_file = await in_the_case.expect("Staat alles in je eigen dossier?", loud=False)
    await in_the_case.find_changed("is gesloten (17:50).")  # what still asked for something
    await stage["rvdk_contact1"].finds_changed("is gesloten (17:50).")
    await stage.people().find_changed("gesloten")  # in the group room
    await stage.at("17:52")
    for key in ("vt_gw1", "politie_cvd1"):
        await stage.person(key).chooses(own_file[key], "Ja, klopt")
    vt_and_politie = stage.people("vt_fo", "vt_gw1", "politie_cvd1")
    await vt_and_politie.find_changed("klopt (17:52).")  # one of a partner is enough
    await in_the_case.read_the_room(await stage.case_room(), CLOSED[0])
    for line in CLOSED:
        await in_the_case.find_changed(line)
        await stage.person("vt_fo").shows(headline, line)
    stage["rvdk_contact1"].lets_go("wacht op jou")  # a reminder makes way for the answer


async def _close(stage: Stage, casting: Casting) -> None:
    """By the police, who have the lead; the outcome is chosen where it may be read, and if that
    is not in their hand, by who raised the alarm."""
    closes = stage.person("politie_cvd1")
    await closes.writes("sluit")
    if not casting.has_matrix("politie_cvd1"):
        await closes.expects("Sluiten doe je in de casusruimte.", loud=False)
        closes = stage.person("vt_fo")
        await closes.writes("sluit")
    question = await closes.expects("Wat is de uitkomst?", loud=False)
    await closes.chooses(question, "samen plan gemaakt")
    await closes.shows(question, "1 afspraak staat open en loopt door. Sluiten?")
    await closes.chooses(question, "Sluit")
    await closes.shows(question, "is gesloten (17:50).")


async def _nobody_was_disturbed_more_than_needed(
    stage: Stage, group: str, casting: Casting
) -> None:
    """The budget of a normal case: who is called hears three rings, who raised it two. Whoever is
    not in the room is answered in the own chat, as often as they wrote something there."""
    room = await stage.case_room()
    for key in IN_THE_CASE:
        person = stage.person(key)
        answers = 0 if casting.has_matrix(key) else person.own_words()
        assert person.noise().loud == (2 if key == "vt_fo" else 3), person.heard_ringing()
        assert person.noise().silent <= (3 if key == "vt_fo" else 4) + answers
        assert person.noise(room).loud == 0
    assert stage["rvdk_contact1"].noise() == Noise(2, 0)  # called, and once more
    for key in ("rvdk_ap", "coordinator", OPERATOR):
        assert stage[key].noise() == Noise(0, 0)
        assert stage[key].noise(group) == Noise(0, 1)


async def _it_was_one_case(stage: Stage) -> None:
    """One case, and one page for each of who was called: also for the backup of the police, who
    for five minutes gave no sign of the phone."""
    async with stage.running.store.view() as unit:
        (case,) = await unit.session.exec(select(Case))
        of_case = select(Person.key).join(Page).where(Page.case_id == case.id)
        called = list(await unit.session.exec(of_case))
    assert sorted(called) == sorted([*PAGED, "politie_cvd2", "rvdk_contact2"])
