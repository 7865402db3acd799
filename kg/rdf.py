"""Graph -> RDF: claims rather than truths, each with its evidence, in files that two runs write alike.

    event or fact  <-kgo:about-  claim  -prov:wasDerivedFrom->  span (oa:SpecificResource)  -oa:hasSource->  document

Named graphs: one a document (its IRI is the document's), `graph/edges` (short edges, facts and possible identities as
plain triples, each with a statement that points to its claims), `graph/clusters` (which events are one event, and who says
so) and `graph/lexicon` (what is known of things apart from any document). Formats that have no named graphs get the merged
triples. There are no blank nodes, whose labels would change, and no clock time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
import rdflib

from kg.formats import FORMATS, write_quads, write_stream
from kg.graph import Attributes, Graph, fact_key
from kg.model import COUNTED
from kg.namespaces import KGO, PREFIXES, class_name, concept_key, digest, document_key, is_qid, printable, segment
from kg.sorting import Sorted
from kg.text import fold, is_arabic

__all__ = ["FORMATS", "ConceptLabels", "prefixes", "quads", "serialize", "to_dataset", "to_rdflib", "unsorted", "write"]

#: Labels of lexicon entries: identifier ("Q423", "weapon/drone") -> (Arabic, English).
ConceptLabels = Mapping[str, tuple[str | None, str | None]]

_CONTEXT = 32  # characters before and after a quotation, so that it can be found again where the text has changed
_BOUNDS = {"exact": "exact", "about": "approximately", "at-least": "atLeast", "at-most": "atMost"}
#: The name of a kgo:bound -> the bound of a quantity.
BOUND_OF = {name: bound for bound, name in _BOUNDS.items()}
_SCHEMA = {"PERSON": "Person", "STATE": "Country", "ORGANISATION": "Organization", "PLACE": "Place"}

Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]


def quads(graph: Graph, concepts: ConceptLabels | None = None) -> list[ox.Quad]:
    """All quads of a graph, each once, sorted by graph, subject, predicate (types first) and object.

    `concepts` gives labels to the classes of weapons and troops, which documents do not name in English, and Arabic ones to
    entities that they name in other letters.
    """
    return list(Sorted(unsorted(graph, concepts), named=True).quads())


def unsorted(graph: Graph, concepts: ConceptLabels | None = None) -> Iterator[ox.Quad]:
    """What `quads` gives, in no order and some of it more than once: for whoever sorts it or puts it into a set."""
    return _Writer(graph, concepts or {}).quads()


def to_dataset(graph: Graph, concepts: ConceptLabels | None = None) -> rdflib.Dataset:
    """The graph as an rdflib Dataset; its default graph is the union of the named ones."""
    dataset = rdflib.Dataset(default_union=True)
    for prefix, iri in prefixes(graph).items():
        dataset.bind(prefix, iri, replace=True)
    names: dict[str, rdflib.Graph] = {}
    for q in quads(graph, concepts):
        name = str(q.graph_name)
        if name not in names:
            names[name] = dataset.graph(rdflib.URIRef(name[1:-1]))
        names[name].add((to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object)))
    return dataset


def write(graph: Graph, path: str | os.PathLike[str], concepts: ConceptLabels | None = None) -> None:
    """Write the graph in the format that the suffix tells; see `kg.formats.write_quads`. KgError if it cannot be written."""
    write_quads(unsorted(graph, concepts), Path(path), prefixes=prefixes(graph))


def serialize(graph: Graph, suffix: str, concepts: ConceptLabels | None = None) -> bytes:
    """The graph in the RDF format of a file suffix, equal bytes for equal graphs. KgError if there is no such format."""
    file = BytesIO()
    write_stream(unsorted(graph, concepts), file, suffix.lower(), prefixes=prefixes(graph))
    return file.getvalue()


def prefixes(graph: Graph) -> dict[str, str]:
    """Prefix -> IRI of what stands in a graph, with its base as kg."""
    return dict(PREFIXES) if graph.base in PREFIXES.values() else {**PREFIXES, "kg": graph.base}


def to_rdflib(term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple | ox.DefaultGraph) -> rdflib.IdentifiedNode | rdflib.Literal:
    """A term of pyoxigraph as rdflib has it, its lexical form kept. TypeError for a triple or the default graph."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if not isinstance(term, ox.Literal):
        raise TypeError(f"rdflib has no term for {term}")
    plain = term.language or term.datatype.value == PREFIXES["xsd"] + "string"
    return rdflib.Literal(term.value, lang=term.language, datatype=None if plain else rdflib.URIRef(term.datatype.value), normalize=False)


