"""The region's group got another number: Telegram does that when a group becomes a supergroup.

Its number stands in the region's folder as well. Until somebody changes it there, every start finds
the old one, so where the group went is remembered.
"""

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from commands.messages import message
from commands.places import group_place
from commands.tell import tell_operators
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import DoneJob, GroupRoom, OutboxRow, Post

_LEFT_BEHIND = select(Post).where(
    Post.destination == bindparam("place"), Post.room == bindparam("room")
)
_WENT_TO = select(DoneJob.period).where(DoneJob.job == bindparam("job"))


async def group_has_moved(unit: Unit, channel: str, old: str, new: str) -> None:
    """The messenger says that the group `old` is `new` from now on. Nothing, unless it is ours:
    both ways of hearing it may come, in any order, and operators are told once."""
    group = await unit.session.get(GroupRoom, channel)
    if group is None or group.address != old or old == new:
        return
    group.address = new
    await unit.session.merge(DoneJob(job=_job(channel, old), period=new, done_at=unit.now))
    await _leave_behind(unit, channel, old)
    await note(unit, BOT, "change", "group", right="messenger")
    await tell_operators(unit, message("operator.group_moved", address=new))


async def group_now(unit: Unit, channel: str, address: str) -> str:
    """The number now of the group that had this one when somebody wrote it down."""
    asked = {"job": _job(channel, address)}
    return (await unit.session.exec(_WENT_TO, params=asked)).first() or address


async def _leave_behind(unit: Unit, channel: str, old: str) -> None:
    """What stands in the old group can be changed no more: it is said afresh, once, as soon as
    there is something to say."""
    place = group_place(channel)
    asked = {"place": place, "room": old}
    slots = []
    for post in (await unit.session.exec(_LEFT_BEHIND, params=asked)).all():
        slots.append(post.slot)
        await unit.session.delete(post)
    await unit.session.exec(
        update(OutboxRow)
        .where(
            col(OutboxRow.destination) == place,
            col(OutboxRow.state) == "pending",
            col(OutboxRow.kind) == "edit",
            col(OutboxRow.slot).in_(slots),
        )
        .values(kind="say")
    )


def _job(channel: str, old: str) -> str:
    return f"group_moved:{channel}:{old}"
