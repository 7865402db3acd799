"""kg.training.lstm: the states and gradients are those of PyTorch's own LSTM."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from kg.training import lstm


def packed(lengths: list[int], dimensions: int) -> PackedSequence:
    """Sequences of random numbers, whose gradients are asked for."""
    found = pack_sequence([torch.randn(n, dimensions, dtype=torch.double) for n in lengths], enforce_sorted=False)
    return PackedSequence(found.data.requires_grad_(), found.batch_sizes)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.booleans(), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_states_and_gradients_are_those_of_torch(lengths: list[int], both_ways: bool, layers: int, seed: int) -> None:
    torch.manual_seed(seed)
    known = nn.LSTM(4, 3, layers, bidirectional=both_ways).double()
    inputs = packed(lengths, 4)
    theirs, ours = known(inputs)[0].data, lstm.run(known, inputs)
    assert torch.allclose(theirs, ours, atol=1e-12)
    wanted = torch.randn_like(theirs)

    def gradients(of: Tensor) -> tuple[Tensor, ...]:
        return torch.autograd.grad(of, [inputs.data, *known.parameters()], wanted)

    assert all(torch.allclose(a, b, atol=1e-10) for a, b in zip(gradients(theirs), gradients(ours), strict=True))


@pytest.mark.parametrize("training", [True, False])
def test_states_between_layers_are_dropped_in_training_only(training: bool) -> None:
    torch.manual_seed(1)
    known = nn.LSTM(4, 3, 2, bidirectional=True, dropout=0.5).double().train(training)
    inputs = packed([5, 3], 4)
    once, again = lstm.run(known, inputs), lstm.run(known, inputs)
    assert torch.equal(once, again) is not training
