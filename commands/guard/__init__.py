"""The guard: personal data must not stand in what people type into an alarm or a case.

Start at `find.find`. Each module knows one family of data; `names` is where names come.
"""
