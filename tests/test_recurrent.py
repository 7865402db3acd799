"""LSTMs in whole numbers against PyTorch's."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from functools import partial

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpack_sequence

from kg.recurrent import Direction, Linear, Order, Product, Stack, possible, reversal, rows_of, run

pytestmark = pytest.mark.skipif(not possible(), reason="this processor has no instructions for products of whole numbers")
LSTM = torch.nn.LSTM(12, 64, bidirectional=True).eval()
DEEP = [torch.nn.LSTM(12, 32, num_layers=2, bidirectional=True).eval() for _ in range(2)]
STACK = Stack([[lstm] for lstm in DEEP]) if possible() else None
SUFFIXES = ("l0", "l0_reverse")


def of_all(states: Tensor, sizes: Tensor) -> list[Tensor]:
    """The rows of a pack by sequence."""
    return list(unpack_sequence(PackedSequence(states, sizes)))


def read(texts: Sequence[Tensor]) -> list[tuple[list[Tensor], Tensor, Tensor]]:
    """For each way the states of texts, the longest first, and their last states and cells; both ways are read together."""
    ways = [Direction(LSTM, suffix) for suffix in SUFFIXES]
    packed = pack_sequence(list(texts))
    back = reversal(packed.batch_sizes)
    said = partial(rows_of, [d.project(packed.data).detach() for d in ways], [torch.arange(len(back)), back])
    states, last, cells = run(ways, said, packed.batch_sizes.tolist())
    return [(of_all(states[0], packed.batch_sizes), last[0], cells[0]), (of_all(states[1][back], packed.batch_sizes), last[1], cells[1])]


def random_texts(lengths: Sequence[int], seed: int = 0) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(n, 12, generator=generator) for n in sorted(lengths, reverse=True)]


@pytest.mark.parametrize("way", [0, 1])
def test_states_are_those_of_pytorch_to_the_step_of_a_whole_number(way: int) -> None:
    texts = random_texts((1, 7, 30, 31, 80))
    states, last, cells = read(texts)[way]
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
    states, last, _cells = read(random_texts((3, 9)))[way]
    assert [s[-1 if way == 0 else 0].tolist() for s in states] == last.tolist()


@given(lengths=st.lists(st.integers(1, 25), max_size=12), seed=st.integers(0, 1000), way=st.integers(0, 1))
def test_a_text_is_read_the_same_whatever_stands_beside_it(lengths: list[int], seed: int, way: int) -> None:
    # The inputs' part is multiplied by PyTorch, text by text: what is under test is the recurrence.
    direction = Direction(LSTM, SUFFIXES[way])
    texts = random_texts([10, *lengths], seed)
    said = [direction.project(t) for t in texts]
    own = next(i for i, t in enumerate(texts) if len(t) == 10)

    def states(chosen: list[Tensor]) -> list[Tensor]:
        packed = pack_sequence(chosen)
        found = run([direction], lambda a, b: packed.data[None, a:b].clone(), packed.batch_sizes.tolist())[0][0]
        return of_all(found, packed.batch_sizes)

    assert torch.equal(states([said[own]])[0], states(said)[own])


def test_a_start_that_is_not_zero_is_heard_and_kept() -> None:
    direction = Direction(LSTM, "l0")
    said = direction.project(random_texts((4,))[0])
    start = torch.full((1, 1, 64), 0.5), torch.full((1, 1, 64), 0.25)
    kept = [s.clone() for s in start]
    states = run([direction], lambda a, b: said[None, a:b].clone(), [1] * 4, start)[0][0]
    with torch.no_grad():
        hx = tuple(torch.cat([s, torch.zeros(1, 1, 64)]) for s in start)
        theirs = LSTM(random_texts((4,))[0][:, None], hx)[0][:, 0, :64]
    assert (states - theirs).abs().max() < 0.01
    assert all(torch.equal(s, k) for s, k in zip(start, kept, strict=True))


@given(lengths=st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=4), min_size=1, max_size=5), seed=st.integers(0, 1000))
def test_a_stack_reads_each_document_as_if_it_were_alone(lengths: list[list[int]], seed: int) -> None:
    documents = [torch.cat(random_texts(own, seed + n)) for n, own in enumerate(lengths)]
    flat = [n for own in lengths for n in sorted(own, reverse=True)]
    rows = torch.arange(sum(flat))
    with torch.no_grad():
        together = STACK.states([torch.cat(documents), -torch.cat(documents)], [rows, rows], flat)
        start = 0
        for own, document in zip(lengths, documents, strict=True):
            here = slice(start, start + len(document))
            start += len(document)
            alone = STACK.states([document, -document], [torch.arange(len(document))] * 2, sorted(own, reverse=True))
            for both, single, lstm, sign in zip(together, alone, DEEP, (1, -1), strict=True):
                assert all(torch.equal(a[here], b) for a, b in zip(both, single, strict=True))
                assert [tuple(layer.shape) for layer in single] == [(len(document), 64)] * 2
                theirs = lstm(pack_sequence([sign * t for t in document.split(sorted(own, reverse=True))]))[0]
                assert (single[-1] - torch.cat(unpack_sequence(theirs))).abs().max() < 0.05


@given(lengths=st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_an_order_tells_where_rows_stand_and_what_stands_there_backwards(lengths: list[int]) -> None:
    order = Order.of(lengths)
    flat = [(n, i) for n, length in enumerate(lengths) for i in range(length)]
    packed = [flat[p] for p in order.places.tolist()]
    assert sorted(packed) == flat
    assert [step for _, step in packed] == [t for t, live in enumerate(order.sizes) for _ in range(live)]
    assert [packed[b] for b in order.back.tolist()] == [(n, lengths[n] - 1 - i) for n, i in packed]


@example(rows=33, columns=17, size=1.0, seed=0)  # with AMX oneDNN takes another program for few inputs
@example(rows=8, columns=67, size=1.0, seed=0)
@given(rows=st.integers(1, 40), columns=st.integers(1, 80), size=st.sampled_from([1e-4, 1.0, 300.0]), seed=st.integers(0, 1000))
def test_a_product_is_right_to_the_scale_of_its_rows(rows: int, columns: int, size: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    weight, bias = torch.randn(rows, columns, generator=generator), torch.randn(rows, generator=generator)
    x = size * torch.randn(5, columns, generator=generator)
    found = Product(weight, bias)(x)
    # Each factor is off by at most half a step, of 127 to the largest.
    most = x.abs().amax(1, keepdim=True) * weight.abs().amax(1)
    assert bool(((found - bias - x @ weight.T).abs() <= 3 * columns**0.5 * most / 100 + 1e-4).all())
    assert torch.equal(Product(weight, bias)(x[3:4]), found[3:4])


def test_of_a_matrix_that_was_turned_the_product_is_the_same() -> None:
    weight, x = torch.randn(12, 30), torch.randn(4, 30)
    assert torch.equal(Product(weight, torch.zeros(12))(x), Product(weight.T.contiguous().T, torch.zeros(12))(x))


@pytest.mark.parametrize("bias", [True, False])
def test_a_linear_layer_learns_in_single_precision_and_then_computes_in_whole_numbers(bias: bool) -> None:
    torch.manual_seed(2)
    plain = torch.nn.Linear(30, 12, bias=bias)
    layer, x = Linear.of(plain), torch.randn(3, 4, 30)
    assert torch.equal(layer(x), plain(x))  # somebody may ask for gradients
    with torch.no_grad():
        exact = plain(x)
        assert torch.equal(layer.train()(x), exact)
        whole = layer.eval()(x)
        assert whole.shape == exact.shape
        assert not torch.equal(whole, exact)
        assert (whole - exact).abs().max() < 0.05
        assert torch.equal(layer(x[1, 2:3]), whole[1, 2:3])
        for changed in (layer.weight, layer.bias) if bias else (layer.weight,):
            before = layer(x)
            changed.add_(1)
            assert not torch.allclose(layer(x), before, atol=0.1)
        assert torch.equal(pickle.loads(pickle.dumps(layer))(x), layer(x))
    with torch.inference_mode():
        assert layer(x).shape == exact.shape
