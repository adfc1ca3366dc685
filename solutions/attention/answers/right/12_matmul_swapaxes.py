# %%
import keras
from keras import ops
import numpy as np

# %%
from typing import Any, Optional, Tuple, Union

Tensor = Any
BIG_NEGATIVE: float = -1e9

# %%
def attention_scores(q: Tensor, k: Tensor, scale: Optional[float] = None) -> Tensor:
    """q k^T * scale"""
    d: int = q.shape[-1]
    factor: float = d ** -0.5 if scale is None else scale
    return ops.matmul(q, ops.swapaxes(k, -1, -2)) * factor

# %%
def softmax_rows(scores: Tensor, axis: int = -1) -> Tensor:
    shifted: Tensor = ops.subtract(scores, ops.max(scores, axis=axis, keepdims=True))
    numerator: Tensor = ops.exp(shifted)
    denominator: Tensor = ops.sum(numerator, axis=axis, keepdims=True)
    return ops.divide(numerator, denominator)

# %%
def masked_scores(scores: Tensor, mask: Tensor) -> Tensor:
    # a bool mask can be used at once, the others are compared with 0 first
    if keras.backend.standardize_dtype(mask.dtype) == "bool":
        allowed = mask
    else:
        allowed = ops.not_equal(mask, 0)
    return ops.where(allowed, scores, ops.full_like(scores, BIG_NEGATIVE))

# %%
def scaled_dot_product_attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor] = None
) -> Tuple[Tensor, Tensor]:
    scores: Tensor = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights: Tensor = softmax_rows(scores, axis=-1)
    output: Tensor = ops.matmul(weights, v)
    return output, weights

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim: int, use_bias: bool = False, **kwargs) -> None:
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias, name="wq")
        self.wk = keras.layers.Dense(dim, use_bias=use_bias, name="wk")
        self.wv = keras.layers.Dense(dim, use_bias=use_bias, name="wv")

    def call(self, x: Tensor, mask: Optional[Tensor] = None, return_weights: bool = False) -> Union[Tensor, Tuple[Tensor, Tensor]]:
        q, k, v = self.wq(x), self.wk(x), self.wv(x)
        output, weights = scaled_dot_product_attention(q, k, v, mask=mask)
        return (output, weights) if return_weights else output
