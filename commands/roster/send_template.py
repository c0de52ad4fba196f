"""`sjabloon`: a file to fill in, with the organisation's own words."""

import base64

from commands.ask import Ask
from commands.declare import command
from commands.messages import message
from commands.places import place_of
from commands.roster.files.template import template
from commands.roster.plan_import import names_of
from commands.rules.moments import local
from commands.tell import tell_identity
from config.entry import Language
from storage import outbox

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABOUT = "roster"  # of whom, where and when: no word of a case, so it may go to any messenger


@command(
    "template",
    right="contact_point",
    nl=("sjabloon",),
    en=("template",),
    where=("direct",),
    about="nothing",
)
async def send_template(ask: Ask) -> None:
    """As a workbook, in the own chat."""
    person = ask.who.person
    if person.partner not in {partner.key for partner in ask.world.region.partners}:
        await ask.answer(message("import.no_partner"))
        return
    names = await names_of(ask.unit, ask.world)
    language: Language = "en" if (person.language or ask.world.region.language) == "en" else "nl"
    today = local(ask.unit.now).date()
    content = template(names, language, today, ".xlsx", person.partner)
    await ask.log("read", "roster", right="contact_point")
    tell_identity(ask.unit, ask.who.identity, message("import.template"))
    outbox.queue(
        ask.unit,
        channel=ask.channel,
        destination=place_of(ask.who.identity),
        kind="file",
        payload={
            "name": f"{'roster' if language == 'en' else 'rooster'}-{person.partner}.xlsx",
            "media_type": MEDIA_TYPE,
            "content": base64.b64encode(content).decode(),
            "about": ABOUT,
        },
        lane=outbox.ANSWERS,
    )
