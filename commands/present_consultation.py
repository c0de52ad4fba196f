"""How the overleg stands, as the answer to a button that has been overtaken."""

from typing import Literal

from commands.ask import Ask
from commands.fix_consultation import replaced_text
from commands.messages import At, Message, Word, message
from commands.rows_of_consultation import current
from storage.tables import Consultation


async def still(ask: Ask, state: Literal["voting", "fixed"]) -> Consultation | None:
    """The overleg of the pressed button, locked, if its case is open and it is still in this
    state. Otherwise the message becomes how it stands, and nothing else happens."""
    number = int(ask.argument.partition(":")[0])
    planned = await ask.unit.session.get(Consultation, number, with_for_update=True)
    if planned is not None and planned.state == state and ask.about.state == "open":
        return planned
    await ask.settle(await present(ask))
    return None


async def present(ask: Ask) -> Message:
    """The case is over, the time is fixed, or another one is looked for."""
    case = ask.about
    if case.state != "open":
        return message("wrong.stale", state=Word(f"state.case.{case.state}"))
    planned = await current(ask.unit, case)
    if planned is not None and planned.fixed_at is not None:
        reference = case.reference or ""
        return message("consult.already_fixed", ref=reference, when=At(planned.fixed_at))
    return replaced_text(case)
