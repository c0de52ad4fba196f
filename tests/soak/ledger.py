"""What came of a soak: every page, every chain and every yes, held against screens and rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.crash import doings
from tests.crash.ledger import log_broken, number, rows
from tests.crash.region import Region
from tests.crash.updates import Updates, updates_of
from tests.kit.seen import Seen
from tests.soak.people import OnMatrix, OnTelegram

NOTICE = "📞 "
NOTHING = ("new", "quarantined", "waiting", "failed")
_PAGES = """
    SELECT person.key, "case".reference, outbox.state, chain.acked_page_id IS NOT NULL
    FROM page JOIN person ON person.id = page.person_id JOIN "case" ON "case".id = page.case_id
    JOIN chain ON chain.id = page.chain_id
    LEFT JOIN outbox ON outbox.page_id = page.id AND outbox.kind = 'say'
    AND outbox.slot = 'page:' || page.id
"""
_CHAINS = """
    SELECT person.key, chain.acked_page_id IS NOT NULL, chain.ended_at IS NOT NULL, count(*)
    FROM chain JOIN "case" ON "case".id = chain.case_id
    JOIN person ON person.id = "case".initiator_id GROUP BY 1, 2, 3
"""
_INITIATORS = """
    SELECT person.key FROM "case" JOIN person ON person.id = "case".initiator_id
"""


@dataclass
class Ledger:
    """`faults` is empty when nothing was lost, undone or stuck, and every repeat says so."""

    alarms: int
    updates: Updates
    pages: int = 0
    spared: int = 0  # taken by somebody else before it went
    lost: int = 0
    copies: int = 0
    marked: int = 0
    overtaken: int = 0  # the copy without a mark came behind one with it
    chains: int = 0
    acked: int = 0
    noticed: int = 0  # ended with the word whom to call
    presses: int = 0
    sends: int = 0
    impatient: int = 0  # who raised it waited longer than `doings.HANG_S` for a word
    faults: list[str] = field(default_factory=list)

    @property
    def repeats(self) -> int:
        return self.copies - (self.pages - self.spared - self.lost)


async def account(
    region: Region, alarms: int, called: Sequence[OnTelegram | OnMatrix], operator: OnMatrix
) -> Ledger:
    """Once nothing waits any more and no chain is open."""
    ledger = Ledger(alarms, updates_of(region))
    told = ledger.faults
    told += ledger.updates.faults() + await log_broken(region)
    told += [f"{what}: {count}" for what in NOTHING if (count := number(region, what))]
    told += [f"cases: {count}" for count in [number(region, "cases")] if count != alarms]
    screens = {each.key: each.pages() for each in called}
    _account_pages(region, screens, ledger)
    _account_chains(region, ledger)
    _account_initiators(region, ledger)
    _account_presses(region, called, ledger)
    ledger.sends = sum(len(doings.of_bot(phone)) for phone in region.people.values())
    ledger.sends += sum(
        seen.sender == each.phone.bot
        for each in (*called, operator)
        if isinstance(each, OnMatrix)
        for seen in each.phone.messages
    )
    return ledger


def _account_pages(
    region: Region, screens: Mapping[str, Mapping[str, Sequence[Seen]]], ledger: Ledger
) -> None:
    for key, reference, state, acked in rows(region, _PAGES):
        ledger.pages += 1
        copies = screens.get(key, {}).get(reference, [])
        if not copies and state == "cancelled" and acked:
            ledger.spared += 1
        elif not copies:
            ledger.lost += 1
            ledger.faults.append(f"{key}: page {reference} is lost ({state})")
        marks = [doings.REPEAT in copy.versions[0] for copy in copies]
        ledger.copies += len(copies)
        ledger.marked += sum(marks)
        ledger.overtaken += not all(marks[1:])
        if marks.count(False) > 1:
            ledger.faults.append(f"{key}: a repeat of {reference} that does not say so")


def _account_chains(region: Region, ledger: Ledger) -> None:
    wanted: Counter[str] = Counter()
    for initiator, acked, ended, count in rows(region, _CHAINS):
        ledger.chains += count
        if acked:
            ledger.acked += count
        elif ended:
            ledger.noticed += count
            wanted[initiator] += count
        else:
            ledger.faults.append(f"{count} chains of {initiator} are stuck")
    for initiator, count in wanted.items():
        phone = region.people[initiator]
        notices = {
            doings.at_first(seen)
            for seen in doings.of_bot(phone)
            if doings.at_first(seen).startswith(NOTICE)
        }
        if len(notices) < count:
            ledger.faults.append(f"{initiator}: {len(notices)} notices of {count}")


def _account_initiators(region: Region, ledger: Ledger) -> None:
    """Who raised an alarm reads how it stands."""
    for (initiator,) in rows(region, _INITIATORS):
        told = doings.of_bot(region.people[initiator])
        if not any(doings.HEADLINE in seen.text for seen in told):
            ledger.faults.append(f"{initiator} never reads that it was sent")


def _account_presses(
    region: Region, called: Sequence[OnTelegram | OnMatrix], ledger: Ledger
) -> None:
    """Who pressed yes: their chain is taken, by them or by somebody else in it."""
    open_for = {(key, reference) for key, reference, _, acked in rows(region, _PAGES) if not acked}
    for each in called:
        ledger.presses += len(each.taken)
        ledger.faults += [
            f"{each.key}: the yes to {reference} is lost"
            for reference in sorted(each.taken)
            if (each.key, reference) in open_for
        ]
