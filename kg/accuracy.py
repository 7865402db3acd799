"""How good the models are by themselves, against annotated spans, tagged tokens and treebanks.

    spans       JSON lines with `text` and `spans`: the eight types, from raw text, strict character spans after clitics are cut
    tagged      two columns, token and BIO label: the four classes PER LOC ORG MISC, the tokens as they are given
    treebank    CoNLL-U: the figures of the CoNLL 2018 shared task from the raw text, and UAS and LAS on gold words

Every function returns one flat mapping. `kg evaluate` prints it, the model card is made from it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import mentions
from kg.errors import KgError
from kg.evaluation import Figures, Score, load
from kg.language import _, strerror
from kg.lexicon import Lexicon
from kg.model import Document, Sentence
from kg.pipeline import Pipeline
from kg.text import clean

#: The figures of the CoNLL 2018 shared task that say something here (XPOS and enhanced graphs are not predicted).
TREEBANK_FIGURES = ("Tokens", "Sentences", "Words", "UPOS", "UFeats", "Lemmas", "UAS", "LAS", "CLAS")

Found = set[tuple[int, int, str]]


# ---------------------------------------------------------------------------------------------------------------------
# Spans


def compare(pairs: Iterable[tuple[Found, Found]]) -> dict[str, float]:
    """Strict precision, recall and F1 of predicted spans, micro-averaged over (gold, predicted) pairs, and F1 by type, in [0, 1].

    Types are those of the gold spans; a predicted span of another type counts as wrong in the totals.
    """
    figures = Figures()
    for wanted, found in pairs:
        figures.compare("", wanted, found)
        for type in {t for *_span, t in wanted | found}:
            figures.compare(type, *({s for s in spans if s[2] == type} for spans in (wanted, found)))
    total = figures.scores.pop("", Score())
    by_type = {f"f1.{type}": score.f1 for type, score in sorted(figures.scores.items()) if score.gold}
    return {"p": total.precision, "r": total.recall, "f1": total.f1} | by_type


def spans(pipeline: Pipeline, rows: Sequence[Mapping[str, Any]], lexicon: Lexicon | None = None) -> dict[str, float]:
    """Score the mentions found in raw texts.

    Args:
        pipeline: the models.
        rows: objects with `id`, `text` and `spans`, a list of [start, end, type] in characters.
        lexicon: adds what the tagger missed, as in an extraction; None for the tagger alone.

    Raises:
        KgError: a row is not in that format.
    """
    try:
        gold = [{(int(start), int(end), str(type)) for start, end, type in row["spans"]} for row in rows]
        documents = [Document(str(row["id"]), "" + row["text"]) for row in rows]
    except (KeyError, TypeError, ValueError) as e:
        raise KgError(_("spans must be lists of start, end and type beside a text: {error} {why}").format(error=type(e).__name__, why=e)) from e
    names = lexicon or Lexicon(())
    found = (
        {(m.span.start, m.span.end, m.type) for s in sentences for m in mentions.find(s, document.text, names)}
        for document, sentences in pipeline(documents)
    )
    return compare(zip(gold, found, strict=True))


# ---------------------------------------------------------------------------------------------------------------------
# Tagged tokens

Tagged = list[tuple[str, str]]  # a sentence: (token, BIO label)


def read_tagged(path: Path) -> list[Tagged]:
    """The sentences of a two-column file: token, white space, label; an empty line ends a sentence. KgError if it is not one."""
    out: list[Tagged] = [[]]
    for number, line in enumerate(_lines(path), 1):
        parts = line.split("\t") if "\t" in line else line.split()
        if not line.strip():
            out.append([])
        elif len(parts) == 1 or not (parts[-1] == "O" or parts[-1][:2] in ("B-", "I-")):
            raise KgError(_("{path}:{number}: is not a token and its label (O, B-PER, I-PER …)").format(path=path, number=number))
        else:
            out[-1].append((parts[0], parts[-1]))
    sentences = [s for s in out if s]
    if not sentences:
        raise KgError(_("{path}: has no tokens in it").format(path=path))
    return sentences


def bio_spans(labels: Sequence[str]) -> Found:
    """The spans of a BIO sequence, in tokens. An I that continues nothing begins a span, as in CoNLL 2003's script."""
    found: Found = set()
    start, type = 0, ""
    for i, label in enumerate([*labels, "O"]):
        here = label[2:] if label != "O" else ""
        if type and (label[:2] != "I-" or here != type):
            found.add((start, i, type))
            type = ""
        if here and not type:
            start, type = i, here
    return found


