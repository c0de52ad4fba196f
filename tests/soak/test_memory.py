"""Growth is told apart from a level that only swings."""

from tests.soak.memory import Memory, slope


def test_a_leak_of_a_megabyte_a_minute_is_a_slope_of_1024() -> None:
    leak = [(at, 100_000 + at * 1024 / 60) for at in range(0, 600, 10)]
    assert round(slope(leak)) == 1024


def test_what_swings_around_a_level_does_not_grow() -> None:
    swings = [(at, 100_000 + (500 if at % 20 else -500)) for at in range(0, 6000, 10)]
    assert abs(slope(swings)) < 1


def test_only_the_second_half_counts() -> None:
    """What is loaded in the beginning stays, and is no leak."""
    memory = Memory([(at, min(at, 300) * 100) for at in range(0, 610, 10)])
    assert memory.growth == 0
    assert memory.begin_mb < memory.end_mb == memory.most_mb


def test_two_moments_are_needed() -> None:
    assert slope([(0, 5)]) == 0
