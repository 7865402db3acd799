"""The bundled models, step by step, with Stanza's own trainers.

    python -m kg.training.all                    # every step (make models)
    python -m kg.training.all treebank ner       # some of them

Each step reads the data folder and what earlier steps left in the working folder, has a fixed seed and writes a log of its
own (`WORK/logs/STEP.log`). Nothing here is needed to run kg.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import logging
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from kg import accuracy
from kg.training import charlm
from kg.training.rates import falling_ner

log = logging.getLogger(__name__)

SHORTHAND = "ar_kg"


@dataclass(frozen=True, slots=True)
class Run:
    """Where a training run reads and writes; `seed` goes to every trainer."""

    data: Path
    gold: Path
    work: Path
    seed: int
    scale: float = 1.0

    def path(self, *parts: str) -> Path:
        path = self.work.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def steps(self, steps: int) -> str:
        """A number of optimiser steps under `--scale`, as an argument."""
        return str(max(10, int(steps * self.scale)))

    def stanza(self, module: str, *arguments: str) -> None:
        """Call one of Stanza's trainers."""
        trainer = importlib.import_module(f"stanza.models.{module}")
        trainer.main([*arguments, "--seed", str(self.seed), "--cpu", "--save_dir", str(self.work / "models")])


def held_out(document: str) -> bool:
    """Whether a treebank document belongs to the tenth that is never trained on."""
    return hashlib.sha256(document.encode()).digest()[0] < 26


def treebank(run: Run) -> None:
    """Convert the three treebank parts and set a tenth of the documents aside."""
    from kg.training import treebank as tb

    rng = random.Random(run.seed)
    trees = []
    for path in sorted((run.data / "ud").glob("*.conllu")):
        part = list(tb.read(path))
        for tree in part:
            tb.convert(tree, rng)
        trees += part
    for name, wanted in (("train", False), ("dev", True)):
        chosen = [t for t in trees if held_out(tb.document_of(t)) == wanted]
        tb.write(chosen, run.path("ud", f"{name}.conllu"), rng)
        log.info("%s: %d sentences", name, len(chosen))
        if name == "dev":  # PUD's white space is its own; PADT's is ours
            tb.write([t for t in chosen if not tb.is_padt(t)], run.path("ud", "pud.dev.conllu"), rng)


def vectors(run: Run) -> None:
    """Skip-gram vectors over the news corpus."""
    from kg.training import vectors as vec

    words, matrix = vec.train(run.data / "news" / "saudinewsnet.txt.xz", dim=100, epochs=4, min_count=8, seed=run.seed, workers=2)
    vec.save(words, matrix, run.path("models", "vectors.pt"))


#: Updates of a character language model: one pass over 55 million characters in batches of 48 pieces of about 117.
CHARLM_STEPS = 9_800
NER_STEPS = 9_000


def _charlm(run: Run, direction: str) -> None:
    text, evaluation = run.path("charlm", "train.txt"), run.path("charlm", "eval.txt")
    if not text.is_file():
        log.info("%d characters", charlm.prepare(run.data / "news" / "saudinewsnet.txt.xz", text, evaluation))
    arguments = [
        f"--{direction}", "--shorthand", SHORTHAND, "--train_file", str(text), "--eval_file", str(evaluation), "--save_name", f"{direction}.pt",
        "--vocab_save_name", f"{direction}.vocab.pt", "--no_checkpoint", "--char_hidden_dim", "384", "--char_emb_dim", "64", "--batch_size", "48",
        "--bptt_size", "120", "--epochs", "1", "--eval_steps", run.steps(2450), "--seed", str(run.seed), "--cpu", "--save_dir",
        str(run.path("models", "x").parent),
    ]  # fmt: skip
    charlm.train(arguments, steps=int(run.steps(CHARLM_STEPS)), rate=2e-3)


def charlm_forward(run: Run) -> None:
    """The character language model that reads from the first letter on."""
    _charlm(run, "forward")


