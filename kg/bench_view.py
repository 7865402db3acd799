"""How fast the page is in a browser, beside the page that plain pyvis writes for the same graph."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg.errors import KgError
from kg.graph import Graph
from kg.model import Document, Entity, Event, Extraction, Span

#: What the graphs consist of: types of entities, and events with the roles of their two participants and their words.
_TYPES = ("STATE", "PERSON", "ORGANISATION", "PLACE")
_EVENTS = (
    ("SEND", "recipient", "أرسل إلى"), ("ATTACK", "target", "هاجم"), ("SUPPORT", "recipient", "دعم"), ("MEET", "partner", "التقى"),
    ("ACCUSE", "target", "اتهم"), ("SANCTION", "target", "عاقب"), ("AGREE", "partner", "اتفق مع"), ("WARN", "target", "حذر"),
)  # fmt: skip
_EVENTS_A_NODE, _EVENTS_A_DOCUMENT = 5, 25
#: Seconds for which the view is moved about.
SECONDS = 5.0
_SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
#: Resolves when a page answers at once: five frames in a row, none longer than a tenth of a second; with null after so many seconds.
_CALM = """(limit) => new Promise((done) => {
  let last = performance.now(), calm = 0;
  const step = (now) => {
    calm = now - last < 100 ? calm + 1 : 0;
    last = now;
    if (calm >= 5 || now > limit * 1000) done(calm >= 5 ? now : null);
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
#: Pans in a circle and zooms in and out; gives the number of frames and the longest in milliseconds.
_MOVE = """([seconds, own]) => new Promise((done) => {
  const view = own ? kg.view() : { ...network.getViewPosition(), scale: network.getScale() };
  const to = own ? kg.moveTo : (x, y, scale) => network.moveTo({ position: { x, y }, scale, animation: false });
  const start = performance.now();
  let frames = 0, last = start, worst = 0;
  const step = (now) => {
    const t = (performance.now() - start) / 1000;
    worst = Math.max(worst, performance.now() - last);
    last = performance.now();
    if (t >= seconds) return done([frames, worst]);
    frames += 1;
    const reach = 200 / view.scale;
    to(view.x + reach * Math.sin(2.5 * t), view.y + reach * Math.cos(2.5 * t), view.scale * (1.8 - 0.8 * Math.cos(1.3 * t)));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


@dataclass(frozen=True, slots=True)
class Run:
    """A page in a browser. Seconds are None where the page did not come to rest in the time given."""

    page: str  # "kg" or "pyvis"
    nodes: int
    edges: int
    megabytes: float
    write_seconds: float
    interactive_seconds: float | None
    frames_per_second: float | None
    longest_frame_ms: float | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Pages:
    """The runs of one measurement: of each size kg's page and the one of plain pyvis."""

    runs: tuple[Run, ...]

    def ratios(self) -> list[dict[str, Any]]:
        """For each size, how many times pyvis's kg's figures are; None where one of the two did not come to rest."""
        names = ("megabytes", "interactive_seconds", "frames_per_second")
        pairs = zip(self.runs[::2], self.runs[1::2], strict=True)
        return [{"nodes": kg.nodes, **{f"{n}_to_pyvis": _ratio(getattr(kg, n), getattr(pyvis, n)) for n in names}} for kg, pyvis in pairs]

    def to_json(self) -> dict[str, Any]:
        return {"runs": [run.to_json() for run in self.runs], "ratios": self.ratios()}


def _ratio(a: float | None, b: float | None) -> float | None:
    return a / b if a is not None and b else None


def reports(nodes: int) -> Iterator[Extraction]:
    """Invented reports on so many entities, five events for each; a few take part in most, as in the news. Always the same."""
    state = 12345

    def draw() -> float:
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return state / 2**31

    for number in range(1, 1 + -(-nodes * _EVENTS_A_NODE // _EVENTS_A_DOCUMENT)):
        text, sentences, events = "", [], []
        mentions: dict[int, list[Span]] = {}
        for n in range(_EVENTS_A_DOCUMENT):
            # Every entity comes at least once: the agents go round, the others are drawn, the first ones most often.
            a = ((number - 1) * _EVENTS_A_DOCUMENT + n) % nodes
            b = int(nodes * draw() ** 3)
            b = b if b != a else (a + 1) % nodes
            type_, role, words = _EVENTS[int(draw() * len(_EVENTS))]
            start = len(text)
            trigger = words.split()[0]
            names = [f"كيان {a + 1}", f"كيان {b + 1}"]
            sentence = f"{trigger} {names[0]} {' '.join([*words.split()[1:], names[1]])}."
            at = [start + len(trigger) + 1, start + len(sentence) - 1 - len(names[1])]
            for entity, place, name in zip((a, b), at, names, strict=True):
                mentions.setdefault(entity, []).append(Span(place, place + len(name), name))
            sentences.append(Span(start, start + len(sentence), sentence))
            roles = {"agent": (f"E{a}",), role: (f"E{b}",)}
            events.append(Event(f"V{n}", type_, Span(start, start + len(trigger), trigger), roles, n, confidence=0.8))
            text += sentence + " "
        entities = tuple(
            Entity(f"E{i}", _TYPES[i % len(_TYPES)], f"Entity {i + 1}", f"كيان {i + 1}", tuple(spans), f"Q{9_000_000 + i}")
            for i, spans in sorted(mentions.items())
        )
        day = (date(2020, 1, 1) + timedelta(days=number)).isoformat()
        yield Extraction(Document(f"r{number}", text, f"تقرير {number}", day, f"وكالة {number % 7}"), tuple(sentences), entities, tuple(events))


def plain_pyvis(graph: Graph, path: Path) -> None:
    """The page that pyvis writes for entities and the lines between them, all settings as they come."""
    from pyvis.network import Network

    from kg.view.picture import picture

    shown = picture(graph)
    network = Network(directed=True, cdn_resources="in_line")
    number = {n.key: i for i, n in enumerate(shown.nodes)}
    for n in shown.nodes:
        network.add_node(number[n.key], label=n.label or n.type, title=n.type)
    # Not add_edge, which takes minutes for so many.
    network.edges = [{"from": number[e.source], "to": number[e.target], "label": e.types[0][0], "arrows": "to"} for e in shown.edges]
    path.write_text(network.generate_html(notebook=False), encoding="utf-8")


def compare(sizes: Sequence[int], timeout: float = 120.0, progress: Callable[[str], None] | None = None) -> Iterator[Run]:
    """Write and open the pages of graphs of so many nodes, kg's first, each in a browser of its own.

    Args:
        sizes: numbers of entities.
        timeout: seconds after which a page that answers nobody is given up; one that is restless is moved about after half of them.
        progress: called with what is measured next.

    Raises:
        KgError: playwright or chromium is not there.
    """
    from kg.view import write_html
    from kg.view.picture import picture

    with TemporaryDirectory(prefix="kg-bench-") as folder:
        for size in sizes:
            graph = Graph.of(reports(size))
            edges = len(picture(graph).edges)
            for name, write in (("kg", write_html), ("pyvis", plain_pyvis)):
                if progress:
                    progress(f"{name}, {size:,} nodes")
                path = Path(folder, f"{name}-{size}.html")
                start = time.perf_counter()
                write(graph, path)
                yield _measured(name, path, size, edges, time.perf_counter() - start, timeout)


def _measured(name: str, path: Path, nodes: int, edges: int, seconds: float, timeout: float) -> Run:
    # In a process of its own: a page that is busy for minutes answers nobody, and can only be ended from outside.
    command = [sys.executable, "-m", "kg.bench_view", name, str(path), str(timeout / 2)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout + SECONDS, check=False)
        told, failed = done.stdout, done.stderr if done.returncode else ""
    except subprocess.TimeoutExpired as e:
        told, failed = (e.stdout or b"").decode() if isinstance(e.stdout, bytes | None) else e.stdout, ""
    if failed:
        raise KgError(failed.strip().splitlines()[-1])
    figures = [json.loads(line) for line in told.splitlines()]
    interactive, frames, worst = (figures + [None] * 3)[:3]
    return Run(name, nodes, edges, path.stat().st_size / 1e6, seconds, interactive, frames, worst)


def _main(name: str, path: Path, limit: float) -> None:
    """Print, each on a line as soon as it is known: seconds until the page answers at once, frames a second, the longest frame in ms."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("kg bench view needs playwright: pip install 'arabic-kg[test]'")
    if chromium is None:
        sys.exit("kg bench view needs the browser chromium (Debian package chromium)")
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=list(_SWITCHES))
        tab = browser.new_context(viewport={"width": 1500, "height": 900}, offline=True).new_page()
        tab.set_default_timeout(0)
        tab.goto(path.as_uri(), wait_until="load")
        calm = tab.evaluate(_CALM, limit)
        print(json.dumps(calm and calm / 1000), flush=True)
        frames, worst = tab.evaluate(_MOVE, [SECONDS, name == "kg"])
        print(json.dumps(frames / SECONDS), json.dumps(worst), sep="\n", flush=True)
        browser.close()


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
