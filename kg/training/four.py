"""The four-class tagger: kg's NER tagger trained on, with a head for AQMAR (Wikipedia) and one for ANERcorp (newswire).

The two corpora annotate by different rules, so that one head for both learns neither (AQMAR 0.68 in place of 0.76). Both heads begin
as the four-class head of `ner.pt`; which of them answers is told by the words of a text (`kg.four_classes`).
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
    """Write `four.train.json` and `four.dev.json`; returns the training sentences of both corpora. AQMAR, the smaller, comes twice."""
    aqmar, dev = (_plain(read_tagged(data / "ner" / f"aqmar.{part}.bio")) for part in ("train", "dev"))
    anercorp = _plain(read_tagged(data / "ner" / "anercorp.train.bio"))
    anercorp = anercorp[: last_tenth(anercorp)]
    rows = [_row(s, 0) for s in aqmar * 2] + [_row(s, 1) for s in anercorp]
    (out / "four.train.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    (out / "four.dev.json").write_text(json.dumps([_row(s, 0) for s in dev], ensure_ascii=False), encoding="utf-8")
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


def finish(trained: Path, chosen: dict[str, Any], out: Path) -> None:
    """Write `four.pt`: the trained tagger in half precision, without embeddings that are all zero, with the choice of the head."""
    import torch

    from kg.training.pack import without_delta

    without_delta(trained)
    saved = torch.load(trained, map_location="cpu", weights_only=True)
    saved["model"] = {name: value.half() if value.is_floating_point() else value for name, value in saved["model"].items()}
    del saved["vocab"]["word"]  # that of the word vectors, which `kg.four_classes` puts back
    torch.save(saved | {"domain": chosen}, out, _use_new_zipfile_serialization=False)
