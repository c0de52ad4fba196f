"""One case over two messengers: the police have Telegram only, everybody else has Matrix."""

from pathlib import Path

from sqlmodel import select

from storage.tables import Case, Identity, Page, Person
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.kit.telegram.screen import TelegramSeen
from tests.stories.handset import Handset
from tests.stories.stage import amsterdam
from tests.stories.two_messengers import TwoMessengers, two_messengers

FRIDAY = amsterdam(2026, 7, 10, 15, 20)
POLICE, BACKUP, POINT = "politie_cvd1", "politie_cvd2", "politie_ap"
PAGED_ON_MATRIX = ("vt_gw1", "om_ovj1", "rvdk_contact1")
IN_THE_ROOM = ("vt_fo", *PAGED_ON_MATRIX)
STAFF = (*IN_THE_ROOM, BACKUP, POINT)
PAGE_BUTTONS = ("Ik pak op", "Kan niet")
WHOM_TO_CALL = "Jij hebt hier geen casusruimte. Bel VT voor de inhoud: 0800-2001."


async def test_police_on_telegram_and_the_others_on_matrix(
    synapse: Synapse, tmp_path: Path
) -> None:
    async with two_messengers(synapse, tmp_path, FRIDAY, STAFF, only_telegram=[POLICE]) as stage:
        police = await _police_come_in(stage)
        headline = await _alarm(stage)
        own_headline = await _everybody_takes_it(stage, police, headline)
        await _one_consultation(stage, police, headline, own_headline)
        await _a_press_on_what_stood_before(stage, police, headline)
        await _an_agreement(stage, police)
        await _closing(stage, police, headline, own_headline)
        await _it_stays_one_case(stage)
        stage.telegram_learnt_nothing("pak je dit op", "afspraak 1", "is gesloten")
        _but_it_was_told_on_matrix(stage)


async def test_not_after_all_on_telegram_calls_the_backup_on_matrix(
    synapse: Synapse, tmp_path: Path
) -> None:
    async with two_messengers(synapse, tmp_path, FRIDAY, STAFF, only_telegram=[POLICE]) as stage:
        police = await _police_come_in(stage)
        headline = await _alarm(stage)
        await _not_after_all(stage, police, headline)
        stage.telegram_learnt_nothing("pak je dit op")


async def _police_come_in(stage: TwoMessengers) -> Handset:
    """The contact point makes a link on Matrix and gives it away; it is opened on Telegram."""
    point, police = stage[POINT], stage.handset(POLICE)
    await point.writes("uitnodigen")
    question = await point.expects("Wie wil je uitnodigen voor Telegram?", loud=False)
    await point.chooses(question, "chef van dienst 1")
    await point.shows(question, "Hij werkt 1 keer, tot za 15:20: https://t.me/")
    await police.opens_link(question)
    await point.expects("Chef van dienst 1 doet nu mee op Telegram (15:20).", loud=False)
    welcome = await police.finds("Welkom, chef van dienst 1. Eén test", loud=False)
    await police.offers(welcome, "Ik ben klaar")
    await police.taps(welcome, "Ik ben klaar")
    await police.shows(welcome, "Over 30 seconden komt de test.")
    await stage.at("15:21")
    test = await police.finds("🔵 TEST, geen echt alarm. Hoor je dit?", loud=True)
    await police.taps(test, "Gehoord")
    await police.shows(test, "✅ Je bent bereikbaar.")
    await police.offers(test)
    return police


async def _alarm(stage: TwoMessengers) -> Seen:
    vt = stage["vt_fo"]
    await stage.at("15:40")
    await vt.writes("alarm kindermishandeling spoed Centrum letsel past niet bij uitleg")
    headline = await vt.expects("Er is nog niets verstuurd. Klopt dit?", loud=False)
    await vt.chooses(headline, "Verstuur: spoed")
    await vt.shows(headline, "0 van 4 opgepakt. Oppakken vóór 15:50. Overleg uiterlijk 18:40.")
    await vt.expects("Casusruimte", room=vt.case_room, loud=False)
    return headline


async def _called_on_telegram(stage: TwoMessengers, police: Handset) -> TelegramSeen:
    page = await police.finds("Pak je dit op vóór 15:50 (10 min)?", loud=True)
    await police.offers(page, *PAGE_BUTTONS)
    return page


