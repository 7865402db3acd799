"""The words that PADT left unanalysed (UPOS X): what they are, and where a token stands once for each of its words.

One word in twelve of PADT has no morphological analysis. Its tree is right, but its tag is X, and where the token holds
several syntactic words the whole token stands in every row (`ونحن` `ونحن`, `لرفضنا` three times). Here those rows get
their piece of the token, and every word a tag: from the hand-written list beside this module, from its place in the
token, else PROPN, for names are most of the rest.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from kg.text import clean, is_arabic

Node = Any  # udapi.core.node.Node, which is untyped
Tree = Any

_LIST = Path(__file__).with_name("data") / "padt_unanalysed.toml"
_PRONOUNS = ("هما", "كما", "هم", "هن", "ها", "كم", "نا", "ني", "ه", "ي", "ك")
#: Words that begin with a letter that looks like a clitic and take pronouns themselves.
_NO_CLITIC = ("لكن", "بين", "ليس", "بعد", "لدي", "لدى", "فوق", "كل", "لان", "لأن", "في")
#: What a clitic is by its letter: PADT's UPOS and the head of its tag.
_CLITICS = {"و": ("CONJ", "C"), "ف": ("CONJ", "C"), "ب": ("ADP", "P"), "ل": ("ADP", "P"), "ك": ("ADP", "P"), "س": ("PART", "F")}
_CLITIC_RELATIONS = {"cc", "case", "mark", "aux", "advmod", "dep"}
_RELATIVE = {"الذي", "التي", "التى", "الذى", "الذين", "اللتين"}


@functools.cache
def known() -> dict[str, str]:
    """The hand-written list: word to UPOS."""
    listed = tomllib.loads(_LIST.read_text(encoding="utf-8"))
    return {clean(word).text: upos for upos, words in listed.items() for word in words.split()}


def pieces(token: str, relations: list[str]) -> list[str] | None:
    """The token cut into as many words as there are relations; None where no cut is plain."""
    left: list[str] = []
    right: list[str] = []
    while (
        len(left) < len(relations) - 1
        and relations[len(left)].split(":")[0] in _CLITIC_RELATIONS
        and len(token) > 2
        and token[0] in _CLITICS
        and not token.startswith(_NO_CLITIC)
    ):
        left.append(token[0])
        token = token[1:]
    while len(left) + len(right) < len(relations) - 1:
        pronoun = next((p for p in _PRONOUNS if token.endswith(p) and len(token) > len(p) + 1), None)
        if pronoun is None:
            return None
        right.insert(0, pronoun)
        token = token.removesuffix(pronoun)
    return [*left, token, *right]


def split_repeated(tree: Tree) -> None:
    """Give every row of a repeated unanalysed token its own piece and tag."""
    nodes = tree.descendants
    i = 0
    while i < len(nodes):
        j = i + 1
        while j < len(nodes) and nodes[i].upos == nodes[j].upos == "X" and nodes[j].form == nodes[i].form:
            j += 1
        rows = nodes[i:j]
        cut = pieces(nodes[i].form, [n.deprel for n in rows]) if len(rows) > 1 else None
        if cut:
            stem = next((k for k, form in enumerate(cut) if k == len(cut) - 1 or form not in _CLITICS), 0)
            for k, (n, form) in enumerate(zip(rows, cut, strict=True)):
                n.form = n.lemma = form
                if k < stem:
                    n.upos, head = _CLITICS[form]
                    n.xpos = head + "---------"
                elif k > stem:
                    n.upos, n.xpos = "PRON", "SP------2-"
                else:
                    n.upos = _stem_tag(form, n.deprel, [m.deprel for m in rows[k + 1 :]], clitics=set(cut[:k]))
        i = j


def _stem_tag(form: str, relation: str, pronouns: list[str], clitics: set[str]) -> str:
    if form in known():
        return known()[form]
    if relation == "case":
        return "ADP"
    if relation == "mark":
        return "SCONJ"
    if "س" in clitics or "dobj" in pronouns or (pronouns and relation in ("root", "parataxis", "advcl", "ccomp", "xcomp", "acl")):
        return "VERB"
    return "NOUN" if pronouns else "X"


def tag(tree: Tree) -> None:
    """Tag the unanalysed words that are still X: from the list, else PROPN. Names are marked `_name` in MISC."""
    for n in tree.descendants:
        if n.upos != "X" or not is_arabic(n.form) or n.form.isdigit():
            continue
        n.upos = known().get(n.form, "PROPN")
        if n.upos == "PROPN":
            n.misc["_name"] = "1"
        elif n.upos == "ADJ" and n.deprel == "nmod":
            n.deprel = "amod"
        elif n.form in _RELATIVE:
            n.feats["PronType"] = "Rel"
