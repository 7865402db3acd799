"""From a picture to one HTML file: pyvis holds the network; our template, styles, scripts and fonts show it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

from kg.graph import Graph
from kg.view.labels import Labels
from kg.view.network import network_of
from kg.view.picture import Picture
from kg.view.style import CLASSES, NODES, OTHER_NODE, event_class
from kg.view.tables import Tables
from kg.view.words import WORDS

#: Parts of the script, in the order in which they need each other.
SCRIPTS = (
    "dom", "data", "i18n", "state", "shapes", "filters", "network", "bulk", "labels", "evidence", "panel", "paths", "legend", "timeline",
    "search", "table", "document", "export", "keyboard", "main",
)  # fmt: skip
STYLES = ("base", "graph", "reading")
#: Family -> (file, range of characters). All weights from 400 to 700.
FONTS = (
    ("kg kufi", "noto-kufi-arabic", "U+0600-06FF,U+200B-200F,U+FDF2,U+FDFC,U+FEF5-FEFC"),
    ("kg kufi", "noto-kufi-latin", "U+0020-007E,U+00A0-00FF,U+2010-2026,U+2212,U+00D7"),
    ("kg naskh", "noto-naskh-arabic", "U+0020,U+0600-06FF,U+200B-200F,U+FDF2,U+FDFC,U+FEF5-FEFC"),
)
#: A graph with more nodes or lines than these opens with its most central part.
MOST_NODES, MOST_EDGES = 2000, 10_000


def render(graph: Graph, picture: Picture, title: str, note: str = "") -> str:
    """The page as a text, with a note under its heading."""
    from jinja2 import Environment, StrictUndefined

    labels = Labels(graph.vocabulary)
    network = network_of(picture, labels)
    nodes, edges, *_, options = network.get_network_data()
    events = Counter(str(d["type"]) for _, d in graph.events())
    data = Tables(graph, picture).data() | {
        "network": {"nodes": nodes, "edges": edges, "options": json.loads(options)},
        "types": _types(picture),
        "events": [{"key": t, "class": event_class(t, graph.vocabulary), "count": n} for t, n in sorted(events.items(), key=lambda e: (-e[1], e[0]))],
        "classes": _classes(events, graph),
        "names": _names(picture, labels),
        "words": WORDS,
        "central": central(picture),
        "most_edges": MOST_EDGES,
        "counts": {
            "documents": len(graph.documents), "entities": sum(n.kind == "entity" for n in picture.nodes), "events": sum(events.values()),
            "facts": sum(len(e.types) for e in picture.edges if e.kind == "fact"),
        },
    }  # fmt: skip
    style = fonts() + "".join(part("css", f"{name}.css") for name in STYLES)
    scripts = [vis_network(), script()]
    policy = "; ".join([
        "default-src 'none'", "script-src " + " ".join(source_hash(s) for s in scripts), "style-src " + source_hash(style), "font-src data:",
        "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
    ])  # fmt: skip
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string(part("template.html"))
    return template.render(title=title, note=note, policy=policy, style=style, scripts=scripts, data=embed(data))


def central(picture: Picture) -> list[int] | None:
    """The numbers of the nodes that a large graph opens with, by PageRank over its lines; None for a graph that opens whole."""
    if len(picture.nodes) <= MOST_NODES and len(picture.edges) <= MOST_EDGES:
        return None
    import numpy as np

    number = {n.key: i for i, n in enumerate(picture.nodes)}
    a = np.array([number[e.source] for e in picture.edges])
    b = np.array([number[e.target] for e in picture.edges])
    told = np.array([float(len(e.happenings) or len(e.claims) or 1) for e in picture.edges])
    n = len(picture.nodes)
    degree = np.maximum(np.bincount(a, told, n) + np.bincount(b, told, n), 1e-9)
    rank = np.full(n, 1 / n)
    for _ in range(60):
        share = rank / degree
        rank = 0.15 / n + 0.85 * (np.bincount(a, told * share[b], n) + np.bincount(b, told * share[a], n))
    # Rounded: sums may differ in their last digits from machine to machine.
    order = sorted(range(n), key=lambda i: (-round(float(rank[i]), 12), i))
    return sorted(order[:MOST_NODES])


def embed(value: object) -> str:
    """JSON that may stand in a script element: nothing in it can end the element or begin another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text)


@cache
def script() -> str:
    """The page's own script: its parts in one scope."""
    return '(() => {\n"use strict";\n' + "\n".join(part("js", f"{name}.js") for name in SCRIPTS) + "})();\n"


@cache
def vis_network() -> str:
    """The script of vis-network that comes with pyvis, the newest if there are several."""
    lib = files("pyvis") / "templates" / "lib"
    versions = {tuple(map(int, re.findall(r"\d+", d.name))): d for d in lib.iterdir() if d.name.startswith("vis-")}
    script = versions[max(versions)].joinpath("vis-network.min.js").read_text("utf-8").replace("\r\n", "\n")
    script = re.sub(r"\n//# sourceMappingURL=\S*\s*$", "\n", script)
    if re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError("this vis-network cannot be put into a page: it holds a script's end tag")
    return script


def part(*path: str) -> str:
    """One of the files that the page consists of, by its path in `kg/view`."""
    return files("kg.view").joinpath(*path).read_text("utf-8")


@cache
def fonts() -> str:
    """The fonts as style: a page that holds it needs no other file."""
    faces = []
    for family, name, characters in FONTS:
        font = base64.b64encode(files("kg.view").joinpath("fonts", f"{name}.woff2").read_bytes()).decode()
        source = f'url(data:font/woff2;base64,{font}) format("woff2")'
        faces.append(f'@font-face{{font-family:"{family}";font-weight:400 700;unicode-range:{characters};src:{source}}}\n')
    return "".join(faces)


def source_hash(text: str) -> str:
    """What a Content-Security-Policy lets a script or style of exactly this text in by."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _types(picture: Picture) -> list[dict[str, Any]]:
    counts = Counter(n.type for n in picture.nodes if n.kind == "entity")
    order = [*NODES, *sorted(set(counts) - set(NODES))]
    known = {t: NODES.get(t, OTHER_NODE) for t in order}
    return [{"key": t, "shape": known[t][0], "color": known[t][1], "count": counts[t]} for t in order if counts[t]]


def _classes(events: Counter[str], graph: Graph) -> list[dict[str, Any]]:
    counts: Counter[str] = Counter()
    for t, n in events.items():
        counts[event_class(t, graph.vocabulary)] += n
    return [{"key": c, "colors": CLASSES[c], "count": counts[c]} for c in CLASSES]


def _names(picture: Picture, labels: Labels) -> dict[str, list[str]]:
    """Types, roles and predicates in both languages."""
    types = {n.type for n in picture.nodes} | {h.type for h in picture.happenings}
    names = {name for e in picture.edges if e.kind != "event" for name, _ in e.types} | {r for h in picture.happenings for r in h.roles}
    return labels.table(sorted(types), sorted(names))
