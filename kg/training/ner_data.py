"""NER training files: character spans to labelled tokens, in the JSON that Stanza's trainer reads.

A token is what the tokenizer gives at run time, clitics included (`لروسيا`), and takes the label of the span that it
holds or overlaps; clitics are cut off after tagging. Were tokens cut where a span begins, the tagger would learn to read
the cut (DESIGN, data traps). The pattern below gives the same tokens as the trained tokenizer on 6,582 of the 6,595 tokens
of `fine.dev.jsonl`.

Every token has two labels, one for each head of the model: the eight types of kg, and the four of ANERcorp and AQMAR
(PER, LOC, ORG, MISC). `-` masks the head of which a corpus says nothing.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.accuracy import plain_token, read_tagged
from kg.text import Clean, clean

Span = tuple[int, int, str]
Labelled = list[tuple[str, str]]  # a sentence: (token, BIO label)

MASKED = "-"
_OWN = Path(__file__).with_name("data")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]|_")
_SENTENCE_END = re.compile(r"(?<=[.!؟?])\s+|\n+")
_MARKED = re.compile(r"\[([A-Z]+) ([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with the spans of its mentions."""

    text: str
    spans: tuple[Span, ...]


# ---------------------------------------------------------------------------------------------------------------------
# Sources


def from_spans(path: Path) -> Iterator[Annotated]:
    """The texts of a file with `text` and `spans` a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            d = json.loads(line)
            yield Annotated(d["text"], tuple((s, e, t) for s, e, t in d["spans"]))


def from_gold(path: Path) -> Iterator[Annotated]:
    """The texts of annotated documents, with all mentions of their entities."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            d = json.loads(line)
            yield Annotated(d["text"], tuple((m["start"], m["end"], e["type"]) for e in d["entities"] for m in e["mentions"]))


def from_markup(path: Path) -> Iterator[Annotated]:
    """The sentences of a file in which mentions stand as `[TYPE mention]`; lines that begin with # are comments."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield unmarked(line)


def unmarked(line: str) -> Annotated:
    """A marked-up sentence as text and spans."""
    text, spans, last = "", [], 0
    for found in _MARKED.finditer(line):
        text += line[last : found.start()]
        spans.append((len(text), len(text) + len(found.group(2)), found.group(1)))
        text += found.group(2)
        last = found.end()
    return Annotated(text + line[last:], tuple(spans))


def from_news(path: Path, corpus: Path) -> Iterator[Annotated]:
    """Sentences of the news corpus that were annotated for kg: the file says where they stand, the corpus what they say."""
    wanted = defaultdict(list)
    with path.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            wanted[row["line"]].append(row)
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            for row in wanted.get(number, ()):
                yield Annotated(line[row["start"] : row["end"]], tuple((s, e, t) for s, e, t in row["spans"]))


# ---------------------------------------------------------------------------------------------------------------------
# Spans to labels


def sentences(cleaned: Clean) -> Iterator[tuple[int, int]]:
    """Rough sentence spans of a cleaned text: ends at final punctuation and line breaks."""
    start = 0
    for found in [*_SENTENCE_END.finditer(cleaned.text), None]:
        end = found.start() if found else len(cleaned.text)
        if cleaned.text[start:end].strip():
            yield start, end
        start = found.end() if found else end


def label(text: str, spans: Iterable[Span]) -> Iterator[Labelled]:
    """The sentences of a text as tokens with BIO labels. Spans are offsets in `text`."""
    cleaned = clean(text)
    wanted = sorted(spans)
    for start, end in sentences(cleaned):
        rows: Labelled = []
        last: Span | None = None
        for token in _TOKEN.finditer(cleaned.text, start, end):
            left, right = cleaned.span(token.start(), token.end())
            span = next((s for s in wanted if s[0] < right and left < s[1]), None)
            rows.append((token.group(), "O" if span is None else f"{'I' if span == last else 'B'}-{span[2]}"))
            last = span
        if rows:
            yield rows


# ---------------------------------------------------------------------------------------------------------------------
# More out of the same


def misspell(sentence: Labelled, rng: random.Random) -> Labelled:
    """The sentence as a hasty writer types it: no hamzas, ه for ة, ي for ى, each with its own chance."""
    swaps = [pair for pair in (("أإآ", "ا"), ("ة", "ه"), ("ى", "ي")) if rng.random() < 0.6]
    table = str.maketrans({c: to for letters, to in swaps for c in letters})
    return [(token.translate(table), tag) for token, tag in sentence]


def rename(annotated: Annotated, names: dict[str, list[str]], rng: random.Random) -> Annotated:
    """The text with its persons, places and weapons exchanged for others, so that the tagger reads contexts, not names."""
    text, spans, last = "", [], 0
    for start, end, type in sorted(annotated.spans):
        text += annotated.text[last:start]
        mention = annotated.text[start:end]
        # A definite class («الصواريخ») stays: what replaced it would have to agree with its sentence.
        if type in names and not (type == "WEAPON" and mention.startswith("ال")) and rng.random() < 0.8:
            mention = rng.choice(names[type])
        spans.append((len(text), len(text) + len(mention), type))
        text += mention
        last = end
    return Annotated(text + annotated.text[last:], tuple(spans))


def names_of(texts: Iterable[Annotated]) -> dict[str, list[str]]:
    """The mentions that `rename` draws from, by type."""
    names: dict[str, set[str]] = {"PERSON": set(), "PLACE": set(), "WEAPON": set()}
    for a in texts:
        for start, end, type in a.spans:
            mention = a.text[start:end]
            if type in names and not (type == "PERSON" and mention.startswith("ال")) and not (type == "WEAPON" and mention.startswith("ال")):
                names[type].add(mention)
    return {type: sorted(found) for type, found in names.items()}


# ---------------------------------------------------------------------------------------------------------------------
# Files


def write(fine: Iterable[Labelled], four: Iterable[Labelled], path: Path) -> int:
    """Write sentences with labels of either kind as Stanza's JSON; returns how many."""
    data = [[{"text": t, "multi_ner": [tag, MASKED]} for t, tag in s] for s in fine]
    data += [[{"text": t, "multi_ner": [MASKED, tag]} for t, tag in s] for s in four]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return len(data)


