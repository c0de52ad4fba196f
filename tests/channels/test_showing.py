"""What people see on Telegram, and that nothing gets past the list."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.channels.showing import shown
from bot.channels.showing.blanks import blanks
from bot.channels.showing.telegram_list import LISTED
from commands.messages import (
    Action,
    At,
    Day,
    Listed,
    Message,
    Named,
    Number,
    Own,
    Param,
    Partners,
    Span,
    Word,
    message,
)
from commands.spoken import Voice, labels
from config.region import Matrix, Region
from config.scaffold import demo_region, scaffold
from tests.channels.showing_samples import KEYS, NOW, demo, fitting, sample

KIND = Named("strafbare kindermishandeling", "punishable child abuse")
YES_NO = (Action("take", Word("button.take"), "7"), Action("decline", Word("button.decline"), "7"))


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return demo(tmp_path_factory.mktemp("region") / "lage-dijk")


@pytest.fixture(scope="module")
def voice(region: Region) -> Voice:
    return Voice(region, "nl", NOW)


def _says(voice: Voice, text: Message, *actions: Action) -> tuple[str, list[str]]:
    reduced, buttons = shown(text, actions, "telegram")
    return voice.text(reduced), labels(voice, buttons)


def _alarm(key: str, *lines: Message) -> Message:
    params: dict[str, Param] = {"urgency": Word("urgency.urgent")}
    return message(key, *lines, ref="K7Q4", kind=KIND, place="Centrum", **params)


def test_matrix_gets_what_was_meant_unchanged() -> None:
    text = _alarm("headline.alarm", message("room.reason", reason=Own("blauwe plekken")))
    assert shown(text, YES_NO, "matrix") == (text, YES_NO)


def test_a_messenger_about_which_nobody_decided_shows_nothing() -> None:
    with pytest.raises(LookupError):
        shown(message("wrong.chosen"), (), "signal")


def test_a_page_keeps_its_buttons_and_loses_kind_and_place(voice: Voice) -> None:
    detail = message("page.called.detail", kind=KIND, place="Centrum")
    page = message(
        "page.called",
        detail,
        ref="K7Q4",
        urgency=Word("urgency.urgent"),
        deadline=At(NOW + 600_000),
        rest=Span(600_000),
    )
    assert _says(voice, page, *YES_NO) == (
        "🔴 Alarm K7Q4 · spoed. Pak je dit op vóór 15:50 (10 min)? Geen namen hier. "
        "Direct gevaar? Bel 112.",
        ["Ik pak op", "Kan niet"],
    )


def test_the_headline_begins_with_reference_and_urgency(voice: Voice) -> None:
    seen = message("headline.partner.seen", partner=Partners(("politie",)), time=At(NOW))
    stand = message("headline.stand", time=At(NOW))
    assert _says(voice, _alarm("headline.alarm", seen, stand))[0] == (
        "🔴 K7Q4 · spoed\nPolitie: gezien 15:40\nStand 15:40"
    )
    assert _says(voice, _alarm("headline.consult", stand))[0] == "📞 K7Q4 · spoed\nStand 15:40"


def test_the_headline_of_a_closed_case_has_no_outcome(voice: Voice) -> None:
    open_one = message("headline.agreement_open", partner=Partners(("rvdk",)), deadline=At(NOW))
    text = message(
        "headline.closed",
        message("headline.agreements_open", done=2, open=1, which=Listed((open_one,))),
        ref="K7Q4",
        when=At(NOW),
        outcome=Named("samen plan gemaakt", "joint plan made"),
        lead=Partners(("politie",)),
    )
    assert _says(voice, text)[0] == (
        "🏁 K7Q4 gesloten vr 15:40. Regie: politie.\nAfspraken: 2 klaar, 1 open (RvdK, vóór 15:40)."
    )


def test_the_unsent_alarm_shows_kind_and_place_and_never_the_reason(voice: Voice) -> None:
    params: dict[str, Param] = {"kind": KIND, "place": "Centrum", "partners": Partners(("om",))}
    last = message("alarm.confirm.reason", reason=Own("letsel past niet"), **params)
    send = Action("send_urgent", Word("button.send_urgent"), "3")
    words, buttons = _says(voice, last, send)
    assert "Strafbare kindermishandeling · Centrum" in words
    assert "letsel" not in words
    assert words.endswith("Reden: bewaard. Die staat straks alleen in de casusruimte.")
    assert buttons == ["Verstuur: spoed"]
    late = Message("alarm.again", {"time": At(NOW)}, (last,))
    assert "letsel" not in _says(voice, late, send)[0]


def test_kinds_and_places_stand_on_buttons_of_the_unsent_alarm_only(voice: Voice) -> None:
    kind = Action("pick_kind", Named("Kindermishandeling", "Child abuse"), "3:skm")
    place = Action("pick_place", "Centrum", "3:Centrum")
    elsewhere = Action("pick_place", Word("button.elsewhere"), "3:")
    assert _says(voice, message("alarm.what"), kind)[1] == ["Kindermishandeling"]
    assert _says(voice, message("alarm.where"), place, elsewhere)[1] == ["Centrum", "Elders"]
    for button in (kind, place, elsewhere):
        pointer: tuple[str, list[str]] = ("Er is nieuws in K7Q4. Kijk in de casusruimte.", [])
        assert _says(voice, message("page.closed", ref="K7Q4", time=At(NOW)), button) == pointer


def test_an_agreement_is_told_without_its_text(voice: Voice) -> None:
    params: dict[str, Param] = {"number": 1, "partner": Partners(("politie",)), "when": At(NOW)}
    new = message("agreement.new", ref="K7Q4", what=Own("sporen veiligstellen"), **params)
    assert _says(voice, new)[0] == (
        "📌 Afspraak 1 in K7Q4 voor politie, vóór vr 15:40. Lees hem in de casusruimte."
    )
    noted = message("agreement.noted", what=Own("sporen veiligstellen"), **params)
    assert _says(voice, noted)[0] == "Er is nieuws. Kijk in Element."


def test_closing_is_done_in_the_room(voice: Voice) -> None:
    outcomes = Action("close_outcome", Named("samen plan gemaakt", "joint plan made"), "3:plan")
    sure = Action("close_now", Word("button.close"), "3:plan")
    there: tuple[str, list[str]] = (
        "Sluiten doe je in de casusruimte. Schrijf daar: sluit. "
        "Kun je daar niet in? Vraag het een partner.",
        [],
    )
    assert _says(voice, message("close.outcome"), outcomes) == there
    assert _says(voice, message("close.sure_open", n=1), sure) == there
    assert _says(voice, message("wrong.which_answer", n=2), sure)[1] == [], "its data tells it"


@pytest.mark.parametrize("inner", ["close_outcome", "pick_place", "that_one:4:close_now"])
def test_a_button_that_is_repeated_is_judged_as_itself(voice: Voice, inner: str) -> None:
    which = message("wrong.which_answer", n=2)
    repeated = Action("that_one", "K7Q4: samen plan gemaakt", f"9:{inner}:3:plan")
    assert _says(voice, which, repeated) == ("Er is nieuws. Kijk in Element.", [])
    harmless = Action("that_one", "K7Q4: 16:30", "9:vote:3:1")
    assert _says(voice, which, harmless)[1] == ["K7Q4: 16:30"]


def test_the_link_of_the_meeting_stays_in_the_room(voice: Voice) -> None:
    link = message(
        "consult.link_dial_in", link="https://meet.example/x", number=Number("0800-2005")
    )
    fixed = message("consult.fixed", link, ref="K7Q4", when=At(NOW), rest=Span(60_000))
    assert _says(voice, fixed)[0] == (
        "📞 Overleg K7Q4: vr 15:40 (over 1 min). Link en agenda: in de casusruimte."
    )
    assert _says(voice, message("consult.room", link, ref="K7Q4", when=At(NOW)))[0] == (
        "Er is nieuws in K7Q4. Kijk in de casusruimte."
    )


def test_steps_for_the_phone_name_the_right_app(voice: Voice) -> None:
    steps = message("onboard.quiet", steps=Word("onboard.quiet_steps"))
    assert "Telegram" in _says(voice, steps)[0]


_plain = st.sampled_from(["K7Q4", "Centrum", "15:50", "0800-2000", "schaap"])
_leaf = st.one_of(
    st.text(min_size=1, max_size=12).map(lambda text: Own(f"OWN{text}OWN")),
    _plain,
    st.integers(0, 10**9),
    st.sampled_from([At(NOW), Day(NOW), Span(60_000), Partners(("om", "vt")), KIND]),
    _plain.map(Number),
    st.sampled_from([key for key in KEYS if not blanks(key)]).map(Word),
)


def _with_params(params: st.SearchStrategy[Param]) -> st.SearchStrategy[Message]:
    """Any text, its blanks filled with what fits or with anything."""

    @st.composite
    def built(draw: st.DrawFn) -> Message:
        key = draw(st.sampled_from(KEYS) | st.sampled_from(sorted(LISTED)))
        names = [*sorted(blanks(key)), "ref"]
        fits = draw(st.sets(st.sampled_from(names)))
        values = {name: fitting(key, name) if name in fits else draw(params) for name in names}
        return Message(key, values)

    return built()


_param: st.SearchStrategy[Any] = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Listed(tuple(items))), _with_params(inner)
    ),
    max_leaves=4,
)
_message = st.builds(
    lambda first, lines: Message(first.key, first.params, tuple(lines)),
    _with_params(_param),
    st.lists(_with_params(_param), max_size=3),
)
_VERBS = [
    "take",
    "vote",
    "that_one",
    "that_case",
    "pick_place",
    "close_outcome",
    "lead_pick",
    "odd",
]
_action = st.builds(Action, st.sampled_from(_VERBS), _param, st.sampled_from(["7", "7:vote:1"]))


@settings(max_examples=300, deadline=None)
@given(text=_message, actions=st.lists(_action, max_size=3))
def test_no_tree_of_messages_shows_typed_words(
    voice: Voice, text: Message, actions: list[Action]
) -> None:
    reduced, buttons = shown(text, tuple(actions), "telegram")
    said = "\n".join([voice.text(reduced), *labels(voice, buttons)])
    assert "OWN" not in said
    assert said.strip(), "nobody gets nothing"
    assert len(buttons) in (0, len(actions)), "never half of the choices"
    assert shown(reduced, buttons, "telegram") == (reduced, buttons), "reduced once is enough"
    assert shown(text, tuple(actions), "matrix") == (text, tuple(actions))


def test_only_a_topic_of_a_region_that_decided_so_shows_all() -> None:
    told = message("page.called.detail", kind=Named("Huisverbod", "Ban"), place="Centrum")
    assert shown(told, (), "telegram", in_topic=True) == (told, ())
    assert shown(told, (), "telegram") == (message("telegram.pointer_any"), ())
    with pytest.raises(LookupError):
        shown(told, (), "fallback_of_nobody", in_topic=True)


@pytest.mark.parametrize(
    "link",
    [
        "https://element.lagedijk.example/",
        "http://element.lagedijk.example/#/room/{room}",
        "https://x.example/{room}/{kind}",
        "https://x.example/{room} {room}",
        "{room}",
    ],
)
def test_an_address_that_leads_to_no_room_is_refused(link: str) -> None:
    account = {"homeserver": "https://matrix.lagedijk.example", "user": "@bot:lagedijk.example"}
    with pytest.raises(ValidationError):
        Matrix(**account, room_link=link)
    assert Matrix(**account).room_link is None


def test_the_example_in_the_template_is_one_that_works(tmp_path: Any) -> None:
    scaffold(tmp_path, tmp_path / "secrets", demo_region("https://m.example", "m.example"))
    text = (tmp_path / "region.toml").read_text(encoding="utf-8")
    (line,) = [each for each in text.splitlines() if each.startswith("# room_link = ")]
    link = line.split('"')[1]
    found = Matrix(homeserver="https://m.example", user="@bot:m.example", room_link=link).room_link
    assert found == link


def test_samples_are_real(voice: Voice) -> None:
    """A sample that does not fit would make the walk over the catalogue look good."""
    assert voice.text(sample("page.called")).startswith("🔴 Alarm K7Q4 · spoed.")
