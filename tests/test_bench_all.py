"""kg bench all without models: which parts are measured, what is said of them, and how processor time is told apart."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kg
from kg.bench_all import PARTS, Settings, measure
from kg.bench_apart import apart
from kg.bench_shares import STAGES, Sampler, Shares
from kg.bench_start import Begun, Start, start
from kg.cli import cli
from kg.commands.bench_all import PARTS as OFFERED
from kg.errors import KgError
from kg.machine import peak_memory
from kg.model import Document

DOCUMENT = Document("d", "وصل الرئيس إلى بيونغ يانغ.")
PACKAGE = Path(kg.__file__).parent


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["bench", "all", *map(str, arguments)])


@pytest.fixture
def text(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(DOCUMENT.text, encoding="utf-8")
    return tmp_path / "a.txt"


# Parts


def test_the_command_offers_every_part() -> None:
    assert tuple(PARTS) == OFFERED


def test_one_object_holds_what_was_measured_and_on_what(text: Path) -> None:
    done = run(text, "--part", "rdf", "--triples", "300", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["documents"], found["words"], found["kg"]) == (1, 5, kg.__version__)
    assert set(found) & set(PARTS) == {"rdf"}
    assert found["rdf"]["triples"] == 300 and set(found["rdf"]["ratios"]) == {"write", "read"}


def test_a_part_that_cannot_be_measured_keeps_none_of_the_others(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # no browser there
    done = run(text, "--part", "view", "--part", "rdf", "--triples", "300", "--nodes", "2")
    assert done.exit_code == 1
    assert "times as fast as rdflib" in done.stdout and "not measured" in done.stdout
    assert done.stderr.splitlines()[-2:] == [
        "kg: view could not be measured: kg bench view needs the browser chromium (Debian package chromium)",
        "kg: 1 part could not be measured",
    ]
    (measured,) = measure([DOCUMENT], Settings(parts=("view",), nodes=(2,)), lambda part: None)
    assert "chromium" in measured.to_json()["failure"]


def test_nothing_to_measure_on_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where there are no seeds
    done = run("--part", "rdf")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--corpus FILE" in done.stderr and done.stderr.count("\n") == 1


# Start-up


def test_what_cannot_begin_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"^kg\.cli extract failed: no models in"):
        start(DOCUMENT, str(tmp_path), times=1)


def test_starts_are_compared_by_processor_time() -> None:
    found = Start(Begun(0.5, 0.25), Begun(9.0, 6.0), Begun(5.0, 4.0)).to_json()
    assert (found["help_to_stanza"], found["first_document_to_stanza"], found["first_document_seconds"]) == (0.0625, 1.5, 9.0)


# Shares


def placed(sampler: Sampler, *files: str) -> tuple[str, bool]:
    """Where a sampler puts the stack of functions that call one another, each of a file; the last one is the innermost."""

    def innermost() -> tuple[str, bool]:
        return sampler.place(sys._getframe())

    call: Callable[[], tuple[str, bool]] = innermost
    for file in reversed(files):
        names: dict[str, Callable[[Callable[[], tuple[str, bool]]], Callable[[], tuple[str, bool]]]] = {}
        exec(compile("def through(call):\n    def calls():\n        return call()\n    return calls", file, "exec"), names)
        call = names["through"](call)
    return call()


def own(module: str) -> str:
    return str(PACKAGE / f"{module}.py")


def test_a_stack_belongs_to_its_outermost_stage() -> None:
    sampler = Sampler()
    stanza, torch = sampler._libraries
    linear = f"{torch}nn/modules/linear.py"
    processor = f"{stanza}pipeline/pos_processor.py"
    assert placed(sampler, own("pipeline"), processor, f"{stanza}models/pos/model.py", own("characters"), linear) == ("pos", True)
    assert placed(sampler, own("extract"), own("reading"), own("scorer"), linear) == ("events", True)
    assert placed(sampler, own("extract"), own("scenes"), own("mentions"), own("lexicon"), own("text")) == ("entities", False)
    assert placed(sampler, own("extract"), own("facts"), own("entities")) == ("facts", False)
    assert placed(sampler, own("pipeline")) == ("text and tokens", False)
    assert placed(sampler, own("pipeline"), f"{stanza}pipeline/core.py") == ("text and tokens", True)
    assert placed(sampler, "/elsewhere/reading.py") == ("other", False)
    assert sampler.place(None) == ("other", False)


def test_every_module_of_a_stage_is_there() -> None:
    assert [m for modules in STAGES.values() for m in modules if not Path(own(m)).is_file()] == []


def test_all_processor_time_is_given_to_something() -> None:
    from time import process_time

    sampler = Sampler()
    began = process_time()
    with sampler.looking():
        while process_time() - began < 0.3:
            sum(range(1000))
    assert 0.2 < sum(sampler.seconds.values()) <= process_time() - began
    before = dict(sampler.seconds)
    while process_time() - began < 0.5:
        sum(range(1000))
    assert sampler.seconds == before


def test_shares_are_of_all_stages_together() -> None:
    found = Shares(100, {"pos": 6.0, "events": 1.5, "entities": 0.5, "other": 2.0}, 7.0).to_json()
    assert (found["inside_stanza_and_torch"], found["relation_layer"], found["cpu_seconds"]) == (0.7, 0.2, 10.0)
    assert found["stages"]["pos"] == {"cpu_seconds": 6.0, "share": 0.6, "words_per_cpu_second": 16.67}


# Processes of their own


def _ends() -> None:
    os._exit(3)


def _holds(pipe: Connection) -> None:
    data = bytearray(150_000_000)
    del data
    pipe.send(peak_memory())
    pipe.recv()


def test_a_process_that_ends_is_one_line() -> None:
    with pytest.raises(KgError, match="the process that measured 'it' ended with status 3"):
        apart(_ends, doing="it")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of other processes what they had")
def test_the_peak_of_a_process_is_its_own() -> None:
    ours = bytearray(b"x") * 400_000_000  # what getrusage would count for the other process too
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_holds, args=(there,))
    process.start()
    told = here.recv()
    seen = peak_memory(process.pid)
    here.send(None)
    process.join()
    assert 150_000_000 < told <= seen < 350_000_000
    assert len(ours) < peak_memory()
