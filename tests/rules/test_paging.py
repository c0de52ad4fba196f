"""The paging rule, as it is told on a whiteboard: who is called when, and what stops it."""

import pytest

from commands.rules import paging
from commands.rules.chain import (
    AlreadyTaken,
    CallPerson,
    Candidate,
    ClosePage,
    EndChain,
    ExpirePage,
    MarkPage,
    Remind,
    RepeatNotice,
    SayNobodyOnDuty,
    Timing,
)
from commands.rules.moments import HOUR, MINUTE
from tests.rules.chain_story import BACKUP, CONTACT, PRIMARY, T0, TIMING, Story


def test_silent_phone_goes_to_the_next_after_five_minutes() -> None:
    rvdk = Story(PRIMARY, BACKUP, CONTACT)
    assert rvdk.start() == (CallPerson(PRIMARY, rvdk.at(10), "first"),)
    assert rvdk.wait_for_timer(5) == (
        ExpirePage(1, "backup"),
        CallPerson(BACKUP, rvdk.at(10), "silent"),
    )
    assert rvdk.wait_for_timer(10) == (
        ExpirePage(2, "contact_point"),
        CallPerson(CONTACT, rvdk.at(15), "silent"),
    )


def test_friday_story_seen_and_silent_is_reminded_then_the_backup_takes_it() -> None:
    rvdk = Story(PRIMARY, BACKUP, CONTACT)
    rvdk.start()
    assert rvdk.seen(3, page=1) == (MarkPage(1, "seen", rvdk.at(3)),)
    assert rvdk.wait_for_timer(5) == (Remind(1, rvdk.at(10)),)
    assert rvdk.wait_for_timer(10) == (
        ExpirePage(1, "backup"),
        CallPerson(BACKUP, rvdk.at(15), "unacked"),
    )
    assert rvdk.acked(13, page=2) == (
        MarkPage(2, "acked", rvdk.at(13)),
        ClosePage(1, "taken"),
    )
    assert rvdk.timer is None
    assert rvdk.chain.settled


def test_night_story_empty_slot_is_said_and_skipped_and_ends_at_the_desk() -> None:
    rvdk = Story(Candidate(None, "primary"), BACKUP, CONTACT)
    assert rvdk.start() == (
        SayNobodyOnDuty("primary"),
        CallPerson(BACKUP, rvdk.at(5), "empty_slot"),
    )
    assert rvdk.wait_for_timer(5) == (
        ExpirePage(1, "contact_point"),
        CallPerson(CONTACT, rvdk.at(10), "silent"),
    )
    assert rvdk.wait_for_timer(10) == (ExpirePage(2, None), EndChain())
    assert rvdk.chain.acked_by is None


def test_nobody_at_all_ends_at_once_and_says_so() -> None:
    rvdk = Story(Candidate(None, "primary"), Candidate(None, "backup"))
    assert rvdk.start() == (
        SayNobodyOnDuty("primary"),
        SayNobodyOnDuty("backup"),
        EndChain(),
    )


def test_initiator_hears_twice_more_and_then_no_more() -> None:
    rvdk = Story(PRIMARY)
    rvdk.start()
    assert rvdk.wait_for_timer(5) == (ExpirePage(1, None), EndChain())
    assert rvdk.wait_for_timer(15) == (RepeatNotice(),)
    assert rvdk.wait_for_timer(25) == (RepeatNotice(),)
    assert rvdk.timer is None
    assert paging.timer_fired(rvdk.chain, TIMING, "notice", None, rvdk.at(35)) == ()


def test_without_repeats_the_end_is_the_last_word() -> None:
    once = Timing(10 * MINUTE, 5 * MINUTE, 5 * MINUTE, 5 * MINUTE, 10 * MINUTE, 0)
    rvdk = Story(PRIMARY, timing=once)
    rvdk.start()
    assert rvdk.declined(1, page=1) == (MarkPage(1, "declined", rvdk.at(1)), EndChain())
    assert rvdk.timer is None


