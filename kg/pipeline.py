"""Stanza: loads the models, batches paragraphs across documents, gives parsed sentences with character offsets."""

from __future__ import annotations

import logging
import os
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from kg import characters, four_classes
from kg.errors import KgError
from kg.language import _, joined
from kg.model import Document, Sentence, Word
from kg.packs import FILES, ModelPack
from kg.parsing import quicken, states_of
from kg.text import Clean, clean, is_arabic
from kg.tokens import Cutter, sentences, with_blanks

#: Characters of text that go to Stanza at a time. Larger batches gain little and cost memory.
BATCH_CHARACTERS = 30_000

T = TypeVar("T")

_PROCESSORS = "tokenize,mwt,pos,lemma,depparse,ner"


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


def load(pack: ModelPack, *, gpu: bool = False) -> tuple[Any, list[str]]:
    """A plain `stanza.Pipeline` of a pack's models, and the words of its vectors, most frequent first (none of the official pack).

    Raises:
        KgError: a file is missing, damaged, or not what Stanza expects.
    """
    pack.check()
    logging.getLogger("stanza").setLevel(logging.ERROR)
    # Threads that spin while they wait take a shared core from those they wait for.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import stanza

    try:
        return _official(pack, stanza, gpu) if pack.official else _bundled(pack, stanza, gpu)
    except (OSError, RuntimeError, KeyError, ValueError) as e:
        raise KgError(_("cannot load the models in {directory}: {why}").format(directory=pack.directory, why=e)) from e


def _official(pack: ModelPack, stanza: Any, gpu: bool) -> tuple[Any, list[str]]:
    nlp = stanza.Pipeline("ar", dir=str(pack.directory.parent), processors=_PROCESSORS, download_method=None, use_gpu=gpu, verbose=False)
    return nlp, []


def _bundled(pack: ModelPack, stanza: Any, gpu: bool) -> tuple[Any, list[str]]:
    from stanza.models.common.foundation_cache import FoundationCache

    paths = {FILES[name]: str(pack.directory / name) for name in FILES if name in pack.manifest["files"]}
    cache = FoundationCache()
    vectors = cache.load_pretrain(paths["pretrain"])
    vectors._emb = vectors.emb.float()  # stored in half precision; the models compute in single
    shared = ("pretrain", "forward_charlm", "backward_charlm")
    options = {f"{name}_model_path": path for name, path in paths.items() if name not in shared}
    options |= {f"{name}_{what}_path": paths.get(what, "") for name in ("pos", "depparse", "ner") for what in shared}
    nlp = stanza.Pipeline(
        "ar", dir=str(pack.directory), processors=_PROCESSORS, download_method=None, allow_unknown_language=True, use_gpu=gpu, verbose=False,
        foundation_cache=cache, **options,
    )  # fmt: skip
    return nlp, [str(word) for word in vectors.vocab._id2unit]


