"""Story 1: a hospital tells Veilig Thuis on a Friday afternoon."""

from pathlib import Path

from tests.kit.phone import Phone
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.stage import Stage, a_stage, amsterdam

FRIDAY = amsterdam(2026, 7, 10, 15, 40)
STAFF = (
    *("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1", "rvdk_contact2"),
    "coordinator",
)


async def test_friday_hospital(synapse: Synapse, tmp_path: Path) -> None:
    async with a_stage(synapse, tmp_path, FRIDAY, STAFF) as stage:
        headline = await _three_taps(stage)
        await _everybody_takes_it(stage, headline)
        await _one_consultation(stage)
        await _agreements(stage)
        await _closing(stage, headline)


async def _three_taps(stage: Stage) -> Seen:
    vt = stage["vt_fo"]
    await vt.says(vt.direct_room, "alarm")
    await stage.quiet()
    draft = await vt.expects("Wat is er aan de hand?", loud=False)
    await vt.taps(draft, "1️⃣")
    await stage.quiet()
    await vt.shows(draft, "Waar? Alleen wijk of gemeente.")
    await vt.taps(draft, "1️⃣")
    await stage.quiet()
    await vt.shows(draft, "Er is nog niets verstuurd. Klopt dit?")
    await vt.says(vt.direct_room, "letsel past niet bij uitleg")
    await stage.quiet()
    await vt.shows(draft, "Reden: letsel past niet bij uitleg")
    await vt.taps(draft, "1️⃣")
    await stage.quiet()
    await vt.shows(draft, "0 van 4 opgepakt. Oppakken vóór 15:50. Overleg uiterlijk 18:40.")
    return draft


async def _everybody_takes_it(stage: Stage, headline: Seen) -> None:
    vt, rvdk, backup = stage["vt_fo"], stage["rvdk_contact1"], stage["rvdk_contact2"]
    pages = {
        key: await stage[key].expects("Pak je dit op vóór 15:50 (10 min)?", loud=True)
        for key in ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
    }
    room = next(iter(vt.case_rooms.values()))
    await vt.expects("Casusruimte", room=room, loud=False)
    in_room = await vt.expects("0 van 4 opgepakt", room=room, loud=False)

    await _takes(stage, "vt_gw1", pages["vt_gw1"], "15:42")
    await stage.at("15:43")
    await rvdk.reads(pages["rvdk_contact1"])
    await stage.quiet()
    await vt.shows(headline, "RvdK: gezien 15:43")
    await _takes(stage, "om_ovj1", pages["om_ovj1"], "15:44")
    await vt.shows(headline, "2 van 4 opgepakt. Wacht nog op: politie, RvdK.")
    await stage.at("15:45")
    await rvdk.expects("wacht op jou, vóór 15:50 (5 min)", loud=True)
    await _takes(stage, "politie_cvd1", pages["politie_cvd1"], "15:46")
    await stage.at("15:50")
    called = await backup.expects("Pak je dit op vóór 15:55 (5 min)? Jij bent achterwacht")
    assert called.loud
    await rvdk.shows(pages["rvdk_contact1"], "De achterwacht is opgeroepen (15:50)")
    await vt.shows(headline, "RvdK: geen reactie, achterwacht opgeroepen 15:50")
    await _takes(stage, "rvdk_contact2", called, "15:53")
    await rvdk.shows(pages["rvdk_contact1"], "al op (15:53). Je hoeft niets te doen.")
    await vt.shows(headline, "4 van 4 opgepakt.")
    await vt.shows(headline, "RvdK: opgepakt 15:53 (achterwacht)")
    await vt.gone(in_room)
    for key in ("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact2"):
        await stage[key].expects("tot nu toe (15:53)", room=room, loud=False)
        await stage[key].expects("4 van 4 opgepakt", room=room, loud=False)
    await stage["coordinator"].expects("4 van 4 partners", loud=False)
    _expect_what_was_taken_away(stage)


async def _takes(stage: Stage, key: str, page: Seen, clock: str) -> None:
    await stage.at(clock)
    await stage[key].taps(page, "✅")
    await stage.quiet()
    await stage[key].shows(page, f"op ({clock}). Ga naar de casusruimte.")


def _expect_what_was_taken_away(stage: Stage) -> None:
    """Older headlines and catch-ups make way for fresh ones; that is what "gone" shows."""
    for phone in stage.phones.values():
        for seen in phone.messages:
            if seen.redacted and seen.sender == phone.bot:
                phone.expect_gone(seen)


async def _one_consultation(stage: Stage) -> None:
    for key in ("vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact2"):
        phone = stage[key]
        asked = await phone.expects("Wanneer kun je? Kies alles wat past. Uiterlijk 18:40.")
        assert asked.loud
        assert "1️⃣ 16:30, 2️⃣ 17:00, 3️⃣ 17:30" in asked.text
        await phone.taps(asked, "1️⃣")
        await stage.quiet()
        await phone.shows(asked, "16:30")


async def _agreements(stage: Stage) -> None: ...


async def _closing(stage: Stage, headline: Seen) -> None: ...


def _report(phone: Phone) -> str:
    return "\n".join(f"{m.loud} {m.text}" for m in phone.messages if m.sender == phone.bot)
