"""The same bench for pages that go out by Telegram.

A fake Bot API server stands in for the real one, in a process of its own and without holding what
passes against the description, for the program and the bare client alike.
"""
