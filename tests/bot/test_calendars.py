"""Calendars from elsewhere: a real server that is slow, huge, moving or in the local network."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.calendars import Fetched, NotFetched, PublicOnly, fetch_calendar, is_public
from commands.roster.files.read import MOST_BYTES

HOST = "agenda.example"
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Names(AbstractResolver):
    """A name server of our own: what it says can change with every question."""

    answers: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        said = self.answers[host]
        address = said.pop(0) if len(said) > 1 else said[0]
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass


@dataclass
class Server:
    """One handler behind TLS on this machine, for tests the only one that counts as public."""

    port: int
    trust: ssl.SSLContext
    requests: list[web.Request]
    answer: Handler
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}/a.ics"

    async def fetch(self, etag: str | None = None, **more: float) -> Fetched:
        names = Names({HOST: ["127.0.0.1"], "intern.example": ["10.0.0.1"]})
        resolver = PublicOnly(lambda address: address == "127.0.0.1", names)
        return await fetch_calendar(self.url, etag, resolver=resolver, trust=self.trust, **more)


def certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    pem = certificate(tmp_path)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(pem)
    seen: list[web.Request] = []

    async def calendar(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=CALENDAR, headers={"ETag": '"1"'})

    made = Server(0, ssl.create_default_context(cafile=str(pem)), seen, calendar)

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        return await made.answer(request)

    application = web.Application()
    application.router.add_get("/{tail:.*}", handle)
    runner = web.AppRunner(application, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=own)
    await site.start()
    made.port = runner.addresses[0][1]
    yield made
    made.over.set()
    await runner.cleanup()


async def refusal(fetching: Awaitable[object]) -> str:
    with pytest.raises(NotFetched) as refused:
        await fetching
    return refused.value.code


async def test_a_calendar_comes_with_its_mark(server: Server) -> None:
    assert await server.fetch() == Fetched(CALENDAR, '"1"')
    (request,) = server.requests
    assert request.headers["Accept-Encoding"] == "identity"


async def test_what_did_not_change_is_not_sent_again(server: Server) -> None:
    async def unchanged(request: web.Request) -> web.StreamResponse:
        assert request.headers["If-None-Match"] == '"1"'
        return web.Response(status=304, headers={"ETag": '"1"'})

    server.answer = unchanged
    assert await server.fetch(etag='"1"') == Fetched(None, '"1"')


@pytest.mark.parametrize("announced", [True, False])
async def test_a_huge_one_is_not_read_to_its_end(server: Server, announced: bool) -> None:
    async def huge(request: web.Request) -> web.StreamResponse:
        if announced:
            return web.Response(body=b"x" * (MOST_BYTES + 1))
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * 65_536)

    server.answer = huge
    assert await refusal(server.fetch()) == "url_big"


async def test_a_slow_one_is_given_up(server: Server) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"B")
        await server.over.wait()
        return answer

    server.answer = slow
    assert await refusal(server.fetch(within_s=0.2)) == "url_slow"


async def test_packed_content_is_not_unpacked(server: Server) -> None:
    async def packed(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x", headers={"Content-Encoding": "gzip"})

    server.answer = packed
    assert await refusal(server.fetch()) == "url_fails"


def redirecting(to: str, times: int = 100) -> Handler:
    left = [times]

    async def handle(_request: web.Request) -> web.StreamResponse:
        left[0] -= 1
        if left[0] < 0:
            return web.Response(body=CALENDAR)
        return web.Response(status=302, headers={"Location": to})

    return handle


async def test_three_redirects_are_followed_and_no_more(server: Server) -> None:
    server.answer = redirecting("/b.ics", 3)
    assert (await server.fetch()).content == CALENDAR
    server.answer = redirecting("/b.ics", 4)
    assert await refusal(server.fetch()) == "url_fails"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://agenda.example/a.ics", "url_https"),
        ("file:///etc/passwd", "url_https"),
        ("https://intern.example/a.ics", "url_local"),
        ("https://10.0.0.1/a.ics", "url_local"),
        ("https://[::1]/a.ics", "url_local"),
    ],
)
async def test_a_redirect_leads_nowhere_that_an_address_may_not(
    server: Server, to: str, code: str
) -> None:
    server.answer = redirecting(to)
    assert await refusal(server.fetch()) == code
    assert len(server.requests) == 1


async def test_a_name_that_changes_its_mind_is_asked_once(server: Server) -> None:
    """Looked up once for each connection, and connected to exactly what was looked at."""
    names = Names({HOST: ["127.0.0.1", "10.0.0.1"]})
    resolver = PublicOnly(lambda address: address == "127.0.0.1", names)
    fetched = await fetch_calendar(server.url, resolver=resolver, trust=server.trust)
    assert fetched.content == CALENDAR
    assert names.asked == [HOST]


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/a.ics",
        "https://127.0.0.1/a.ics",
        "https://127.1/a.ics",
        "https://2130706433/a.ics",
        "https://0x7f000001/a.ics",
        "https://0/a.ics",
        "https://[::ffff:127.0.0.1]/a.ics",
        "https://169.254.169.254/latest/meta-data",
    ],
)
async def test_this_machine_is_refused_however_it_is_written(url: str) -> None:
    assert await refusal(fetch_calendar(url)) in ("url_local", "url_fails")


@pytest.mark.parametrize(
    "url", ["http://agenda.example/", "ftp://agenda.example/", "agenda", "", "https://a:b@c.nl/"]
)
async def test_only_https_without_a_password(url: str) -> None:
    assert await refusal(fetch_calendar(url)) == "url_https"


def test_which_addresses_are_public() -> None:
    for private in (
        *("10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "127.0.0.1", "0.0.0.0"),  # noqa: S104
        *("169.254.1.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "192.0.2.1", "x", ""),
    ):
        assert not is_public(private), private
    for public in ("9.9.9.9", "2620:fe::fe"):
        assert is_public(public), public
    assert ipaddress.ip_address("224.0.0.1").is_multicast
