# %%
from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated, Any, Callable, Final, Literal, NamedTuple, Optional, Protocol, TypeAlias, TypeVar, overload

import keras
import numpy as np
from keras import ops

# %%
Tensor: TypeAlias = Any
Scores = Annotated[Tensor, "(..., Tq, Tk)"]
T = TypeVar("T")
NEGATIVE: Final[float] = -1e9


class ScoreFunction(Protocol):
    def __call__(self, q: Tensor, k: Tensor, scale: float | None = None) -> Scores: ...


class Attended(NamedTuple):
    """What attention gives back: a tuple with names."""

    output: Annotated[Tensor, "(..., Tq, dv)"]
    weights: Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    axis: int = -1
    keepdims: bool = True

    def as_dict(self) -> dict[str, int | bool]:
        return {"axis": self.axis, "keepdims": self.keepdims}


def default(value: Optional[T], other: Callable[[], T]) -> T:
    return other() if value is None else value


# %%
def attention_scores(q: Tensor, k: Tensor, scale: float | None = None) -> Scores:
    factor: float = default(scale, lambda: 1.0 / math.sqrt(q.shape[-1]))
    return ops.matmul(q, ops.swapaxes(k, -1, -2)) * factor


# %%
def softmax_rows(scores: Scores, axis: int = -1) -> Scores:
    axes = Axes(axis=axis).as_dict()
    powers: Tensor = ops.exp(scores - ops.max(scores, **axes))
    return powers / ops.sum(powers, **axes)


# %%
def masked_scores(scores: Scores, mask: Tensor) -> Scores:
    allowed: Annotated[Tensor, "bool"] = ops.cast(mask, "bool")
    return ops.where(allowed, scores, NEGATIVE)


# %%
def scaled_dot_product_attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Attended:
    compare: ScoreFunction = attention_scores
    scores = compare(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return Attended(output=ops.matmul(weights, v), weights=weights)


# %%
class SelfAttention(keras.layers.Layer):
    wq: keras.layers.Dense
    wk: keras.layers.Dense
    wv: keras.layers.Dense

    def __init__(self, dim: int, use_bias: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    @overload
    def call(self, x: Tensor, mask: Tensor | None = None, return_weights: Literal[False] = False) -> Tensor: ...
    @overload
    def call(self, x: Tensor, mask: Tensor | None = None, return_weights: Literal[True] = True) -> Attended: ...
    def call(self, x, mask=None, return_weights=False):
        attended = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return attended if return_weights else attended.output
