"""Operators, coordinators and the group room never read what somebody typed for a case."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from commands.weekly_digest import send_digest
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.outward import walk

ROOT = Path(__file__).parents[2]
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for folder in ("bot", "commands")
    for path in sorted((ROOT / folder).rglob("*.py"))
}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon."""
    async with open_desk(tmp_path) as desk:
        yield desk


def test_nothing_typed_goes_to_operators_coordinators_or_the_group_room() -> None:
    found = walk(SOURCES)
    assert found.wrong == []
    assert {
        "operator.unreadable",
        "operator.not_delivered",
        "operator.quarantine",
        "operator.storage",
        "operator.timer",
        "operator.away",
        "group.progress",
        "group.*",
        "digest.title",
        "digest.running",
        "duty.title",
    } <= found.keys, "the walk does not reach what it is about"


DIRECT = "async def f(unit, w):\n    await tell_operators(unit, {})"
SOURCES_THAT_LEAK = {
    "at once": DIRECT.format('message("a", x=Own(w))'),
    "under a list": DIRECT.format('message("a", x=Listed((Own(w),)))'),
    "in a line below": DIRECT.format('message("a", message("b", x=Own(w)))'),
    "in one of two": DIRECT.format('message("a") if w else message("b", x=Own(w))'),
    "unsealed": DIRECT.format('message("a", x=unit.vault.unseal(w))'),
    "nobody can follow": DIRECT.format('texts["a"]'),
    "by a name": """
async def f(unit, w):
    own = Own(w)
    text = message("a", x=own)
    await tell_operators(unit, text)
""",
    "by a function": """
def line(w):
    return message("a", x=Own(w))

async def f(unit, w):
    await tell_operators(unit, line(w))
""",
    "passed on": """
async def tell(unit, text):
    await tell_operators(unit, text)

async def f(unit, w):
    await tell(unit, message("a", x=Own(w)))
""",
    "passed on by a method": """
class Lines:
    async def tell(self, unit, text):
        await tell_operators(unit, text)

async def f(lines, unit, w):
    await lines.tell(unit, message("a", x=Own(w)))
""",
    "to the group room": """
async def f(unit, case, w):
    await show_group(unit, "matrix", "slot", message("a", x=Own(w)), case)
""",
    "to the group room, past the door": """
def f(w):
    queue(destination=group_place("matrix"), payload=payload(message("a", x=Own(w))))
""",
    "to every coordinator": """
async def f(unit, w):
    for person in await with_role(unit, "coordinator"):
        await tell_person(unit, person.id, message("a", x=Own(w)))
""",
    "as an answer to a coordinator": """
@command("weekly", right="coordinator")
async def f(ask):
    await ask.answer(message("a", x=Own(ask.words)))
""",
}


@pytest.mark.parametrize("how", SOURCES_THAT_LEAK)
def test_the_walk_finds_it_however_it_is_written(how: str) -> None:
    assert walk({"new.py": SOURCES_THAT_LEAK[how]}).wrong


def test_the_walk_leaves_alone_what_stays_inside() -> None:
    source = 'async def f(unit, p, w):\n    await tell_person(unit, p, message("a", x=Own(w)))'
    assert walk({"new.py": source}).wrong == []


async def test_in_a_whole_case_no_outsider_reads_a_word_of_it(desk: Desk) -> None:
    """The same, seen on the screens."""
    vt, om = desk["vt_fo"], desk["om_ovj1"]
    await vt.says("alarm skm spoed Centrum letsel past niet bij uitleg")
    await vt.taps("1️⃣")
    await om.taps("✅")
    await om.says("afspraak om: sporen veiligstellen vóór 18:00", desk.case_room())
    await desk.update("unreadable", om.direct, om.address)
    await desk.update("left", om.direct, om.address)
    await desk.advance(5 * 60)
    await vt.says("sluit")
    await vt.taps("1️⃣", vt.expects("Wat is de uitkomst?"))
    await vt.taps("✅", vt.expects("Sluiten?"))
    async with desk.store.unit() as unit:
        assert await send_digest(unit, desk.world, (2026, 28))
    await desk.settle()
    desk["beheerder"].expects("is niet te lezen")
    desk["coordinator"].expects("Weekbericht 28")
    group = desk.rooms_named["Regio Lage Dijk"]
    assert desk["beheerder"].screen(group), "the group room shows how it goes"
    for room in (desk["beheerder"].direct, desk["coordinator"].direct, group):
        for shown in (each.text.lower() for each in desk.shown if each.room == room):
            assert not any(word in shown for word in ("letsel", "uitleg", "sporen", "centrum"))