def last_tenth(corpus: list[Labelled]) -> int:
    """Index of the first sentence of the last tenth of a corpus, counted in tokens."""
    left = sum(map(len, corpus)) // 10
    at = len(corpus)
    while at and left > 0:
        at -= 1
        left -= len(corpus[at])
    return at


def prepare(data: Path, gold: Path, out: Path, seed: int) -> dict[str, int]:
    """Write `ner.train.json`, `ner.dev.json` and, to measure on, `anercorp.dev.bio`: the last tenth, never trained on.

    To every training sentence once come, one in six each, misspelt ones and ones with other names.
    """
    rng = random.Random(seed)
    texts = [*from_spans(data / "ner" / "fine.train.jsonl"), *from_gold(gold / "train.jsonl")]
    for path in sorted(_OWN.glob("ner_*.txt")):
        texts += from_markup(path)
    texts += from_news(_OWN / "news_spans.jsonl", data / "news" / "saudinewsnet.txt.xz")
    names = names_of(texts)
    texts += [rename(a, names, rng) for a in texts if len(a.text) < 600 and rng.random() < 1 / 6 and {t for *_, t in a.spans} & names.keys()]
    seen: set[str] = set()
    unique = []
    for a in texts:  # about a hundred sentences stand in two files
        for sentence in label(a.text, a.spans):
            key = " ".join(token for token, _ in sentence)
            if key not in seen:
                seen.add(key)
                unique.append(sentence)
    unique += [misspell(s, rng) for s in unique if rng.random() < 1 / 6]

    anercorp, aqmar = read_tagged(data / "ner" / "anercorp.train.bio"), read_tagged(data / "ner" / "aqmar.train.bio")
    cut = last_tenth(anercorp)
    with (out / "anercorp.dev.bio").open("w", encoding="utf-8") as held_out:
        for s in anercorp[cut:]:
            held_out.writelines(f"{token}\t{tag}\n" for token, tag in s)
            held_out.write("\n")
    four = [[(plain_token(token), tag) for token, tag in s] for s in [*anercorp[:cut], *aqmar]]
    dev = [s for a in from_spans(data / "ner" / "fine.dev.jsonl") for s in label(a.text, a.spans)]
    return {"train": write(unique, four, out / "ner.train.json"), "fine": len(unique), "dev": write(dev, (), out / "ner.dev.json")}
