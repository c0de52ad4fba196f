"""Story 2: an alarm at ten past two, and nobody of the RvdK on duty."""

from pathlib import Path

from sqlmodel import select

from storage.tables import AccessEntry, Chain, Measure
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.stage import Stage, a_stage, amsterdam

SATURDAY_NIGHT = amsterdam(2026, 7, 11, 2, 10)
RVDK = ("rvdk_contact1", "rvdk_contact2", "rvdk_ap")
STAFF = ("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1", *RVDK)


async def test_nobody_of_the_rvdk_answers_at_night(synapse: Synapse, tmp_path: Path) -> None:
    async with a_stage(synapse, tmp_path, SATURDAY_NIGHT, STAFF) as stage:
        headline = await _alarm(stage)
        await _the_others_take_it(stage)
        contact = await _one_after_the_other(stage, headline)
        await _the_initiator_phones(stage, headline, contact)
        await _the_others_meet(stage)
        await _nobody_counts_as_informed(stage, headline)
        await _what_stays(stage)


async def _alarm(stage: Stage) -> Seen:
    vt = stage["vt_fo"]
    await vt.writes("alarm skm spoed Centrum")
    draft = await vt.expects("Er is nog niets verstuurd. Klopt dit?")
    await vt.chooses(draft, "Verstuur: spoed")
    await vt.shows(draft, "RvdK: niemand in dienst, achterwacht opgeroepen 02:10")
    return draft


async def _the_others_take_it(stage: Stage) -> None:
    others = stage.together("vt_gw1", "om_ovj1", "politie_cvd1")
    pages = await others.expect("Pak je dit op vóór 02:20 (10 min)?", loud=True)
    await stage.at("02:12")
    await others.choose(pages, "ik pak op")
    await others.show(pages, "op (02:12). Ga naar de casusruimte.")


async def _one_after_the_other(stage: Stage, headline: Seen) -> Seen:
    vt, backup, contact = stage["vt_fo"], stage["rvdk_contact2"], stage["rvdk_ap"]
    empty = "vóór 02:15 (5 min)? Jij bent achterwacht, er is niemand in dienst."
    first = await backup.expects(empty, loud=True)
    await stage.at("02:15")
    second = await contact.expects("vóór 02:20 (5 min)? Jij bent aanspreekpunt", loud=True)
    await backup.shows(first, "Het aanspreekpunt is opgeroepen (02:15). Oppakken kan nog.")
    await vt.shows(headline, "aanspreekpunt opgeroepen 02:15")
    assert stage["rvdk_contact1"].noise().loud == 0, "who has no duty sleeps on"
    return second


async def _the_initiator_phones(stage: Stage, headline: Seen, contact: Seen) -> None:
    vt = stage["vt_fo"]
    await stage.at("02:20")
    notice = await vt.expects("RvdK reageert niet. Bel de RvdK-spoedlijn: 0800-2004.", loud=True)
    await vt.shows(headline, "RvdK: geen reactie, bel 0800-2004")
    await stage["rvdk_ap"].shows(contact, "De melder belt RvdK nu zelf (02:20). Oppakken kan nog.")
    await stage.at("02:22")
    await vt.chooses(notice, "Gebeld")
    await vt.shows(notice, "Genoteerd: RvdK gebeld (02:22). Dat telt niet als opgepakt.")
    await vt.shows(headline, "RvdK: gebeld 02:22, nog niet opgepakt")


async def _the_others_meet(stage: Stage) -> None:
    there = stage.together("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1")
    asked = await there.expect("Wanneer kun je? Kies alles wat past. Uiterlijk 05:10.", loud=True)
    for key in ("vt_gw1", "om_ovj1", "politie_cvd1"):
        await stage[key].chooses(asked[key], "Nu")
    await there.find_changed("is nu. Link: in de casusruimte.")
    called = stage.together("vt_fo", "vt_gw1", "om_ovj1")  # the last one sees it by the own tap
    await called.expect("is nu. Link: in de casusruimte.", loud=True)
    room = stage["vt_fo"].case_room
    await there.expect("Link: https://meet.example/", room=room, loud=False)
    await there.expect(".ics", room=room, loud=False)


async def _nobody_counts_as_informed(stage: Stage, headline: Seen) -> None:
    """The telephone stands in the log, the gap in the figures, and nowhere a yes."""
    vt = stage["vt_fo"]
    await stage.at("02:45")  # the notice does not come again
    await vt.shows(headline, "3 van 4 opgepakt. Overleg bezig")
    await stage.together().expect("3 van 4 partners")
    async with stage.running.store.view() as unit:
        measures = await unit.session.exec(select(Measure.kind).where(Measure.partner == "rvdk"))
        assert sorted(measures) == ["backup_used", "missed", "nobody_on_duty"]
        chains = await unit.session.exec(select(Chain).where(Chain.partner == "rvdk"))
        chain = chains.one()
        assert (chain.acked_page_id, chain.acked_at) == (None, None)
        phoned = select(AccessEntry).where(
            AccessEntry.action == "change", AccessEntry.what == "page"
        )
        assert [entry.person for entry in await unit.session.exec(phoned)] == ["vt_fo"]


async def _what_stays(stage: Stage) -> None:
    in_the_case = stage.together("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1")
    room = stage["vt_fo"].case_room
    await stage["vt_fo"].expects("Casusruimte", room=room, loud=False)
    await in_the_case.read_the_room(room, "RvdK: gebeld 02:22, nog niet opgepakt")
