"""What the bot complained of in its log, and which complaints cannot be right."""

from collections import Counter
from collections.abc import Iterable

from tests.crash.victim import Victim

# None of these may follow from a death, a pause or a fault of somebody else.
NEVER = frozenset(
    {
        "consequence_failed",
        "delivery_failed",
        "delivery_impossible",
        "loop_ended",
        "message_not_kept",
        "refused_for_good",
        "row_not_composed",
        "send_task_failed",
        "timer_given_up",
        "update_failed",
    }
)

ABOUT = ("channel", "kind", "error_type", "why")


def complaints(victims: Iterable[Victim]) -> Counter[str]:
    """Warnings and errors by event; a messenger that was away also by its reason."""
    told: Counter[str] = Counter()
    for victim in victims:
        for line in victim.said():
            if line.get("level") not in ("warning", "error", "critical"):
                continue
            about = [str(line.get("event"))]
            about += [
                str(line[key]) for key in ("channel", "kind", "error_type", "why") if key in line
            ]
            told[" ".join(about)] += 1
    return told


def impossible(told: Counter[str]) -> list[str]:
    """Those that may never be."""
    return [f"log: {times} × {what}" for what, times in told.items() if what.split()[0] in NEVER]
