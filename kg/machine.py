"""What this process may use of the machine: cores and memory, as the scheduler and a container allow them."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")

#: Whether this process is kg's own: it then has no others' objects, which it may not keep for ever.
_claimed = False


def cores(cgroup: Path = _CGROUP) -> int:
    """How many cores the process may use: those it is bound to, and no more than a container's quota."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _read(cgroup / "cpu.max").partition(" ")
    return max(1, min(bound, int(quota) // int(period))) if quota.isdigit() and period.isdigit() else bound


def free_memory(cgroup: Path = _CGROUP) -> int:
    """How many bytes can be had without swapping, and within a container's limit."""
    import psutil

    free = int(psutil.virtual_memory().available)
    limit, used = _read(cgroup / "memory.max"), _read(cgroup / "memory.current")
    return max(0, min(free, int(limit) - int(used))) if limit.isdigit() and used.isdigit() else free


def peak_memory(pid: int | None = None) -> int:
    """The most bytes that a process has had in memory: this one, or another that is still there.

    What `getrusage` tells of a process is at least what its parent had when it began it, which may be far more than its own. Where the system
    does not tell more of another process than what it has now, that is taken.
    """
    lines = dict(line.partition(":")[::2] for line in _read(Path(f"/proc/{pid or 'self'}/status")).splitlines())
    if high := lines.get("VmHWM", "").split():
        return int(high[0]) * 1024  # kB
    if pid is not None:
        import psutil

        return int(psutil.Process(pid).memory_info().rss)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def vnni() -> bool:
    """Whether the processor has instructions for products of whole numbers of 8 bits; False where the system does not tell."""
    return not {"avx512_vnni", "avx_vnni"}.isdisjoint(_read(Path("/proc/cpuinfo")).split())


def claim() -> None:
    """Say that this process does nothing but kg's work, so that kg may tell the collector what stays (`loaded`)."""
    global _claimed
    _claimed = True


def loaded() -> None:
    """Say that models have been loaded. In a process of kg's own the collector then looks through them no more: each time takes half a second."""
    if _claimed:
        if gc.get_freeze_count():  # loaded anew: what was kept before may be gone
            gc.unfreeze()
            gc.collect()
        gc.freeze()


def release_memory() -> None:
    """Give freed memory back to the system, where the C library can: it keeps the holes between what stays, and they grow from batch to batch."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _read(file: Path) -> str:
    """A file of the system; empty where there is none."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except (OSError, ValueError):
        return ""
