# %%
import functools
import math


def batched(function):
    """Makes sure that the first argument is a tensor."""

    @functools.wraps(function)
    def wrapper(x, *args, **kwargs):
        return function(ops.convert_to_tensor(x), *args, **kwargs)

    return wrapper


swap_tokens_and_heads = functools.partial(ops.transpose, axes=(0, 2, 1, 3))


# %%
@batched
def split_heads(x, num_heads):
    *front, dim = x.shape
    return swap_tokens_and_heads(ops.reshape(x, (*front, num_heads, dim // num_heads)))


# %%
@batched
def merge_heads(x):
    x = swap_tokens_and_heads(x)
    *front, heads, width = x.shape
    return ops.reshape(x, (*front, heads * width))


# %%
def make_attention(width, drop):
    """One closure that attends; knows its scale and its dropout."""
    scale = 1 / math.sqrt(width)

    def attend(q, k, v, mask, training):
        scores = scale * ops.matmul(q, ops.swapaxes(k, -1, -2))
        if mask is not None:
            scores = scores + (1.0 - ops.cast(mask, scores.dtype)) * -1e9
        weights = ops.softmax(scores, axis=-1)
        return ops.matmul(drop(weights, training=training), v), weights

    return attend


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        dense = functools.partial(keras.layers.Dense, dim, use_bias=use_bias)
        for name in ("wq", "wk", "wv", "wo"):
            setattr(self, name, dense(name=name))
        self.cut = functools.partial(split_heads, num_heads=num_heads)
        self.drop = keras.layers.Dropout(dropout)
        self.attend = make_attention(dim // num_heads, self.drop)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        inputs = (query,) + 2 * (query if key_value is None else key_value,)
        q, k, v = (self.cut(w(x)) for w, x in zip((self.wq, self.wk, self.wv), inputs))
        blends, weights = self.attend(q, k, v, mask, training)
        answer = (self.wo(merge_heads(blends)), weights)
        return answer if return_weights else answer[0]


# %%
def permutation_gap(layer, x, perm):
    def shuffle(tokens):
        return ops.take(tokens, ops.convert_to_tensor(perm, dtype="int32"), axis=1)

    def compose(*functions):
        return functools.reduce(lambda f, g: lambda t: g(f(t)), functions)

    one_way, other_way = compose(shuffle, layer), compose(layer, shuffle)
    return ops.amax(ops.absolute(ops.subtract(one_way(x), other_way(x))))


# %%
def attention_cost(num_tokens, dim, num_heads):
    width = dim // num_heads
    product = lambda *shape: math.prod(shape)
    products = [(num_tokens, dim, dim)] * 4
    products += [(num_tokens, width, num_tokens), (num_tokens, num_tokens, width)] * num_heads
    return dict(
        params=4 * product(dim, dim) + 4 * dim,
        score_entries=product(num_heads, num_tokens, num_tokens),
        flops=sum(math.prod(p) for p in products),
    )


# %%
def train_reverser(data, seed):
    keras.utils.set_random_seed(seed)
    (x, y), unseen = data
    epochs, batch = 10, 64
    steps = epochs * math.ceil(len(x) / batch)
    model = build_reverser(dim=64, num_heads=4)
    model.compile(
        keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(8e-3, steps), weight_decay=1e-4),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")],
    )
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
    return model, model.fit(x, y, validation_data=unseen, batch_size=batch, epochs=epochs, callbacks=[stop], verbose=0)
