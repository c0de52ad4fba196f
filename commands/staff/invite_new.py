"""`uitnodigen nieuw: RvdK-dienst 3, contact`: somebody more in the own organisation."""

import re
import unicodedata
from dataclasses import dataclass

from sqlmodel import select

from commands.answers import guard_message, guarded, take_line_away
from commands.ask import Ask
from commands.declare import command
from commands.invite_person import link_for
from commands.messages import Listed, Message, Named, message
from commands.people import row_id
from commands.reading.words import phrase
from commands.staff.colleagues import colleagues
from commands.staff.show_people import roles_and_duties
from commands.tell import open_direct_chat
from config.region import Function
from storage.access_log import Actor, note
from storage.tables import Identity, Person

LONGEST_LABEL = 40
_BEHIND = re.compile(r"\b(?:nieuw|new)\b\W*(.*)", re.IGNORECASE | re.DOTALL)
_ACCOUNT = re.compile(r"@[^\s:@]+:[^\s:]+(?::[0-9]{1,5})?")


@dataclass(frozen=True)
class Newcomer:
    """What the line says."""

    label: str
    function: str
    account: str | None  # on Matrix; none: by a link on Telegram


@command(
    "invite_new",
    right="contact_point",
    nl=("uitnodigen nieuw",),
    en=("invite new",),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def invite_new(ask: Ask) -> None:
    """Add the person and invite them: by a link on Telegram, or into a chat on Matrix."""
    typed = _read(ask)
    if typed is None:
        await ask.answer(_how(ask))
        return
    hits = guarded(ask, typed.label)
    if hits:
        take_line_away(ask)
        await ask.answer(guard_message("guard.text", typed.label, hits))
        return
    function = _function(ask, typed.function)
    if function is None:
        await ask.answer(message("staff.new_function", which=_functions(ask)))
        return
    people = await colleagues(ask.unit, ask.who.person.partner)
    if any(phrase(each.label) == phrase(typed.label) for each in people):
        await ask.answer(message("staff.new_same", function=typed.label))
    elif typed.account is not None and not await _is_ours_and_free(ask, typed.account):
        await ask.answer(message("staff.new_account"))
    elif typed.account is None and ask.world.region.telegram is None:
        await ask.answer(_how(ask))
    else:
        await _add(ask, typed, function)


def _read(ask: Ask) -> Newcomer | None:
    """Label, function, and perhaps an account, with commas between them. From the line as it was
    typed: an underscore belongs to the name of an account."""
    found = _BEHIND.search(ask.line)
    parts = [part.strip() for part in (found[1] if found else ask.words).split(",")]
    account = parts.pop() if len(parts) > 2 and _ACCOUNT.fullmatch(parts[-1]) else None
    if len(parts) != 2 or not all(phrase(part) for part in parts):
        return None
    label = " ".join(parts[0].split())
    return Newcomer(label, parts[1], account) if len(label) <= LONGEST_LABEL else None


def _how(ask: Ask) -> Message:
    return message("staff.new_how", message("staff.new_matrix"), which=_functions(ask, most=1))


def _functions(ask: Ask, most: int | None = None) -> Listed:
    known = ask.world.region.partner(ask.who.person.partner).functions
    return Listed(tuple(Named(each.nl, each.en) for each in known[:most]))


def _function(ask: Ask, words: str) -> Function | None:
    for each in ask.world.region.partner(ask.who.person.partner).functions:
        if phrase(words) in {phrase(each.key), phrase(each.nl), phrase(each.en)}:
            return each
    return None


async def _is_ours_and_free(ask: Ask, account: str) -> bool:
    """One wrong letter behind the colon would invite somebody of another server."""
    found = await ask.unit.session.exec(
        select(Identity.address).where(Identity.channel == "matrix")
    )
    known = [address.casefold() for address in found]
    servers = {each.partition(":")[2] for each in (*known, ask.world.region.matrix.user.casefold())}
    return account.casefold() not in known and account.casefold().partition(":")[2] in servers


async def _add(ask: Ask, typed: Newcomer, function: Function) -> None:
    unit = ask.unit
    person = Person(
        region_id=unit.region_id,
        key=await _new_key(ask, typed.label),
        partner=ask.who.person.partner,
        label=typed.label,
        roles="duty",
        functions=function.key,
        confirmed_at=unit.now,
    )
    unit.session.add(person)
    await unit.session.flush()
    actor = Actor.of(ask.who.person, "contact_point", ask.channel)
    await note(unit, actor, "create", "person", right="contact_point", on_behalf=person.key)
    which = roles_and_duties(ask.world, person)
    if typed.account is None:
        await ask.answer(message("staff.new_made", function=person.label, which=which))
        await link_for(ask, person)
        return
    identity = Identity(person_id=row_id(person), channel="matrix", address=typed.account)
    unit.session.add(identity)
    await unit.session.flush()
    await open_direct_chat(unit, identity)
    await note(unit, actor, "create", "identity", right="contact_point", on_behalf=person.key)
    await ask.answer(message("staff.new_invited", function=person.label, which=which))


async def _new_key(ask: Ask, label: str) -> str:
    """From the label; also of those who left, whose keys stand in old rosters and in the log."""
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "_", f"{ask.who.person.partner}_{plain}").strip("_")[:36]
    found = await ask.unit.session.exec(
        select(Person.key).where(Person.region_id == ask.unit.region_id)
    )
    known = set(found)
    key, number = stem, 2
    while key in known:
        key, number = f"{stem}_{number}", number + 1
    return key
