"""Treebanks: UD v1 to UD v2, vowels off, surface tokens rebuilt, the two annotation schools brought together.

    python -m kg.training.treebank IN.conllu OUT.conllu

PADT comes as UD v1 with vocalised forms, syntactic words only and no text; PUD as UD v2 with words cut and
`SpaceAfter=No` between them. Out of both comes one kind of file: UD v2, undiacritised, `# text`, multi-word tokens.

All words of a token concatenate to it, as they do in PUD (`زوجت` + `ه`, `ل` + `لسلطة`): the tokenisation of PADT, which
writes `زوجة` + `ه` and `ل` + `السلطة`, is brought to that. So every word has offsets in the text, and Stanza's
multi-word expander becomes a classifier of cuts, which cannot invent letters.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from kg.text import PROCLITICS, clean, is_arabic
from kg.training import harmonise, unanalysed

Node = Any  # udapi.core.node.Node, which is untyped
Tree = Any

_CLITIC_TAGS = ("C", "P", "F")  # conjunction, preposition, particle in PADT's tag set
_SUBTYPES = {"nsubj:pass", "csubj:pass", "aux:pass", "compound:prt"}
_TIME = {"اليوم", "أمس", "يوم", "صباح", "مساء", "عام", "سنة", "شهر", "أسبوع", "الأسبوع", "الشهر", "العام", "السنة", "ليل", "الليلة", "غدا"}
_DAYS = {"السبت", "الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة"}

#: Function words of PADT that PUD tags and attaches otherwise: form -> (UPOS, relation), PUD's majority for that form.
_PARTICLES = {
    "قد": ("PART", "compound:prt"), "لقد": ("PART", "compound:prt"), "س": ("PART", "compound:prt"), "سوف": ("PART", "compound:prt"),
    "إن": ("PART", "compound:prt"), "لكن": ("ADP", "mark"), "أن": ("SCONJ", "mark"), "عندما": ("ADP", "mark"), "حيث": ("ADP", "mark"),
    "إذا": ("ADP", "mark"), "لا": ("PART", "advmod"), "لم": ("PART", "advmod"), "لن": ("PART", "advmod"), "غير": ("PART", "advmod"),
    "بينما": ("ADP", "mark"), "بعدما": ("ADP", "mark"), "لأن": ("ADP", "mark"), "حتى": ("ADP", "mark"),
}  # fmt: skip
_PARTICLE_RELATIONS = {"mark", "aux", "aux:pass", "advmod", "neg", "cc", "dep", "compound"}


def bare(form: str) -> str:
    """The form as the models see it: without vowel signs and tatweel, digits in ASCII."""
    return clean(form).text or "-"  # a token of tatweel alone is a dash


# ---------------------------------------------------------------------------------------------------------------------
# Labels


def is_v1(tree: Tree) -> bool:
    """Whether a tree is PADT's UD v1, known by its tags and relations."""
    return any(n.upos == "CONJ" or n.deprel in ("dobj", "nsubjpass", "neg", "mwe") for n in tree.descendants)


def promote_conjunction_roots(tree: Tree) -> None:
    """PADT hangs a sentence under its opening و: the clause becomes the root and و its `cc`."""
    for node in [n for n in tree.children if n.upos == "CCONJ" and n.children]:
        below = [c for c in node.children if c.udeprel not in ("punct", "cc")]
        if not below:
            continue
        clause = next((c for c in below if c.udeprel == "parataxis"), below[0])
        deprel = node.deprel
        clause.parent, clause.deprel = tree, deprel
        for child in node.children:
            child.parent = clause
            if child.udeprel == "parataxis":
                child.deprel = "conj"
        node.parent, node.deprel = clause, "cc"


def join_names(tree: Tree) -> None:
    """Names that PADT chains as nominal modifiers become flat, with the first word as head, as in PUD."""
    nodes = tree.descendants
    i = 0
    while i < len(nodes):
        j = i + 1
        while j < len(nodes) and nodes[i].upos == "PROPN" and nodes[j].upos == "PROPN" and nodes[j].misc["_name"] == nodes[i].misc["_name"] == "1":
            j += 1
        run = nodes[i:j]
        top = [n for n in run if n.parent not in run]
        if len(run) > 1 and len(top) == 1 and all(n is top[0] or n.udeprel in ("nmod", "flat", "dep", "compound") for n in run):
            head, first = top[0], run[0]
            if head is not first:
                first.parent, first.deprel = head.parent, head.deprel
            for n in run:
                for child in n.children:
                    if child not in run and n is not first:
                        child.parent = first
            for n in run[1:]:
                n.parent, n.deprel = first, "flat"
        i = j


