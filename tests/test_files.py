"""kg.files: a file appears whole or not at all, is on the disk when it does, and takes no device's place; what a killed run left goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from kg.errors import KgError
from kg.files import replacing, room_beside

HANGS = """
import sys, time
from pathlib import Path
from kg.files import room_beside
with room_beside(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half")
    print("in it", flush=True)
    time.sleep(600)
"""


def test_it_takes_the_place_of_the_old_one_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new" and os.listdir(tmp_path) == ["a.txt"]
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"new" and os.listdir(tmp_path) == ["a.txt"]


def test_it_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("sync"), fsync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda self, target: (done.append("replace"), replace(self, target))[1])
    with replacing(tmp_path / "a.txt") as file:
        file.write(b"text")
    assert done == ["sync", "replace", "sync"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "a.txt").symlink_to(tmp_path / "far" / "b.txt")
    with replacing(tmp_path / "a.txt") as file:
        file.write(b"text")
    assert (tmp_path / "a.txt").is_symlink() and (tmp_path / "far" / "b.txt").read_bytes() == b"text"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with replacing(pipe) as file:
        file.write(b"text")
    reader.join()
    assert read == [b"text"] and pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_device_is_no_place_for_a_file() -> None:
    with pytest.raises(KgError, match="cannot write /dev/full: No space left on device"), replacing(Path("/dev/full")) as file:
        file.write(b"text")
    assert Path("/dev/full").is_char_device()


def test_what_a_killed_run_left_goes_with_the_next_and_what_is_being_written_stays(tmp_path: Path) -> None:
    (tmp_path / ".kg-cache").mkdir()
    with subprocess.Popen([sys.executable, "-c", HANGS, str(tmp_path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout and writer.stdout.readline() == b"in it\n"
        with room_beside(tmp_path):
            pass
        assert len(list(tmp_path.glob(".kg-writing-*/half"))) == 1
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert len(list(tmp_path.glob(".kg-writing-*"))) == 1
    with replacing(tmp_path / "a.txt") as file:
        file.write(b"text")
    assert sorted(os.listdir(tmp_path)) == [".kg-cache", "a.txt"]
