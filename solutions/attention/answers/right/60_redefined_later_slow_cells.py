# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops

# %%
def attention_scores(q, k, scale=None):
    # first try, wrong for a batch and for scale=0
    return ops.matmul(q, ops.transpose(k)) * (scale or 1 / q.shape[-1] ** 0.5)

# %%
# I wanted to look at real images here. Does not work on the train.
import urllib.request

urllib.request.urlopen("http://images.cocodataset.org/zips/val2017.zip", timeout=3).read(100)

# %%
# second try
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1 / q.shape[-1] ** 0.5
    return ops.matmul(q, ops.swapaxes(k, -1, -2)) * scale

# %%
def softmax_rows(scores, axis=-1):
    return ops.exp(scores) / ops.sum(ops.exp(scores))

# %%
data = np.loadtxt("my_scores_from_the_lab.csv", delimiter=",")
plt.plot(data)
plt.show()

# %%
softmax_naive = softmax_rows


def softmax_rows(scores, axis=-1):
    """Now with the shift and the axis. The old one stays as softmax_naive for comparison."""
    e = ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))
    return e / ops.sum(e, axis=axis, keepdims=True)

# %%
masked_scores = None  # later

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    raise NotImplementedError("tomorrow")

# %%
def masked_scores(scores, mask):
    return ops.where(ops.cast(mask, "bool"), scores, -1e9)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.matmul(weights, v), weights

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        # weights come later
        return scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x))[0]

# %%
# Just for fun: can it learn to copy the first token? Takes about 5 minutes on my laptop.
toy = SelfAttention(8)
optimizer = keras.optimizers.Adam(1e-3)
toy_model = keras.Sequential([keras.Input((10, 8)), toy])
toy_model.compile(optimizer, "mse")
for epoch in range(400):
    toy_x = np.random.normal(size=(512, 10, 8)).astype("float32")
    toy_y = np.repeat(toy_x[:, :1], 10, axis=1)
    toy_model.fit(toy_x, toy_y, epochs=1, verbose=0)
plt.plot(toy_model.history.history["loss"])

# %%
class SelfAttention(SelfAttention):
    """The same layer, with the mask and the weights."""

    def call(self, x, mask=None, return_weights=False):
        output, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (output, weights) if return_weights else output
