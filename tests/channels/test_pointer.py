"""Where [Open casusruimte] leads to."""

from bot.channels.showing import way_to
from storage.tables import Case


def a_case(room: str | None, channel: str = "matrix") -> Case:
    return Case(
        region_id="x", state="open", wrapped_key="", initiator_id=1, channel=channel, room=room
    )


def test_the_pointer_opens_the_room_by_the_regions_own_address() -> None:
    template = "https://element.lagedijk.example/#/room/{room}"
    assert way_to(template, a_case("!abc:lagedijk.example")) == (
        "https://element.lagedijk.example/#/room/!abc:lagedijk.example"
    )
    assert way_to(template, a_case("!a/b?c#d e:x")) == (
        "https://element.lagedijk.example/#/room/!a%2Fb%3Fc%23d%20e:x"
    )
    assert way_to(None, a_case("!abc:lagedijk.example")) is None
    assert way_to(template, a_case(None)) is None


def test_the_pointer_opens_a_topic_whatever_matrix_has() -> None:
    template = "https://element.lagedijk.example/#/room/{room}"
    topic = a_case("-1002000000001/56", "telegram")
    assert way_to(template, topic) == way_to(None, topic) == "https://t.me/c/2000000001/56"
    assert way_to(template, a_case("-4000001/56", "telegram")) is None, "no topics in small groups"
