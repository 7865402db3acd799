"""kg.groups: which mentions speak of one group."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from kg import groups
from kg.errors import KgError
from kg.groups import ALONE, PAIR, Group, Joiner, Ranker, Sizes
from kg.model import Quantity

VECTORS = torch.eye(8)
LOOKUP = {"جنود": 4, "قوات": 5, "صواريخ": 6}


def spoken(text: str, sentence: int = 0, draft: int = 0, type: str = "FORCE", **known: Any) -> Group:
    """A mention of a group by its words."""
    words = tuple(w.removeprefix("ال") for w in text.split())
    one = Group(type, text, words, frozenset(words), text.startswith("ال"), False, False, frozenset(), None, None, sentence, None, draft)
    return replace(one, **known)


class Judge(Ranker):
    """Joins what begins with the same word, as surely as it is told."""

    def __init__(self, sure: float = 5.0) -> None:
        super().__init__(Sizes())
        self.sure = sure

    def forward(self, pairs: Tensor, alone: Tensor) -> Tensor:
        same_first_word = pairs[:, 2]
        return torch.cat([self.sure * (2 * same_first_word - 1), torch.zeros(1)])


def joins(*told: Group, sure: float = 5.0, least: float = 0.5) -> list[tuple[int, int]]:
    return Joiner(Judge(sure), least, VECTORS, lambda w: LOOKUP.get(w, 1)).joins(told)


def test_a_mention_continues_the_one_that_it_is_likest_to() -> None:
    assert joins(spoken("جنود", draft=1), spoken("قوات", draft=2), spoken("الجنود", 1, draft=3)) == [(2, 0)]


def test_one_that_is_like_none_begins_a_group() -> None:
    assert joins(spoken("جنود", draft=1), spoken("قوات", draft=2)) == []
    assert joins(spoken("جنود", draft=1)) == []
    assert joins() == []


def test_what_is_less_sure_than_the_threshold_stays_apart() -> None:
    told = spoken("جنود", draft=1), spoken("الجنود", 1, draft=2)
    assert joins(*told, sure=1.0, least=0.7) == [(1, 0)]
    assert joins(*told, sure=1.0, least=0.8) == []


def test_what_rules_have_joined_is_not_joined_again() -> None:
    assert joins(spoken("جنود", draft=1), spoken("الجنود", 1, draft=1)) == []


def test_mentions_of_one_draft_speak_together() -> None:
    told = [spoken("جنود", n, draft=1) for n in range(3)] + [spoken("الجنود", 4, draft=2)]
    # Each alone would have 0.29 of the probability.
    assert joins(*told, sure=0.5, least=0.8) == [(3, 2)]


def test_types_do_not_mix() -> None:
    assert joins(spoken("جنود", draft=1), spoken("جنود", 1, draft=2, type="WEAPON")) == []


def test_signs_are_as_many_as_a_ranker_takes() -> None:
    before, pairs, first = groups.signs([spoken("جنود"), spoken("قوات"), spoken("الجنود", 1)], 2)
    assert before == [0, 1]
    assert [len(p) for p in pairs] == [PAIR, PAIR]
    assert len(first) == ALONE
    assert Ranker(Sizes())(torch.tensor(pairs), torch.tensor(first)).shape == (3,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"quantity": Quantity(3000, False, "soldiers", "3000")}, {"quantity": Quantity(500, False, "soldiers", "500")}),
        ({"owners": frozenset(["Q159"])}, {"owners": frozenset(["Q423"])}),
        ({"concept": "force/soldier"}, {"concept": "force/pilot"}),
        ({"other": True}, {}),
        ({"pointed": True}, {}),
        ({"definite": True}, {}),
    ],
)
def test_signs_tell_differences(one: dict[str, Any], other: dict[str, Any]) -> None:
    plain = groups.pair(spoken("جنود", 1), spoken("جنود"), 0, True)
    assert groups.pair(spoken("جنود", 1, **one), spoken("جنود", **other), 0, True) != plain


def test_endings_and_articles_do_not_matter() -> None:
    assert groups.stem("المتمردون") == groups.stem("متمردين") == groups.stem("متمرد")
    assert groups.stem("الكورية") == groups.stem("كوري")
    assert groups.stem("الم") == "الم"


def test_vectors_are_directions() -> None:
    joiner = Joiner(Judge(), 0.5, VECTORS * 3, lambda w: LOOKUP.get(w, 1))
    known = joiner.vector("جنود")
    assert float(known @ known) == pytest.approx(1)
    assert joiner.vector("غريب") is None


def test_a_ranker_is_read_as_it_was_written(tmp_path: Path) -> None:
    torch.manual_seed(1)
    ranker = Ranker(Sizes()).eval()
    groups.save(ranker, 0.6, tmp_path / "groups.pt")
    joiner = groups.load(tmp_path / "groups.pt", VECTORS, lambda w: 1)
    pairs, first = torch.rand(3, PAIR), torch.rand(ALONE)
    assert torch.equal(joiner.ranker(pairs, first), ranker(pairs, first))
    assert joiner.least == 0.6


@pytest.mark.parametrize("content", [b"", b"not a model"])
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "groups.pt"
    path.write_bytes(content)
    with pytest.raises(KgError, match=r"cannot load the ranker of groups .*groups\.pt"):
        groups.load(path, VECTORS, lambda w: 1)


def test_a_model_of_something_else_is_named(tmp_path: Path) -> None:
    torch.save({"weights": {}}, tmp_path / "groups.pt")
    with pytest.raises(KgError, match="cannot load the ranker of groups"):
        groups.load(tmp_path / "groups.pt", VECTORS, lambda w: 1)
