"""kg.machine: what is asked of the system."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from kg import machine

LEFT = """
import psutil
from kg.machine import release_memory
rss = lambda: psutil.Process().memory_info().rss
def holes():
    kept = [bytes(50_000) for _ in range(4000)]
    del kept[:-1]  # the last keeps the heap from shrinking by itself
    return kept
kept = holes()
before = rss()
release_memory()
print(before - rss())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="another C library")
def test_freed_memory_is_given_back() -> None:
    said = subprocess.run([sys.executable, "-c", LEFT], capture_output=True, text=True, check=True)
    assert int(said.stdout) > 50_000_000


def test_a_c_library_that_cannot_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    machine.release_memory()

    def refuse(_: object) -> None:
        raise TypeError("Windows has no library without a name")

    monkeypatch.setattr("ctypes.CDLL", refuse)
    machine.release_memory()


def test_a_system_that_does_not_tell_has_no_such_instructions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "Path", lambda _: tmp_path / "none")
    assert not machine.vnni()
    monkeypatch.setattr(machine, "Path", lambda _: tmp_path / "cpuinfo")
    (tmp_path / "cpuinfo").write_text("flags : fpu avx2 avx512_vnni\n", encoding="utf-8")
    assert machine.vnni()


@pytest.mark.parametrize("claimed", [False, True])
def test_only_in_a_process_of_kgs_own_the_collector_leaves_alone_what_is_loaded(claimed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_claimed", False)
    gc.unfreeze()
    if claimed:
        machine.claim()
    try:
        machine.loaded()
        assert (gc.get_freeze_count() > 0) is claimed
    finally:
        gc.unfreeze()


def test_what_is_loaded_anew_in_a_process_of_kgs_own_is_not_kept_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loop:
        def __init__(self) -> None:
            self.me = self

    monkeypatch.setattr(machine, "_claimed", True)
    loop = Loop()
    gone = weakref.ref(loop)
    try:
        machine.loaded()
        del loop
        gc.collect()
        assert gone() is not None  # frozen
        machine.loaded()
        assert gone() is None
    finally:
        gc.unfreeze()
