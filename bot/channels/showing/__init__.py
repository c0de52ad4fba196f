"""What a messenger may show: every outgoing text goes through `shown`."""

from bot.channels.showing.hint import reaction_hint
from bot.channels.showing.pointer import pointer_url
from bot.channels.showing.reduce import shown

__all__ = ["pointer_url", "reaction_hint", "shown"]
