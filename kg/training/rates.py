"""Learning rates that rise at once and fall to nothing along a cosine, for Stanza trainers that know no such schedule."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from typing import Any

#: The share of the steps over which the rate rises.
_RISE = 0.01


def fall(optimizer: Any, steps: int, rate: float) -> Any:
    """Let the rate of a torch optimizer depend on how many of `steps` it has taken; returns the optimizer."""
    step: Callable[..., Any] = optimizer.step
    done = 0

    def stepped(*args: Any, **kwargs: Any) -> Any:
        nonlocal done
        done += 1
        for group in optimizer.param_groups:
            group["lr"] = rate_at(done / steps, rate)
        return step(*args, **kwargs)

    optimizer.step = stepped
    return optimizer


def rate_at(part: float, rate: float) -> float:
    """The rate when that part of the steps is done: at most `rate`, at least a thousandth of it."""
    return rate * min(1.0, part / _RISE, 0.5 + 0.5 * math.cos(math.pi * min(1.0, part)) + 1e-3)


@contextlib.contextmanager
def falling_ner(steps: int, rate: float) -> Iterator[None]:
    """Within it, the optimizer of Stanza's NER trainer falls."""
    from stanza.models.common import utils

    made = utils.get_optimizer

    def get_optimizer(*args: Any, **kwargs: Any) -> Any:
        return fall(made(*args, **kwargs), steps, rate)

    utils.get_optimizer = get_optimizer
    try:
        yield
    finally:
        utils.get_optimizer = made