def raise_main_verbs(tree: Tree) -> None:
    """`كانت ... أعلنت`: PADT makes كان the head of the main verb, PUD its auxiliary."""
    for node in tree.descendants:
        if node.upos != "VERB" or node.lemma not in ("كان", "يكون"):
            continue
        main = next((c for c in node.children if c.udeprel in ("xcomp", "ccomp") and c.upos == "VERB" and node.precedes(c)), None)
        if main:
            main.parent, main.deprel = node.parent, node.deprel
            for child in node.children:
                child.parent = main
            node.parent, node.deprel, node.upos = main, "aux", "AUX"


def attach_relative_pronouns(tree: Tree) -> None:
    """الذي hangs under its clause as subject or object, as in PUD, not beside it."""
    for node in tree.descendants:
        if node.upos == "PRON" and node.udeprel == "cc" and node.feats["PronType"] == "Rel":
            clause = next((s for s in node.parent.children if s.udeprel == "acl" and node.precedes(s)), None)
            if clause:
                taken = {c.udeprel for c in clause.children}
                node.parent, node.deprel = clause, "nsubj" if "nsubj" not in taken else "obj"


def relabel(node: Node) -> None:
    """One PADT node, after udapi's conversion, in PUD's manner."""
    has_preposition = any(c.udeprel == "case" and c.upos == "ADP" for c in node.children)
    nominal_parent = node.parent.upos in ("NOUN", "PROPN", "PRON", "NUM") and not any("subj" in c.deprel for c in node.parent.children)
    if (
        node.form in _PARTICLES
        and node.upos in ("PART", "CCONJ", "SCONJ", "ADP", "NOUN")
        and not node.children
        and node.udeprel in _PARTICLE_RELATIONS
    ):
        node.upos, node.deprel = _PARTICLES[node.form]
    elif node.upos == "CCONJ" and node.udeprel == "mark":
        node.upos = "SCONJ"
    elif node.udeprel == "neg":
        node.deprel = "advmod"
    if node.udeprel in ("obj", "iobj") and (has_preposition or node.form in _TIME | _DAYS):
        node.deprel = "nmod" if nominal_parent else "obl"
    elif node.udeprel == "nmod" and node.parent.upos == "ADJ" and has_preposition:
        node.deprel = "obl"
    if node.upos == "DET" and node.udeprel == "det":
        node.upos = "PRON"


def to_v2(tree: Tree) -> None:
    """A PADT tree as UD v2 in PUD's manner (udapi does the general part)."""
    from udapi.block.ud.convert1to2 import Convert1to2

    unanalysed.split_repeated(tree)
    unanalysed.tag(tree)
    Convert1to2(skip="text", save_stats=False).process_tree(tree)
    promote_conjunction_roots(tree)
    join_names(tree)
    raise_main_verbs(tree)
    attach_relative_pronouns(tree)
    for n in tree.descendants:
        relabel(n)
    harmonise.demote_determiners(tree)
    harmonise.retag(tree)


def simplify(tree: Tree) -> None:
    """What both treebanks lose: XPOS (two tag sets), most subtypes, vowels, features that only one of them has."""
    for n in tree.descendants:
        n.form = bare(n.form)
        n.lemma = bare(n.lemma) if n.lemma not in ("_", "") else n.form
        n.xpos = "_"
        if n.deprel not in _SUBTYPES:
            n.deprel = n.udeprel
        for feature in ("Tense", "AdpType", "NumForm", "NumValue", "Foreign", "VerbForm", "Mood", "Abbr"):
            del n.feats[feature]


# ---------------------------------------------------------------------------------------------------------------------
# Surface tokens


def _pronoun(node: Node) -> bool:
    """Whether a PADT pronoun is written with the word before it: a personal pronoun of case 2 or 4."""
    return node.xpos.startswith("SP") and len(node.xpos) > 8 and node.xpos[8] in "24"


