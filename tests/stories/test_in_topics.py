"""A Friday in a region that lets its conversations happen in topics on Telegram, from the alarm to
the topic that is gone. The OM has Matrix only, and is called all the same."""

from pathlib import Path

from tests.kit.synapse import Synapse
from tests.stories.in_topics import InTopics, in_topics
from tests.stories.stage import amsterdam

FRIDAY = amsterdam(2026, 7, 10, 15, 40)
CAST = ("vt_fo", "vt_gw1", "politie_cvd1", "rvdk_contact1")
POINTS = ("vt_ap", "politie_ap", "rvdk_ap")
OM = "om_ovj1"
CONTENT = ("mishandeling", "centrum", "letsel", "sporen", "meet.example", "plan gemaakt")


async def test_a_friday_in_topics(synapse: Synapse, tmp_path: Path) -> None:
    async with in_topics(synapse, tmp_path, FRIDAY, (OM, *POINTS), CAST) as stage:
        await _alarm(stage)
        await _everybody_takes_it(stage)
        await _they_talk(stage)
        await _closed_and_gone(stage)
        await _who_keeps_a_roster_hears_of_its_gaps(stage)
        _own_chats_and_group_stayed_empty(stage)


async def _who_keeps_a_roster_hears_of_its_gaps(stage: InTopics) -> None:
    """The next morning at nine: nobody here tapped a test page, so nobody can be reached."""
    for key in POINTS:
        await stage[key].expects("⚠️ ", loud=True)


async def _alarm(stage: InTopics) -> None:
    vt = stage.handsets["vt_fo"]
    await stage.at("15:40")
    await vt.writes("alarm kindermishandeling spoed Centrum letsel past niet bij uitleg")
    await vt.chooses(await vt.finds("Klopt dit?", loud=False), "Verstuur: spoed")
    await vt.finds("0 van 4 opgepakt.", loud=False)
    await stage.quiet()
    (topic,) = stage.forum.topics
    assert len(topic.name) == 4, "the reference and nothing else"
    welcome, headline = stage.in_topic("politie_cvd1")
    assert "De hele groep leest mee, en Telegram versleutelt dit niet." in welcome
    assert "letsel past niet bij uitleg" in welcome
    assert "strafbare kindermishandeling · Centrum · spoed" in headline


async def _everybody_takes_it(stage: InTopics) -> None:
    await stage.at("15:42")
    for key in ("vt_gw1", "politie_cvd1", "rvdk_contact1"):
        phone = stage.handsets[key]
        page = await phone.finds("Pak je dit op vóór 15:50 (10 min)?", loud=True)
        await phone.chooses(page, "Ik pak op")
        await phone.shows(page, "op (15:42). Ga naar de casusruimte.")
        (link,) = [button["url"] for button in page.keys if "url" in button]
        assert link == f"https://t.me/c/{stage.topic.removeprefix('-100')}"
    om = stage[OM]
    called = await om.expects("Pak je dit op vóór 15:50 (10 min)?", loud=True)
    await om.chooses(called, "ik pak op")
    await om.shows(called, "Hieronder staat wie je belt voor de inhoud.")
    headline = await om.expects("OM: opgepakt 15:42", loud=False)
    await om.shows(headline, "Jij hebt hier geen casusruimte. Bel VT voor de inhoud: 0800-2001.")
    await stage.quiet()
    assert "4 van 4 opgepakt." in stage.in_topic("vt_fo")[1]
    for key in (*CAST, OM):
        if key != "vt_gw1":
            await stage.person(key).expects("Wanneer kun je?", loud=True)
    await stage.handsets["vt_gw1"].finds("Wanneer kun je?", loud=True)


async def _they_talk(stage: InTopics) -> None:
    await stage.at("15:50")
    await stage.says("vt_fo", "ik bel het ziekenhuis nog een keer")
    await stage.says("rvdk_contact1", "afspraak politie: sporen veiligstellen vóór 18:00")
    await stage.quiet()
    assert "sporen veiligstellen" in stage.in_topic("politie_cvd1")[-1]
    mine = await stage.handsets["politie_cvd1"].finds("Lees hem in de casusruimte", loud=False)
    await stage.handsets["politie_cvd1"].chooses(mine, "Klopt")
    await stage.quiet()
    assert "bevestigd 15:50" in stage.in_topic("politie_cvd1")[-1]
    await stage.says("politie_cvd1", "klaar 1")
    await stage.handsets["politie_cvd1"].finds_changed("Afspraak 1")

    written = await stage.says("vt_fo", "bel de moeder op 06-12345678")
    await stage.quiet()
    assert written.redacted, "a number does not stay"
    await stage.handsets["vt_fo"].finds("Ik haalde je bericht van 15:50 weg", loud=False)

    photo = await stage.handsets["politie_cvd1"].sends_photo(
        chat=stage.forum, thread=stage.forum.topics[-1].number
    )
    stage.stir()
    await stage.quiet()
    assert photo.redacted
    await stage.handsets["politie_cvd1"].finds("Foto's en spraak neem ik niet aan.", loud=False)


async def _closed_and_gone(stage: InTopics) -> None:
    vt = stage.handsets["vt_fo"]
    await stage.at("15:55")
    await stage.people(*CAST, OM).expect("je koos nog geen tijd", loud=True)
    await stage.at("16:00")
    await stage.says("vt_fo", "sluit")
    await stage.quiet()
    question = next(seen for seen in vt.messages if seen.text.startswith("Wat is de uitkomst?"))
    await vt.chooses(question, "samen plan gemaakt")
    await vt.chooses(question, "Sluit")
    await stage.quiet()
    told = "\n".join(stage.in_topic("rvdk_contact1"))
    assert "Uitkomst: samen plan gemaakt." in told
    assert "Ik wis dit onderwerp op za 16:00" in told
    for key in (*CAST, OM):
        await stage.person(key).expects("Staat alles in je eigen dossier?", loud=False)
    await stage.people().expect("· gesloten", loud=False)
    await stage.people(*CAST, OM).find_changed("gesloten")
    topic = stage.topic
    await stage.at("15:59")  # on Saturday
    assert len(stage.forum.topics) == 1
    await stage.at("16:01")
    assert stage.forum.topics == []
    left = [seen for seen in vt.messages if seen.room == topic and not seen.redacted]
    assert left == [], "nothing of it is left on a phone"
    for key in (*CAST, OM):
        await stage.person(key).expects("op Telegram is gewist", loud=False)


def _own_chats_and_group_stayed_empty(stage: InTopics) -> None:
    """The topic is the only place on Telegram that ever heard what it is about."""
    for key in CAST:
        for seen in stage.handsets[key].messages:
            if "/" in seen.room or seen.sender != stage.handsets[key].bot:
                continue
            for text in seen.versions:
                unsent = "Er is nog niets verstuurd" in text
                found = [word for word in CONTENT if word in text.casefold()]
                assert unsent or not found, f"{seen} tells {found}"
