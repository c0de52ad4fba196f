"""Every table, so that one import knows the whole schema."""

from storage.tables.cases import Agreement, Case, Chain, Consent, Consultation, Member, Page, Vote
from storage.tables.drills import Drill, DrillCall
from storage.tables.people import GroupRoom, Identity, Invitation, Person
from storage.tables.queues import Cursor, InboxRow, OutboxRow, Post, Tap, TimerRow
from storage.tables.records import AccessEntry, DoneJob, InventoryItem, Kept, LogHead, Measure
from storage.tables.roster import (
    Absence,
    CalendarSource,
    Duty,
    GapWarning,
    Holiday,
    RosterChange,
    RosterImport,
    ShiftHandover,
    Swap,
)

__all__ = [
    "Absence",
    "AccessEntry",
    "Agreement",
    "CalendarSource",
    "Case",
    "Chain",
    "Consent",
    "Consultation",
    "Cursor",
    "DoneJob",
    "Drill",
    "DrillCall",
    "Duty",
    "GapWarning",
    "GroupRoom",
    "Holiday",
    "Identity",
    "InboxRow",
    "InventoryItem",
    "Invitation",
    "Kept",
    "LogHead",
    "Measure",
    "Member",
    "OutboxRow",
    "Page",
    "Person",
    "Post",
    "RosterChange",
    "RosterImport",
    "ShiftHandover",
    "Swap",
    "Tap",
    "TimerRow",
    "Vote",
]