class Pipeline:
    """Stanza's processors over documents. Loading takes seconds and 1 GB; make one and keep it."""

    def __init__(self, pack: ModelPack, names: Iterable[str] = (), *, gpu: bool = False) -> None:
        """Load the models.

        Args:
            pack: where they are.
            names: names and words that the models may not know and that should not be cut: a lexicon's.
            gpu: run Stanza's models on a GPU, if PyTorch finds one.

        Raises:
            KgError: a file is missing, damaged, or not what Stanza expects.
        """
        from kg import highways

        self.pack = pack
        self._nlp, words = load(pack, gpu=gpu)
        self._cutter = Cutter(words, names if words else ())
        processors = self._nlp.processors
        quicken(processors["depparse"].trainer.model)
        trainers = [processors["pos"].trainer, processors["depparse"].trainer, *processors["ner"].trainers]
        models = [getattr(t.model, name, None) for t in trainers for name in ("charmodel_forward", "charmodel_backward")]
        self._characters = [m for m in dict.fromkeys(models) if characters.quicken(m)]
        for trainer in trainers:
            highways.quicken(trainer.model)
            characters.remember(trainer.vocab["char"])
        characters.remember(processors["depparse"].trainer.vocab["feats"])
        for configuration, size in ((processors["pos"].config, 200), (processors["depparse"].config, 2500), (processors["ner"].configs[0], 64)):
            configuration["batch_size"] = size

    def __call__(self, documents: Iterable[Document]) -> Iterator[tuple[Document, tuple[Sentence, ...]]]:
        """Parse documents, in their order. A document without an Arabic letter has no sentences."""
        for batch in batches(documents, lambda d: len(d.text), BATCH_CHARACTERS):
            cleaned = [clean(d.text) for d in batch]
            pieces = [(i, start, end) for i, c in enumerate(cleaned) for start, end in paragraphs(c) if is_arabic(c.text[start:end])]
            parsed = self._parse([cleaned[i].text[start:end] for i, start, end in pieces])
            sentences: list[list[Sentence]] = [[] for _ in batch]
            states = states_of(self._nlp.processors["depparse"].trainer.model)
            for (i, start, _text), doc in zip(pieces, parsed, strict=True):
                for sentence in doc.sentences:
                    sentences[i].append(_sentence(sentence, len(sentences[i]), cleaned[i], start, states))
            yield from ((d, tuple(s)) for d, s in zip(batch, sentences, strict=True))

    def four_classes(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """BIO labels of the classes PER, LOC, ORG and MISC for sentences given as tokens, which are kept.

        A pack's `four.pt` labels them if there is one, else the last head of its NER tagger (the only one of Stanza's official model).
        """
        four = self.pack.directory / "four.pt"
        if "four.pt" in self.pack.manifest.get("files", {}):
            return four_classes.load(four, "ar").label(sentences)
        trainer = self._nlp.processors["ner"].trainers[0]
        head = trainer.model.num_output_layers - 1
        known = {t[2:] for t in trainer.vocab["tag"].items(head) if t[1:2] == "-"}
        if not known <= {"PER", "LOC", "ORG", "MISC"}:
            raise KgError(
                _("the NER tagger in {directory} has no head for PER, LOC, ORG and MISC (only for {known})").format(
                    directory=self.pack.directory, known=joined(sorted(known))
                )
            )
        return four_classes.label(trainer, head, sentences)

    def parse_words(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[int, str]]]:
        """Head (counted from 1, 0 is the root) and relation of every word of sentences given as syntactic words."""
        from stanza.models.common.doc import Document as StanzaDocument

        document = StanzaDocument([[{"id": i + 1, "text": w} for i, w in enumerate(words)] for words in sentences])
        self._process(document, "pos", "lemma", "depparse")
        states_of(self._nlp.processors["depparse"].trainer.model)  # nobody wants them here
        return [[(int(w.head), str(w.deprel)) for w in s.words] for s in document.sentences]

    def _parse(self, texts: list[str]) -> list[Any]:
        from stanza.models.common.doc import Document as StanzaDocument

        if not texts:
            return []
        spaced = [with_blanks(t) for t in texts]
        tokenized = self._nlp.process([StanzaDocument([], text=t) for t, _ in spaced], processors="tokenize,mwt")
        docs = [
            StanzaDocument(list(sentences(doc, text, missing, self._cutter)), text=text)
            for doc, text, (_, missing) in zip(tokenized, texts, spaced, strict=True)
        ]
        self._annotate([s for doc in docs for s in doc.sentences])
        return docs

    def _annotate(self, sentences: list[Any]) -> None:
        """Tags, lemmas, dependencies and names, in place.

        Sentences of all documents go together, the longest first: the taggers' batches are then of equal length.
        """
        from stanza.models.common.doc import Document as StanzaDocument

        if sentences:
            together = StanzaDocument([])
            together.sentences = sorted(sentences, key=lambda s: -len(s.words))
            together.num_tokens, together.num_words = sum(len(s.tokens) for s in sentences), sum(len(s.words) for s in sentences)
            self._process(together, "pos", "lemma", "depparse", "ner")

    def _process(self, document: Any, *names: str) -> None:
        """Run processors over a document of Stanza's; what the character models kept for the next of them goes."""
        for name in names:
            self._nlp.processors[name].process(document)
        for model in self._characters:
            characters.forget(model)


def batches(items: Iterable[T], size: Callable[[T], int], enough: int) -> Iterator[list[T]]:
    """Items in their order, each list as soon as the sizes in it come to `enough`."""
    batch: list[T] = []
    total = 0
    for item in items:
        batch.append(item)
        total += size(item)
        if total >= enough:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _sentence(sentence: Any, index: int, cleaned: Clean, base: int, states: Mapping[tuple[str, ...], Any]) -> Sentence:
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
    known = states.get(tuple(w.text for w in words))
    return Sentence(index, words[0].start, words[-1].end, tuple(words), tuple(ner), known)
