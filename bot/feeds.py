"""`/rooster/….ics`: the feeds that calendars fetch, and all of ours that the world may see."""

import hashlib

from aiohttp import web

from commands.roster.feed import feed
from commands.roster.feed_link import PATH, opened
from commands.world import World
from storage.store import Store

_LONGEST = 120  # signs of a token


class Feeds:
    """Gives everybody who has a right link their calendar, and everybody else the same nothing."""

    def __init__(self, store: Store, world: World) -> None:
        self._store = store
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """None where the region has no public address."""
        if self._world.region.calendar is None:
            return []
        return [web.get(PATH + "{token}.ics", self._get)]

    async def _get(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if len(token) > _LONGEST:
            raise web.HTTPNotFound
        async with self._store.view() as unit:
            found = await opened(unit, token)
            if found is None:
                raise web.HTTPNotFound
            content = await feed(unit, self._world, *found)
        tag = hashlib.sha256(content).hexdigest()[:32]
        headers = {"ETag": f'"{tag}"', "Cache-Control": "private, max-age=0, must-revalidate"}
        asked = request.if_none_match or ()
        if any(each.value in (tag, "*") for each in asked):
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=content, content_type="text/calendar", charset="utf-8", headers=headers
        )
