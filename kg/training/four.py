"""The four-class taggers: kg's NER tagger trained on, with a head for AQMAR (Wikipedia) and one for ANERcorp (newswire), and one of AQMAR's own.

The two corpora annotate by different rules, so that one head for both learns neither (AQMAR 0.68 in place of 0.76). Both heads begin
as the four-class head of `ner.pt`; which of them answers is told by the words of a text (`kg.four_classes`). The tagger that learns from AQMAR
alone, with characters and word vectors of its own, is no better (0.75), but errs elsewhere: the sum of both has 0.79.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.accuracy import Tagged, plain_token, read_tagged
from kg.four_classes import mean_vector, read_vectors
from kg.training.ner_data import MASKED, last_tenth

#: Sentences of a text whose mean word vector is one example for the choice of the head.
_WINDOW = 10


def prepare(data: Path, out: Path) -> tuple[list[Tagged], list[Tagged]]:
    """Write `four.train.json` (AQMAR, the smaller, comes twice) and `four.dev.json`, and AQMAR alone as `aqmar.train.json` and `aqmar.dev.json`.

    Returns:
        The training sentences of both corpora.
    """
    aqmar, dev = (_plain(read_tagged(data / "ner" / f"aqmar.{part}.bio")) for part in ("train", "dev"))
    anercorp = _plain(read_tagged(data / "ner" / "anercorp.train.bio"))
    anercorp = anercorp[: last_tenth(anercorp)]
    rows = [_row(s, 0) for s in aqmar * 2] + [_row(s, 1) for s in anercorp]
    alone = {part: [[{"text": token, "ner": label} for token, label in s] for s in found] for part, found in (("train", aqmar), ("dev", dev))}
    files = {"four.train": rows, "four.dev": [_row(s, 0) for s in dev], "aqmar.train": alone["train"], "aqmar.dev": alone["dev"]}
    for name, content in files.items():
        (out / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return aqmar, anercorp


def _plain(sentences: list[Tagged]) -> list[Tagged]:
    return [[(plain_token(token), label) for token, label in s] for s in sentences]


def _row(sentence: Tagged, head: int) -> list[dict[str, Any]]:
    return [{"text": token, "multi_ner": [label, MASKED] if head == 0 else [MASKED, label]} for token, label in sentence]


def base(ner: Path, out: Path) -> None:
    """Write the tagger that training starts from: `ner.pt` with its four-class head twice."""
    import torch

    saved = torch.load(ner, map_location="cpu", weights_only=True)
    tags = saved["vocab"]["tag"]
    for table in ("_unit2id", "_id2unit"):
        tags[table][0] = type(tags[table][1])(tags[table][1])
    for name in ("tag_clfs.{}.weight", "tag_clfs.{}.bias", "crits.{}._transitions"):
        saved["model"][name.format(0)] = saved["model"][name.format(1)].clone()
    torch.save(saved, out, _use_new_zipfile_serialization=False)


def domain(encyclopedia: list[Tagged], news: list[Tagged], vectors: Path) -> dict[str, Any]:
    """The direction in the word vectors that parts an encyclopedia (positive) from news: logistic regression over means of ten sentences."""
    import torch

    pretrain = read_vectors(vectors)

    def means(sentences: list[Tagged]) -> list[torch.Tensor]:
        tokens = [[t for t, _ in s] for s in sentences]
        found = (mean_vector(pretrain, tokens[i : i + _WINDOW]) for i in range(0, len(tokens), _WINDOW))
        return [mean for mean in found if mean is not None]

    one, other = means(encyclopedia), means(news)
    x, y = torch.stack(one + other), torch.tensor([1.0] * len(one) + [0.0] * len(other))
    weights, bias = torch.zeros(x.shape[1], requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        out = torch.nn.functional.binary_cross_entropy_with_logits(x @ weights + bias, y) + 1e-6 * weights.square().sum()
        out.backward()  # type: ignore[no-untyped-call]
        return out

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return {"weights": weights.detach(), "bias": bias.detach()}


def finish(both: Path, alone: Path, chosen: dict[str, Any], out: Path) -> None:
    """Write `four.pt`: the trained taggers in half precision, without embeddings that are all zero, with the choice of the heads.

    Args:
        both: the tagger with a head for each corpus.
        alone: that of AQMAR alone.
        chosen: what `domain` gave.
        out: the file.
    """
    import torch

    from kg.training.pack import halved, without_delta

    without_delta(both)
    taggers = [halved(torch.load(path, map_location="cpu", weights_only=True)) for path in (both, alone)]
    for tagger in taggers:
        del tagger["vocab"]["word"]  # that of the word vectors, which `kg.four_classes` puts back
    saved = {"taggers": taggers, "encyclopedia": [(0, 0), (1, 0)], "news": [(0, 1)], "domain": chosen}
    torch.save(saved, out, _use_new_zipfile_serialization=False)
