"""`make bench`: how fast and how big, as ratios to a bare client on the same server.

Every comparison is taken in one run, one sample of each in turn, so that a busy machine is
busy for both. No figure is asserted anywhere; a missed bar is only shown.
"""
