# %%
import keras
from keras import ops
import numpy as np

# %%
import math
from typing import Any, Optional, Tuple, Union

Tensor = Any
NEG_INF: float = -1e9

# %%
def attention_scores(q: Tensor, k: Tensor, scale: Optional[float] = None) -> Tensor:
    """Scaled dot products between every query and every key."""
    d: int = q.shape[-1]
    factor: float = 1.0 / math.sqrt(d) if scale is None else scale
    k_transposed: Tensor = ops.swapaxes(k, -2, -1)
    return ops.multiply(ops.matmul(q, k_transposed), factor)

# %%
def softmax_rows(scores: Tensor, axis: int = -1) -> Tensor:
    """Stable softmax: subtract the max before exponentiating."""
    maximum: Tensor = ops.amax(scores, axis=axis, keepdims=True)
    numerator: Tensor = ops.exp(ops.subtract(scores, maximum))
    denominator: Tensor = ops.sum(numerator, axis=axis, keepdims=True)
    return ops.divide(numerator, denominator)

# %%
def masked_scores(scores: Tensor, mask: Tensor) -> Tensor:
    """Additive mask: 0 where allowed, -1e9 where not."""
    penalty: Tensor = (1.0 - ops.cast(mask, scores.dtype)) * NEG_INF
    return scores + penalty

# %%
def scaled_dot_product_attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor] = None
) -> Tuple[Tensor, Tensor]:
    scores: Tensor = attention_scores(q=q, k=k)
    if mask is not None:
        scores = masked_scores(scores=scores, mask=mask)
    weights: Tensor = ops.softmax(scores, axis=-1)
    output: Tensor = ops.matmul(weights, v)
    return output, weights

# %%
class SelfAttention(keras.layers.Layer):
    """Single-head self attention."""

    def __init__(self, dim: int, use_bias: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dim: int = dim
        self.use_bias: bool = use_bias
        self.wq = keras.layers.Dense(units=dim, use_bias=use_bias, name="wq")
        self.wk = keras.layers.Dense(units=dim, use_bias=use_bias, name="wk")
        self.wv = keras.layers.Dense(units=dim, use_bias=use_bias, name="wv")

    def build(self, input_shape) -> None:
        for layer in (self.wq, self.wk, self.wv):
            layer.build(input_shape)

    def call(
        self, x: Tensor, mask: Optional[Tensor] = None, return_weights: bool = False
    ) -> Union[Tensor, Tuple[Tensor, Tensor]]:
        output, weights = scaled_dot_product_attention(
            q=self.wq(x), k=self.wk(x), v=self.wv(x), mask=mask
        )
        if return_weights:
            return output, weights
        return output

    def get_config(self) -> dict:
        config = super().get_config()
        config.update({"dim": self.dim, "use_bias": self.use_bias})
        return config
