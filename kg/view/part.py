"""Store -> Graph: a part of a graph that is too large for a picture, in memory that does not grow with the whole.

The entities that most documents mention, some of the events among them with what takes part in these and is of one document («3000 جندي»),
facts, clusters, and the documents that say so.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.graph import Graph
from kg.serve.reader import Claim, Document, term
from kg.serve.stored import Builder
from kg.vocabulary import Vocabulary

#: How many entities are shown, how many events are looked at for each of them, and how many claims about a fact.
ENTITIES, EVENTS, CLAIMS = 150, 60, 20


def part(store: ox.Store, entities: Iterable[str], base: str, vocabulary: Vocabulary | None = None) -> Graph:
    """The graph of some entities, by their keys, and of up to `EVENTS` events of each."""
    return _Builder(store, (ox.NamedNode(base + key) for key in entities), base, vocabulary=vocabulary).build()


class _Builder(Builder):
    most_events, most_claims = EVENTS, CLAIMS

    def build(self) -> Graph:
        self.cited: dict[str, Document] = {}  # by IRI
        graph = super().build()
        for entity in self.entities:
            found = self.store.quads_for_pattern(entity, term("kgo:mentionedIn"), None, ox.DefaultGraph())
            ids = (d.id for q in found if isinstance(q.object, ox.NamedNode) and (d := self.cited.get(q.object.value)))
            self.nx.nodes[self.key(entity)]["documents"] = sorted(ids)
        return graph

    def documents(self) -> Iterable[Document]:
        return self.cited.values()

    def mentioned_in(self, entity: ox.NamedNode) -> list[str]:
        return []  # until it is known which documents are cited

    def joins(self, entity: ox.NamedNode, claim: Claim) -> bool:
        return entity.value.startswith(f"{claim.document.iri}/")

    def claim(self, c: Claim) -> dict[str, object]:
        self.cited[c.document.iri] = c.document
        return super().claim(c)