class _Writer:
    def __init__(self, graph: Graph, concepts: ConceptLabels) -> None:
        self.graph = graph
        self.concepts = concepts
        self.by_document: dict[str, list[tuple[str, Attributes]]] = {}
        for key, data in graph.events():
            self.by_document.setdefault(data["document"], []).append((key, data))

    def quads(self) -> Iterator[ox.Quad]:
        edges, lexicon = self.node("graph/edges"), self.node("graph/lexicon")
        local = {key: self.node(document_key(data["documents"][0])) for key, data in self.graph.entities() if _is_local(key, data)}
        for id in self.graph.documents:
            name = self.node(document_key(id))
            yield from _in(name, self.document(id))
            for key, data in self.by_document.get(id, ()):
                yield from _in(name, self.event(key, data))
        for key, data in self.graph.entities():
            for id in data["documents"]:
                yield from _in(self.node(document_key(id)), self.entity(key, data, id))
            yield from _in(local.get(key, lexicon), self.names(key, data))
            yield from _in(local.get(key, lexicon), self.details(key, data))
            yield from _in(lexicon, self.concept(key, data))
        for a, b, predicate, data in self.graph.edges("fact"):
            for claim in data["claims"]:
                yield from _in(self.node(document_key(claim["document"])), self.fact_claim(a, predicate, b, claim))
            yield from _in(edges, self.facts(a, predicate, b, data))
        for a, b, predicate, data in self.graph.edges("short"):
            yield from _in(edges, self.short(a, predicate, b, data))
            if self.is_symmetric(predicate, data["event_type"]):
                yield from _in(edges, self.short(b, predicate, a, data))
        for a, b, predicate, data in self.graph.edges("candidate"):
            statement = f"edge/{predicate}-{digest(a, predicate, b)}"
            yield from _in(edges, self.statement(statement, "Candidate", a, predicate, b))
            yield from _in(edges, [(self.node(a), _kgo(predicate), self.node(b)), (self.node(statement), _kgo("score"), _decimal(data["score"]))])
        for id, origin in self.graph.copies.items():
            yield from _in(self.node("graph/clusters"), self.copy(id, origin))
        for key, data in self.graph.clusters():
            yield from _in(self.node("graph/clusters"), self.cluster(key, data))
            yield from _in(lexicon, self.lexicon_class(data["theme"]))

    def node(self, key: str) -> ox.NamedNode:
        return ox.NamedNode(self.graph.iri(key))

    # Documents

    def document(self, id: str) -> Iterator[Triple]:
        document, x = self.graph.documents[id], self.graph.extractions[id]
        node = self.node(document_key(id))
        yield from _types(node, "kgo:Document", "prov:Entity", "schema:CreativeWork")
        yield node, _curie("dcterms:identifier"), _text(id)
        yield node, _curie("dcterms:language"), _text("ar")
        yield node, _kgo("textDigest"), _text(_hash(document.text))
        if document.title:
            yield node, _curie("dcterms:title"), _label(document.title)
        if document.published:
            yield node, _curie("dcterms:date"), _date(document.published)
        if document.source:
            yield node, _curie("dcterms:source"), _text(document.source)
        yield from self.run(x.versions)

    def run_key(self, versions: Mapping[str, str]) -> str:
        return f"run/{digest(*chain.from_iterable(sorted(versions.items())))}"

    def run(self, versions: Mapping[str, str]) -> Iterator[Triple]:
        """What read the document: the same versions and hashes are the same run, whenever it ran."""
        node = self.node(self.run_key(versions))
        yield from _types(node, "prov:Activity")
        yield node, _curie("rdfs:label"), ox.Literal(printable("reading with kg " + versions.get("kg", "of unknown version")), language="en")
        for name, version in sorted(versions.items()):
            part = self.node(f"part/{segment(name)}-{digest(name, version)}")
            yield node, _curie("prov:used"), part
            yield from _types(part, "prov:Entity")
            yield part, _curie("rdfs:label"), _text(name)
            yield part, _kgo("version"), _text(version)

    def span(self, id: str, start: int, end: int) -> Iterator[Triple]:
        text = self.graph.documents[id].text
        key = _span_key(id, start, end)
        node, position, quote = (self.node(k) for k in (key, f"{key}/position", f"{key}/quote"))
        yield from _types(node, "oa:SpecificResource")
        yield node, _curie("oa:hasSource"), self.node(document_key(id))
        yield node, _curie("oa:hasSelector"), position
        yield node, _curie("oa:hasSelector"), quote
        yield from _types(position, "oa:TextPositionSelector")
        # Not xsd:nonNegativeInteger, which Oxigraph turns into this.
        yield position, _curie("oa:start"), _literal(str(start), "xsd:integer")
        yield position, _curie("oa:end"), _literal(str(end), "xsd:integer")
        yield from _types(quote, "oa:TextQuoteSelector")
        yield quote, _curie("oa:exact"), _text(text[start:end])
        yield quote, _curie("oa:prefix"), _text(text[max(0, start - _CONTEXT) : start])
        yield quote, _curie("oa:suffix"), _text(text[end : end + _CONTEXT])

    # Entities

    def entity(self, key: str, data: Attributes, document: str) -> Iterator[Triple]:
        """What a document's own graph says of an entity in it: enough to read that graph alone."""
        node = self.node(key)
        schema = [f"schema:{_SCHEMA[data['type']]}"] if data["type"] in _SCHEMA else []
        yield from _types(node, f"kgo:{class_name(data['type'])}", "kgo:Entity", *schema)
        yield node, _kgo("mentionedIn"), self.node(document_key(document))
        yield from self.labels(node, self.arabic(data), data["label_en"])

    def arabic(self, data: Attributes) -> str:
        """The name of an entity in Arabic: the text's, or the lexicon's where that is in other letters."""
        name: str = data["label_ar"]
        # A group is no more than its class: "F-16" does not become "طائرة مقاتلة".
        known = None if is_arabic(name) or data["type"] in COUNTED else self.concepts.get(data["concept"] or data["qid"] or "", (None, None))[0]
        return known or name

    def labels(self, node: ox.NamedNode, ar: str, en: str | None) -> Iterator[Triple]:
        """Everything has a label in Arabic, so that queries can count on it: a name that Arabic news write as "CNN" is "CNN"@ar."""
        yield node, _curie("rdfs:label"), ox.Literal(printable(ar), language="ar")
        if en and not is_arabic(en):
            yield node, _curie("rdfs:label"), ox.Literal(printable(en), language="en")

    def names(self, key: str, data: Attributes) -> Iterator[Triple]:
        node = self.node(key)
        for alias in data["aliases"]:
            yield node, _curie("skos:altLabel"), _label(alias)
        for name in (data["label_ar"], data["label_en"], *data["aliases"]):
            if name and (folded := fold(name)):
                yield node, _kgo("searchKey"), _text(folded)

    def details(self, key: str, data: Attributes) -> Iterator[Triple]:
        node = self.node(key)
        if data["qid"]:
            yield node, _curie("skos:exactMatch"), _curie(f"wd:{data['qid']}")
        if data["concept"] and data["type"] in COUNTED:
            yield node, _kgo("ofType"), self.node(concept_key(data["concept"]))
        if q := data["quantity"]:
            yield node, _kgo("value"), _number(q["value"])
            yield node, _kgo("bound"), _kgo(_BOUNDS.get(q["bound"], "exact"))
            if q["unit"]:
                yield node, _kgo("unit"), _text(q["unit"])
            if q["text"]:
                yield node, _kgo("quantityText"), _label(q["text"])

    def concept(self, key: str, data: Attributes) -> Iterator[Triple]:
        return self.lexicon_class(data["concept"] if data["type"] in COUNTED else None)

    def lexicon_class(self, concept: str | None) -> Iterator[Triple]:
        if not concept:
            return
        node = self.node(concept_key(concept))
        yield from _types(node, "kgo:Concept", "skos:Concept")
        yield node, _curie("skos:notation"), _text(concept)
        if is_qid(concept):
            yield node, _curie("skos:exactMatch"), _curie(f"wd:{concept}")
        ar, en = self.concepts.get(concept, (None, None))
        for label, language in ((ar, "ar"), (en, "en")):
            if label:
                yield node, _curie("rdfs:label"), ox.Literal(printable(label), language=language)
                yield node, _curie("skos:prefLabel"), ox.Literal(printable(label), language=language)

    # Events and facts

    def event(self, key: str, data: Attributes) -> Iterator[Triple]:
        node, type = self.node(key), class_name(data["type"])
        yield from _types(node, f"kgo:{type}", "kgo:Event", "sem:Event")
        yield from self.labels(node, data["label_ar"], data["label_en"])
        yield node, _kgo("triggerText"), _label(data["trigger"])
        yield node, _kgo("trigger"), self.node(_span_key(data["document"], data["start"], data["end"]))
        for name, codes in (("plover", [data["plover"]]), ("mode", [data["mode"]]), ("context", data["contexts"]), ("cameo", [data["cameo"]])):
            for code in filter(None, codes):
                yield node, _kgo(name), _text(code)
        if data["intensity"] is not None:
            yield node, _kgo("intensity"), _decimal(data["intensity"])
        for name, day in (("firstDay", data.get("first_day")), ("lastDay", data.get("last_day"))):
            if day:
                yield node, _kgo(name), _date(day)
        if data.get("time_text"):
            yield node, _kgo("timeText"), _label(data["time_text"])
        if data["path"]:
            yield node, _kgo("foundBy"), _text(data["path"])
        for role, entities in self.graph.roles(key).items():
            for entity in entities:
                yield node, _kgo(role), self.node(entity)
        yield from self.span(data["document"], data["start"], data["end"])
        for claim, source in zip(_claim_keys(data), data["sources"] or [None], strict=True):
            yield from self.claim(claim, key, data, data["polarity"], data["modality"])
            if source:
                yield self.node(claim), _kgo("claimant"), self.node(source)

    def claim(self, key: str, about: str, data: Attributes, polarity: str, modality: str) -> Iterator[Triple]:
        node, document = self.node(key), self.graph.documents[data["document"]]
        yield from _types(node, "kgo:Claim", "schema:Claim")
        yield node, _kgo("about"), self.node(about)
        yield node, _kgo("polarity"), _kgo(polarity)
        yield node, _kgo("modality"), _kgo(modality)
        yield node, _kgo("confidence"), _decimal(data["confidence"])
        yield node, _curie("prov:wasDerivedFrom"), self.node(_span_key(document.id, data["sentence_start"], data["sentence_end"]))
        yield node, _curie("prov:wasGeneratedBy"), self.node(self.run_key(self.graph.extractions[document.id].versions))
        if document.published:
            yield node, _curie("dcterms:date"), _date(document.published)
        yield from self.span(document.id, data["sentence_start"], data["sentence_end"])

    def fact_claim(self, a: str, predicate: str, b: str, claim: Attributes) -> Iterator[Triple]:
        fact = fact_key(a, predicate, b, claim["office"])
        key, place = _fact_claim_key(fact, claim), (claim["document"], claim["start"], claim["end"])
        yield from self.claim(key, fact, claim, "positive", "asserted")
        yield self.node(key), _curie("prov:wasDerivedFrom"), self.node(_span_key(*place))
        yield from self.span(*place)
        yield from self.statement(fact, "Fact", a, predicate, b)
        yield from self.office(fact, claim)

    def facts(self, a: str, predicate: str, b: str, data: Attributes) -> Iterator[Triple]:
        yield self.node(a), _kgo(predicate), self.node(b)
        for claim in data["claims"]:
            fact = fact_key(a, predicate, b, claim["office"])
            yield from self.statement(fact, "Fact", a, predicate, b)
            yield from self.office(fact, claim)
            yield self.node(fact), _kgo("claim"), self.node(_fact_claim_key(fact, claim))

    def office(self, fact: str, claim: Attributes) -> Iterator[Triple]:
        if claim["office"]:
            yield self.node(fact), _kgo("office"), _label(claim["office"])

    # Copies and clusters

    def copy(self, document: str, origin: str) -> Iterator[Triple]:
        yield self.node(document_key(document)), _kgo("copyOf"), self.node(document_key(origin))

    def cluster(self, key: str, data: Attributes) -> Iterator[Triple]:
        node = self.node(key)
        yield from _types(node, "kgo:EventCluster", "prov:Collection")
        of = self.concepts.get(data["theme"] or "", (None, None))
        ar, en = (f"{name} ({of[i]})" if of[i] else name for i, name in enumerate((data["label_ar"], data["label_en"])))
        yield from self.labels(node, ar, en)
        yield node, _kgo("eventClass"), _kgo(class_name(data["type"]))
        for event in data["members"]:
            yield self.node(event), _kgo("inCluster"), node
        yield node, _kgo("memberCount"), _literal(str(len(data["members"])), "xsd:integer")
        for entities in data["participants"].values():
            for entity in entities:
                yield node, _kgo("involves"), self.node(entity)
        if data["theme"]:
            yield node, _kgo("themeClass"), self.node(concept_key(data["theme"]))
        yield node, _kgo("independentSources"), _literal(str(len(data["sources"])), "xsd:integer")
        for predicate, sources in (("toldBy", data["sources"]), ("deniedBy", data["deniers"])):
            for source, name in sources:
                yield node, _kgo(predicate), self.node(source)
                if source.startswith("publisher/"):
                    yield from _types(self.node(source), "kgo:Publisher", "prov:Agent")
                    yield self.node(source), _curie("rdfs:label"), _label(name)
        for numbers in data["numbers"][:1]:  # of the unit that most reports count in; the others stand with the members
            yield node, _kgo("minValue"), _number(numbers["min"])
            yield node, _kgo("maxValue"), _number(numbers["max"])
            yield node, _kgo("numberReports"), _literal(str(numbers["reports"]), "xsd:integer")
            if numbers["unit"]:
                yield node, _kgo("unit"), _text(numbers["unit"])
        for predicate, day in (("firstReported", data["first"]), ("lastReported", data["last"])):
            if day:
                yield node, _kgo(predicate), _literal(day.isoformat(), "xsd:date")
        for document in data["documents"]:
            yield node, _curie("prov:wasDerivedFrom"), self.node(document_key(document))

    # Edges

    def is_symmetric(self, predicate: str, event_type: str) -> bool:
        return self.graph.vocabulary.short.get((class_name(event_type), "party", "party")) == predicate

    def short(self, a: str, predicate: str, b: str, data: Attributes) -> Iterator[Triple]:
        statement = f"edge/{predicate}-{digest(a, predicate, b)}"
        yield self.node(a), _kgo(predicate), self.node(b)
        yield from self.statement(statement, "Edge", a, predicate, b)
        for event in data["events"]:
            for claim in _claim_keys(self.graph.nx.nodes[event]):
                yield self.node(statement), _kgo("claim"), self.node(claim)

    def statement(self, key: str, type: str, a: str, predicate: str, b: str) -> Iterator[Triple]:
        node = self.node(key)
        yield from _types(node, f"kgo:{type}", "rdf:Statement")
        yield node, _curie("rdf:subject"), self.node(a)
        yield node, _curie("rdf:predicate"), _kgo(predicate)
        yield node, _curie("rdf:object"), self.node(b)


