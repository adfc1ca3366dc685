# %%
split_heads = lambda x, num_heads: ops.transpose(
    ops.reshape(x, (*(s := x.shape)[:2], num_heads, s[2] // num_heads)), (0, 2, 1, 3)
)

# %%
merge_heads = lambda x: ops.reshape(y := ops.transpose(x, (0, 2, 1, 3)), (*y.shape[:2], y.shape[2] * y.shape[3]))


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.E = dim // (h := num_heads)
        self.cut = lambda t: split_heads(t, h)
        self.wq, self.wk, self.wv, self.wo = [keras.layers.Dense(dim, use_bias=use_bias) for _ in "qkvo"]
        self.drop = keras.layers.Dropout(dropout)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        kv = query if key_value is None else key_value
        s = self.cut(self.wq(query)) @ ops.swapaxes(self.cut(self.wk(kv)), 2, 3) / np.sqrt(self.E)
        s = s if mask is None else ops.where(ops.equal(ops.cast(mask, "int32"), 1), s, float("-inf"))
        out = self.wo(merge_heads(self.drop(w := ops.softmax(s), training=training) @ self.cut(self.wv(kv))))
        return (out, w) if return_weights else out


# %%
permutation_gap = lambda layer, x, perm: ops.max(
    ops.abs(layer(ops.take(x, p := np.asarray(perm), axis=1)) - ops.take(layer(x), p, axis=1))
)


# %%
def attention_cost(num_tokens, dim, num_heads):
    return {
        "params": 4 * (d2 := dim**2) + 4 * dim,
        "score_entries": num_heads * (n2 := num_tokens**2),
        "flops": 4 * num_tokens * d2 + 2 * n2 * dim,
    }


# %%
def figure():
    s = np.array([32, 64, 112, 224, 448])
    out = {f"{name}_bytes": 4 * (s // p).astype(float) ** 4 for name, p in (("pixel", 1), ("patch", 16))}
    slope = lambda b: np.polynomial.Polynomial.fit(np.log(s), np.log(b), 1).convert().coef[1]
    return out | {"slopes": [*map(slope, out.values())], "answer_1": 1536.0, "answer_2": np.array([1, 2, 2, 0])}
