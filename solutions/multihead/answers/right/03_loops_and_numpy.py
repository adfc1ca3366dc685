# %%
# slow but I understand every number of it
def split_heads(x, num_heads):
    x = np.array(x)
    B, T, D = x.shape
    E = D // num_heads
    out = np.zeros((B, num_heads, T, E), dtype=x.dtype)
    for j in range(num_heads):
        out[:, j] = x[:, :, j * E : (j + 1) * E]
    return out


# %%
def merge_heads(x):
    x = np.array(x)
    B, h, T, E = x.shape
    out = np.zeros((B, T, h * E), dtype=x.dtype)
    for b in range(B):
        for t in range(T):
            for j in range(h):
                for e in range(E):
                    out[b, t, j * E + e] = x[b, j, t, e]
    return out


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.num_heads = num_heads
        self.wq = keras.layers.Dense(dim, use_bias=use_bias, name="wq")
        self.wk = keras.layers.Dense(dim, use_bias=use_bias, name="wk")
        self.wv = keras.layers.Dense(dim, use_bias=use_bias, name="wv")
        self.wo = keras.layers.Dense(dim, use_bias=use_bias, name="wo")
        self.dropout_layer = keras.layers.Dropout(dropout)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        if key_value is None:
            key_value = query
        Q, K, V = self.wq(query), self.wk(key_value), self.wv(key_value)
        E = self.dim // self.num_heads
        if mask is not None:
            shape = (query.shape[0], self.num_heads, query.shape[1], key_value.shape[1])
            mask = np.broadcast_to(np.array(mask).astype(bool), shape)

        all_weights, all_heads = [], []
        for j in range(self.num_heads):
            mine = slice(j * E, (j + 1) * E)
            q, k, v = Q[:, :, mine], K[:, :, mine], V[:, :, mine]
            s = ops.matmul(q, ops.transpose(k, (0, 2, 1))) / np.sqrt(E).astype("float32")
            if mask is not None:
                s = ops.where(mask[:, j], s, -1e9)
            w = ops.softmax(s, axis=-1)
            all_weights.append(w)
            all_heads.append(ops.matmul(self.dropout_layer(w, training=training), v))
        output = self.wo(ops.concatenate(all_heads, axis=-1))
        if not return_weights:
            return output
        return output, ops.stack(all_weights, axis=1)


# %%
def permutation_gap(layer, x, perm):
    x = np.array(x)
    perm = list(perm)
    Px = np.zeros_like(x)
    for i in range(x.shape[1]):
        Px[:, i] = x[:, perm[i]]
    a = np.array(layer(Px))
    b = np.array(layer(x))
    worst = 0.0
    for i in range(len(perm)):
        for image in range(len(x)):
            worst = max(worst, np.abs(a[image, i] - b[image, perm[i]]).max())
    return worst


# %%
def attention_cost(num_tokens, dim, num_heads):
    N, D, h = num_tokens, dim, num_heads
    E = D // h
    params = 0
    flops = 0
    for kernel in ("wq", "wk", "wv", "wo"):
        params += D * D
        params += D
        flops += N * D * D
    score_entries = 0
    for head in range(h):
        score_entries += N * N
        flops += N * E * N  # q times k
        flops += N * N * E  # weights times v
    return {"params": params, "score_entries": score_entries, "flops": flops}