def plain_token(token: str) -> str:
    """A given token or word as the models read it; never empty."""
    return clean(token).text.strip() or "-"


def tagged(pipeline: Pipeline, sentences: Sequence[Tagged]) -> dict[str, float]:
    """Score the four-class head on tokens that are kept as they are."""
    predicted = pipeline.four_classes([[plain_token(token) for token, _ in s] for s in sentences])
    gold = (bio_spans([label for _, label in s]) for s in sentences)
    return compare(zip(gold, map(bio_spans, predicted), strict=True))


# ---------------------------------------------------------------------------------------------------------------------
# Treebanks


@dataclass(frozen=True, slots=True)
class Tree:
    """A sentence of a treebank: the rows of its words and, in them, heads counted from 1 (0 is the root)."""

    text: str
    starts_paragraph: bool
    rows: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> list[tuple[str, ...]]:
        return [r for r in self.rows if r[0].isdigit()]


def read_treebank(path: Path) -> list[Tree]:
    """The sentences of a CoNLL-U file. KgError if it is not one or lacks `# text`."""
    trees: list[Tree] = []
    rows: list[tuple[str, ...]] = []
    text, begins = "", False
    for number, line in enumerate([*_lines(path), ""], 1):
        if line.startswith("#"):
            name, _equals, value = line[1:].partition("=")
            text = value.strip() if name.strip() == "text" else text
            begins |= name.split()[:1] in (["newpar"], ["newdoc"])
        elif line.strip():
            columns = tuple(line.split("\t"))
            if len(columns) != 10:
                raise KgError(_("{path}:{number}: has {columns} columns; CoNLL-U has 10").format(path=path, number=number, columns=len(columns)))
            rows.append(columns)
        elif rows:
            if not text:
                raise KgError(_("{path}:{number}: a sentence has no '# text' line; its raw text is what kg reads").format(path=path, number=number))
            trees.append(Tree(text, begins or not trees, tuple(rows)))
            rows, text, begins = [], "", False
    if not trees:
        raise KgError(_("{path}: has no sentences in it").format(path=path))
    return trees


def paragraphs(trees: Iterable[Tree]) -> list[str]:
    """The raw text of a treebank: its sentences joined by blanks, parted where `# newpar` or `# newdoc` says so."""
    out: list[str] = []
    for tree in trees:
        if tree.starts_paragraph:
            out.append(tree.text)
        else:
            out[-1] += " " + tree.text
    return out


def treebank(pipeline: Pipeline, trees: Sequence[Tree]) -> dict[str, float]:
    """F1 in percent of the CoNLL 2018 shared task from raw text, and `UAS.gold`, `LAS.gold` with the words given.

    The script is the one of Universal Dependencies (udtools). Lemmas are compared without vowel signs.
    """
    from udtools import udeval

    paragraph_texts = paragraphs(trees)
    parsed = pipeline(Document(str(i), p) for i, p in enumerate(paragraph_texts))
    system = "".join(conllu(sentences, d.text) for d, sentences in parsed)
    with tempfile.TemporaryDirectory() as folder:
        loaded = []
        for name, content in (("gold", "".join(_unvocalised(t) for t in trees)), ("system", system)):
            path = Path(folder) / f"{name}.conllu"
            path.write_text(content, encoding="utf-8")
            try:
                loaded.append(udeval.load_conllu_file(str(path), treebank_type={}))
            except udeval.UDError as e:
                raise KgError(_("the {name} trees are not valid: {why}").format(name=name, why=e)) from e
        try:
            figures = udeval.evaluate(*loaded)
        except udeval.UDError as e:
            raise KgError(_("the words of the treebank are not the characters of its '# text' lines: {why}").format(why=e)) from e
    return {name: round(100 * figures[name].f1, 2) for name in TREEBANK_FIGURES} | attachment(pipeline, trees)


