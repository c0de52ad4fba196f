"""The third way out: the phone gives no sign, so a page goes by SMS, e-mail or voice as well.

Content-free: the reference, where to answer, until when, and a number to call. It is the same
page; whoever answers it anywhere has taken it.
"""

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.messages import At, Message, Number, Param, Word, message
from commands.page_texts import urgency
from commands.people import by_id, row_id
from commands.places import FALLBACK, fallback_place
from commands.tell import payload
from commands.world import World
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Case, Chain, Identity, OutboxRow, Page

_UNSEEN = ("queued", "called", "expired")  # who was late may still take it
_APPS = {"telegram": "telegram", "matrix": "element"}
_TRIED = select(OutboxRow.destination).where(
    OutboxRow.page_id == bindparam("page"), OutboxRow.channel == FALLBACK
)
_JOINED = (
    select(Identity.channel)
    .where(Identity.person_id == bindparam("person"), col(Identity.joined_at).is_not(None))
    .order_by(col(Identity.channel).desc())
)


async def call_by_fallback(unit: Unit, world: World, page: Page, chain: Chain, case: Case) -> None:
    """By every gateway that this person has, each once for a page. Nothing if they have none, or
    if nobody waits for them any more."""
    if not world.fallback or not _waits_for(unit, page, chain, case):
        return
    person = await by_id(unit, page.person_id)
    tried = set(await unit.session.exec(_TRIED, params={"page": row_id(page)}))
    places = [fallback_place(page.person_id, way) for way in world.fallback.get(person.key, ())]
    for place in places:
        if place in tried:
            continue
        await note(unit, BOT, "share", "page", right="protocol", reference=case.reference)
        outbox.queue(
            unit,
            channel=FALLBACK,
            destination=place,
            kind="say",
            payload=payload(await _text(unit, world, page, case)),
            lane=outbox.PAGES,
            loud=True,
            case=case,
            page_id=row_id(page),
            expires_at=page.due_at,
        )


async def still_wanted(unit: Unit, page_id: int) -> bool:
    """Whether it may still go out: who was seen meanwhile, or has taken it, hears no more."""
    page = await unit.session.get(Page, page_id)
    if page is None:
        return False
    chain = await unit.session.get(Chain, page.chain_id)
    case = await unit.session.get(Case, page.case_id)
    return chain is not None and case is not None and _waits_for(unit, page, chain, case)


def _waits_for(unit: Unit, page: Page, chain: Chain, case: Case) -> bool:
    return (
        case.state == "open"
        and chain.acked_page_id is None
        and page.state in _UNSEEN
        and page.seen_at is None
        and unit.now < page.due_at
    )


async def _text(unit: Unit, world: World, page: Page, case: Case) -> Message:
    """Names the messengers on which it can be answered; who has none can only call."""
    joined = await unit.session.exec(_JOINED, params={"person": page.person_id})
    apps = [_APPS[channel] for channel in joined if channel in _APPS]
    params: dict[str, Param] = {
        "ref": case.reference or "",
        "urgency": urgency(case),
        "deadline": At(page.due_at),
        "number": Number(world.region.help_number),
    }
    if not apps:
        return message("fallback.call", **params)
    app = Word("fallback.both" if len(apps) > 1 else f"fallback.{apps[0]}")
    return message("fallback.page", app=app, **params)