async def _everybody_takes_it(
    stage: TwoMessengers, police: Handset, headline: Seen
) -> TelegramSeen:
    vt = stage["vt_fo"]
    on_telegram = await _called_on_telegram(stage, police)
    pages = await stage.together(*PAGED_ON_MATRIX).expect("mishandeling, Centrum.", loud=True)
    progress = await stage.together().expect("0 van 4 partners", loud=False)
    await stage.at("15:42")
    await stage.together(*PAGED_ON_MATRIX).choose(pages, "ik pak op")
    await stage.together(*PAGED_ON_MATRIX).show(pages, "op (15:42). Ga naar de casusruimte.")
    await vt.shows(headline, "3 van 4 opgepakt. Wacht nog op: politie.")
    await vt.shows(headline, "Politie: opgeroepen 15:40")
    await stage.together().show(progress, "3 van 4 partners")

    await stage.at("15:44")
    await police.taps(on_telegram, "Ik pak op")
    await police.shows(on_telegram, "✅ Jij pakt ")
    await police.shows(on_telegram, "op (15:44). Hieronder staat wie je belt voor de inhoud.")
    await police.offers(on_telegram)
    await vt.shows(headline, "4 van 4 opgepakt.")
    await vt.shows(headline, "Politie: opgepakt 15:44")
    await stage.together().show(progress, "4 van 4 partners")
    await stage.together(*IN_THE_ROOM).read_the_room(vt.case_room, "4 van 4 opgepakt.")
    own_headline = await police.finds("Politie: opgepakt 15:44", loud=False)
    assert own_headline.text.splitlines()[0].endswith(" · spoed")
    await police.shows(own_headline, "Bel VT voor de inhoud: 0800-2001.")
    return own_headline


async def _not_after_all(stage: TwoMessengers, police: Handset, headline: Seen) -> None:
    """The yes is taken back in words on Telegram; the backup is called on Matrix and takes it."""
    vt, backup, matrix = stage["vt_fo"], stage[BACKUP], stage.together(*PAGED_ON_MATRIX)
    page = await _called_on_telegram(stage, police)
    await matrix.expect("kindermishandeling, Centrum.", loud=True)
    progress = await stage.together().expect("0 van 4 partners", loud=False)
    await stage.at("15:41")
    await police.taps(page, "Ik pak op")
    await police.shows(page, "op (15:41). Hieronder staat wie je belt voor de inhoud.")
    await vt.shows(headline, "Politie: opgepakt 15:41")
    await stage.together().show(progress, "1 van 4 partners")
    own_headline = await police.finds("Politie: opgepakt 15:41", loud=False)

    await stage.at("15:43")
    await police.writes("toch niet")
    await police.shows(page, "niet meer op (15:43). De achterwacht is opgeroepen.")
    await police.gone(own_headline)  # else it would say for ever that the police have it
    await stage.together().show(progress, "0 van 4 partners")
    await vt.shows(headline, "Politie: kan niet, achterwacht opgeroepen 15:43")
    called = await backup.expects("Jij bent achterwacht, je collega kan niet.", loud=True)
    await backup.chooses(called, "ik pak op")
    await backup.shows(called, "op (15:43). Ga naar de casusruimte.")
    await vt.shows(headline, "Politie: opgepakt 15:43 (achterwacht)")
    await stage.together().show(progress, "1 van 4 partners")

    await stage.at("15:44")
    press = await police.taps(page, "Ik pak op", stale=True)
    await police.shows(page, "Politie pakte ")
    await police.shows(page, "al op (15:43). Je hoeft niets te doen.")
    await police.offers(page, "Ik doe mee")
    assert press.answers == 1
    await vt.shows(headline, "Politie: opgepakt 15:43 (achterwacht)")
    await stage.together("vt_fo", BACKUP).read_the_room(vt.case_room, "Politie: opgepakt 15:43")


async def _one_consultation(
    stage: TwoMessengers, police: Handset, headline: Seen, own_headline: TelegramSeen
) -> None:
    in_the_room, question = stage.together(*IN_THE_ROOM), "Kies alles wat past. Uiterlijk 18:40."
    asked = await in_the_room.expect(question, loud=True)
    asked_police = await police.finds(question, loud=True)
    await police.offers(asked_police, "16:30", "17:00", "17:30", "Nu", "Niets past")
    await stage.at("15:50")
    await police.taps(asked_police, "17:00")
    await police.shows(asked_police, "Jij kunt: 17:00. Wacht nog op: ")
    await police.taps(asked_police, "16:30")
    await police.shows(asked_police, "Jij kunt: 16:30, 17:00. Wacht nog op: ")
    for person in in_the_room:
        await person.chooses(asked[person.name.rpartition("-")[0]], "16:30")
    await in_the_room.show(asked, "vr 16:30 (over 40 min)")
    await police.shows(asked_police, f"vr 16:30 (over 40 min).\n{WHOM_TO_CALL}")
    await police.offers(asked_police, "Kan toch niet")
    await stage["vt_fo"].shows(headline, "4 van 4 opgepakt. Overleg vr 16:30, link hieronder.")
    await police.shows(own_headline, "Overleg vr 16:30, link in de casusruimte.")
    room = stage["vt_fo"].case_room
    await in_the_room.expect("Link: https://meet.example/kortelijn-", room=room, loud=False)
    await in_the_room.expect(".ics", room=room, loud=False)


