"""From a picture to one HTML file: pyvis holds the network, our template, style and script show it."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from kg.model import Document
from kg.view.labels import Labels
from kg.view.layout import Box, place
from kg.view.picture import Edge, Evidence, Node, Picture
from kg.view.style import CLASSES, FACT, NODES, OPTIONS, OTHER_NODE, event_class, event_colour

#: Agents stand before their event, so the arrow of these roles points to it and the picture reads as a sentence does.
_ACTING = frozenset({"agent", "seller"})
#: Characters that turn the direction of what follows: they would disturb labels on the canvas.
_CONTROLS = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def render(picture: Picture, documents: Mapping[str, Document], events: Counter[str], title: str, labels: Labels) -> str:
    """The page as a text. `events` counts all events of the graph by type, also those that share an edge."""
    from jinja2 import Environment, StrictUndefined

    network = _network(picture, labels)
    nodes, edges, *_, options = network.get_network_data()
    data = _Tables(documents, labels).data(picture) | {
        "network": {"nodes": nodes, "edges": edges, "options": json.loads(options)},
        "types": _legend(picture, labels),
        "events": [{"key": t, "label": labels.type(t), "count": n, "color": event_colour(t, labels.vocabulary)} for t, n in sorted(events.items(), key=lambda e: (-e[1], e[0]))],
        "classes": [{"key": c, "label": labels.word(c), "color": CLASSES[c]} for c in CLASSES if any(event_class(t, labels.vocabulary) == c for t in events)],
        "words": labels.words,
        "counts": {
            "documents": len(documents), "entities": sum(n.kind == "entity" for n in picture.nodes), "events": sum(events.values()),
            "facts": sum(len(e.evidence) for e in picture.edges if e.kind == "fact"),
        },
    }  # fmt: skip
    here = files("kg.view")
    style = here.joinpath("style.css").read_text("utf-8")
    scripts = [vis_network(), here.joinpath("script.js").read_text("utf-8")]
    policy = "; ".join([
        "default-src 'none'", "script-src " + " ".join(_hash(s) for s in scripts), "style-src " + _hash(style),
        "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
    ])  # fmt: skip
    template = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True).from_string(here.joinpath("template.html").read_text("utf-8"))
    return template.render(title=title, policy=policy, style=style, scripts=scripts, data=embed(data), words=labels.words)


def embed(value: object) -> str:
    """JSON that may stand in a script element: nothing in it can end the element or begin another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text)


def vis_network() -> str:
    """The script of vis-network that comes with pyvis, the newest if there are several."""
    lib = files("pyvis") / "templates" / "lib"
    versions = {tuple(map(int, re.findall(r"\d+", d.name))): d for d in lib.iterdir() if d.name.startswith("vis-")}
    script = versions[max(versions)].joinpath("vis-network.min.js").read_text("utf-8").replace("\r\n", "\n")
    script = re.sub(r"\n//# sourceMappingURL=\S*\s*$", "\n", script)
    if re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError("this vis-network cannot be put into a page: it holds a script's end tag")
    return script


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _network(picture: Picture, labels: Labels) -> Any:
    """A pyvis Network of the picture; its nodes are numbered, because keys come from the texts and could be anything."""
    from pyvis.network import Network

    number = {n.key: i for i, n in enumerate(picture.nodes)}
    degree = picture.degree()
    options = [_node(n, degree[n.key], labels) for n in picture.nodes]
    boxes = [_box(o) for o in options]
    network = Network(directed=True, cdn_resources="in_line")
    network.options = OPTIONS
    places = place(boxes, [(number[e.source], number[e.target]) for e in picture.edges])
    for i, (o, (x, y)) in enumerate(zip(options, places, strict=True)):
        network.add_node(i, **o, x=x, y=y)
    bends = _bends(picture)
    for i, (edge, bend) in enumerate(zip(picture.edges, bends, strict=True)):
        network.add_edge(number[edge.source], number[edge.target], id=i, **_edge(edge, bend, labels))
    return network


