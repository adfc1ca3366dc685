# %%
from dataclasses import dataclass


@dataclass(frozen=True)
class Heads:
    """Knows how to cut and to glue."""

    count: int

    def cut(self, x):
        b, t, d = x.shape
        return ops.swapaxes(ops.reshape(x, (b, t, self.count, d // self.count)), 1, 2)

    @staticmethod
    def glue(x):
        x = ops.swapaxes(x, 1, 2)
        b, t, h, e = x.shape
        return ops.reshape(x, (b, t, h * e))


class OneAttention(keras.layers.Layer):
    """Attention of lesson 1, for any number of leading axes."""

    def __init__(self, rate):
        super().__init__()
        self.drop = keras.layers.Dropout(rate)

    def scores(self, q, k):
        return ops.einsum("...qe,...ke->...qk", q, k) / q.shape[-1] ** 0.5

    def call(self, q, k, v, allowed=None, training=None):
        s = self.scores(q, k)
        if allowed is not None:
            s = ops.where(ops.cast(allowed, "bool"), s, np.finfo("float32").min)
        w = keras.activations.softmax(s, axis=-1)
        return self.drop(w, training=training) @ v, w


# %%
def split_heads(x, num_heads):
    return Heads(num_heads).cut(x)


# %%
def merge_heads(x):
    return Heads.glue(x)


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        if dim % num_heads:
            raise ValueError("num_heads must divide dim")
        self.heads = Heads(num_heads)
        self.inner = OneAttention(dropout)
        self.wo = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        asked = query if key_value is None else key_value
        blends, weights = self.inner(
            self.heads.cut(self.wq(query)),
            self.heads.cut(self.wk(asked)),
            self.heads.cut(self.wv(asked)),
            allowed=mask,
            training=training,
        )
        output = self.wo(self.heads.glue(blends))
        match return_weights:
            case True:
                return output, weights
            case _:
                return output


# %%
class Gap:
    def __init__(self, layer):
        self.layer = layer

    def __call__(self, x, perm):
        Px = ops.stack([x[:, int(i)] for i in perm], axis=1)
        y, Py = self.layer(x), self.layer(Px)
        return max(float(ops.max(ops.abs(Py[:, i] - y[:, int(p)]))) for i, p in enumerate(perm))


def permutation_gap(layer, x, perm):
    return Gap(layer)(x, perm)


# %%
class Matmul:
    total = 0

    def __init__(self, a, b, c, times=1):
        self.cost = a * b * c * times

    def __radd__(self, other):
        return other + self.cost


def attention_cost(num_tokens, dim, num_heads):
    e = dim // num_heads
    steps = [Matmul(num_tokens, dim, dim, times=4)]
    steps += [Matmul(num_tokens, e, num_tokens, num_heads), Matmul(num_tokens, num_tokens, e, num_heads)]
    dense = keras.layers.Dense(dim)
    dense.build((None, dim))
    return {"params": 4 * dense.count_params(), "score_entries": num_heads * num_tokens**2, "flops": sum(steps)}
