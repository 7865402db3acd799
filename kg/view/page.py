"""From a picture to one HTML file: pyvis holds the network, our template, style and script show it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from kg.model import Document
from kg.view.labels import Labels
from kg.view.network import network_of
from kg.view.picture import Evidence, Node, Picture
from kg.view.style import CLASSES, NODES, OTHER_NODE, event_class, event_colour


def render(picture: Picture, documents: Mapping[str, Document], events: Counter[str], title: str, labels: Labels) -> str:
    """The page as a text. `events` counts all events of the graph by type, also those that share an edge."""
    from jinja2 import Environment, StrictUndefined

    network = network_of(picture, labels)
    nodes, edges, *_, options = network.get_network_data()
    data = _Tables(documents, labels).data(picture) | {
        "network": {"nodes": nodes, "edges": edges, "options": json.loads(options)},
        "types": _legend(picture, labels),
        "events": [
            {"key": t, "label": labels.type(t), "count": n, "color": event_colour(t, labels.vocabulary)}
            for t, n in sorted(events.items(), key=lambda e: (-e[1], e[0]))
        ],
        "classes": _classes(events, labels),
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
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string(here.joinpath("template.html").read_text("utf-8"))
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


def _legend(picture: Picture, labels: Labels) -> list[dict[str, Any]]:
    counts = Counter(n.type for n in picture.nodes if n.kind == "entity")
    order = [*NODES, *sorted(set(counts) - set(NODES))]
    known = {t: NODES.get(t, OTHER_NODE) for t in order}
    return [{"key": t, "label": labels.type(t), "shape": known[t][0], "color": known[t][1], "count": counts[t]} for t in order if counts[t]]


def _classes(events: Counter[str], labels: Labels) -> list[dict[str, Any]]:
    counts: Counter[str] = Counter()
    for t, n in events.items():
        counts[event_class(t, labels.vocabulary)] += n
    return [{"key": c, "label": labels.word(c), "color": CLASSES[c], "count": counts[c]} for c in CLASSES if counts[c]]


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
            "document": self._document(c.document, c), "sentence": self.sentences.setdefault(c.sentence, len(self.sentences)),
            "type": self.labels.of(c.kind, c.type), "mark": c.mark, "says": c.says, "role": self.labels.of("role", c.role) if c.role else None,
            "office": c.office, "confidence": c.confidence,
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
