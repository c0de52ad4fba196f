"""Backup and restore by the lines of the handbook: the copy is whole, and a bot that goes on from
it calls whom it must and nobody twice."""

import os
import shutil
from pathlib import Path

from config.settings import Settings
from tests.kit.postgres import BINARIES, Postgres
from tests.kit.synapse import Synapse
from tests.operations.handbook import Handbook, block
from tests.program.conftest import Region, write_region
from tests.program.program import free_port
from tests.stories.player import Noise
from tests.stories.stage import OPERATOR, Stage, ahead_of, amsterdam, at_work

WEDNESDAY = amsterdam(2026, 7, 15, 13, 0)
CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
WHOLE = "✅ Toegangslog heel"


async def test_a_restored_bot_goes_on_and_calls_nobody_twice(
    synapse: Synapse, tmp_path: Path
) -> None:
    stage = Stage(synapse, tmp_path, ahead_of(WEDNESDAY))
    config, data = tmp_path / "etc", tmp_path / "lib"
    stage.settings = Settings(
        config_dir=config, data_dir=data, health_port=0, story_clock=tmp_path / "story"
    )
    here = Handbook(
        config, data, tmp_path / "backups", KORTELIJN_STORY_CLOCK=str(tmp_path / "story")
    )
    people = ("vt_fo", *CALLED, "politie_cvd2")
    async with at_work(stage, WEDNESDAY, people):
        await stage["vt_fo"].writes("alarm skm spoed Zuid letsel past niet bij uitleg")
        draft = await stage["vt_fo"].expects("Er is nog niets verstuurd. Klopt dit?")
        await stage["vt_fo"].chooses(draft, "Verstuur: spoed")
        pages = await stage.together(*CALLED).expect("vóór 13:10 (10 min)?", loud=True)
        before = stage.together("om_ovj1", "rvdk_contact1")
        await before.choose(pages, "ik pak op")
        await before.show(pages, "op (13:00). Ga naar de casusruimte.")
        await stage.quiet()
        noise = {key: stage[key].noise() for key in CALLED}

        saved = await here.does(block("## Backup", 1), to=str(tmp_path / "backups" / "now"))
        assert saved.code == 0, saved.err
        kept = {path.name for path in (tmp_path / "backups" / "now").iterdir()}
        assert kept == {"kortelijn.sqlite3", "matrix.tgz", "configuration.tgz"}

        await stage.at("13:03")
        await stage["vt_gw1"].chooses(pages["vt_gw1"], "ik pak op")  # not in the backup
        await stage["vt_gw1"].shows(pages["vt_gw1"], "op (13:03). Ga naar de casusruimte.")
        await stage.stop_bot()
        for folder in (config, data):  # the machine is gone
            shutil.move(folder, tmp_path / f"{folder.name}.burnt")
        data.mkdir()  # what the lines put aside
        restored = await here.does(block("## Restore", 1), **{"from": f"{tmp_path}/backups/now"})
        assert restored.code == 0, restored.err
        assert WHOLE in restored.out
        assert restored.asked_of_systemd == [
            "systemctl stop kortelijn",
            "systemctl start kortelijn",
        ]
        assert not list(data.glob("matrix/olm-*")), "old keys would repeat themselves"

        await stage.at("13:06")
        await stage.start_bot()
        late = "Jij bent achterwacht, je collega reageert niet."
        await stage["politie_cvd2"].expects(late, loud=True)
        await stage[OPERATOR].expects("Ik was weg van 13:00 tot 13:06.", loud=True)
        await stage["vt_gw1"].shows(pages["vt_gw1"], "Ga naar de casusruimte.")
        headline = await stage["vt_fo"].shows(draft, "3 van 4 opgepakt. Wacht nog op: politie.")
        assert "VT: opgepakt" in headline.text
        for key in CALLED:
            assert stage[key].noise().loud == noise[key].loud, stage[key].heard_ringing()
        assert stage["politie_cvd2"].noise() == Noise(1, 0), stage["politie_cvd2"].heard_ringing()
        for phone in stage.phones.values():
            phone.ignore_so_far()  # headlines that came down again are of no concern here


async def test_postgresql_by_its_own_programs(tmp_path: Path, postgres: Postgres) -> None:
    """The same lines but one each way, with a bot that is just running."""
    region = Region(tmp_path / "kortelijn")
    write_region(region.folder, f"http://127.0.0.1:{free_port()}", "lage-dijk.example")
    names = [await postgres.fresh() for _ in range(2)]
    urls = [postgres.url(name) for name in names]
    running = await region.run(KORTELIJN_DATABASE_URL=urls[0])
    try:
        await running.until_logged("start_waits")
        to = tmp_path / "backup"
        to.mkdir()
        path = f"{BINARIES / 'bin'}:{os.environ['PATH']}"
        here = Handbook(region.folder, region.settings.data_dir, tmp_path, PATH=path)
        lines = block("## Backup", 2)
        saved = await here.does(f"to=\ndb=\n{lines}", to=str(to), db=_plain(urls[0]))
        assert saved.code == 0, saved.err
        lines = block("## Restore", 2)
        restored = await here.does(
            f"from=\ndb=\n{lines}", **{"from": str(to), "db": _plain(urls[1])}
        )
        assert restored.code == 0, restored.err
    finally:
        await region.close()
    proved = [await region.call("audit", "verify", KORTELIJN_DATABASE_URL=url) for url in urls]
    assert [each.code for each in proved] == [0, 0]
    assert proved[1].out == proved[0].out
    assert WHOLE in proved[1].out
    for name in names:
        await postgres.drop(name)


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")
