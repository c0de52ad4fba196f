"""The paging rule where others are on duty than when the alarm came, and two contact points."""

from commands.rules.chain import (
    CallPerson,
    Candidate,
    ClosePage,
    EndChain,
    ExpirePage,
    MarkPage,
)
from tests.rules.chain_story import BACKUP, CONTACT, PRIMARY, Story

STAND_IN = Candidate("stand-in", "primary")


def test_who_was_called_and_goes_off_duty_is_passed_over_at_once() -> None:
    rvdk = Story(PRIMARY, BACKUP, CONTACT)
    rvdk.start()
    assert rvdk.roster_changed(2, STAND_IN, BACKUP, CONTACT) == (
        ExpirePage(1, "primary"),
        CallPerson(STAND_IN, rvdk.at(12), "roster"),
    )


def test_without_a_stand_in_the_backup_is_called() -> None:
    rvdk = Story(PRIMARY, BACKUP, CONTACT)
    rvdk.start()
    assert rvdk.roster_changed(2, BACKUP, CONTACT) == (
        ExpirePage(1, "backup"),
        CallPerson(BACKUP, rvdk.at(7), "roster"),
    )


def test_somebody_new_on_duty_goes_before_the_backup_who_was_called() -> None:
    rvdk = Story(Candidate(None, "primary"), BACKUP, CONTACT)
    rvdk.start()
    assert rvdk.roster_changed(3, STAND_IN, BACKUP, CONTACT) == (
        ExpirePage(1, "primary"),
        CallPerson(STAND_IN, rvdk.at(13), "roster"),
    )


def test_somebody_new_on_duty_is_called_after_the_end_of_the_chain_too() -> None:
    rvdk = Story(PRIMARY)
    rvdk.start()
    rvdk.wait_for_timer(5)
    assert rvdk.chain.ended
    assert rvdk.roster_changed(6, STAND_IN) == (CallPerson(STAND_IN, rvdk.at(16), "roster"),)
    assert not rvdk.chain.ended


def test_a_change_that_is_none_for_this_chain_changes_nothing() -> None:
    rvdk = Story(PRIMARY, BACKUP, CONTACT)
    rvdk.start()
    assert rvdk.roster_changed(2, PRIMARY, Candidate("other", "backup"), CONTACT) == ()
    assert rvdk.timer is not None
    rvdk.acked(3, page=1)
    assert rvdk.roster_changed(4, STAND_IN) == (), "who took it keeps it"


def test_a_contact_point_who_stands_in_is_called_as_primary() -> None:
    rvdk = Story(Candidate(None, "primary"), BACKUP, CONTACT)
    rvdk.start()
    point = Candidate(CONTACT.person, "primary")
    assert rvdk.roster_changed(3, point, BACKUP, CONTACT) == (
        ExpirePage(1, "primary"),
        CallPerson(point, rvdk.at(13), "roster"),
    )


def test_two_contact_points_are_two_steps_in_their_order() -> None:
    second = Candidate("rvdk4", "contact_point")
    rvdk = Story(PRIMARY, Candidate(None, "backup"), CONTACT, second)
    rvdk.start()
    assert rvdk.declined(1, page=1)[-1] == CallPerson(CONTACT, rvdk.at(6), "declined")
    assert rvdk.wait_for_timer(6) == (
        ExpirePage(2, "contact_point"),
        CallPerson(second, rvdk.at(11), "silent"),
    )
    assert rvdk.acked(8, page=2) == (MarkPage(2, "acked", rvdk.at(8)), ClosePage(3, "taken"))


def test_a_contact_point_that_nothing_reaches_does_not_end_the_chain() -> None:
    second = Candidate("rvdk4", "contact_point")
    rvdk = Story(Candidate(None, "primary"), Candidate(None, "contact_point"), second)
    assert rvdk.start()[-1] == CallPerson(second, rvdk.at(5), "empty_slot")
    assert rvdk.wait_for_timer(5) == (ExpirePage(1, None), EndChain())


def test_a_contact_point_on_duty_is_not_called_twice() -> None:
    both = Candidate(PRIMARY.person, "contact_point")
    rvdk = Story(PRIMARY, both, CONTACT)
    rvdk.start()
    assert rvdk.declined(1, page=1)[-1] == CallPerson(CONTACT, rvdk.at(6), "declined")


def test_a_primary_who_goes_on_as_backup_makes_way_for_the_new_primary() -> None:
    rvdk = Story(PRIMARY, BACKUP, CONTACT)
    rvdk.start()
    now_backup = Candidate(PRIMARY.person, "backup")
    assert rvdk.roster_changed(2, STAND_IN, now_backup, CONTACT) == (
        ExpirePage(1, "primary"),
        CallPerson(STAND_IN, rvdk.at(12), "roster"),
    )