def attachment(pipeline: Pipeline, trees: Sequence[Tree]) -> dict[str, float]:
    """Percent of gold words with the right head (`UAS.gold`), and with the right relation too (`LAS.gold`), subtypes aside."""
    words = heads = both = 0
    predicted = pipeline.parse_words([[plain_token(w[1]) for w in t.words] for t in trees])
    for tree, parse in zip(trees, predicted, strict=True):
        for w, (head, relation) in zip(tree.words, parse, strict=True):
            words += 1
            heads += (same_head := int(w[6]) == head)
            both += same_head and w[7].split(":")[0] == relation.split(":")[0]
    return {"UAS.gold": round(100 * heads / words, 2), "LAS.gold": round(100 * both / words, 2)}


def conllu(sentences: Sequence[Sentence], text: str) -> str:
    """The parsed sentences of a text as CoNLL-U, in its characters.

    The script compares texts by their characters. What belongs to no word (a lone vowel sign, an emoji) goes to the token before it,
    at the beginning to the first; a text in which no sentence was found is one token.
    """
    starts = [w.start for s in sentences for i, w in enumerate(s.words) if not mentions.joined(s.words, i)]
    if not starts:
        return f"1\t{_form(text)}\t_\tX\t_\t_\t0\troot\t_\t_\n\n" if text.strip() else ""
    left = dict(zip(starts, [0, *starts[1:]], strict=True))
    right = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    return "".join(_sentence_rows(s, text, left, right) for s in sentences)


def _sentence_rows(s: Sentence, text: str, left: Mapping[int, int], right: Mapping[int, int]) -> str:
    """A sentence as CoNLL-U; `left` and `right` say for the start of a token where its characters begin and end."""
    lines = []
    for w in s.words:
        token = [v for v in s.words if v.token == w.token]
        start, end = left[token[0].start], right[token[0].start]
        form = _form(text[start:end])
        if len(token) > 1:
            if w is token[0]:
                lines.append(f"{w.index + 1}-{w.index + len(token)}\t{form}" + "\t_" * 8)
            # Pieces that cannot be told apart in the text share its offsets.
            form = w.text if token[0].start == token[-1].start else _form(text[w.start : w.end])
        feats = "|".join(f"{k}={v}" for k, v in sorted(w.feats.items())) or "_"
        lines.append(f"{w.index + 1}\t{form}\t{w.lemma}\t{w.upos}\t_\t{feats}\t{w.head + 1}\t{w.deprel}\t_\t_")
    return "\n".join(lines) + "\n\n"


def _form(surface: str) -> str:
    return "".join(surface.split()) or "_"


def _unvocalised(tree: Tree) -> str:
    rows = ("\t".join((*r[:2], clean(r[2]).text or r[2], *r[3:])) for r in tree.rows)
    return "\n".join(rows) + "\n\n"


# ---------------------------------------------------------------------------------------------------------------------


def kind(path: Path) -> str:
    """What a file holds: "treebank", "tagged", "spans" or, for `kg.evaluation`, "documents". KgError if it cannot be read."""
    if path.suffix == ".conllu":
        return "treebank"
    if path.suffix in (".bio", ".iob"):
        return "tagged"
    return "spans" if all("spans" in row and "entities" not in row for row in load(path)) else "documents"


def scorer(path: Path, kind: str, lexicon: Lexicon | None = None) -> Callable[[Pipeline], dict[str, float]]:
    """What scores a pipeline on a file of that kind. The file is read and checked now, before models are loaded."""
    if kind == "treebank":
        trees = read_treebank(path)
        return lambda pipeline: treebank(pipeline, trees)
    if kind == "tagged":
        sentences = read_tagged(path)
        return lambda pipeline: tagged(pipeline, sentences)
    rows = load(path)
    return lambda pipeline: spans(pipeline, rows, lexicon)


def _lines(path: Path) -> Iterator[str]:
    try:
        yield from path.read_text(encoding="utf-8-sig").removesuffix("\n").split("\n")  # and nowhere else
    except OSError as e:
        raise KgError(_("{path}: cannot be read: {why}").format(path=path, why=strerror(e))) from e
    except UnicodeDecodeError as e:
        raise KgError(_("{path}: is not UTF-8 at byte {start}").format(path=path, start=e.start)) from e


def to_json(figures: Mapping[str, float]) -> str:
    """One flat JSON object; shares with four decimals."""
    return json.dumps({name: round(value, 4) for name, value in figures.items()}, ensure_ascii=False, indent=1)