def _node(node: Node, degree: int, labels: Labels) -> dict[str, Any]:
    if node.kind == "event":
        colour = event_colour(node.type, labels.vocabulary)
        label = labels.type(node.type) + (f" ×{node.count}" if node.count > 1 else "")
        border = {"borderDashes": [3, 2]} if not node.certain else {"borderDashes": False}
        return {
            "label": "\n".join(lines(label)), "shape": "dot", "size": 5 + min(node.count, 9) // 3, "shapeProperties": border,
            "color": _colours("#fcfbf8", colour), "font": {"size": 12, "color": colour}, "borderWidth": 2,
        }  # fmt: skip
    shape, colour = NODES.get(node.type, OTHER_NODE)
    size = round(8 + min(22.0, 4.2 * math.sqrt(degree)))
    font = 13 + min(9, round(1.5 * math.sqrt(degree)))
    # The corners of these shapes take less room than a disc of the same size.
    size = round(size * {"dot": 0.92, "square": 0.85, "triangle": 1.05, "triangleDown": 1.05, "star": 1.15, "burst": 1.05}.get(shape, 1.0))
    return {"label": "\n".join(lines(node.label)), "shape": shape, "size": size, "color": _colours(colour, "#ffffff"), "font": {"size": font}}


def _colours(background: str, border: str) -> dict[str, Any]:
    strong = {"background": background, "border": "#1c2430"}
    return {"background": background, "border": border, "highlight": strong, "hover": strong}


def lines(label: str, width: int = 17, most: int = 3) -> list[str]:
    """A label cut into lines of about `width` characters, with an ellipsis if there are more than `most` of them."""
    out = [""]
    for word in _CONTROLS.sub(" ", label).split():
        word = word if len(word) <= 2 * width else word[: 2 * width - 1] + "…"
        if out[-1] and len(out[-1]) + 1 + len(word) > width:
            out.append(word)
        else:
            out[-1] = f"{out[-1]} {word}".strip()
    if len(out) > most:
        out = [*out[: most - 1], out[most - 1] + "…"]
    # An empty label would make pyvis write the number of the node.
    return out if out != [""] else ["…"]


def _box(options: Mapping[str, Any]) -> Box:
    size, font = options["size"], options["font"]["size"]
    text = options["label"].split("\n")
    width = max(len(t) for t in text) * font * 0.5 + 4
    return Box(max(size, width / 2), size, size + len(text) * font * 1.25 + 2)


def _bends(picture: Picture) -> list[float]:
    """How far each edge bows to the right of its direction, so that edges between the same two nodes lie side by side."""
    siblings: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, e in enumerate(picture.edges):
        siblings[min(e.source, e.target), max(e.source, e.target)].append(i)
    out = [0.0] * len(picture.edges)
    for (first, _), group in siblings.items():
        for place_, i in enumerate(group):
            offset = (place_ - (len(group) - 1) / 2) * 0.24
            out[i] = offset if picture.edges[i].source == first else -offset
    return out


def _edge(edge: Edge, bend: float, labels: Labels) -> dict[str, Any]:
    count = len(edge.evidence)
    smooth = {"enabled": True, "type": "curvedCW" if bend > 0 else "curvedCCW", "roundness": round(abs(bend), 2)} if abs(bend) > 0.01 else False
    arrow = {"enabled": edge.directed, "scaleFactor": 0.55, "type": "arrow"}
    if edge.kind == "role":
        acting = edge.types[0][0] in _ACTING
        uncertain = not any(e.polarity == "positive" and e.modality == "asserted" for e in edge.evidence)
        colour = event_colour(edge.evidence[0].type, labels.vocabulary)
        side = {"from" if acting else "to": {**arrow, "scaleFactor": 0.4}}
        return {"width": 1.1, "color": _line(colour, 0.55), "arrows": side, "smooth": smooth, "dashes": [4, 4] if uncertain else False}
    shown = [labels.of(edge.kind, t) + (f" ×{n}" if n > 1 else "") for t, n in edge.types[:2]]
    label = "، ".join(shown) + (f" +{len(edge.types) - 2}" if len(edge.types) > 2 else "")
    if edge.kind == "fact":
        return {
            "label": label, "width": 1, "color": _line(FACT, 0.8), "arrows": {"to": {**arrow, "scaleFactor": 0.4}}, "smooth": smooth,
            "font": {"size": 11, "color": "#667085"},
        }  # fmt: skip
    colour = event_colour(edge.types[0][0], labels.vocabulary)
    return {
        "label": label, "width": round(1.6 + 0.9 * math.log2(count), 1), "color": _line(colour, 0.85), "arrows": {"to": arrow}, "smooth": smooth,
        "font": {"color": colour},
    }  # fmt: skip