def before_pronoun(form: str, case: str) -> str:
    """How a word is spelt when a pronoun is written to it."""
    if form in ("على", "إلى", "لدى"):
        return form[:-1] + "ي"
    if form.endswith("ة"):
        return form[:-1] + "ت"
    if form.endswith("ى"):
        return form[:-1] + "ا"
    if len(form) > 3 and form.endswith("وا"):
        return form[:-1]
    if form.endswith("اء"):
        return form[:-1] + {"Nom": "ؤ", "Gen": "ئ"}.get(case, "ء")
    return form


def joined_v1(nodes: list[Node]) -> list[list[Node]]:
    """PADT's words grouped into the tokens that a writer would write; forms change where the spelling does."""
    groups: list[list[Node]] = []
    open_clitic = False
    for i, n in enumerate(nodes):
        clitic = n.form in PROCLITICS and n.xpos.startswith(_CLITIC_TAGS) and i + 1 < len(nodes) and is_arabic(nodes[i + 1].form)
        previous = groups[-1][-1] if groups else None
        if open_clitic and previous is not None:
            if previous.form == "ل" and n.form.startswith("ال") and len(n.form) > 3:
                n.form = n.form[2:] if n.form.startswith("الل") else n.form[1:]
            groups[-1].append(n)
        elif previous is not None and _pronoun(n) and is_arabic(previous.form) and previous.upos != "PUNCT":
            previous.form = before_pronoun(previous.form, previous.feats["Case"])
            groups[-1].append(n)
        elif previous is not None and n.form == "ما" and previous.form in ("من", "عن") and n.xpos.startswith("S") and len(groups[-1]) == 1:
            previous.form = previous.form[0]
            groups[-1].append(n)
        elif previous is not None and n.form == "لا" and previous.form == "أن" and len(groups[-1]) == 1:
            previous.form = "أ"
            groups[-1].append(n)
        else:
            groups.append([n])
        open_clitic = clitic
    return groups


def joined_v2(nodes: list[Node]) -> list[list[Node]]:
    """PUD's words grouped by `SpaceAfter=No`; punctuation and numbers stay tokens of their own."""
    groups: list[list[Node]] = []
    for n in nodes:
        previous = groups[-1][-1] if groups else None
        joined = previous is not None and previous.misc["SpaceAfter"] == "No"
        if previous is not None and joined and is_arabic(previous.form) and is_arabic(n.form) and (previous.form in PROCLITICS or n.upos == "PRON"):
            groups[-1].append(n)
        else:
            groups.append([n])
    return groups


_NO_SPACE_BEFORE, _NO_SPACE_AFTER = set("،.؛:؟!)]},;?%»"), set("([{«")


def space_v1(groups: list[list[Node]], rng: random.Random) -> None:
    """White space, which PADT lacks, as newspapers set it; now and then as machine translation does."""
    sloppy = rng.random() < 0.1
    inside_quotes = False
    for group, after in zip(groups, [*groups[1:], None], strict=True):
        first, last = group[0], group[-1]
        space = True
        if last.form == '"':
            inside_quotes = not inside_quotes
            space = not inside_quotes
        elif last.form in _NO_SPACE_AFTER:
            space = False
        if after and (after[0].form in _NO_SPACE_BEFORE or (after[0].form == '"' and inside_quotes and first.form != '"')):
            space = sloppy and after[0].form in "،.:" and rng.random() < 0.7
        if after and not is_arabic(first.form) and first.form in "/-" and rng.random() < 0.5:
            space = False
        last.misc["SpaceAfter"] = "" if space else "No"


def set_tokens(tree: Tree, groups: list[list[Node]]) -> None:
    """Write groups of more than one word as multi-word tokens and set the text."""
    text = ""
    for group in groups:
        space = group[-1].misc["SpaceAfter"] != "No"
        for n in group:
            n.misc.clear()
        form = "".join(n.form for n in group)
        if len(group) > 1:
            token = tree.create_multiword_token(words=group, form=form)
            if not space:
                token.misc["SpaceAfter"] = "No"
        elif not space:
            group[0].misc["SpaceAfter"] = "No"
        text += form + (" " if space else "")
    tree.text = text.rstrip()