def charlm_backward(run: Run) -> None:
    """The character language model that reads from the last letter back."""
    _charlm(run, "backward")


def _tokenizer_files(run: Run, name: str, careless: float) -> None:
    """Text and labels for the tokenizer; a share of the paragraphs again, spaced as careless writers do."""
    from stanza.utils.datasets import prepare_tokenizer_data

    from kg.training import treebank as tb

    rng = random.Random(run.seed)
    conllu = run.path("ud", f"{name}.conllu")
    blocks = list(zip(accuracy.paragraphs(accuracy.read_treebank(conllu)), tb.paragraph_rows(conllu), strict=True))
    again = [(tb.careless_spaces(text, rng), rows) for text, rows in blocks if rng.random() < careless]
    source, text = run.path("tokenize", f"{name}.conllu"), run.path("tokenize", f"{name}.txt")
    source.write_text("".join(rows for _, rows in blocks + again), encoding="utf-8")
    text.write_text("\n\n".join(t for t, _ in blocks + again) + "\n", encoding="utf-8")
    out, mwt = run.path("tokenize", f"{name}.toklabels"), run.path("tokenize", f"{name}-mwt.json")
    prepare_tokenizer_data.main([str(text), str(source), "-o", str(out), "-m", str(mwt)])


def tokenizer(run: Run) -> None:
    """Tokens, sentences, and which tokens hold more than one word."""
    _tokenizer_files(run, "train", careless=0.25)
    _tokenizer_files(run, "dev", careless=0.0)
    files = run.work / "tokenize"
    run.stanza(
        "tokenizer", "--mode", "train", "--lang", "ar", "--shorthand", SHORTHAND, "--save_name", "tokenizer.pt",
        "--txt_file", f"{files}/train.txt", "--label_file", f"{files}/train.toklabels", "--mwt_json_file", f"{files}/dev-mwt.json",
        "--dev_txt_file", f"{files}/dev.txt", "--dev_label_file", f"{files}/dev.toklabels", "--dev_conll_gold", str(run.path("ud", "dev.conllu")),
        "--max_seqlen", "300", "--batch_size", "32", "--steps", run.steps(2000), "--eval_steps", run.steps(500), "--report_steps", "100",
        "--max_steps_before_stop", run.steps(2000), "--dropout", "0.33",
    )  # fmt: skip


def mwt(run: Run) -> None:
    """Where a token of several words is cut."""
    from stanza.utils.datasets import contract_mwt

    for name in ("train", "dev"):
        contract_mwt.contract_mwt(str(run.path("ud", f"{name}.conllu")), str(run.path("mwt", f"{name}.in.conllu")))
    run.stanza(
        "mwt_expander", "--mode", "train", "--lang", "ar", "--shorthand", SHORTHAND, "--save_name", "mwt.pt",
        "--train_file", str(run.path("ud", "train.conllu")), "--eval_file", str(run.path("mwt", "dev.in.conllu")),
        "--gold_file", str(run.path("ud", "dev.conllu")), "--num_epoch", run.steps(20),
    )  # fmt: skip


def tagger(run: Run) -> None:
    """Parts of speech and features."""
    with charlm.remembered():
        run.stanza(
            "tagger", "--mode", "train", "--lang", "ar", "--shorthand", SHORTHAND, "--save_name", "tagger.pt",
            "--train_file", str(run.path("ud", "train.conllu")), "--eval_file", str(run.path("ud", "dev.conllu")), *_vectors(run), *_charlms(run),
            "--charlm_transform_dim", "100", "--max_steps", run.steps(3000), "--eval_interval", "250", "--fix_eval_interval",
            "--max_steps_before_stop", "1500", "--batch_size", "32", "--hidden_dim", "150", "--deep_biaff_hidden_dim", "200",
            "--composite_deep_biaff_hidden_dim", "60", "--transformed_dim", "100", "--word_emb_dim", "50",
        )  # fmt: skip


