"""docs/ontology.md from ontology/kg.ttl: every class and property in both languages, with a diagram.

python -m kg.ontology_page          writes docs/ontology.md beside the ontology's folder
python -m kg.ontology_page --check  exit status 1 if the page is not what it would write
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import rdflib
from rdflib.namespace import OWL, RDF, RDFS

from kg.namespaces import KGO, PREFIXES
from kg.resources import ontology_dir
from kg.vocabulary import vocabulary

PAGE = "docs/ontology.md"

_K = rdflib.Namespace(KGO)
_NAMES = {**PREFIXES, "org": "http://www.w3.org/ns/org#", "time": "http://www.w3.org/2006/time#"}
_SEVERAL = (OWL.unionOf, OWL.oneOf)

#: What docs/tools/draw_model.py draws of the model: (class, property, class), and what kinds of entities there are.
DIAGRAM = (
    ("Claim", "about", "Event"), ("Claim", "claimant", "Entity"), ("Claim", "prov:wasDerivedFrom", "Span"), ("Span", "oa:hasSource", "Document"),
    ("Claim", "prov:wasGeneratedBy", "Run"), ("Event", "agent, theme, …", "Entity"), ("Event", "inCluster", "EventCluster"),
    ("EventCluster", "toldBy, deniedBy", "Entity"), ("Entity", "mentionedIn", "Document"), ("Entity", "ofType", "Concept"),
    ("Entity", "sendsTo, meets, …", "Entity"), ("Edge", "claim", "Claim"), ("Fact", "claim", "Claim"), ("Claim", "about", "Fact"),
    ("Candidate", "possiblySame", "Entity"),
)  # fmt: skip
KINDS = ("Person", "State", "Organisation", "Force", "Weapon", "Place", "Agreement", "Conflict")

_TITLES = (
    "Entities", "Identity", "Events", "Event types", "Codes", "Roles", "Facts", "Short edges", "Claims", "Clusters", "Inverses",
    "What kg reads: the lexicon", "What kg reads: frames and cues",
)  # fmt: skip


def page() -> str:
    """The text of the page."""
    file = ontology_dir() / "kg.ttl"
    graph = rdflib.Graph().parse(file)
    text = file.read_text(encoding="utf-8")
    sections = _sections(text, graph)
    count = sum(map(len, sections.values()))
    version = graph.value(graph.value(predicate=RDF.type, object=OWL.Ontology), OWL.versionInfo)
    others = [f"`{p}:` `<{iri}>`" for p, iri in sorted(_NAMES.items()) if p not in ("kgo", "wd")]
    lines = [
        "# The ontology", "",
        "<!-- Made from ontology/kg.ttl by `python -m kg.ontology_page`; do not edit. -->", "",
        f"The vocabulary of a graph of kg, version {version}: {count} terms under `kgo:` = `<{KGO}>`, each with a label and a comment in Arabic "
        "and English. It is [`ontology/kg.ttl`](../ontology/kg.ttl); what a graph must look like stands in "
        "[`shapes.ttl`](../ontology/shapes.ttl), and the codes of PLOVER with the rules by which events get them in "
        "[`plover.ttl`](../ontology/plover.ttl).", "",
        "Other vocabularies in use: " + ", ".join(others) + ".", "",
        "## The model", "", f"![{_drawn()}](assets/model.svg)", "",
        "Nothing is asserted bare: an event or fact is a node, and each document and source that reports it adds a claim. Short edges and "
        "facts between entities each have a statement (`kgo:Edge`, `kgo:Fact`) that points to its claims.", "",
    ]  # fmt: skip
    for title in _TITLES:
        terms = sections[title]
        lines += [f"## {title}", ""]
        lines += _event_types(terms, graph) if title == "Event types" else _table(terms, graph)
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def _sections(text: str, graph: rdflib.Graph) -> dict[str, list[rdflib.URIRef]]:
    """Title -> the terms of a part of the file, in its order. Event types are a part of their own."""
    out: dict[str, list[rdflib.URIRef]] = {title: [] for title in _TITLES}
    title = ""
    for line in text.splitlines():
        if line.startswith("# "):
            title = next((t for t in _TITLES if line.removeprefix("# ").startswith(t)), title)
        elif line.startswith("kgo:") and (term := _K[line.split()[0].removeprefix("kgo:")]) is not None:
            out["Event types" if (term, RDFS.subClassOf, _K.Event) in graph else title].append(term)
    return out


def _drawn() -> str:
    """The drawing in words, for those who do not see it."""
    return f"{'; '.join(f'{a} – {name} → {b}' for a, name, b in DIAGRAM)}; kinds of Entity: {', '.join(KINDS)}"


def _table(terms: Sequence[rdflib.URIRef], graph: rdflib.Graph) -> list[str]:
    rows = ["| term | بالعربية | English | from → to | see |", "| --- | --- | --- | --- | --- |"]
    for term in terms:
        kind = " or ".join(sorted(_short(o, graph) for o in graph.objects(term, RDF.type) if o != OWL.NamedIndividual))
        reach = " → ".join(_names(graph.objects(term, p), graph) or "…" for p in (RDFS.domain, RDFS.range))
        ends = reach if "Property" in kind else "class" if kind == "owl:Class" else kind
        rows.append(_row(f"`{term.removeprefix(KGO)}`", _words(term, "ar", graph), _words(term, "en", graph), ends, _see(term, graph)))
    return rows


def _event_types(terms: Sequence[rdflib.URIRef], graph: rdflib.Graph) -> list[str]:
    words = vocabulary()
    rows = ["| class | بالعربية | English | PLOVER | mode | context | CAMEO | rules |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for term in terms:
        name = term.removeprefix(KGO)
        codes = words.coder.classes[name]
        rules = [r.id.rpartition("/")[2] for r in words.coder.rules.get(name, ())]
        cells = (codes.plover or "", codes.mode or "", ", ".join(codes.contexts), codes.cameo or "", ", ".join(r.partition(".")[2] for r in rules))
        rows.append(_row(f"`{name}`", _words(term, "ar", graph), _words(term, "en", graph), *cells))
    return [*rows, "", "`rules` are those of `plover.ttl` that change a code by what is sent, to whom, with what, or by which word."]


def _row(*cells: str) -> str:
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"


def _words(term: rdflib.URIRef, language: str, graph: rdflib.Graph) -> str:
    label, comment = (
        next((str(o) for o in graph.objects(term, p) if isinstance(o, rdflib.Literal) and o.language == language), "")
        for p in (RDFS.label, RDFS.comment)
    )
    return f"**{label}**: {comment}" if comment else f"**{label}**"


def _see(term: rdflib.URIRef, graph: rdflib.Graph) -> str:
    """What the term is a kind of, its inverse, and what else to look at."""
    above = _names((o for p in (RDFS.subClassOf, RDFS.subPropertyOf) for o in graph.objects(term, p)), graph)
    parts = [
        ("⊂ ", above),
        ("inverse ", _names(graph.objects(term, OWL.inverseOf), graph)),
        ("see ", _names(graph.objects(term, RDFS.seeAlso), graph)),
    ]
    symmetric = "symmetric" if (term, RDF.type, OWL.SymmetricProperty) in graph else ""
    return "; ".join(filter(None, (*(start + names for start, names in parts if names), symmetric)))


def _names(terms: Iterable[rdflib.term.Node], graph: rdflib.Graph) -> str:
    return ", ".join(sorted(_short(t, graph) for t in terms))


def _short(term: rdflib.term.Node, graph: rdflib.Graph) -> str:
    for several in _SEVERAL if isinstance(term, rdflib.BNode) else ():
        if (items := graph.value(term, several)) is not None:
            return " or ".join(_short(i, graph) for i in graph.items(items))
    iri = str(term)
    if iri.startswith(KGO):
        return iri.removeprefix(KGO)
    return next((f"{p}:{iri.removeprefix(ns)}" for p, ns in sorted(_NAMES.items()) if iri.startswith(ns)), f"<{iri}>")


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with --check say whether it is as it should be."""
    path = ontology_dir().parent / PAGE
    if "--check" in arguments:
        return int(not path.is_file() or path.read_text(encoding="utf-8") != page())
    path.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
