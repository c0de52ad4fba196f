"""What the day came to, per partner and per phone; all of it from what the phones reported."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commands.rules.moments import AMSTERDAM
from tests.demo.columns import padded, width
from tests.demo.day import ASKED, CAST, ON_TELEGRAM, PARTNERS, SCRIPTS
from tests.demo.report import Messenger, Report

SENT = "Verstuur"
TOOK = re.compile(r"Jij pakt \w+ op \((\d\d:\d\d)\)")
MEETS = re.compile(r"Overleg \w+: (\w\w )?(\d\d:\d\d)")
NONE = "–"


@dataclass(frozen=True)
class PartnerDay:
    """Clock times of the day as shown on the phones; "–" for what never came. Behind what
    happened on Telegram stands a T."""

    partner: str
    alarm: str
    called: str  # each phone of this partner that got the page
    real_ms: int | None  # from the initiator's last tap to that page, in real milliseconds
    seen: str
    taken: str
    by: str
    consultation: str


def partner_days(reports: Sequence[Report]) -> list[PartnerDay]:
    """One row per partner, in the region's order."""
    sent = next((r for r in reports if r.what == "tapped" and SENT in r.text), None)
    return [_partner_day(partner, sent, reports) for partner in PARTNERS]


def _partner_day(partner: str, sent: Report | None, reports: Sequence[Report]) -> PartnerDay:
    called = [key for key, who in CAST.items() if who.partner == partner and who.duty != "melder"]
    ours = [report for report in reports if report.who in called]
    pages = [r for r in ours if r.what == "message" and ASKED in r.text]
    seen = [r for r in ours if _is_sign(r)]
    took = [r for r in ours if TOOK.search(r.text)]
    meets = [m for r in ours if r.place == "direct" and (m := MEETS.search(r.text))]
    by = CAST[took[0].who].duty if took else NONE
    return PartnerDay(
        partner=PARTNERS[partner],
        alarm=_clock(sent),
        called=_each(pages, by_phone=True),
        real_ms=pages[0].wall - sent.wall if pages and sent else None,
        seen=_each(seen),
        taken=_found(TOOK, took[0].text, 1) + _where(took[0]) if took else NONE,
        by=by,
        consultation=meets[-1].group(2) if meets else NONE,
    )


def _is_sign(report: Report) -> bool:
    """The phone gave a sign: a read receipt, which Telegram does not have, or anything done."""
    if report.messenger == "telegram":
        return report.what in ("tapped", "typed")
    return report.what == "read" and ASKED in report.text


def _each(reports: Sequence[Report], *, by_phone: bool = False) -> str:
    """First the person on duty, then whoever was called next; of each the first, or with
    `by_phone` the first on each messenger."""
    first: dict[tuple[str, str], str] = {}
    for report in reports:
        key = (report.who, report.messenger if by_phone else "")
        first.setdefault(key, _clock(report) + _where(report))
    return ", ".join(first.values()) or NONE


def _where(report: Report) -> str:
    return " T" if report.messenger == "telegram" else ""


def _found(pattern: re.Pattern[str], text: str, group: int) -> str:
    found = pattern.search(text)
    return found.group(group) if found else NONE


def _clock(report: Report | None) -> str:
    if report is None:
        return NONE
    return f"{datetime.fromtimestamp(report.story / 1000, AMSTERDAM):%H:%M}"


def partner_table(reports: Sequence[Report]) -> list[str]:
    """Lines of text."""
    head = ("partner", "alarm", "opgeroepen", "echt", "gezien", "opgepakt", "door", "overleg")
    rows = [
        (
            *(day.partner, day.alarm, day.called),
            NONE if day.real_ms is None else f"{day.real_ms} ms",
            *(day.seen, day.taken, day.by, day.consultation),
        )
        for day in partner_days(reports)
    ]
    return table(head, rows)


# rings and silent messages in the own chat of a normal day, by duty
BUDGET = {"melder": (2, 3), "dienst": (3, 4), "achterwacht": (3, 4), "aanspreekpunt": (0, 0)}
PHONES: tuple[tuple[Messenger, str, Mapping[str, object]], ...] = (
    ("matrix", "Matrix", SCRIPTS),
    ("telegram", "Telegram", ON_TELEGRAM),
)


def noise_table(reports: Sequence[Report]) -> list[str]:
    """New messages per phone; an edit makes no sound and is not counted."""

    def count(phone: tuple[str, Messenger], holds: Callable[[Report], bool]) -> str:
        ours = [r for r in reports if (r.who, r.messenger) == phone and r.what == "message"]
        return str(len({r.event for r in ours if holds(r)}))

    rows = []
    for key, person in CAST.items():
        budget = BUDGET[person.duty]
        for messenger, name, phones in PHONES:
            if key not in phones:
                continue
            phone = (key, messenger)
            rows.append(
                (
                    *(person.name, name),
                    *(count(phone, lambda r: r.loud), str(budget[0])),
                    *(count(phone, lambda r: r.place == "direct" and not r.loud), str(budget[1])),
                    count(phone, lambda r: r.place == "case" and not r.loud),
                    count(phone, lambda r: r.place == "group" and not r.loud),
                )
            )
            budget = (0, 0)  # on a normal day somebody's second phone stays silent
    head = ("telefoon", "op", "🔔 af", "gewoon", "🔕 stil", "gewoon", "casusruimte", "groepsruimte")
    return table(head, rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as what is in them."""
    widths = [max(width(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [head, ["─" * cells for cells in widths], *rows]
    return [
        "  ".join(padded(cell, cells) for cell, cells in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
