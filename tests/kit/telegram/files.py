"""Files that people sent: where the bot can get them."""

from tests.kit.telegram.refusal import Json, bad_request
from tests.kit.telegram.world import World

LARGEST = 20 * 1024 * 1024  # what a bot can get at all


def get_file(world: World, ask: Json) -> Json:
    """getFile: the path under which the file endpoint has it."""
    file_id = ask["file_id"]
    if file_id not in world.files:
        raise bad_request("invalid file_id")
    about = {key: value for key, value in world.file(file_id).items() if key != "file_name"}
    if about["file_size"] > LARGEST:
        raise bad_request("file is too big")
    return about | {"file_path": f"documents/{file_id}"}


def content_at(world: World, path: str) -> bytes | None:
    """What the file endpoint has under this path."""
    folder, _, file_id = path.partition("/")
    found = world.files.get(file_id)
    return found[1] if folder == "documents" and found is not None else None
