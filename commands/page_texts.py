"""The words of a page."""

from collections.abc import Sequence

from commands.messages import Action, At, Message, Span, Word, message
from commands.people import row_id
from commands.rules.chain import Reason
from commands.world import frozen_protocol, kind_of
from config.fallback import kind_of_gateway
from storage.tables import Case, Page

ROLE_WORDS = {"primary": "primary", "backup": "backup", "contact_point": "contact"}
_WHY = {
    "empty_slot": "_empty",
    "declined": "_declined",
    "undone": "_declined",
    "roster": "_declined",
}


def page_slot(page_id: int) -> str:
    """The standing message that is this page."""
    return f"page:{page_id}"


def call_text(case: Case, page: Page, reason: Reason, now: int) -> Message:
    """The page itself: reference, urgency, question and deadline first."""
    key = "page.called"
    if page.role != "primary":
        key += f"_{ROLE_WORDS[page.role]}{_WHY.get(reason, '')}"
    return message(
        key,
        where_line(case),
        ref=case.reference or "",
        urgency=urgency(case),
        deadline=At(page.due_at),
        rest=Span(page.due_at - now),
    )


def page_actions(page: Page) -> tuple[Action, ...]:
    """The two answers to a page."""
    return (
        Action("take", Word("button.take"), str(row_id(page))),
        Action("decline", Word("button.decline"), str(row_id(page)), stop=True),
    )


def not_taken(pages: Sequence[Page]) -> str:
    """The end of a key that tells why none of these was taken: `_empty` if nobody was called,
    `_declined` if the last one said no, nothing after silence."""
    if not pages:
        return "_empty"
    return "_declined" if pages[-1].state == "declined" else ""


def urgency(case: Case) -> Word:
    """ "spoed" or "geen spoed"."""
    return Word("urgency.urgent" if case.urgent else "urgency.calm")


def way_word(gateway: str) -> Word:
    """ "sms", "e-mail", "belbericht": what kind of gateway it is, by its name."""
    return Word(f"way.{kind_of_gateway(gateway)}")


def where_line(case: Case) -> Message:
    """Kind and place: case content, only for channels that may show it."""
    return message("page.called.detail", kind=kind_of(frozen_protocol(case)), place=place(case))


def place(case: Case) -> Word | str:
    """The district, or "elders"."""
    return case.place or Word("place.elsewhere")