async def _a_press_on_what_stood_before(
    stage: TwoMessengers, police: Handset, headline: Seen
) -> None:
    """A phone that missed the edit still has the page's buttons: they take nothing back."""
    page = next(seen for seen in police.messages if seen.versions[0].startswith("🔴 Alarm"))
    before = page.text
    press = await police.taps(page, "Kan niet", stale=True)
    await police.shows(page, "op (15:44). Hieronder staat wie je belt voor de inhoud.")
    assert (page.text, page.buttons, press.answers) == (before, (), 1)
    await stage["vt_fo"].shows(headline, "Politie: opgepakt 15:44")


async def _an_agreement(stage: TwoMessengers, police: Handset) -> None:
    """Written in the room by somebody else; its owner hears of it, not what it says."""
    room, in_the_room = stage["vt_fo"].case_room, stage.together(*IN_THE_ROOM)
    await stage.at("15:55")
    await stage["om_ovj1"].says(room, "afspraak politie: sporen veiligstellen vóór 18:00")
    noted = await in_the_room.expect("Afspraak 1 · politie · vóór vr 18:00: sporen", room=room)
    mine = await police.finds(f"voor politie, vóór vr 18:00.\n{WHOM_TO_CALL}", loud=False)
    await police.offers(mine, "Klopt", "Klopt niet")
    await police.taps(mine, "Klopt")
    await police.shows(mine, "is bevestigd (15:55)")
    await in_the_room.show(noted, "veiligstellen · bevestigd 15:55")


async def _closing(
    stage: TwoMessengers, police: Handset, headline: Seen, own_headline: TelegramSeen
) -> None:
    vt, in_the_room = stage["vt_fo"], stage.together(*IN_THE_ROOM)
    await stage.at("16:00")
    await vt.writes("sluit")
    question = await vt.expects("Wat is de uitkomst?", loud=False)
    await vt.chooses(question, "samen plan gemaakt")
    await vt.chooses(question, "Sluit")
    await vt.shows(question, "is gesloten (16:00).")
    await vt.shows(headline, "gesloten vr 16:00. Uitkomst: samen plan gemaakt.")
    await police.shows(own_headline, "gesloten vr 16:00. Regie: nog niemand.")
    own_file = await police.finds("Staat alles in je eigen dossier?", loud=False)
    await in_the_room.expect("Staat alles in je eigen dossier?", loud=False)
    await stage.together().find_changed("gesloten")
    over = [seen for seen in police.messages if seen.text.endswith(" is gesloten (16:00).")]
    asked = [seen.versions[0].split()[1] for seen in over]
    assert asked == ["Alarm", "Overleg"], "what still asked for something says that it is over"
    for seen in over:
        await police.shows(seen, "is gesloten (16:00).")
        await police.offers(seen)
    await police.taps(own_file, "Ja, klopt")
    await police.shows(own_file, "klopt (16:00).")
    await vt.shows(headline, "Dossier klopt: politie.")
    await police.shows(own_headline, "Dossier klopt: politie.")


async def _it_stays_one_case(stage: TwoMessengers) -> None:
    async with stage.running.store.view() as unit:
        session = unit.session
        (case,) = await session.exec(select(Case))
        pages = list(await session.exec(select(Page).where(Page.case_id == case.id)))
        of_police = select(Identity.channel).join(Person).where(Person.key == POLICE)
        assert list(await session.exec(of_police)) == ["telegram"]
    assert len(pages) == 4, "one page for each partner"


def _but_it_was_told_on_matrix(stage: TwoMessengers) -> None:
    on_matrix = " ".join(text for seen in stage["om_ovj1"].messages for text in seen.versions)
    assert "kindermishandeling, Centrum" in on_matrix, "it was to be told somewhere"
