"""Rosters as files: tables and calendars, read and written. Every file is taken for hostile."""
