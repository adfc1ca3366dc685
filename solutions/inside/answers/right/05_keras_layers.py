# %%
import keras
import numpy as np
from keras import layers, ops
from vitlab import check, checkpoints, data, demo, plots


# %%
class AttentionDistance(layers.Layer):
    def __init__(self, grid, patch_size, extra, **kwargs):
        super().__init__(trainable=False, dtype="float64", **kwargs)
        self.crop = layers.Cropping2D(((extra, 0), (extra, 0)), data_format="channels_first", dtype="float64")
        y, x = np.mgrid[: grid[0], : grid[1]].reshape(2, -1)
        table = np.sqrt((y[:, None] - y[None]) ** 2 + (x[:, None] - x[None]) ** 2) * patch_size
        self.table = self.add_weight(shape=table.shape, initializer="zeros", trainable=False, name="table")
        self.table.assign(table)

    def call(self, weights):
        kept = self.crop(weights)
        far = ops.sum(kept * self.table, axis=-1) / ops.sum(kept, axis=-1)
        return ops.mean(far, axis=(0, 2))


def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    weights = ops.cast(ops.convert_to_tensor(weights), "float64")
    return AttentionDistance(grid, patch_size, num_extra_tokens)(weights)


# %%
class Mixing(layers.Layer):
    """(B, h, T, T) -> (B, T, T): half the mean head, half the residual stream."""

    def call(self, weights):
        mean = ops.mean(weights, axis=1)
        itself = ops.broadcast_to(ops.eye(mean.shape[-1], dtype=mean.dtype), ops.shape(mean))
        return layers.Average(dtype="float64")([mean, itself])


def attention_rollout(weights_per_layer):
    mixing, after = Mixing(dtype="float64"), layers.Dot(axes=(2, 1), dtype="float64")
    flow = None
    for weights in weights_per_layer:
        step = mixing(ops.cast(ops.convert_to_tensor(weights), "float64"))
        flow = step if flow is None else after([step, flow])
    return flow


# %%
class Centre(layers.Layer):
    def call(self, x):
        return x - ops.mean(x, axis=0, keepdims=True)


class CKA(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(dtype="float64", **kwargs)
        self.centre = Centre(dtype="float64")

    def call(self, pair):
        x, y = (self.centre(part) for part in pair)
        norm = lambda m: ops.sqrt(ops.sum(ops.square(m)))
        yx, xx, yy = ops.transpose(y) @ x, ops.transpose(x) @ x, ops.transpose(y) @ y
        return ops.square(norm(yx)) / (norm(xx) * norm(yy))


def linear_cka(x, y):
    return CKA()([ops.cast(ops.convert_to_tensor(part), "float64") for part in (x, y)])


# %%
def cka_matrix(features_a, features_b):
    flatten = layers.Flatten(dtype="float64")
    flatten_all = lambda fs: [flatten(ops.cast(ops.convert_to_tensor(f), "float64")) for f in fs]
    ones, others = flatten_all(features_a), flatten_all(features_b)
    measure = CKA()
    return ops.stack([ops.stack([measure([a, b]) for b in others]) for a in ones])


# %%
class CueConflict(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.there = layers.Permute((3, 1, 2))
        self.back = layers.Permute((2, 3, 1))
        self.cut = layers.ReLU(max_value=1.0)

    def call(self, shape, texture):
        shape, texture = self.there(shape), self.there(texture)
        s_re, s_im = ops.fft2((shape, ops.zeros_like(shape)))
        t_re, t_im = ops.fft2((texture, ops.zeros_like(texture)))
        gain = ops.sqrt((ops.square(t_re) + ops.square(t_im)) / (ops.square(s_re) + ops.square(s_im)))
        return self.cut(self.back(ops.ifft2((gain * s_re, gain * s_im))[0]))


def cue_conflict(shape_images, texture_images):
    return CueConflict()(ops.convert_to_tensor(shape_images, "float32"), ops.convert_to_tensor(texture_images, "float32"))


# %%
def shape_bias(predictions, shape_labels, texture_labels):
    p, s, t = (ops.convert_to_numpy(v) for v in (predictions, shape_labels, texture_labels))
    share = keras.metrics.Precision()  # of those decided, the share of shape
    share.update_state(y_true=p == s, y_pred=(s != t) & ((p == s) | (p == t)))
    return share.result()


# %%
class Law(layers.Layer):
    """Dense(1) of n**-b; its kernel and bias are set by a least-squares line, its b by trying."""

    def __init__(self, **kwargs):
        super().__init__(dtype="float64", **kwargs)
        self.line = layers.Dense(1, dtype="float64")
        self.line.build((None, 1))

    def fit(self, b, n, error):
        self.b, u = b, n**-b
        a = np.cov(u, error, bias=True)[0, 1] / u.var()
        self.line.kernel.assign([[a]])
        self.line.bias.assign([error.mean() - a * u.mean()])
        return self

    def call(self, n):
        return self.line(ops.expand_dims(n**-self.b, -1))[:, 0]


def fit_power_law(n, error):
    n, error = (np.asarray(ops.convert_to_numpy(v), "float64") for v in (n, error))
    law, low, high = Law(), 0.05, 2.0
    for _ in range(4):  # coarse to fine: ten times finer each time
        tried = np.linspace(low, high, 21)
        missed = [float(ops.sum((law.fit(b, n, error).call(n) - error) ** 2)) for b in tried]
        best = tried[int(np.argmin(missed))]
        step = (high - low) / 20
        low, high = max(best - step, 0.001), best + step
    kernel, bias = law.fit(best, n, error).line.get_weights()
    return float(kernel[0, 0]), float(best), float(bias[0])


# %%
def rotated(features):
    """The same examples with at most n features, rotated: (n, ...) -> (n, k), k = min(n, everything else)."""
    flat = np.reshape(features, (len(features), -1)).astype("float64")
    return np.linalg.qr(flat.T)[1].T

# %%
def figure():
    images, _ = checkpoints.pictures()
    vit, cnn, mixer = map(checkpoints.load, ("vit", "cnn", "mixer"))
    turn = lambda model: [rotated(layer) for layer in checkpoints.features(model, images)]
    of_vit, of_cnn, of_mixer = turn(vit), turn(cnn), turn(mixer)
    head = AttentionDistance((8, 8), 4, 1)
    distance = ops.stack([head(ops.cast(look, "float64")) for look in checkpoints.attention(vit, images)])
    return dict(
        distance=distance,
        cka_cnn=cka_matrix(of_cnn, of_cnn),
        cka_vit=cka_matrix(of_vit, of_vit),
        cka_mixer=cka_matrix(of_mixer, of_mixer),
        cka_vit_cnn=cka_matrix(of_vit, of_cnn),
        answer_1=37800,
        answer_2=(0, 0, 1, 1, 0),
    )