def test_phoned_stops_the_notices_but_is_no_ack() -> None:
    rvdk = Story(PRIMARY)
    rvdk.start()
    assert rvdk.phoned(2) == ()
    rvdk.wait_for_timer(5)
    assert rvdk.phoned(6) != ()
    assert rvdk.timer is None
    assert rvdk.chain.acked_by is None
    assert rvdk.acked(7, page=1) == (MarkPage(1, "acked", rvdk.at(7)),)


def test_decline_calls_the_next_at_once() -> None:
    rvdk = Story(PRIMARY, BACKUP)
    rvdk.start()
    assert rvdk.declined(1, page=1) == (
        MarkPage(1, "declined", rvdk.at(1)),
        CallPerson(BACKUP, rvdk.at(6), "declined"),
    )
    assert rvdk.declined(2, page=1) == ()


def test_phone_that_cannot_be_reached_goes_to_the_next_at_once() -> None:
    rvdk = Story(PRIMARY, BACKUP)
    rvdk.start()
    assert rvdk.unreachable(1, page=1) == (
        ExpirePage(1, "backup"),
        CallPerson(BACKUP, rvdk.at(6), "silent"),
    )
    assert rvdk.unreachable(2, page=1) == ()
    assert rvdk.unreachable(2, page=2) == (ExpirePage(2, None), EndChain())


def test_decline_when_the_turn_is_over_leaves_the_next_alone() -> None:
    rvdk = Story(PRIMARY, BACKUP, CONTACT)
    rvdk.start()
    rvdk.wait_for_timer(5)
    assert rvdk.declined(6, page=1) == (MarkPage(1, "declined", rvdk.at(6)),)
    rvdk.wait_for_timer(10)


def test_late_ack_by_the_first_closes_the_chain() -> None:
    rvdk = Story(PRIMARY, BACKUP)
    rvdk.start()
    rvdk.wait_for_timer(5)
    assert rvdk.acked(6, page=1) == (MarkPage(1, "acked", rvdk.at(6)), ClosePage(2, "taken"))
    assert rvdk.timer is None


def test_ack_after_the_end_and_after_a_decline_is_still_an_ack() -> None:
    rvdk = Story(PRIMARY)
    rvdk.start()
    rvdk.declined(1, page=1)
    assert rvdk.chain.ended
    assert rvdk.acked(2, page=1) == (MarkPage(1, "acked", rvdk.at(2)),)
    assert not rvdk.chain.ended
    assert rvdk.timer is None


@pytest.mark.parametrize("page", [1, 2, 99])
def test_ack_of_what_was_taken_or_is_unknown_changes_nothing(page: int) -> None:
    rvdk = Story(PRIMARY, BACKUP)
    rvdk.start()
    rvdk.wait_for_timer(5)
    rvdk.acked(6, page=2)
    assert rvdk.acked(7, page) == ()


def test_old_timer_of_an_earlier_step_changes_nothing() -> None:
    rvdk = Story(PRIMARY, BACKUP)
    rvdk.start()
    rvdk.declined(1, page=1)
    now = rvdk.at(5)
    assert paging.timer_fired(rvdk.chain, TIMING, "silent", 1, now) == ()
    rvdk.acked(2, page=2)
    assert paging.timer_fired(rvdk.chain, TIMING, "take", 2, now) == ()


def test_undone_ack_goes_on_and_opens_the_others_again() -> None:
    rvdk = Story(PRIMARY, BACKUP, CONTACT)
    rvdk.start()
    rvdk.wait_for_timer(5)
    rvdk.acked(6, page=2)
    assert rvdk.declined(8, page=2) == (
        MarkPage(2, "declined", rvdk.at(8)),
        ExpirePage(1, "contact_point"),
        CallPerson(CONTACT, rvdk.at(13), "undone"),
    )
    assert rvdk.chain.acked_by is None


