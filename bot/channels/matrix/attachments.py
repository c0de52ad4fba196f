"""Encrypted attachments of others: what of a message it takes to have one, and bringing it."""

import json
import re
from typing import Any

from nio.crypto.attachments import decrypt_attachment  # type: ignore[import-untyped]
from nio.exceptions import EncryptionError  # type: ignore[import-untyped]

from bot.channels.base import Fetch
from bot.channels.matrix.homeserver import Homeserver, Trouble, part
from commands.update import Document

LONGEST = 255  # characters of a name or an address
_ADDRESS = re.compile(r"mxc://([^/?#\s]{1,255})/([A-Za-z0-9_=-]{1,255})")


def document_of(content: dict[str, Any]) -> Document | None:
    """The document of an `m.file`, or none if it is not encrypted or not well formed: then there
    is nothing that we would fetch."""
    file, info = content.get("file"), content.get("info")
    name = content.get("filename") or content.get("body")
    if not isinstance(file, dict) or not isinstance(name, str):
        return None
    key, hashes = file.get("key"), file.get("hashes")
    parts = {
        "url": file.get("url"),
        "k": key.get("k") if isinstance(key, dict) else None,
        "iv": file.get("iv"),
        "sha256": hashes.get("sha256") if isinstance(hashes, dict) else None,
    }
    if not all(isinstance(each, str) and len(each) <= 2 * LONGEST for each in parts.values()):
        return None
    if _ADDRESS.fullmatch(str(parts["url"])) is None:
        return None
    about = info if isinstance(info, dict) else {}
    size, kind = about.get("size"), about.get("mimetype")
    return Document(
        name=name[-LONGEST:],
        media_type=kind[:LONGEST] if isinstance(kind, str) else "",
        size=size if type(size) is int and size >= 0 else None,
        source=json.dumps(parts),
    )


async def fetched(homeserver: Homeserver, wish: Fetch) -> bytes:
    """The content, decrypted, and proven to be what the sender encrypted. Raises `Trouble`."""
    source = json.loads(wish.source)
    found = _ADDRESS.fullmatch(source["url"])
    if found is None:
        raise Trouble("refused", "no address of a file")
    path = f"client/v1/media/download/{part(found[1])}/{part(found[2])}"
    sealed = await homeserver.download(path, wish.most_bytes)  # as long sealed as open
    try:
        content: bytes = decrypt_attachment(sealed, source["k"], source["sha256"], source["iv"])
    except (EncryptionError, ValueError, OverflowError) as error:
        raise Trouble("refused", f"not what was sent: {type(error).__name__}") from error
    return content