def _line(colour: str, opacity: float) -> dict[str, Any]:
    return {"color": colour, "highlight": colour, "hover": colour, "opacity": opacity, "inherit": False}


def _legend(picture: Picture, labels: Labels) -> list[dict[str, Any]]:
    counts = Counter(n.type for n in picture.nodes if n.kind == "entity")
    order = [*NODES, *sorted(set(counts) - set(NODES))]
    known = {t: NODES.get(t, OTHER_NODE) for t in order}
    return [{"key": t, "label": labels.type(t), "shape": known[t][0], "color": known[t][1], "count": counts[t]} for t in order if counts[t]]


class _Tables:
    """What the panels tell about nodes and edges. Sentences and documents, which many claims share, stand there once."""

    def __init__(self, documents: Mapping[str, Document], labels: Labels) -> None:
        self.known = documents
        self.labels = labels
        self.documents: dict[str, dict[str, Any]] = {}
        self.sentences: dict[str, int] = {}
        self.order: dict[str, int] = {}
        self.number: dict[str, int] = {}

    def data(self, picture: Picture) -> dict[str, Any]:
        number = self.number = {n.key: i for i, n in enumerate(picture.nodes)}
        nodes = [self._about(n) for n in picture.nodes]
        edges = [
            {
                "from": number[e.source], "to": number[e.target], "kind": e.kind, "directed": e.directed,
                "types": [{"key": t, "label": self.labels.of(e.kind, t), "count": n} for t, n in e.types],
                "events": sorted({c.type for c in e.evidence}) if e.kind != "fact" else [],
                "claims": [self._claim(c) for c in e.evidence],
            }
            for e in picture.edges
        ]  # fmt: skip
        return {"nodes": nodes, "edges": edges, "documents": list(self.documents.values()), "sentences": list(self.sentences)}

    def _about(self, node: Node) -> dict[str, Any]:
        a = node.attributes
        if node.kind == "event":
            out = {"label": self.labels.type(node.type), "count": node.count, "claims": [self._claim(c) for c in node.evidence]}
        else:
            quantity = a.get("quantity") or {}
            out = {
                "label": node.label, "english": a.get("label_en"), "aliases": [x for x in a.get("aliases") or () if x != node.label],
                "qid": a.get("qid"), "quantity": quantity.get("text"), "documents": [self._document(d) for d in a.get("documents") or ()],
            }  # fmt: skip
            out["same"] = [{"node": self.number[k], "score": s} for k, s in node.maybe_same]
        return {"key": node.key, "kind": node.kind, "type": node.type, **{k: v for k, v in out.items() if v}}

    def _claim(self, c: Evidence) -> dict[str, Any]:
        out = {
            "document": self._document(c.document, c), "sentence": self.sentences.setdefault(c.sentence, len(self.sentences)), "type": self.labels.of(c.kind, c.type),
            "mark": c.mark, "says": c.says, "role": self.labels.of("role", c.role) if c.role else None, "office": c.office, "confidence": c.confidence,
            "stance": [self.labels.word(w) for w in (c.polarity, c.modality) if w not in ("positive", "asserted")],
        }  # fmt: skip
        return {k: v for k, v in out.items() if v not in (None, (), [], "")}

    def _document(self, key: str, claim: Evidence | None = None) -> int:
        if key not in self.order:
            self.order[key] = len(self.order)
            d = self.known.get(key)
            about = {
                "id": key, "title": d.title if d else claim and claim.title, "published": d.published if d else claim and claim.published,
                "source": d.source if d else claim and claim.source,
            }  # fmt: skip
            self.documents[key] = {k: v for k, v in about.items() if v}
        return self.order[key]
