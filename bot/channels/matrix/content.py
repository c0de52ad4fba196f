"""Message contents: text that cannot play tricks, and encrypted attachments."""

import html
from typing import Any

from nio.crypto import encrypt_attachment  # type: ignore[import-untyped]

from bot.channels.base import Say, SendFile, SendPicture

# marks that turn the reading direction, and so can make a text read as another one
DIRECTION_MARKS = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
CONTROLS = [code for code in range(0x20) if chr(code) not in "\n\t"]
PNG = "image/png"
KEY = "nl.kortelijn.key"  # beside what is encrypted: it says no more than a transaction id
TRICKS = dict.fromkeys([*DIRECTION_MARKS, *CONTROLS])


def message(say: Say) -> dict[str, Any]:
    """The content of a message or of the edit of one; nobody is mentioned by it."""
    text = say.text.translate(TRICKS)
    kind = "m.text" if say.loud else "m.notice"
    plain: dict[str, Any] = {
        "msgtype": kind,
        "body": text,
        "format": "org.matrix.custom.html",
        "formatted_body": html.escape(text, quote=False).replace("\n", "<br>"),
        "m.mentions": {},
    }
    if say.replaces is None:
        return plain
    return {
        "msgtype": kind,
        "body": f"* {text}",
        "m.mentions": {},
        "m.new_content": plain,
        "m.relates_to": {"rel_type": "m.replace", "event_id": say.replaces},
    }


def reaction(about: str, emoji: str) -> dict[str, Any]:
    relation = {"rel_type": "m.annotation", "event_id": about, "key": emoji}
    return {"m.relates_to": relation}


def sealed(content: bytes) -> tuple[bytes, dict[str, Any]]:
    """The encrypted bytes to upload, and the keys that go into the message."""
    bytes_, keys = encrypt_attachment(content)
    return bytes_, keys


def attachment(file: SendFile, keys: dict[str, Any], address: str) -> dict[str, Any]:
    name = file.name.translate(TRICKS)
    return {
        "msgtype": "m.file",
        "body": name,
        "filename": name,
        "info": {"mimetype": file.media_type, "size": len(file.content)},
        "file": {**keys, "url": address, "mimetype": file.media_type},
        "m.mentions": {},
    }


def image(picture: SendPicture, size: int, keys: dict[str, Any], address: str) -> dict[str, Any]:
    """A picture with its words beside it; `size` in bytes."""
    return {
        "msgtype": "m.image",
        "body": picture.text.translate(TRICKS),
        "filename": picture.name.translate(TRICKS),
        "info": {"mimetype": PNG, "size": size, "w": picture.width, "h": picture.height},
        "file": {**keys, "url": address, "mimetype": PNG},
        "m.mentions": {},
    }
