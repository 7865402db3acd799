"""Stanza: finds the models, batches paragraphs across documents, gives parsed sentences with character offsets.

Models are looked for in this order: the folder given (`--models DIR`), `$KG_MODELS`, Stanza's official Arabic package in
Stanza's resource folder (`--models official`), the bundled pack. All run through `stanza.Pipeline` with explicit paths and
nothing is ever downloaded here.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.model import Document, Sentence, Word
from kg.resources import bundled_models_dir
from kg.text import Clean, clean, is_arabic

#: Files of a pack: what Stanza's pipeline calls each.
FILES = {
    "tokenizer.pt": "tokenize", "mwt.pt": "mwt", "tagger.pt": "pos", "lemmatizer.pt": "lemma", "parser.pt": "depparse", "ner.pt": "ner",
    "vectors.pt": "pretrain",
}  # fmt: skip

#: The parser's time and memory grow with the square of a sentence: longer ones are cut (DESIGN, Stanza traps).
MAX_WORDS = 200

#: Characters of text that go to Stanza at a time. Larger batches gain little and cost memory.
BATCH_CHARACTERS = 40_000


@dataclass(frozen=True, slots=True)
class ModelPack:
    """A folder of models. `manifest` is empty for the official package, which has none."""

    directory: Path
    manifest: dict[str, Any]
    official: bool = False

    def version(self) -> str:
        """Name and version, with a hash of the files' checksums: what an extraction says it was made with."""
        files = self.manifest.get("files", {})
        digest = hashlib.sha256(json.dumps({f: files[f]["sha256"] for f in sorted(files)}).encode()).hexdigest()[:12]
        return "stanza-official" if self.official else f"{self.manifest.get('name', 'pack')} {self.manifest.get('version', '?')} {digest}"

    def check(self) -> None:
        """Compare every file with its checksum in the manifest. KgError names the first that is not listed, missing or differs."""
        if not self.official and (unlisted := [name for name in FILES if name not in self.manifest["files"]]):
            raise KgError(f"{self.directory / 'manifest.json'} does not list {', '.join(unlisted)}; install kg again")
        for name, entry in self.manifest.get("files", {}).items():
            path = self.directory / name
            if not path.is_file():
                raise KgError(f"the model file {path} is missing; install kg again, or name a folder that has it with --models")
            if sha256(path) != entry["sha256"]:
                raise KgError(f"the model file {path} is damaged (its checksum differs from the manifest); install kg again")


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def stanza_resources() -> Path:
    """Stanza's resource folder: `$STANZA_RESOURCES_DIR` or Stanza's own default."""
    from stanza.resources.common import DEFAULT_MODEL_DIR

    return Path(DEFAULT_MODEL_DIR)


def find_models(models: str | None = None) -> ModelPack:
    """The models to use: a folder, "official", or None for `$KG_MODELS` and then the bundled pack. KgError if absent."""
    wanted = models or os.environ.get("KG_MODELS")
    if wanted == "official":
        directory = stanza_resources() / "ar"
        if not directory.is_dir():
            raise KgError(f"Stanza's official Arabic models are not in {directory}; fetch them with `kg models download`")
        return ModelPack(directory, {}, official=True)
    directory = Path(wanted) if wanted else bundled_models_dir()
    manifest = directory / "manifest.json"
    if not manifest.is_file():
        raise KgError(f"no models in {directory} (no manifest.json); name a folder with --models, or build them with `make models`")
    try:
        described = json.loads(manifest.read_text(encoding="utf-8"))
    except ValueError as e:
        raise KgError(f"{manifest} is not JSON ({e}); install kg again") from e
    if not isinstance(described, dict) or not isinstance(described.get("files"), dict):
        raise KgError(f"{manifest} does not describe the files of a pack; install kg again")
    return ModelPack(directory, described)


