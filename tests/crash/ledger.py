"""What came of it: counted in the database, on the screens and at the server."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.access_log import verify
from tests.crash import database, doings
from tests.crash.region import ON_DUTY, Region
from tests.crash.updates import updates_of
from tests.kit.telegram.person import Person
from tests.kit.telegram.screen import TelegramSeen

_NUMBER_OF = {
    "new": "SELECT count(*) FROM inbox WHERE state = 'new'",
    "quarantined": "SELECT count(*) FROM inbox WHERE state = 'quarantined'",
    "waiting": "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')",
    "failed": "SELECT count(*) FROM outbox WHERE state = 'failed' AND channel = 'telegram'",
    "cases": 'SELECT count(*) FROM "case"',
    "open": "SELECT count(*) FROM \"case\" WHERE state = 'open'",
    "initiators": 'SELECT count(DISTINCT initiator_id) FROM "case"',
    "drafts": "SELECT count(*) FROM access_log WHERE action = 'create' AND what = 'draft'",
    "alarms": "SELECT count(*) FROM access_log WHERE action = 'create' AND what = 'alarm'",
    "chains": "SELECT count(*) FROM chain",
    "acked": "SELECT count(*) FROM chain WHERE acked_page_id IS NOT NULL",
    "pages": "SELECT count(*) FROM page",
    "takings": "SELECT count(*) FROM access_log WHERE action = 'share' AND what = 'case'",
}
_ANSWERS = """
    SELECT person.key, count(*) FROM outbox
    JOIN person ON outbox.destination = 'person:' || person.id || ':telegram'
    WHERE outbox.kind = 'say' AND outbox.slot IS NULL AND outbox.state = 'sent'
    GROUP BY person.key
