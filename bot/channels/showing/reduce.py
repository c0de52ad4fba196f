"""Bring a message and its buttons down to what a messenger may show."""

from collections.abc import Callable

from bot.channels.showing.blanks import (
    FORMS,
    TYPED,
    blanks,
    is_named,
    is_place,
    is_plain,
    is_reference,
)
from bot.channels.showing.fallback_list import content_free
from bot.channels.showing.pointer import pointer_to
from bot.channels.showing.telegram_group import BLANKS, Group
from bot.channels.showing.telegram_list import (
    IN_ROOM,
    LISTED,
    TWINS,
    WIZARD_QUESTIONS,
)
from bot.channels.showing.telegram_words import WIZARD_WORDS, WORDS
from commands.messages import (
    Action,
    At,
    Day,
    Listed,
    Message,
    Param,
    Partners,
    Span,
    Word,
)


def _is_line(label: Param) -> bool:
    """A text of its own, which is judged like every other."""
    return isinstance(label, Message) and _line(label) is not None


# The argument of these names the outcome, and it travels with the button.
_TELLS_OUTCOME = frozenset({"close_outcome", "close_now"})
_FILES_WITHOUT_CASE = frozenset({"roster"})
_WIZARD_LABELS: dict[str, Callable[[Param], bool]] = {
    "pick_kind": is_named,
    "pick_place": lambda label: is_place(label) or _is_wizard_word(label),
    "pick_children": lambda label: _is_wizard_word(label),
}
# Labels that are neither a word of the catalogue, nor a time, nor a partner.
_LABELS: dict[str, Callable[[Param], bool]] = {
    "that_case": is_reference,
    "that_one": is_plain,  # the label of another button, which is judged too
    "language": is_plain,
    "invite_chosen": is_plain,  # the label of a person tells a function
    "leave_chosen": is_plain,
    "people_chosen": is_plain,
    "confirm_person": is_plain,
    "people_duty": is_named,  # a function of the organisation
    "meant_command": is_plain,
    "swap_ask": _is_line,  # when a shift is
    "stand_in_who": _is_line,
    "stand_in_set": is_plain,
    "agreement_later": is_named,  # a time, in both languages
    "agreement_move": is_named,
}


def shown(
    message: Message, actions: tuple[Action, ...], channel: str, *, in_topic: bool = False
) -> tuple[Message, tuple[Action, ...]]:
    """What of this may stand on a screen of that messenger. Every outgoing text comes by here.

    Matrix is encrypted and shows all. On Telegram lines that may not be shown are left out, and
    where the message itself or one of its buttons may not, a pointer without buttons comes
    instead: nobody waits for a text that never comes. Raises `LookupError` for a messenger
    about which nobody decided, and for a text that never goes by SMS, e-mail or voice.

    in_topic: it is for a topic of a region that has assessed that its conversations happen there.
    """
    if channel == "matrix" or (channel == "telegram" and in_topic):
        return message, actions
    if channel == "fallback":
        return content_free(message, actions), ()
    _must_be_telegram(channel)
    if message.key in IN_ROOM:
        return Message(IN_ROOM[message.key]), ()
    first = _line(message)
    buttons = [action for action in actions if _may_press(action, message.key)]
    if first is None or len(buttons) < len(actions):
        return pointer_to(message), ()
    lines = tuple(line for each in message.lines if (line := _line(each)) is not None)
    return Message(first.key, first.params, lines), actions


def file_may_go(channel: str, about: str = "", *, in_topic: bool) -> bool:
    """Whether files go there. One of a case is content as a whole: the calendar file holds the
    link. One about a roster tells functions and times, as `dienst` does."""
    if channel == "telegram" and about in _FILES_WITHOUT_CASE:
        return True
    return channel == "matrix" or (channel == "telegram" and in_topic)


def _must_be_telegram(channel: str) -> None:
    if channel != "telegram":
        raise LookupError(f"nobody has listed what {channel} may show")


def _line(message: Message) -> Message | None:
    """One line as it may be shown, with nothing in it that its text does not ask for."""
    key = TWINS.get(message.key, message.key)
    group = LISTED.get(key)
    if group is None:
        return None
    wanted = blanks(key) | ({"n"} & message.params.keys())
    params: dict[str, Param] = {}
    for name in wanted:
        value = _value(name, message.params.get(name), group)
        if value is None:
            return None
        params[name] = value
    return Message(key, params)


def _value(name: str, param: "Param | None", group: Group) -> "Param | None":
    """A parameter as it may be shown. None: not in this place."""
    if param is not None and name in group.also and group.also[name](param):
        return param
    if param is None or name not in BLANKS:
        return None
    match param:
        case At() | Day() | Span() | Partners():
            return param
        case int():
            return param if param < TYPED else None
        case Word(key):
            word = TWINS.get(key, key)
            return Word(word) if word in WORDS else None
        case str():
            return param if name in FORMS and FORMS[name].fullmatch(param) else None
        case Listed(items):
            values = [_value(name, item, group) for item in items]
            known = tuple(value for value in values if value is not None)
            return Listed(known) if len(known) == len(items) else None
        case Message():
            return _line(param)
    return None  # own words, and names and numbers that this group has no room for


def _may_press(action: Action, key: str) -> bool:
    """Whether a button may stand under the message with this key."""
    verb, label = action.verb, action.label
    if verb in _WIZARD_LABELS:
        return key in WIZARD_QUESTIONS and _WIZARD_LABELS[verb](label)
    if verb == "that_one" and not _may_repeat(action.argument):
        return False
    if verb in _TELLS_OUTCOME:
        return False
    if isinstance(label, Word):
        return label.word in WORDS
    return isinstance(label, At | Partners) or (verb in _LABELS and _LABELS[verb](label))


def _is_wizard_word(label: Param) -> bool:
    return isinstance(label, Word) and label.word in WIZARD_WORDS


def _may_repeat(argument: str) -> bool:
    """`message:verb:argument` of the button that is repeated here, under another message."""
    _, _, rest = argument.partition(":")
    verb, _, inner = rest.partition(":")
    if verb == "that_one":
        return _may_repeat(inner)
    return bool(verb) and verb not in _TELLS_OUTCOME and verb not in _WIZARD_LABELS
