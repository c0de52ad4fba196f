"""`make demo`: one whole day of the fictional region, on a real homeserver, in under a minute.

- `day` is the day as data: who plays, what each person does upon what they receive, and how
  fast the clock runs;
- `staff` is one person with one phone in one process; `crew` is all of them from outside;
- `director` sets everything up, moves the clock and stops everything;
- `timeline` and `closing_table` show what the phones reported, and nothing else.
"""
