"""The proof at the end of the day: what was said on Matrix and never reached Telegram."""

from collections.abc import Sequence

from tests.demo.columns import NARROW, wrapped
from tests.demo.day import KEPT_BACK
from tests.demo.heard import Stalled
from tests.demo.report import Report


def kept_back(sent: Sequence[str], reports: Sequence[Report]) -> list[str]:
    """Lines of text. `sent`: every request that the bot ever made there. Raises `Stalled` if one
    carries what is not for Telegram, or if nothing was looked for that Matrix did show."""
    requests = [request.casefold() for request in sent]
    if leaked := [word for word in KEPT_BACK if any(word in each for each in requests)]:
        raise Stalled(f"Telegram kreeg te zien: {', '.join(leaked)}.")
    matrix = "\n".join(each.text for each in reports if each.messenger == "matrix").casefold()
    if missing := [word for word in KEPT_BACK if word not in matrix]:
        raise Stalled(f"Op Matrix stond nooit: {', '.join(missing)}.")
    shown = [each for each in requests if each.startswith(("sendmessage", "editmessage"))]
    return [
        "Wat Telegram niet kreeg",
        f"De bot vroeg Telegram {len(sent)} dingen, waarvan {len(shown)} berichten en wijzigingen.",
        *wrapped(f"In geen daarvan staat: {', '.join(KEPT_BACK)}.", NARROW),
        "Op Matrix stond dat alles wel.",
    ]