def test_undone_ack_with_nobody_left_ends_the_chain() -> None:
    rvdk = Story(PRIMARY)
    rvdk.start()
    rvdk.acked(1, page=1)
    assert rvdk.declined(2, page=1) == (MarkPage(1, "declined", rvdk.at(2)), EndChain())
    rvdk.wait_for_timer(12)


def test_undone_after_phoning_tells_the_initiator_again() -> None:
    rvdk = Story(PRIMARY)
    rvdk.start()
    rvdk.wait_for_timer(5)
    rvdk.wait_for_timer(15)
    rvdk.phoned(16)
    rvdk.acked(17, page=1)
    assert rvdk.declined(18, page=1) == (MarkPage(1, "declined", rvdk.at(18)), EndChain())
    assert rvdk.wait_for_timer(28) == (RepeatNotice(),)
    assert rvdk.wait_for_timer(38) == (RepeatNotice(),)
    assert rvdk.phoned(39) != ()


def test_same_person_in_two_roles_is_called_once() -> None:
    rvdk = Story(PRIMARY, Candidate("rvdk1", "contact_point"))
    rvdk.start()
    assert rvdk.declined(1, page=1) == (MarkPage(1, "declined", rvdk.at(1)), EndChain())


def test_initiator_on_duty_has_taken_it_already() -> None:
    rvdk = Story(PRIMARY, BACKUP)
    assert rvdk.start(initiator="rvdk1") == (AlreadyTaken(PRIMARY, T0),)
    assert rvdk.chain.acked_by == 1
    assert rvdk.timer is None


def test_initiator_who_is_only_backup_does_not_take_it() -> None:
    rvdk = Story(PRIMARY, BACKUP)
    assert rvdk.start(initiator="rvdk2") == (CallPerson(PRIMARY, rvdk.at(10), "first"),)


def test_timer_after_a_stop_counts_from_now() -> None:
    rvdk = Story(PRIMARY, BACKUP)
    rvdk.start()
    rvdk.seen(1, page=1)
    assert rvdk.fire_late(42) == (
        ExpirePage(1, "backup"),
        CallPerson(BACKUP, rvdk.at(47), "unacked"),
    )


def test_reminder_may_come_later_than_the_silence() -> None:
    slow = Timing(60 * MINUTE, 15 * MINUTE, 30 * MINUTE, 30 * MINUTE, HOUR, 2)
    om = Story(PRIMARY, BACKUP, timing=slow)
    om.start()
    om.seen(1, page=1)
    assert om.wait_for_timer(15) == ()
    assert om.wait_for_timer(30) == (Remind(1, om.at(60)),)
    assert om.wait_for_timer(60)[0] == ExpirePage(1, "backup")


def test_case_over_closes_what_is_open_and_stays_over() -> None:
    rvdk = Story(PRIMARY, BACKUP)
    rvdk.start()
    rvdk.wait_for_timer(5)
    closed = rvdk.case_over(6)
    assert ClosePage(1, "case_over") in closed
    assert ClosePage(2, "case_over") in closed
    assert rvdk.timer is None
    assert rvdk.acked(7, page=1) == rvdk.declined(7, page=2) == rvdk.case_over(8) == ()


def test_sign_of_the_phone_is_kept_apart() -> None:
    rvdk = Story(PRIMARY)
    rvdk.start()
    chain = rvdk.chain
    assert paging.called(chain, 1, T0) == (MarkPage(1, "called", T0),)
    rvdk.seen(1, page=1)
    assert paging.called(rvdk.chain, 1, T0) == ()
    assert rvdk.seen(2, page=1) == ()


@pytest.mark.parametrize(
    "lengths",
    [(10, 0, 5, 5, 10, 2), (10, 6, 5, 5, 10, 2), (10, 5, 11, 5, 10, 2), (10, 5, 5, 0, 10, 2)],
)
def test_timing_that_does_not_fit_is_refused(lengths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must"):
        Timing(*lengths)
