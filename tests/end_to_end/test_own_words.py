"""A user's own words, as docs/own_words.md gives them: a weapon, another name of a state, a president, an event type; through the command."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from tests.test_docs import ROOT, run_examples

from .conftest import kg

pytestmark = pytest.mark.slow

FILES = ROOT / "tests" / "data" / "own_words"
PAGE = ROOT / "docs" / "own_words.md"


@dataclass(frozen=True, slots=True)
class Run:
    """What the examples of the page printed and wrote."""

    printed: str
    graph: Path
    extraction: dict[str, Any]

    def names(self, event: dict[str, Any]) -> dict[str, list[str]]:
        known = {e["id"]: e["name"] for e in self.extraction["entities"]}
        return {role: [known[i] for i in ids] for role, ids in event["roles"].items()}

    def event(self, type: str) -> dict[str, Any]:
        (event,) = [e for e in self.extraction["events"] if e["type"] == type]
        return event


@pytest.fixture(scope="module")
def own(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("own")
    for file in FILES.iterdir():
        shutil.copy(file, folder)
    printed = run_examples(PAGE, folder, models)
    (line,) = (folder / "graph" / "extractions.jsonl").read_text(encoding="utf-8").splitlines()
    return Run(printed, folder / "graph", json.loads(line))


def test_the_files_are_sound_and_so_is_the_graph(own: Run) -> None:
    assert "1 frame, no mistakes\n" in own.printed
    assert "graph/graph.ttl: valid\n" in own.printed


def test_money_is_laundered(own: Run) -> None:
    event = own.event("LAUNDER")
    assert event["trigger"]["text"] == "غسلت"
    roles = own.names(event)
    assert roles["agent"] == ["شركة النخلة القابضة"]
    assert roles["recipient"] == ["North Korea"]
    assert roles["bank"] == ["مصرف الواحة"]
    assert roles["location"] == ["Dubai"]
    assert event["path"].startswith("launder/verb")


def test_the_new_weapon_goes_to_the_state_with_another_name(own: Run) -> None:
    roles = own.names(own.event("SEND"))
    assert roles["theme"] == ["20 Night Falcon drones"]
    assert roles["recipient"] == ["Lebanon"]


def test_the_new_president_is_known(own: Run) -> None:
    known = {e["id"]: e for e in own.extraction["entities"]}
    facts = {(known[f["subject"]]["name"], f["predicate"], known[f["object"]].get("qid")) for f in own.extraction["facts"]}
    assert ("Patrick Herminie", "headOfState", "Q1042") in facts


def test_the_query_of_the_page_gives_the_table_of_the_page(own: Run) -> None:
    text = PAGE.read_text(encoding="utf-8")
    store = ox.Store()
    store.load(path=str(own.graph / "graph.ttl"), format=ox.RdfFormat.TURTLE)
    rows = store.query(text.split("```sparql\n")[1].split("```")[0])
    assert isinstance(rows, ox.QuerySolutions)
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.rpartition("| --- |\n")[2].splitlines() if line]
    assert [[cell.value for cell in row] for row in rows] == table


def test_the_page_of_the_graph_calls_it_by_its_arabic_name(own: Run) -> None:
    assert "غسل أموال" in (own.graph / "graph.html").read_text(encoding="utf-8")


def test_the_event_is_explained(own: Run) -> None:
    assert "LAUNDER, by frame launder, verb" in own.printed
    assert "[TRIGGER غسلت]" in own.printed
    assert "[bank مصرف الواحة]" in own.printed
    assert "bank          " in own.printed


def test_a_text_is_explained_like_its_extraction(own: Run) -> None:
    again = kg("explain", str(FILES / "report.txt"), "--event", "1", "--lexicon", str(FILES / "names.ttl"), "--frames", str(FILES / "launder.ttl"))
    assert again.returncode == 0, again.stderr
    assert again.stdout in own.printed


def test_without_the_files_kg_knows_none_of_it(own: Run) -> None:
    done = kg("extract", str(FILES / "report.txt"))
    assert "LAUNDER" not in done.stdout
    assert "Lebanon" not in done.stdout
    assert "Night Falcon" not in done.stdout
