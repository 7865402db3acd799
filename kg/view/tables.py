"""What the page's script is told of nodes, lines, happenings, claims and documents. What many claims share stands there once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from kg.graph import Graph
from kg.identity import entity_keys
from kg.view.picture import Claim, Edge, Happening, Node, Picture
from kg.view.style import event_class

#: Documents whose texts have more characters than this together are left out of the page.
TEXTS = 3_000_000


class Tables:
    """Collects the tables; `data` gives them. Documents, sentences and nodes are referred to by number."""

    def __init__(self, graph: Graph, picture: Picture) -> None:
        self.graph = graph
        self.picture = picture
        self.number = {n.key: i for i, n in enumerate(picture.nodes)}
        self.order: dict[str, int] = {}
        self.documents: list[dict[str, Any]] = []
        self.sentences: dict[str, int] = {}
        self.claims: dict[Claim, int] = {}
        self.claim_rows: list[dict[str, Any]] = []
        self.spans = {id: _mentions(graph, id) for id in graph.documents}
        self.with_text = sum(len(d.text) for d in graph.documents.values()) <= TEXTS

    def data(self) -> dict[str, Any]:
        for id in self.graph.documents:
            self.document(id)
        nodes = [self.node(n) for n in self.picture.nodes]
        happenings = [self.happening(h) for h in self.picture.happenings]
        edges = [self.edge(e) for e in self.picture.edges]
        self.mark_documents()
        texts = "left out" if not self.with_text else "yes" if any(d.get("text") for d in self.documents) else "no"
        return {
            "nodes": nodes, "edges": edges, "happenings": happenings, "claims": self.claim_rows, "documents": self.documents,
            "sentences": list(self.sentences), "texts": texts,
        }  # fmt: skip

    def node(self, n: Node) -> dict[str, Any]:
        a = n.attributes
        out: dict[str, Any] = {"key": n.key, "kind": n.kind, "type": n.type}
        if n.kind == "event":
            return out | {"happenings": n.happenings} | ({} if n.certain else {"uncertain": True})
        quantity = a.get("quantity") or {}
        more = {
            "english": a.get("label_en"), "aliases": [x for x in a.get("aliases") or () if x != n.label], "qid": a.get("qid"),
            "quantity": quantity.get("text"), "documents": [self.document(d) for d in a.get("documents") or ()],
            "same": [{"node": self.number[k], "score": s} for k, s in n.maybe_same],
        }  # fmt: skip
        if n.state:
            more["state"] = self.number[n.state] + 1  # 0 is no state
        return out | {"label": n.label} | {k: v for k, v in more.items() if v}

    def edge(self, e: Edge) -> dict[str, Any]:
        out: dict[str, Any] = {"from": self.number[e.source], "to": self.number[e.target], "kind": e.kind, "types": e.types}
        if not e.directed:
            out["mutual"] = True
        if not e.certain:
            out["uncertain"] = True
        if e.kind == "event":
            out |= {"happenings": e.happenings, "class": event_class(e.types[0][0], self.graph.vocabulary)}
        elif e.kind == "role":
            out["happenings"] = self.picture.nodes[self.number[e.source]].happenings
        else:
            out["claims"] = [self.claim(c) for c in e.claims]
        return out

    def happening(self, h: Happening) -> dict[str, Any]:
        out = {
            "type": h.type, "claims": [self.claim(c) for c in h.claims], "documents": len(h.documents),
            "roles": {r: [self.number[k] for k in ks if k in self.number] for r, ks in h.roles.items()},
            "sources": h.sources, "deniers": h.deniers, "days": h.days, "dated": h.dated, "uncertain": not h.certain,
            "numbers": [[n["min"], n["max"], n["unit"]] for n in h.numbers],
        }  # fmt: skip
        return {k: v for k, v in out.items() if v}

    def claim(self, c: Claim) -> int:
        if c not in self.claims:
            self.claims[c] = len(self.claims)
            row = {
                "document": self.document(c.document, c), "sentence": self.sentences.setdefault(c.sentence, len(self.sentences)), "type": c.type,
                "mark": c.mark, "args": self.arguments(c), "says": [self.said(k) for k in c.says], "office": c.office,
                "confidence": c.confidence if c.confidence != 1 else None, "at": c.at[0] if self.with_text and c.at[0] > 0 else None,
                "stance": [w for w in (c.polarity, c.modality) if w not in ("positive", "asserted")],
            }  # fmt: skip
            self.claim_rows.append({k: v for k, v in row.items() if v not in (None, (), [], "")})
        return self.claims[c]

    def said(self, key: str) -> int | str:
        """The number of a node; the key of what is none."""
        return self.number.get(key, key)

    def arguments(self, c: Claim) -> list[tuple[int, int, int]]:
        """(start, end, node) of the participants in the sentence: by their mentions, else by their names."""
        found = []
        for key in dict.fromkeys(c.who):
            if key not in self.number:
                continue
            spans = [(s - c.at[0], e - c.at[0]) for s, e in self.spans.get(c.document, {}).get(key, ()) if c.at[0] <= s and e <= c.at[1]]
            if not spans and not self.spans.get(c.document):
                spans = _named(self.picture.nodes[self.number[key]], c.sentence)
            found += [(s, e, self.number[key]) for s, e in spans]
        return _apart(found, [c.mark] if c.mark else [])

    def document(self, key: str, claim: Claim | None = None) -> int:
        if key not in self.order:
            self.order[key] = len(self.order)
            d = self.graph.documents.get(key) or claim
            about = {"id": key, "title": d and d.title, "published": d and d.published, "source": d and d.source}
            self.documents.append({k: v for k, v in about.items() if v})
        return self.order[key]

    def mark_documents(self) -> None:
        """Texts with their mentions: (start, end, node) and, of the words that name an event, (start, end, -1 - happening)."""
        triggers: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for i, h in enumerate(self.picture.happenings):
            for c in h.claims:
                if c.mark and c.at[0] >= 0:
                    triggers[c.document].append((c.at[0] + c.mark[0], c.at[0] + c.mark[1], -1 - i))
        for id, d in self.graph.documents.items():
            if d.text and self.with_text:
                names = [(s, e, self.number[k]) for k, spans in self.spans[id].items() if k in self.number for s, e in spans]
                self.documents[self.order[id]] |= {"text": d.text, "marks": _apart([*names, *triggers[id]], ())}


def _mentions(graph: Graph, id: str) -> dict[str, list[tuple[int, int]]]:
    """Key of an entity -> where the document mentions it; nothing where the graph was read from RDF, which does not tell."""
    x = graph.extractions.get(id)
    out: dict[str, list[tuple[int, int]]] = defaultdict(list)
    if x:
        keys = entity_keys(x, graph.vocabulary, graph.identity)
        for e in x.entities:
            out[keys[e.id]] += [(m.start, m.end) for m in e.mentions]
    return out


def _named(node: Node, sentence: str) -> list[tuple[int, int]]:
    a: Mapping[str, Any] = node.attributes
    for name in (node.label, *(a.get("aliases") or ())):
        if name and (at := sentence.find(name)) >= 0:
            return [(at, at + len(name))]
    return []


def _apart(spans: Iterable[tuple[int, int, int]], taken: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Spans without those that overlap a longer one or one that is taken."""
    kept: list[tuple[int, int]] = list(taken)
    out = []
    for s, e, n in sorted(set(spans), key=lambda s: (s[0] - s[1], s)):
        if all(e <= a or b <= s for a, b in kept):
            kept.append((s, e))
            out.append((s, e, n))
    return sorted(out)
