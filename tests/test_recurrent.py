"""LSTMs in whole numbers against PyTorch's."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.utils.rnn import pack_sequence, unpack_sequence

from kg.recurrent import Direction, Stack, possible

pytestmark = pytest.mark.skipif(not possible(), reason="this processor has no instructions for products of whole numbers")
LSTM = torch.nn.LSTM(12, 64, bidirectional=True).eval()
DEEP = torch.nn.LSTM(12, 32, num_layers=2, bidirectional=True).eval()
STACK = Stack([DEEP]) if possible() else None
SUFFIXES = ("l0", "l0_reverse")


def read(texts: Sequence[Tensor], way: int) -> tuple[list[Tensor], Tensor, Tensor]:
    """The states of texts, the longest first, and their last states and cells."""
    direction = Direction(LSTM, SUFFIXES[way])
    packed = pack_sequence(list(texts))
    said = direction.project(packed.data)
    start = (torch.zeros(len(texts), direction.size),) * 2
    with torch.no_grad():
        states, last, cells = direction.run(lambda a, b: said[a:b], packed.batch_sizes.tolist(), start, reverse=way == 1)
    return unpack_sequence(packed._replace(data=states)), last, cells


def random_texts(lengths: Sequence[int], seed: int = 0) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(n, 12, generator=generator) for n in sorted(lengths, reverse=True)]


@pytest.mark.parametrize("way", [0, 1])
def test_states_are_those_of_pytorch_to_the_step_of_a_whole_number(way: int) -> None:
    texts = random_texts((1, 7, 30, 31, 80))
    states, last, cells = read(texts, way)
    with torch.no_grad():
        packed, (h, c) = LSTM(pack_sequence(texts))
    expected = [x[:, 64 * way : 64 * (way + 1)] for x in unpack_sequence(packed)]
    for mine, theirs in zip(states, expected, strict=True):
        assert (mine - theirs).abs().max() < 0.01
        assert (mine - theirs).abs().mean() < 0.001
    assert (last - h[way]).abs().max() < 0.01
    assert (cells - c[way]).abs().max() < 0.02


@pytest.mark.parametrize("way", [0, 1])
def test_the_last_state_is_that_of_the_end(way: int) -> None:
    states, last, _cells = read(random_texts((3, 9)), way)
    assert [s[-1 if way == 0 else 0].tolist() for s in states] == last.tolist()


@given(lengths=st.lists(st.integers(1, 25), max_size=12), seed=st.integers(0, 1000), way=st.integers(0, 1))
def test_a_text_is_read_the_same_whatever_stands_beside_it(lengths: list[int], seed: int, way: int) -> None:
    # The inputs' part is multiplied by PyTorch, text by text: what is under test is the recurrence.
    direction = Direction(LSTM, SUFFIXES[way])
    texts = random_texts([10, *lengths], seed)
    said = [direction.project(t) for t in texts]
    own = next(i for i, t in enumerate(texts) if len(t) == 10)

    def run(chosen: list[Tensor]) -> list[Tensor]:
        packed = pack_sequence(chosen)
        start = (torch.zeros(len(chosen), direction.size),) * 2
        states, *_ = direction.run(lambda a, b: packed.data[a:b].clone(), packed.batch_sizes.tolist(), start, reverse=way == 1)
        return unpack_sequence(packed._replace(data=states))

    assert torch.equal(run([said[own]])[0], run(said)[own])


def test_a_start_that_is_not_zero_is_heard_and_kept() -> None:
    direction = Direction(LSTM, "l0")
    said = direction.project(random_texts((4,))[0])
    start = torch.full((1, 64), 0.5), torch.full((1, 64), 0.25)
    kept = [s.clone() for s in start]
    states, *_ = direction.run(lambda a, b: said[a:b].clone(), [1] * 4, start)
    with torch.no_grad():
        hx = tuple(torch.cat([s[None], torch.zeros(1, 1, 64)]) for s in start)
        theirs = LSTM(random_texts((4,))[0][:, None], hx)[0][:, 0, :64]
    assert (states - theirs).abs().max() < 0.01
    assert all(torch.equal(s, k) for s, k in zip(start, kept, strict=True))


@given(lengths=st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=4), min_size=1, max_size=5), seed=st.integers(0, 1000))
def test_a_stack_reads_each_document_as_if_it_were_alone(lengths: list[list[int]], seed: int) -> None:
    documents = [random_texts(own, seed + n) for n, own in enumerate(lengths)]
    projected = [STACK.project(torch.cat(texts)) for texts in documents]
    flat = [n for texts in documents for n in map(len, texts)]
    with torch.no_grad():
        together = iter(STACK.states([torch.cat(ways) for ways in zip(*projected, strict=True)], torch.arange(sum(flat)).split(flat)))
        for texts, mine in zip(documents, projected, strict=True):
            own = [len(t) for t in texts]
            alone = STACK.states(mine, torch.arange(sum(own)).split(own))
            packed, _last = DEEP(pack_sequence(texts))
            for states, theirs in zip(alone, unpack_sequence(packed), strict=True):
                both = next(together)
                assert all(torch.equal(a, b) for a, b in zip(states, both, strict=True))
                assert [tuple(s.shape) for s in states] == [(len(theirs), 64)] * 2
                assert (states[-1] - theirs).abs().max() < 0.02
