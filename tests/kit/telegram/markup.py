"""Texts and keyboards as the server reads them: HTML into entities, limits, what it refuses."""

import html
import re
from urllib.parse import urlsplit

from tests.kit.telegram.refusal import Json, bad_request

TEXT_LIMIT = 4096  # characters after the marks were read
CAPTION_LIMIT = 1024
DATA_LIMIT = 64  # bytes
BUTTONS_LIMIT = 100
KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "pre": "pre", "a": "text_link", "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
}  # fmt: skip
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)([^<>]*)>")
HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?")


def length(text: str) -> int:
    """In UTF-16 units, as Telegram counts offsets."""
    return len(text.encode("utf-16-le")) // 2


def read_html(source: str) -> tuple[str, list[Json]]:
    """The text and its entities. Raises `Refused` for marks that the API does not take."""
    text, entities, opened, position = "", [], list[tuple[str, int, str]](), 0
    while (sign := source.find("<", position)) >= 0:
        text += _unescape(source[position:sign])
        tag = TAG.match(source, sign)
        at = len(source[:sign].encode())
        if tag is None:
            raise bad_request(
                f'can\'t parse entities: Unsupported start tag "" at byte offset {at}'
            )
        closing, name, rest = tag[1], tag[2].lower(), tag[3]
        position = tag.end()
        if name not in KINDS:
            raise bad_request(
                f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}'
            )
        if not closing:
            found = HREF.search(rest)
            opened.append(
                (name, length(text), html.unescape(found[1] or found[2]) if found else "")
            )
            continue
        if not opened:
            raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {at}")
        name_opened, start, link = opened.pop()
        if name != name_opened:
            raise bad_request(
                f"can't parse entities: Unmatched end tag at byte offset {at}, expected"
                f' "</{name_opened}>", found "</{name}>"'
            )
        entities += _entity(name, start, length(text), link)
    if opened:
        raise bad_request(
            "can't parse entities: Can't find end tag corresponding to start tag"
            f' "{opened[-1][0]}"'
        )
    text += _unescape(source[position:])
    return text, sorted(entities, key=lambda one: (one["offset"], -one["length"]))


def _unescape(text: str) -> str:
    return ENTITY.sub(lambda found: html.unescape(found[0]), text)


def _entity(name: str, start: int, end: int, link: str) -> list[Json]:
    if start == end or (name == "a" and not link):
        return []
    entity: Json = {"type": KINDS[name], "offset": start, "length": end - start}
    return [entity | ({"url": link} if name == "a" else {})]


def read_text(source: str, parse_mode: str | None, entities: list[Json] | None) -> Json:
    """`text` and `entities` of a message. Raises `Refused`."""
    if parse_mode is None:
        text, marks = source, entities or []
    elif parse_mode.lower() == "html":
        text, marks = read_html(source)
    else:
        raise bad_request(f"unsupported parse_mode (this server reads HTML, not {parse_mode})")
    marks = marks + commands_in(text)
    return {"text": text.rstrip()} | ({"entities": marks} if marks else {})


def commands_in(text: str) -> list[Json]:
    """The entities of the commands in a text."""
    return [
        {
            "type": "bot_command",
            "offset": length(text[: found.start()]),
            "length": length(found[0]),
        }
        for found in COMMAND.finditer(text)
    ]


def check_text(text: str) -> None:
    """Raises `Refused` for an empty text and for one that is too long."""
    if not text.strip():
        raise bad_request("message text is empty")
    if len(text) > TEXT_LIMIT:
        raise bad_request("message is too long")


def check_keyboard(markup: Json | None) -> None:
    """Raises `Refused` for a button that the API does not take."""
    buttons = [button for row in (markup or {}).get("inline_keyboard", []) for button in row]
    if len(buttons) > BUTTONS_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if not button["text"].strip():
            raise bad_request("can't parse inline keyboard button: Text must be non-empty")
        data, url = button.get("callback_data"), button.get("url")
        if data is not None and not 1 <= len(data.encode()) <= DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        if url is not None:
            _check_url(url)
        if data is None and url is None and len(button) == 1:
            raise bad_request(
                "can't parse inline keyboard button:"
                " Text buttons are unallowed in the inline keyboard"
            )


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "tg"):
        why = "Unsupported URL protocol"
    elif parts.scheme != "tg" and "." not in (parts.hostname or ""):
        why = "Wrong HTTP URL"
    else:
        return
    raise bad_request(f"inline keyboard button URL '{url}' is invalid: {why}")