def _in(graph: ox.NamedNode, triples: Iterable[Triple]) -> Iterator[ox.Quad]:
    return (ox.Quad(s, p, o, graph) for s, p, o in triples)


def _types(node: ox.NamedNode, *classes: str) -> list[Triple]:
    return [(node, _curie("rdf:type"), _curie(c)) for c in classes]


def _is_local(key: str, data: Attributes) -> bool:
    """Whether an entity belongs to its document."""
    return key.startswith(document_key(data["documents"][0]) + "/")


def _span_key(document: str, start: int, end: int) -> str:
    return f"{document_key(document)}/span-{start}-{end}"


def _claim_keys(event: Attributes) -> list[str]:
    """The keys of the claims about an event: one for each source that the document names, or one in its own voice."""
    document, _, name = event["event"].rpartition("/")
    key, n = f"{document}/claim-{name}", len(event["sources"])
    return [key] if n < 2 else [f"{key}-by-{i}" for i in range(1, n + 1)]


def _fact_claim_key(fact: str, claim: Attributes) -> str:
    return f"{document_key(claim['document'])}/claim-{fact.removeprefix('fact/')}-{claim['start']}-{claim['end']}"


@cache
def _curie(curie: str) -> ox.NamedNode:
    prefix, name = curie.split(":")
    return ox.NamedNode(PREFIXES[prefix] + name)


