"""kg bench view: both pages are written and opened."""

from __future__ import annotations

import json

import pytest

from kg.bench_view import reports
from kg.graph import Graph

from . import pages
from .conftest import kg

pages.sync_api()
pytestmark = pytest.mark.slow


def test_reports_make_a_graph_of_that_size() -> None:
    graph = Graph.of(reports(60))
    assert len(graph.entities()) == 60 and len(graph.events()) == 300
    assert list(reports(60)) == list(reports(60))


def test_both_pages_are_measured() -> None:
    done = kg("bench", "view", "12", "--json")
    assert done.returncode == 0, done.stderr
    ours, plain = json.loads(done.stdout)
    assert (ours["page"], plain["page"]) == ("kg", "pyvis")
    assert ours["nodes"] == plain["nodes"] == 12 and ours["edges"] == plain["edges"] > 0
    assert ours["interactive_seconds"] > 0 and ours["frames_per_second"] > 0
