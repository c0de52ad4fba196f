"""`main.py roster import`, `export` and `template`, as an operator gives them."""

import sqlite3
from pathlib import Path

from tests.program.conftest import MakeRegion, Region

PREVIEW = "📋 Dit verandert er in het rooster van RvdK. Er is nog niets gewijzigd."


def _duties(region: Region) -> list[tuple[object, ...]]:
    with sqlite3.connect(region.database) as database:
        rows = database.execute("SELECT partner, start, turns FROM duty ORDER BY partner, id")
        return rows.fetchall()


async def test_out_and_in_again_and_something_new(started: Region, tmp_path: Path) -> None:
    table, before = tmp_path / "alles.csv", _duties(started)
    said = await started.call("roster", "export", str(table))
    assert (said.code, said.out) == (0, f"Geschreven: {table}\n")
    again = await started.call("roster", "import", str(table), "--yes")
    assert (again.code, again.out) == (0, "Het rooster is al zo. Er verandert niets.\n")

    new = tmp_path / "nieuw.csv"
    new.write_text("partner,dagen,van,tot,wie\nRvdK,elke dag,0:00,24:00,RvdK-dienst 1\n")
    for extra in ((), ("--dry-run",)):
        said = await started.call("roster", "import", str(new), *extra)
        assert said.out.startswith(PREVIEW)
        assert said.code == (0 if extra else 1)
        assert _duties(started) == before
    said = await started.call("roster", "import", str(new), "--yes")
    assert said.code == 0
    assert "✅ Het rooster van RvdK is gewijzigd." in said.out
    assert ("rvdk", "00:00", '[["rvdk_contact1", null]]') in _duties(started)
    assert (await started.call("audit", "verify")).code == 0


async def test_a_template_and_a_calendar(started: Region, tmp_path: Path) -> None:
    template, calendar = tmp_path / "sjabloon.xlsx", tmp_path / "om.ics"
    said = await started.call("roster", "template", str(template), "--partner", "OM")
    assert said.code == 0
    said = await started.call("roster", "import", str(template), "--dry-run")
    assert (said.code, said.err) == (0, "")
    assert "rooster van OM" in said.out
    said = await started.call("roster", "export", str(calendar), "--partner", "om")
    assert said.code == 0
    assert "officier van justitie 1 - voorwacht" in calendar.read_text()
    said = await started.call("roster", "import", str(calendar), "--partner", "om", "--dry-run")
    assert (said.code, said.err) == (0, "")
    assert "losse diensten:" in said.out


async def test_what_is_wrong_ends_with_two_and_changes_nothing(
    started: Region, make_region: MakeRegion, tmp_path: Path
) -> None:
    wrong, before = tmp_path / "fout.csv", _duties(started)
    wrong.write_text("partner;dagen;van;tot;wie\nrvdk;mandag;8;17;wie dan\n")
    said = await started.call("roster", "import", str(wrong), "--yes")
    assert (said.code, said.out) == (2, "")
    assert "Rij 2, kolom B (dagen): Deze dagen lees ik niet." in said.err
    assert "Rij 2, kolom E (voorwacht): Deze persoon ken ik niet." in said.err
    assert _duties(started) == before
    said = await started.call("roster", "export", str(wrong))
    assert (said.code, said.err) == (1, f"{wrong} bestaat al. Kies een andere naam.\n")
    assert (await started.call("roster", "import", str(tmp_path / "nergens.csv"))).code == 2
    fresh = await make_region()
    said = await fresh.call("roster", "import", str(wrong))
    assert (said.code, said.err) == (1, "Er is nog geen rooster. Draai de bot eerst een keer.\n")
