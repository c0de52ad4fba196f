"""Fetch a calendar from an address that somebody gave us: a stranger's choice of server.

Only https, only public addresses, also behind redirects. The address that was looked at is the
one that is connected to, so a name that changes its mind in between leads nowhere.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from commands.roster.files.read import MOST_BYTES

WITHIN_S = 10.0  # all of it together
REDIRECTS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # IPv4 in disguise
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")


class NotFetched(Exception):
    """There is no calendar to be had. `code` is the end of a text, `import.problem.*`; neither
    the address nor what its server said is in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Fetched:
    """What came. `content` is None if it is still as the `etag` that we had."""

    content: bytes | None
    etag: str | None


def is_public(address: str) -> bool:
    """Whether this is an address in the open internet: none of this machine, its network, its
    provider's network or a group of receivers, however it is written."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour or found.teredo or found in _NAT64 or found in _NAT64_LOCAL:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


class PublicOnly(AbstractResolver):
    """Resolves names; a name with any address that may not be connected to has none."""

    def __init__(
        self, may: Callable[[str], bool] = is_public, resolver: AbstractResolver | None = None
    ) -> None:
        self._may = may
        self._resolver = resolver or DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not found or not all(self._may(each["host"]) for each in found):
            raise NotFetched("url_local")
        return found

    async def close(self) -> None:
        await self._resolver.close()


async def fetch_calendar(
    address: str,
    etag: str | None = None,
    *,
    resolver: PublicOnly | None = None,
    trust: ssl.SSLContext | bool = True,
    within_s: float = WITHIN_S,
) -> Fetched:
    """At most two megabytes within ten seconds. Raises `NotFetched`."""
    # Neither environment nor cookies nor packed bodies: what is counted is what comes in.
    connector = aiohttp.TCPConnector(
        resolver=resolver or PublicOnly(), use_dns_cache=False, ssl=trust, force_close=True
    )
    headers = {"Accept": "text/calendar", "Accept-Encoding": "identity"}
    if etag is not None:
        headers["If-None-Match"] = etag
    try:
        async with (
            asyncio.timeout(within_s),
            aiohttp.ClientSession(
                connector=connector,
                headers=headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            ) as session,
        ):
            return await _follow(session, address)
    except NotFetched:
        raise
    except TimeoutError:
        raise NotFetched("url_slow") from None
    except (aiohttp.ClientError, OSError, ValueError) as trouble:
        refused = _refused_by_resolver(trouble)
        raise refused or NotFetched("url_fails") from None


async def _follow(session: aiohttp.ClientSession, address: str) -> Fetched:
    url = _checked(URL(address.strip()))
    for _ in range(REDIRECTS + 1):
        async with session.get(url, allow_redirects=False) as answer:
            if answer.status in _MOVED:
                url = _checked(url.join(URL(answer.headers.get("Location", ""))))
                continue
            etag = answer.headers.get("ETag")
            if answer.status == 304:
                return Fetched(None, etag)
            if answer.status != 200 or answer.headers.get("Content-Encoding", "identity") != (
                "identity"
            ):
                raise NotFetched("url_fails")
            return Fetched(await _body(answer), etag)
    raise NotFetched("url_fails")


def _checked(url: URL) -> URL:
    """A host that is written as an address is never asked of a resolver."""
    if url.scheme != "https" or not url.host or url.user or url.password:
        raise NotFetched("url_https")
    digits = url.host.replace(".", "").replace("x", "0").isalnum() and url.host[-1].isdigit()
    if (":" in url.host or digits) and not is_public(url.host):
        raise NotFetched("url_local")
    return url


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    if (answer.content_length or 0) > MOST_BYTES:
        raise NotFetched("url_big")
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise NotFetched("url_big")
    return bytes(content)


def _refused_by_resolver(trouble: BaseException | None) -> NotFetched | None:
    """The client wraps what its resolver raises."""
    while trouble is not None:
        if isinstance(trouble, NotFetched):
            return trouble
        trouble = trouble.__cause__ or trouble.__context__
    return None
