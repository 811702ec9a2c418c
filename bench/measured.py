"""What the operating system says of a process: its memory and its processor time. Linux tells both in /proc."""

import os
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """Return the processor time that the process has used, in user and kernel mode."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int, *, peak: bool = True) -> float:
    """Return the resident memory of the process alone, now or at its highest so far."""
    wanted = "VmHWM:" if peak else "VmRSS:"
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(wanted):
            return int(line.split()[1]) / 1024
    raise LookupError(f"{wanted} is not told of process {pid}")
