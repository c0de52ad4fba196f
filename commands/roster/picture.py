"""`rooster beeld`: the coming two weeks of an organisation as a picture."""

from commands.ask import Ask
from commands.declare import command
from commands.members import partner_words
from commands.messages import Partners, message
from commands.reading.words import phrase
from commands.rules.moments import local
from storage import outbox

DAYS = 14


@command(
    "roster_picture",
    right="anyone",
    nl=("rooster beeld", "beeld"),
    en=("roster picture",),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def show_picture(ask: Ask) -> None:
    """Of one's own organisation; a coordinator can name another."""
    own = ask.who.person.partner
    if not ask.words.strip():
        await send_picture(ask, own)
        return
    typed = phrase(ask.words)
    meant = _partner(ask, typed)
    every = tuple(partner.key for partner in ask.world.region.partners)
    seen = every if ask.who.person.has_role("coordinator") else (own,)
    if meant in seen:
        await send_picture(ask, meant or own)
    elif len(seen) == 1:
        await ask.answer(message("picture.own_only", partner=Partners(seen)))
    else:
        await ask.answer(message("wrong.partner", partners=Partners(seen)))


async def send_picture(ask: Ask, partner: str) -> None:
    """Have it sent where it was asked. It is drawn when it goes, with what is so then."""
    outbox.queue(
        ask.unit,
        channel=ask.channel,
        destination=ask.own_chat,
        kind="picture",
        payload={
            "partner": partner,
            "from": local(ask.unit.now).date().isoformat(),
            "days": DAYS,
        },
        lane=outbox.ANSWERS,
    )


def _partner(ask: Ask, typed: str) -> str | None:
    for partner in partner_words(ask.world):
        if typed in {phrase(word) for word in (partner.key, *partner.words)}:
            return partner.key
    return None
