"""Word vectors: skip-gram over the news corpus, written as a Stanza pretrain file.

    python -m kg.training.vectors NEWS.txt.xz OUT.pt

Every sentence is read twice, as written and with clitics split off, because NER reads tokens (`وروسيا`) and tagger and
parser read syntactic words (`و`, `روسيا`); one file serves both. Sizes follow DESIGN section 4.
"""

from __future__ import annotations

import collections
import logging
import lzma
import re
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

from kg.text import clean

log = logging.getLogger(__name__)

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_PRONOUNS = ("هما", "كما", "هم", "هن", "ها", "نا", "كم", "ه", "ي", "ك")


def tokens(line: str) -> list[str]:
    """Words, numbers and punctuation marks of a line, as the treebanks separate them."""
    return _TOKEN.findall(clean(line).text)


def read(path: Path) -> Iterator[list[str]]:
    """The tokens of every non-empty line of a text file, which may be compressed with xz."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if words := tokens(line):
                yield words


class Splitter:
    """Cuts clitics where the rest is a word that the corpus knows well.

    A word is cut only if what remains is at least as frequent as half the whole: `وروسيا` is, `واشنطن` and `ليبيا` are not.
    """

    def __init__(self, counts: collections.Counter[str]) -> None:
        self.counts = counts

    def _cuts(self, word: str) -> Iterator[list[str]]:
        if word[0] in "وف" and len(word) > 3:
            yield [word[0], word[1:]]
        if word[0] in "بك" and len(word) > 4:
            yield [word[0], word[1:]]
        if word[0] == "ل" and len(word) > 4:
            yield ["ل", word[1:]]
            if word[1] == "ل":
                yield ["ل", "ا" + word[1:]]
        if word[0] == "س" and len(word) > 4 and word[1] in "يتنأ":
            yield ["س", word[1:]]

    def split(self, word: str) -> list[str]:
        """The word in pieces, at most two clitics in front and one pronoun behind."""
        if len(word) < 4 or not "\u0620" <= word[0] <= "\u064a":
            return [word]
        whole = self.counts[word]
        best = max(self._cuts(word), key=lambda cut: self.counts[cut[1]], default=None)
        if best and self.counts[best[1]] * 2 > whole and self.counts[best[1]] >= 5:
            return [best[0], *self.split(best[1])]
        for pronoun in _PRONOUNS[:6]:
            stem = word.removesuffix(pronoun)
            if len(stem) > 2 and stem != word:
                for form in (stem, stem[:-1] + "ة" if stem[-1] == "ت" else stem):
                    if self.counts[form] > 2 * whole and self.counts[form] >= 20:
                        return [form, pronoun]
        return [word]


def train(corpus: Path, dim: int, epochs: int, min_count: int, seed: int, workers: int) -> tuple[list[str], np.ndarray]:
    """Skip-gram vectors of the corpus: the words, most frequent first, and their vectors as rows."""
    from gensim.models import Word2Vec

    raw = list(read(corpus))
    counts = collections.Counter(w for line in raw for w in line)
    splitter = Splitter(counts)
    pieces = {w: splitter.split(w) for w in counts}
    sentences = raw + [[p for w in line for p in pieces[w]] for line in raw]
    log.info("%d lines, %d tokens, %d different", len(raw), counts.total(), len(counts))
    model = Word2Vec(
        sentences, sg=1, vector_size=dim, window=5, min_count=min_count, negative=10, sample=1e-4, epochs=epochs, seed=seed, workers=workers
    )
    words = list(model.wv.index_to_key)
    return words, model.wv.vectors / np.linalg.norm(model.wv.vectors, axis=1).mean()


def save(words: list[str], vectors: np.ndarray, out: Path) -> None:
    """Write a Stanza pretrain file in half precision (Stanza casts nothing up: `kg.pipeline` does, training does too)."""
    import torch
    from stanza.models.common.pretrain import VOCAB_PREFIX, PretrainedWordVocab

    vocab = PretrainedWordVocab(words, lang="ar")
    emb = np.zeros((len(words) + len(VOCAB_PREFIX), vectors.shape[1]), dtype=np.float32)
    emb[len(VOCAB_PREFIX) :] = vectors
    out.parent.mkdir(parents=True, exist_ok=True)
    for path, tensor in ((out, torch.from_numpy(emb)), (out.with_suffix(".half.pt"), torch.from_numpy(emb).half())):
        torch.save({"vocab": vocab.state_dict(), "emb": tensor}, path, _use_new_zipfile_serialization=False)


@click.command()
@click.argument("corpus", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--dim", default=100, show_default=True, help="Dimensions.")
@click.option("--epochs", default=4, show_default=True)
@click.option("--min-count", default=8, show_default=True, help="Rarer words get no vector.")
@click.option("--seed", default=1, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Threads; the result is reproducible with one only.")
def main(corpus: Path, out: Path, dim: int, epochs: int, min_count: int, seed: int, workers: int) -> None:
    """Train word vectors on CORPUS and write them to OUT (single precision) and OUT.half.pt (for the pack)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    words, vectors = train(corpus, dim, epochs, min_count, seed, workers)
    save(words, vectors, out)
    log.info("%d words, %d dimensions -> %s", len(words), dim, out)


if __name__ == "__main__":
    main()