@cache
def _kgo(name: str) -> ox.NamedNode:
    return ox.NamedNode(KGO + name)


def _text(text: str) -> ox.Literal:
    return ox.Literal(printable(text))


def _label(text: str) -> ox.Literal:
    """Text in Arabic if it holds an Arabic letter; other text (a Latin name, a number) is left without a language."""
    return ox.Literal(printable(text), language="ar") if is_arabic(text) else _text(text)


def _literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=_curie(datatype))


def _decimal(value: float) -> ox.Literal:
    return _literal(_plain(round(value, 4)), "xsd:decimal")


def _number(value: float) -> ox.Literal:
    return _literal(str(int(value)), "xsd:integer") if value == int(value) else _literal(_plain(value), "xsd:decimal")


def _plain(value: float) -> str:
    """A number without an exponent, which xsd:decimal does not have, and with a point, so that Turtle needs no datatype."""
    text = format(Decimal(repr(value)), "f")
    return text if "." in text else f"{text}.0"


def _date(text: str) -> ox.Literal:
    """A date, a date and time, or, where it is neither in ISO 8601, the text as it is."""
    try:
        return _literal(date.fromisoformat(text).isoformat(), "xsd:date")
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _text(text)
    # XML Schema knows time zones of whole minutes, up to 14 hours; ISO 8601 as Python reads it, any.
    zone = moment.utcoffset() or timedelta()
    sound = zone % timedelta(minutes=1) == timedelta() and abs(zone) <= timedelta(hours=14)
    return _literal(moment.isoformat(), "xsd:dateTime") if sound else _text(text)


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
