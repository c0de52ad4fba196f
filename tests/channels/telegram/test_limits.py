"""How fast we send, by arithmetic: no test here sleeps."""

from bot.channels.telegram.limits import LONGEST_INSIDE_MS, SECOND, Limiter, Limits, Window

GROUP = "-4000001"


class Machine:
    """A clock that only goes on while somebody sleeps."""

    def __init__(self) -> None:
        self.now_ms = 0.0

    def now(self) -> float:
        return self.now_ms

    async def sleep(self, seconds: float) -> None:
        self.now_ms += seconds * 1000


def gone(limits: Limits, chats: list[str], until: int, *, urgent: bool = False) -> list[int]:
    """When each of these goes, if all keep asking each millisecond."""
    times = []
    waiting = list(chats)
    for now in range(until):
        for chat in list(waiting):
            if limits.ask(chat, now, urgent=urgent) == 0:
                waiting.remove(chat)
                times.append(now)
    return times


def most_in(times: list[int], per_ms: int) -> int:
    return max(sum(begin <= at < begin + per_ms for at in times) for begin in times)


def test_a_window_opens_when_its_oldest_is_old_enough() -> None:
    window = Window(2, 1_000)
    for at in (0, 400):
        assert window.wait(at) == 0
        window.book(at)
    assert window.wait(400) == 600
    assert window.wait(999) == 1
    assert window.wait(1_000) == 0


def test_never_more_than_thirty_in_any_second_with_pages_and_bulk() -> None:
    limits = Limits()
    times = []
    bulk, pages = [str(n) for n in range(80)], [str(n) for n in range(1_000, 1_080)]
    for now in range(0, 5_000, 20):
        for waiting, urgent in ((bulk, False), (pages, True)):
            for chat in list(waiting):
                if limits.ask(chat, now, urgent=urgent) == 0:
                    waiting.remove(chat)
                    times.append(now)
    assert most_in(times, 1_000) == 30


def test_what_is_late_on_its_way_does_not_arrive_together_with_the_next_second() -> None:
    """The server counts where they arrive: the first thirty are held up by a fifth of a second."""
    limits = Limits()
    bulk, pages = [str(n) for n in range(40)], [str(n) for n in range(1_000, 1_020)]
    left = gone(limits, bulk, 3_000)
    left += gone(limits, pages, 3_000, urgent=True)
    assert len(left) == 60
    arrived = [at + 200 if at < 1_000 else at for at in left]
    assert most_in(arrived, 1_000) <= 30


def test_bulk_of_300_never_holds_up_a_page() -> None:
    limits = Limits()
    for n in range(300):
        limits.ask(str(n), 0, urgent=False)
    assert limits.ask("0", 0, urgent=False) > 0
    assert [limits.ask(f"9{n}", 0, urgent=True) for n in range(10)] == [0] * 10


def test_a_page_goes_to_a_person_who_just_got_much() -> None:
    limits = Limits()
    assert [limits.ask("7", 0, urgent=False) for _ in range(4)] == [0, 0, 0, 3_000]
    assert limits.ask("7", 0, urgent=True) == 0


def test_a_person_gets_one_a_second_and_three_at_once() -> None:
    times = gone(Limits(), ["7"] * 9, 10_000)
    assert times[:3] == [0, 0, 0]
    assert most_in(times, 3_000) == 3
    assert times[-1] == 6_000


def test_a_group_gets_twenty_a_minute_pages_too() -> None:
    times = gone(Limits(), [GROUP] * 25, 61_000, urgent=True)
    assert most_in(times, 60_000) == 20
    assert times[-1] == 60_000


def test_a_pause_is_of_one_chat_only_and_of_its_pages_too() -> None:
    limits = Limits()
    limits.pause("7", 5_000)
    limits.pause("7", 4_000)  # a shorter one does not end the longer one
    assert limits.ask("7", 0, urgent=True) == 5_000
    assert limits.ask("8", 0, urgent=False) == 0
    assert limits.ask("7", 5_000, urgent=True) == 0


def test_asking_in_vain_counts_nothing() -> None:
    limits = Limits()
    for _ in range(3):
        limits.ask("7", 0, urgent=False)
    for _ in range(100):
        limits.ask("7", 10, urgent=False)
    assert limits.ask("7", 3_000, urgent=False) == 0


def test_quiet_chats_are_forgotten_and_busy_ones_are_not() -> None:
    limits = Limits()
    for n in range(1_000):
        limits.ask(f"-{n}", n * 60, urgent=False)
    for n in range(19):
        limits.ask("-999", 60_000 + n * 60, urgent=False)
    limits.ask("-5000", 61_500, urgent=False)
    assert len(limits._chats) < 1_000
    assert limits.ask("-999", 61_500, urgent=False) > 0


async def test_the_limiter_waits_inside_for_a_short_while() -> None:
    machine = Machine()
    limiter = Limiter(machine.now, machine.sleep)
    for _ in range(4):
        assert await limiter.enter("7", urgent=False) == 0
    assert machine.now_ms == 3_000


async def test_who_must_wait_long_comes_back_and_holds_up_nobody() -> None:
    machine = Machine()
    limiter = Limiter(machine.now, machine.sleep)
    for _ in range(20):
        await limiter.enter(GROUP, urgent=False)
    wait = await limiter.enter(GROUP, urgent=False)
    assert wait > LONGEST_INSIDE_MS
    assert machine.now_ms < LONGEST_INSIDE_MS


async def test_a_pause_counts_from_now() -> None:
    machine = Machine()
    machine.now_ms = 50_000
    limiter = Limiter(machine.now, machine.sleep)
    limiter.pause("7", 2_000)
    assert await limiter.enter("7", urgent=True) == 0
    assert machine.now_ms == 52_000


def test_erasing_counts_for_all_together_only() -> None:
    limits = Limits()
    assert [limits.ask("7", 0, urgent=False, light=True) for _ in range(20)] == [0] * 20
    assert limits.ask("7", 0, urgent=False, light=True) == SECOND
    assert [limits.ask("7", SECOND, urgent=False) for _ in range(3)] == [0] * 3