def lemmatizer(run: Run) -> None:
    """Undiacritised lemmas, by dictionary first, by sequence model for the rest."""
    run.stanza(
        "lemmatizer", "--mode", "train", "--shorthand", SHORTHAND, "--save_name", "lemmatizer.pt",
        "--train_file", str(run.path("ud", "train.conllu")), "--eval_file", str(run.path("ud", "dev.conllu")),
        "--num_epoch", run.steps(11), "--hidden_dim", "150",
    )  # fmt: skip


def parser(run: Run) -> None:
    """Dependencies, from words and characters alone, so that a wrong tag cannot mislead it."""
    with charlm.remembered():
        run.stanza(
            "parser", "--mode", "train", "--lang", "ar", "--shorthand", SHORTHAND, "--save_name", "parser.pt",
            "--train_file", str(run.path("ud", "train.conllu")), "--eval_file", str(run.path("ud", "dev.conllu")), *_vectors(run), *_charlms(run),
            "--max_steps", run.steps(2200), "--eval_interval", "200", "--max_steps_before_stop", "1000", "--batch_size", "1500",
            "--no_second_optim", "--hidden_dim", "200", "--deep_biaff_hidden_dim", "200", "--transformed_dim", "100",
            "--word_emb_dim", "50", "--no_upos", "--no_xpos", "--no_ufeats", "--no_checkpoint",
        )  # fmt: skip


def ner(run: Run) -> None:
    """The eight entity types, and as a second head of the same model the four of ANERcorp and AQMAR."""
    from kg.training import ner_data

    counts = ner_data.prepare(run.data, run.gold, run.path("ner", "x").parent, run.seed)
    log.info("NER sentences: %s", counts)
    with charlm.remembered(), falling_ner(int(run.steps(NER_STEPS)), rate=1.5e-3):
        run.stanza(
            "ner_tagger", "--mode", "train", "--shorthand", SHORTHAND, "--save_name", "ner.pt",
            "--train_file", str(run.path("ner", "ner.train.json")), "--eval_file", str(run.path("ner", "ner.dev.json")),
            *_vectors(run), *_charlms(run), "--max_steps", run.steps(NER_STEPS), "--eval_interval", "500", "--max_steps_no_improve", "8000",
            "--optim", "adam", "--min_lr", "0", "--hidden_dim", "256", "--no_input_transform", "--batch_size", "32", "--scheme", "bioes",
            "--no_emb_finetune",
        )  # fmt: skip


def four(run: Run) -> None:
    """The four classes of AQMAR and ANERcorp, a head for each, from the NER tagger on."""
    from kg.training import four as classes

    aqmar, anercorp = classes.prepare(run.data, run.path("ner", "x").parent)
    classes.base(run.path("models", "ner.pt"), run.path("models", "four.base.pt"))
    with charlm.remembered(), falling_ner(int(run.steps(2200)), rate=1e-3):
        run.stanza(
            "ner_tagger", "--mode", "train", "--shorthand", SHORTHAND, "--finetune", "--finetune_load_name", str(run.path("models", "four.base.pt")),
            "--save_name", "four.trained.pt", "--train_file", str(run.path("ner", "four.train.json")),
            "--eval_file", str(run.path("ner", "four.dev.json")), *_vectors(run), *_charlms(run), "--max_steps", run.steps(2200),
            "--eval_interval", "200", "--max_steps_no_improve", "8000", "--optim", "adam", "--lr", "1e-3", "--min_lr", "0", "--hidden_dim", "256",
            "--no_input_transform", "--batch_size", "32", "--scheme", "bioes", "--predict_tagset", "0", "--no_emb_finetune",
        )  # fmt: skip
    run.stanza(
        "ner_tagger", "--mode", "train", "--shorthand", SHORTHAND, "--save_name", "four.aqmar.pt",
        "--train_file", str(run.path("ner", "aqmar.train.json")), "--eval_file", str(run.path("ner", "aqmar.dev.json")), *_vectors(run),
        "--max_steps", run.steps(2600), "--eval_interval", "200", "--hidden_dim", "200", "--char_hidden_dim", "64", "--batch_size", "32",
        "--scheme", "bioes",
    )  # fmt: skip
    chosen = classes.domain(aqmar, anercorp, run.path("models", "vectors.pt"))
    classes.finish(run.path("models", "four.trained.pt"), run.path("models", "four.aqmar.pt"), chosen, run.path("models", "four.pt"))


