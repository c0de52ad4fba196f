"""Run a Python module as a process that cannot outlive the process that started it.

    python -P tied.py PARENT_PID MODULE [ARGUMENT …]

A test run that is killed has no chance to clean up; on Linux the kernel does it for us.
Elsewhere this only runs the module. Give `-P`: else this folder shadows other packages.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent_pid: int) -> None:
    """Ask for SIGKILL when the parent ends. Exits at once if it is already gone."""
    if not sys.platform.startswith("linux"):
        return
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent_pid:  # it died before we could ask
        sys.exit(1)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