# ---------------------------------------------------------------------------------------------------------------------
# Files


def document_of(tree: Tree) -> str:
    """The document of a tree: PADT names it in a comment, PUD begins the sentence's id with it."""
    if found := re.search(r"orig_file_sentence (\S+?)#", tree.comment or ""):
        return found.group(1)
    return re.sub(r"\d{3}$", "", tree.sent_id or "")


def is_padt(tree: Tree) -> bool:
    """Whether a tree is PADT's, by its comment."""
    return "orig_file_sentence" in (tree.comment or "")


def convert(tree: Tree, rng: random.Random) -> None:
    """Convert one tree in place, from either school."""
    for n in tree.descendants:
        n.form = bare(n.form)
        n.lemma = bare(n.lemma)
    if is_v1(tree) or is_padt(tree):
        to_v2(tree)
        groups = joined_v1(tree.descendants)
        space_v1(groups, rng)
    else:
        groups = joined_v2(tree.descendants)
    simplify(tree)
    set_tokens(tree, groups)


def read(path: Path) -> Iterator[Tree]:
    """The trees of a CoNLL-U file."""
    import udapi

    document = udapi.Document(str(path))
    for bundle in document.bundles:
        yield bundle.get_tree()


def write(trees: list[Tree], path: Path, rng: random.Random) -> None:
    """Write trees with `newdoc` and `newpar`; a paragraph holds one to four sentences of a document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    last, left = None, 0
    with path.open("w", encoding="utf-8") as out:
        for tree in trees:
            document = document_of(tree)
            header = ""
            if document != last:
                header, left = f"# newdoc id = {document}\n", 0
            if left <= 0:
                header += "# newpar\n"
                left = rng.choice((1, 1, 2, 3, 4))
            last, left = document, left - 1
            out.write(header + f"# sent_id = {tree.sent_id}\n# text = {tree.text}\n")
            out.write(_rows(tree))
            out.write("\n")


def paragraph_rows(path: Path) -> list[str]:
    """The rows of a converted file, paragraph by paragraph."""
    out: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("# newpar"):
            out.append("")
        if out:
            out[-1] += line
    return out


def careless_spaces(text: str, rng: random.Random) -> str:
    """The text as careless writers space it: none after a stop or comma, some before it, brackets and quotes set loose."""
    after, before, inside = (rng.random() for _ in range(3))
    text = re.sub(r"(?<=[\u0621-\u064a][.؟!]) (?=[\u0621-\u064a\"(])", lambda m: "" if rng.random() < after else " ", text)
    text = re.sub(r"(?<=[،؛:]) (?=\S)", lambda m: "" if rng.random() < after / 2 else " ", text)
    text = re.sub(r"(?<=[\u0621-\u064a])(?=[،.؛:؟!])", lambda m: " " if rng.random() < before / 2 else "", text)
    return re.sub(r"(?<=[(\"])(?=[\u0621-\u064a])|(?<=[\u0621-\u064a])(?=[)\"])", lambda m: " " if rng.random() < inside / 3 else "", text)


def _rows(tree: Tree) -> str:
    starts = {t.words[0].ord: t for t in tree.multiword_tokens}
    lines = []
    for n in tree.descendants:
        if token := starts.get(n.ord):
            misc = "SpaceAfter=No" if token.misc["SpaceAfter"] == "No" else "_"
            lines.append(f"{token.ord_range}\t{token.form}" + "\t_" * 7 + f"\t{misc}")
        misc = "SpaceAfter=No" if n.misc["SpaceAfter"] == "No" else "_"
        columns = (n.ord, n.form, n.lemma, n.upos, "_", str(n.feats) or "_", n.parent.ord, "root" if n.parent.is_root() else n.deprel, "_", misc)
        lines.append("\t".join(map(str, columns)))
    return "\n".join(lines) + "\n"


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--seed", default=1, show_default=True, help="For spacing and paragraphs, which PADT does not give.")
def main(source: Path, target: Path, seed: int) -> None:
    """Convert the treebank SOURCE (UD v1 as PADT or UD v2 as PUD) to TARGET as the training does."""
    rng = random.Random(seed)
    trees = list(read(source))
    for tree in trees:
        convert(tree, rng)
    write(trees, target, rng)


if __name__ == "__main__":
    main()