def _charlms(run: Run) -> tuple[str, ...]:
    forward, backward = (str(run.path("models", f"{direction}.pt")) for direction in ("forward", "backward"))
    return "--charlm", "--charlm_shorthand", SHORTHAND, "--charlm_forward_file", forward, "--charlm_backward_file", backward


def _vectors(run: Run) -> tuple[str, str]:
    return "--wordvec_pretrain_file", str(run.path("models", "vectors.pt"))


def words(run: Run) -> None:
    """Language models over words, which the event model reads."""
    from kg.scorer import read_vectors
    from kg.training import word_models as trainer
    from kg.word_models import Sizes, WordModels, save

    emb, lookup = read_vectors(run.path("models", "vectors.half.pt"))
    corpus = trainer.Corpus(run.data / "news" / "saudinewsnet.txt.xz", emb, lookup)
    models = WordModels(Sizes(vectors=emb.shape[1]), emb, lookup)
    models.load_state_dict({name: w for d in range(2) for name, w in trainer.train(corpus, d, int(run.steps(trainer.WORDS))).items()})
    save(models, run.path("models", "words.pt"))


STEPS: dict[str, Callable[[Run], None]] = {
    f.__name__: f for f in (treebank, vectors, words, charlm_forward, charlm_backward, tokenizer, mwt, lemmatizer, ner, four, tagger, parser)
}  # fmt: skip


def _remember(path: Path, step: str, minutes: float) -> None:
    """Keep how long each step took, for the model card."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps({**known, step: round(minutes, 1)}, indent=1) + "\n", encoding="utf-8")


@click.command()
@click.argument("steps", nargs=-1, type=click.Choice(list(STEPS)))
@click.option("--data", default="../shared/data", type=click.Path(path_type=Path), show_default=True, help="Treebanks, NER corpora, news.")
@click.option("--gold", default="../shared/gold", type=click.Path(path_type=Path), show_default=True, help="Annotated documents.")
@click.option("--work", default="build", type=click.Path(path_type=Path), show_default=True, help="Working folder.")
@click.option("--seed", default=1, show_default=True)
@click.option("--scale", default=1.0, show_default=True, help="Multiply the number of steps (0.01 tries the whole chain in minutes).")
@click.option("--threads", default=1, show_default=True, help="Torch threads; results are reproducible for a fixed number.")
def main(steps: tuple[str, ...], data: Path, gold: Path, work: Path, seed: int, scale: float, threads: int) -> None:
    """Train the models: all of STEPS, or those named, in their order."""
    import torch

    torch.set_num_threads(threads)
    run = Run(data, gold, work, seed, scale)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for name, step in STEPS.items():
        if steps and name not in steps:
            continue
        started = time.monotonic()
        log.info("%s …", name)
        with run.path("logs", f"{name}.log").open("w", encoding="utf-8") as out, contextlib.redirect_stdout(out):
            handler = logging.StreamHandler(out)
            logging.getLogger("stanza").addHandler(handler)
            try:
                step(run)
            finally:
                logging.getLogger("stanza").removeHandler(handler)
        minutes = (time.monotonic() - started) / 60
        log.info("%s done in %.1f minutes", name, minutes)
        _remember(run.path("durations.json"), name, minutes)


if __name__ == "__main__":
    sys.exit(main())
