"""Run a program with the system calls that the example unit leaves to the bot, and no others.

    python -P confined.py LIMITS.json COMMAND [ARGUMENT …]

systemd cannot be asked for it where it does not run, so the filters are made here by the same
library (libseccomp) and by its rules: `SystemCallFilter`, `RestrictAddressFamilies`,
`MemoryDenyWriteExecute`, `NoNewPrivileges`. LIMITS holds `calls` (names) and `families` (numbers).
"""

import ctypes
import errno
import json
import mmap
import os
import sys
from ctypes.util import find_library
from pathlib import Path
from typing import Any

ALLOW, REFUSE = 0x7FFF0000, 0x00050000  # the second with an errno in its lower half
EQUAL, MASKED_EQUAL = 4, 7
FAMILIES = 46  # there are no more kinds of sockets
WRITE_AND_RUN = mmap.PROT_WRITE | mmap.PROT_EXEC
SHM_EXEC = 0o100000
# call, number of its argument, bits that may not all be set in it
NEW_CODE = (
    ("mmap", 2, WRITE_AND_RUN),
    ("mprotect", 2, mmap.PROT_EXEC),
    ("pkey_mprotect", 2, mmap.PROT_EXEC),
    ("shmat", 2, SHM_EXEC),
)


class Comparison(ctypes.Structure):
    """`struct scmp_arg_cmp`."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("how", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


class Filter:
    """One filter; a call must pass all that were loaded."""

    def __init__(self, otherwise: int) -> None:
        self._library = ctypes.CDLL(find_library("seccomp"))
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._library.seccomp_init(otherwise))

    def add(self, action: int, call: str, *comparisons: Comparison) -> None:
        """Names that this machine does not know are passed over, as systemd does."""
        number = self._library.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return
        array = (Comparison * len(comparisons))(*comparisons)
        added = self._library.seccomp_rule_add_array(
            self._context, ctypes.c_uint32(action), number, len(comparisons), array
        )
        if added not in (0, -errno.EACCES):  # the latter: it is what happens otherwise
            raise OSError(-added, f"no rule for {call}")

    def load(self) -> None:
        """From now on; the process and its children get no new privileges either."""
        loaded = self._library.seccomp_load(self._context)
        if loaded != 0:
            raise OSError(-loaded, "the kernel did not take the filter")


def confine(limits: dict[str, Any]) -> None:
    """Irrevocably."""
    code = Filter(ALLOW)
    for call, argument, bits in NEW_CODE:
        code.add(REFUSE | errno.EPERM, call, Comparison(argument, MASKED_EQUAL, bits, bits))
    code.load()
    sockets = Filter(ALLOW)
    for family in set(range(FAMILIES)) - set(limits["families"]):
        sockets.add(REFUSE | errno.EAFNOSUPPORT, "socket", Comparison(0, EQUAL, family, 0))
    sockets.load()
    calls = Filter(REFUSE | errno.EPERM)
    for call in limits["calls"]:
        calls.add(ALLOW, call)
    calls.load()


if __name__ == "__main__":
    confine(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the very command that we were given