def paragraphs(cleaned: Clean) -> Iterator[tuple[int, int]]:
    """Spans of the paragraphs of a cleaned text.

    A line is a paragraph, unless the text is wrapped at a fixed width, when only empty lines part paragraphs: most lines
    are then about equally long and end without a full stop.
    """
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", cleaned.text)]
    lengths = [end - start for start, end in lines]
    unfinished = sum(not cleaned.text[start:end].rstrip().endswith((".", "!", "؟", "?", ":", '"', "…")) for start, end in lines)
    wrapped = len(lines) > 5 and 30 < statistics.median(lengths) < 110 and max(lengths) < 130 and unfinished > 0.6 * len(lines)
    for found in re.finditer(r"(?:[^\n]|\n(?!\s*\n))+" if wrapped else r"[^\n]+", cleaned.text):
        if found.group().strip():
            yield found.start(), found.end()


class Pipeline:
    """Stanza's processors over documents. Loading takes seconds and 1 GB; make one and keep it."""

    def __init__(self, pack: ModelPack) -> None:
        """Load the models. KgError if a file is missing, damaged, or not what Stanza expects."""
        pack.check()
        logging.getLogger("stanza").setLevel(logging.ERROR)
        # Threads that spin while they wait take a shared core from those they wait for.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import stanza

        self.pack = pack
        self._rank: dict[str, int] = {}
        try:
            self._nlp = self._official(stanza) if pack.official else self._bundled(stanza)
        except (OSError, RuntimeError, KeyError, ValueError) as e:
            raise KgError(f"cannot load the models in {pack.directory}: {e}") from e

    def _official(self, stanza: Any) -> Any:
        return stanza.Pipeline(
            "ar", dir=str(self.pack.directory.parent), processors="tokenize,mwt,pos,lemma,depparse,ner", download_method=None, verbose=False
        )

    def _bundled(self, stanza: Any) -> Any:
        from stanza.models.common.foundation_cache import FoundationCache

        paths = {FILES[name]: str(self.pack.directory / name) for name in FILES}
        cache = FoundationCache()
        vectors = cache.load_pretrain(paths["pretrain"])
        self._rank = {str(w): i for i, w in enumerate(vectors.vocab._id2unit)}  # words are in order of frequency
        vectors._emb = vectors.emb.float()  # stored in half precision; the models compute in single
        options: dict[str, Any] = {f"{name}_model_path": path for name, path in paths.items() if name != "pretrain"}
        options |= {f"{name}_pretrain_path": paths["pretrain"] for name in ("pos", "depparse", "ner")}
        return stanza.Pipeline(
            "ar", dir=str(self.pack.directory), processors="tokenize,mwt,pos,lemma,depparse,ner", download_method=None, allow_unknown_language=True,
            use_gpu=False, verbose=False, foundation_cache=cache, ner_forward_charlm_path="", ner_backward_charlm_path="", **options,
        )  # fmt: skip

    def __call__(self, documents: Iterable[Document]) -> Iterator[tuple[Document, tuple[Sentence, ...]]]:
        """Parse documents, in their order. A document without an Arabic letter has no sentences."""
        for batch in _batches(documents):
            cleaned = [clean(d.text) for d in batch]
            pieces = [(i, start, end) for i, c in enumerate(cleaned) for start, end in paragraphs(c) if is_arabic(c.text[start:end])]
            parsed = self._parse([cleaned[i].text[start:end] for i, start, end in pieces])
            sentences: list[list[Sentence]] = [[] for _ in batch]
            for (i, start, _), doc in zip(pieces, parsed, strict=True):
                for sentence in doc.sentences:
                    sentences[i].append(_sentence(sentence, len(sentences[i]), cleaned[i], start))
            yield from ((d, tuple(s)) for d, s in zip(batch, sentences, strict=True))

    def _parse(self, texts: list[str]) -> list[Any]:
        from stanza.models.common.doc import Document as StanzaDocument

        if not texts:
            return []
        docs = self._nlp.process([StanzaDocument([], text=t) for t in texts], processors="tokenize,mwt")
        docs = [self._mend(doc, StanzaDocument) for doc in docs]
        filled = [doc for doc in docs if doc.sentences]
        if filled:
            self._nlp.process(filled, processors="pos,lemma,depparse,ner")
        return docs

    def _mend(self, doc: Any, document: type[Any]) -> Any:
        """The document with wrong cuts undone and sentences of more than MAX_WORDS words cut, at punctuation where there is some."""
        sentences = []
        changed = False
        for s in doc.sentences:
            tokens = list(s.tokens)
            changed |= len(s.words) > MAX_WORDS
            while tokens:
                taken = _head(tokens) if len(s.words) > MAX_WORDS else len(tokens)
                rows: list[dict[str, Any]] = []
                words = 0
                for token in tokens[:taken]:
                    dicts = token.to_dict()
                    if len(token.words) > 1 and not self._wrongly_cut([w.text for w in token.words], token.text):
                        dicts[0]["id"] = (words + 1, words + len(token.words))
                        for d in dicts[1:]:
                            words += 1
                            d["id"] = words
                    elif len(token.words) == 1 and (rest := self._lacks_cut(token.text)):
                        changed = True
                        start, end = token.start_char, token.end_char
                        parts = [{"id": words + 1, "text": token.text[:1]}, {"id": words + 2, "text": rest}]
                        dicts = [{"id": (words + 1, words + 2), "text": token.text, "start_char": start, "end_char": end}, *parts]
                        words += 2
                    else:
                        changed |= len(token.words) > 1
                        words += 1
                        dicts = [{**dicts[0], "id": words}]
                    rows += dicts
                sentences.append(rows)
                tokens = tokens[taken:]
        return document(sentences, text=doc.text) if changed else doc

    def _wrongly_cut(self, pieces: list[str], whole: str) -> bool:
        """Whether the first letter of a word was taken for a clitic: `و` + `صل`, `س` + `يرجي`.

        The whole is then a word of the news corpus, and much more frequent there than what the cut leaves.
        """
        unknown = len(self._rank) + 1
        rank = self._rank.get(whole, unknown)
        rest = self._rank.get("".join(pieces[1:]), unknown)
        return len(pieces[0]) == 1 and rank < unknown and rest > 4 * rank

    def _lacks_cut(self, whole: str) -> str | None:
        """What is left of a token when a clitic is cut off that the tokenizer left on; None if it has none.

        و: the rest is a word of the corpus, and at least two and a half times as frequent as the whole. (وطن is one and a half
        times rarer than طن, وكندا three times rarer than كندا.) لل: what is left is a word with its article back.
        """
        unknown = len(self._rank) + 1
        if whole[:2] == "لل" and len(whole) > 4 and self._rank.get("ال" + whole[2:], unknown) < self._rank.get(whole, unknown):
            return whole[1:]
        rest = self._rank.get(whole[1:], unknown)
        if whole[:1] == "و" and len(whole) > 3 and rest < unknown and 2.5 * rest < self._rank.get(whole, unknown):
            return whole[1:]
        return None


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for d in documents:
        batch.append(d)
        size += len(d.text)
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _head(tokens: list[Any]) -> int:
    """How many tokens to take so that they hold at most MAX_WORDS words; at least one."""
    words = 0
    last_mark = 0
    for i, token in enumerate(tokens):
        words += len(token.words)
        if words > MAX_WORDS and i:
            return last_mark or i
        if words > MAX_WORDS // 2 and token.text in {"،", ",", "؛", ";", ":", "-", "."}:
            last_mark = i + 1
    return len(tokens)


def _sentence(sentence: Any, index: int, cleaned: Clean, base: int) -> Sentence:
    """A Stanza sentence as ours, with offsets in the document's text. `base` is where its paragraph begins in `cleaned`."""
    words: list[Word] = []
    for t, token in enumerate(sentence.tokens):
        left, right = base + token.start_char, base + token.end_char
        pieces = [w.text for w in token.words]
        exact = len(pieces) > 1 and "".join(pieces) == cleaned.text[left:right]
        at = left
        for w in token.words:
            start, end = cleaned.span(at, at + len(w.text)) if exact else cleaned.span(left, right)
            at += len(w.text)
            feats = dict(f.split("=", 1) for f in (w.feats or "").split("|") if "=" in f)
            words.append(Word(len(words), w.text, w.lemma or w.text, w.upos or "X", feats, (w.head or 0) - 1, w.deprel or "dep", start, end, t))
    ner = []
    numbers = {id(t): t.words[0].id - 1 for t in sentence.tokens}
    for ent in sentence.ents:
        first, last = ent.tokens[0], ent.tokens[-1]
        ner.append((numbers[id(first)], last.words[-1].id, ent.type))
    return Sentence(index, words[0].start, words[-1].end, tuple(words), tuple(ner))
