"""What a messenger may show: every outgoing text goes through `shown`."""

from bot.channels.showing.hint import reaction_hint
from bot.channels.showing.pointer import way_to
from bot.channels.showing.reduce import file_may_go, shown

__all__ = ["file_may_go", "reaction_hint", "shown", "way_to"]