"""


def rows(region: Region, question: str) -> list[Any]:
    """What stands in the database, also while the bot is dead."""
    return database.rows(region.settings, question)


def number(region: Region, what: str) -> int:
    """One of the numbers that the ledger has a name for."""
    return int(rows(region, _NUMBER_OF[what])[0][0])


@dataclass(frozen=True)
class Copies:
    """Messages that came more than once, of one kind."""

    meant: int
    came: int
    unmarked: int

    @property
    def repeats(self) -> int:
        return self.came - self.meant

    @property
    def marked(self) -> int:
        return self.came - self.unmarked


@dataclass
class Ledger:
    """`faults` is empty when nothing was lost, done twice or repeated without saying so."""

    updates: int
    lost: int
    again: int  # the same person on the same button, just before: that one was acted upon
    cases: int
    pages: Copies
    answers: Copies
    sends: int
    overtaken: int  # pages whose marked copy came before the one without a mark
    faults: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [
            f"updates sent by people {self.updates}, lost {self.lost},"
            f" second presses on one button that count as the first {self.again}",
            f"cases {self.cases}",
            f"messages sent to Telegram {self.sends}",
            _told("pages", self.pages),
            _told("answers to /dienst", self.answers),
            f"pages of which a marked copy came first {self.overtaken}",
        ]


def _told(what: str, copies: Copies) -> str:
    return (
        f"{what} {copies.meant}, arrived {copies.came},"
        f" repeats {copies.repeats}, marked {copies.marked}"
    )


async def settled(region: Region) -> None:
    """Wait until Telegram has nothing for the bot, and the bot nothing to do."""
    someone = next(iter(region.people.values()))

    def quiet() -> bool | None:
        busy = region.telegram.updates.pending or number(region, "new")
        return None if busy or number(region, "waiting") else True

    await doings.until(someone, quiet, "the bot to have done everything")


async def account(region: Region, alarms: int, asked: Counter[str]) -> Ledger:
    """Hold everything against what people did: `alarms` confirmed, `asked` questions by person.

    After `settled`, which fails where anything waits for ever: a clock may ask for one more
    message at any moment, so that one that waits just now is no fault.
    """
    updates = updates_of(region)
    counted = {what: number(region, what) for what in _NUMBER_OF}
    chains = alarms * len(ON_DUTY)
    expected = {
        "quarantined": 0, "failed": 0,
        "cases": alarms, "open": alarms, "initiators": alarms, "drafts": alarms, "alarms": alarms,
        "chains": chains, "acked": chains, "pages": chains, "takings": chains,
    }  # fmt: skip
    faults = [
        f"{what}: {counted[what]} in place of {right}"
        for what, right in expected.items()
        if counted[what] != right
    ]
    faults += updates.faults() + await log_broken(region)
    phones = list(region.people.values())
    overtaken = _overtaken(region)
    if overtaken and len(region.victims) == 1:
        faults.append(f"{overtaken} repeats that do not say so")
    return Ledger(
        updates=updates.sent,
        lost=len(updates.lost),
        again=len(updates.again),
        cases=counted["cases"],
        pages=_pages(region, faults),
        answers=_answers(region, asked, faults),
        sends=sum(len(doings.of_bot(phone)) for phone in phones),
        overtaken=len(overtaken),
        faults=faults + _silent(phones),
    )


async def log_broken(region: Region) -> list[str]:
    """Where the chain of the access log does not hold."""
    store = region.store()
    try:
        async with store.view() as unit:
            broken_at = (await verify(unit)).broken_at
    finally:
        await store.close()
    return [] if broken_at is None else [f"the access log is broken at {broken_at}"]


def _pages(region: Region, faults: list[str]) -> Copies:
    """Each came; of each at most one copy says nothing of a repeat."""
    groups: list[list[TelegramSeen]] = []
    for key in ON_DUTY:
        mine = doings.pages(region.people[key])
        groups += mine.values()
        for reference, copies in mine.items():
            if _unmarked(copies) > 1:
                faults.append(f"{key}: a repeat of {reference} that does not say so")
            if sum(doings.TAKEN in copy.text for copy in copies) != 1:
                faults.append(f"{key}: {reference} is not told once as taken")
    meant = number(region, "pages")
    if len(groups) != meant:
        faults.append(f"{len(groups)} of {meant} pages arrived")
    came = [copy for copies in groups for copy in copies]
    return Copies(meant, len(came), _unmarked(came))


def _overtaken(region: Region) -> list[str]:
    """Pages whose copy without a mark was not the first. Nobody but who was thought dead, stood
    still with it half sent and went on can have sent it."""
    return [
        f"{key} {reference}"
        for key in ON_DUTY
        for reference, copies in doings.pages(region.people[key]).items()
        if not all(doings.marked(copy) for copy in copies[1:])
    ]


def _answers(region: Region, asked: Counter[str], faults: list[str]) -> Copies:
    """Which copy answers which question nobody can tell; but no surplus may be unmarked."""
    queued = Counter(dict(rows(region, _ANSWERS)))
    came: list[TelegramSeen] = []
    for key, questions in asked.items():
        mine = doings.answers(region.people[key])
        came += mine
        if not _unmarked(mine) <= questions <= len(mine):
            faults.append(f"{key}: {questions} questions, {len(mine)} answers")
        if (stand := sum(not seen.redacted for seen in mine)) < questions:
            faults.append(f"{key}: of {questions} answers {stand} still stand")
        if key not in ON_DUTY and queued[key] != questions:
            faults.append(f"{key}: {queued[key]} answers were made to {questions} questions")
    return Copies(asked.total(), len(came), _unmarked(came))


def _silent(phones: Iterable[Person]) -> list[str]:
    """Every press was answered, unless the bot died over it: then its spinner stops by itself.
    What must not be is a question that stands open on a screen."""
    return [
        f"{phone.name}: still asked {seen.text!r}"
        for phone in phones
        for seen in doings.open_questions(phone)
        if doings.at_first(seen).startswith(doings.PAGE)
    ]


def _unmarked(seen: Sequence[TelegramSeen]) -> int:
    return sum(not doings.marked(each) for each in seen)
