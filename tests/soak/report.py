"""The figures of a soak as a page of Markdown: what stands in docs/soak.md comes from here."""

from collections import Counter
from collections.abc import Iterable

from tests.crash.doings import HANG_S
from tests.soak.crew import SHIFT_MIN
from tests.soak.soak import RATE, Outcome

FLAT_KB = 100.0  # a minute: more than that is growth

_HEAD = """# Soak

`python -m tests.soak --minutes {minutes:g} --rate {rate:g} --database {database} --seed {seed}
--report docs/soak.md` makes this page anew, from one whole run. One bot as a process of its own
lives through all of it: a fake Bot API server, a real homeserver, {alarms} alarms by as many
people, each calling four partners. Whoever is called takes it (62 %), says no (18 %) or does
nothing (20 %), after 0.3 to 8 seconds; then the next one is called, the contact points on Matrix
last. Story time runs {pace:g} times as fast as ours, so that a chain has its say within minutes;
who is on duty changes every {shift} minutes of it. Meanwhile things go wrong at random, also at the
same time.
"""


def page(outcome: Outcome) -> str:
    """The whole document."""
    plan, ledger, memory = outcome.plan, outcome.ledger, outcome.memory
    head = _HEAD.format(
        minutes=plan.minutes,
        rate=plan.rate,
        database=plan.database,
        seed=plan.seed,
        alarms=plan.alarms,
        pace=RATE,
        shift=SHIFT_MIN,
    )
    flat = "flat" if memory.growth <= FLAT_KB else "NOT FLAT"
    figures = _table(
        ("figure", "value"),
        [
            ("alarms, in minutes of load", f"{ledger.alarms} in {plan.minutes:g}"),
            ("until the last chain had ended", f"{outcome.seconds / 60:.1f} min"),
            ("story time that passed", f"{outcome.story_minutes:.0f} min"),
            ("updates that people sent to Telegram", f"{ledger.updates.sent}"),
            ("updates lost", f"**{len(ledger.updates.lost)}**"),
            ("pages", f"{ledger.pages}"),
            ("pages lost", f"**{ledger.lost}**"),
            ("pages taken by another before they went", f"{ledger.spared}"),
            ("repeats of pages (all marked)", f"{ledger.repeats}"),
            ("copies that say they may be a repeat", f"{ledger.marked}"),
            ("pages of which a marked copy came first", f"{ledger.overtaken}"),
            ("chains", f"{ledger.chains}"),
            ("ended by a yes", f"{ledger.acked}"),
            ("ended by the word whom to call", f"{ledger.noticed}"),
            ("stuck", f"**{ledger.chains - ledger.acked - ledger.noticed}**"),
            ("presses on yes, each one kept", f"{ledger.presses}"),
            ("messages on screens", f"{ledger.sends}"),
            (f"initiators without a word for {HANG_S / 60:g} minutes", f"{ledger.impatient}"),
            ("messages that waited at most at a moment", f"{outcome.most_waiting}"),
            ("memory at the begin, highest, at the end", _megabytes(outcome)),
            ("growth over the second half", f"{memory.growth:+.0f} kB a minute: {flat}"),
        ],
    )
    came = _table(
        ("trouble", "times", "requests that met it"),
        [
            (name, str(times), str(outcome.met[name]) if name in outcome.met else "")
            for name, times in sorted(outcome.came.items())
        ],
    )
    parts = [
        head,
        figures,
        "## What went wrong\n",
        came,
        f"How it is emulated: {outcome.emulated}.\n",
        "## What the bot said of it\n",
        "In its log, warnings and worse:\n",
        _counted("line", outcome.complaints),
        "To the operator (first words, without numbers):\n",
        _counted("line", outcome.heard),
        "## Faults\n",
        "\n".join(f"- {fault}" for fault in ledger.faults) + "\n" if ledger.faults else "None.\n",
    ]
    return "\n".join(parts)


def _megabytes(outcome: Outcome) -> str:
    memory = outcome.memory
    return f"{memory.begin_mb:.1f}, {memory.most_mb:.1f}, {memory.end_mb:.1f} MB"


def _counted(what: str, lines: Counter[str]) -> str:
    return _table((what, "times"), [(line, str(times)) for line, times in lines.most_common()])


def _table(head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> str:
    rows = [head, ("---",) * len(head), *body]
    cells = [[cell.replace("|", "/").replace("\n", " ") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)
