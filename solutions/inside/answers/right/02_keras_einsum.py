# %%
import keras
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    rows, columns = grid
    number = ops.arange(rows * columns)
    place = ops.cast(ops.stack([number // columns, number % columns], axis=-1), "float32")
    apart = place[:, None, :] - place[None, :, :]
    distance = patch_size * ops.sqrt(ops.einsum("qkx,qkx->qk", apart, apart))
    kept = ops.cast(weights, "float32")[..., num_extra_tokens:, num_extra_tokens:]
    kept = kept / ops.sum(kept, axis=-1, keepdims=True)
    images = ops.shape(kept)[0]
    return ops.einsum("bhqk,qk->h", kept, distance) / (images * rows * columns)


# %%
def attention_rollout(weights_per_layer):
    flow = None
    for weights in weights_per_layer:
        weights = ops.convert_to_tensor(weights, dtype="float32")
        step = ops.einsum("bhqk->bqk", weights) / weights.shape[1]
        step = 0.5 * (step + ops.eye(weights.shape[-1]))
        flow = step if flow is None else ops.einsum("bij,bjk->bik", step, flow)
    return flow


# %%
def linear_cka(x, y):
    x, y = ops.cast(x, "float64"), ops.cast(y, "float64")
    x = x - ops.mean(x, axis=0, keepdims=True)
    y = y - ops.mean(y, axis=0, keepdims=True)

    def squared(p, q):
        product = ops.einsum("na,nb->ab", p, q)
        return ops.einsum("ab,ab->", product, product)

    return squared(y, x) / ops.sqrt(squared(x, x) * squared(y, y))


# %%
def cka_matrix(features_a, features_b):
    flat_a = [ops.reshape(f, (ops.shape(f)[0], -1)) for f in features_a]
    flat_b = [ops.reshape(f, (ops.shape(f)[0], -1)) for f in features_b]
    return ops.stack([ops.stack([linear_cka(a, b) for b in flat_b]) for a in flat_a])


# %%
def cue_conflict(shape_images, texture_images):
    def waves(pictures):
        pictures = ops.transpose(ops.cast(pictures, "float32"), (0, 3, 1, 2))
        return ops.fft2((pictures, ops.zeros_like(pictures)))

    real, imag = waves(shape_images)
    t_real, t_imag = waves(texture_images)
    factor = ops.sqrt(t_real**2 + t_imag**2) / ops.sqrt(real**2 + imag**2)
    mixed, _ = ops.ifft2((real * factor, imag * factor))
    return ops.clip(ops.transpose(mixed, (0, 2, 3, 1)), 0.0, 1.0)


# %%
def shape_bias(predictions, shape_labels, texture_labels):
    p, s, t = (ops.cast(v, "int32") for v in (predictions, shape_labels, texture_labels))
    conflict = ops.cast(ops.not_equal(s, t), "float32")
    shape = ops.einsum("n,n->", conflict, ops.cast(ops.equal(p, s), "float32"))
    texture = ops.einsum("n,n->", conflict, ops.cast(ops.equal(p, t), "float32"))
    return shape / (shape + texture)


# %%
def fit_power_law(n, error):
    n, error = ops.cast(n, "float64"), ops.cast(error, "float64")
    b = ops.convert_to_tensor(np.arange(0.05, 2.0, 0.0005), dtype="float64")
    u = ops.exp(-b[:, None] * ops.log(n)[None, :])
    u_mean = ops.mean(u, axis=1, keepdims=True)
    e_mean = ops.mean(error)
    a = ops.einsum("km,m->k", u - u_mean, error - e_mean) / ops.einsum("km,km->k", u - u_mean, u - u_mean)
    c = e_mean - a * u_mean[:, 0]
    rest = a[:, None] * u + c[:, None] - error
    best = int(ops.argmin(ops.einsum("km,km->k", rest, rest)))
    return float(a[best]), float(b[best]), float(c[best])

# %%
def rotated(features):
    """The same examples with at most n features, rotated: (n, ...) -> (n, k), k = min(n, everything else)."""
    flat = np.reshape(features, (len(features), -1)).astype("float64")
    return np.linalg.qr(flat.T)[1].T

# %%
def figure():
    images, _ = checkpoints.pictures()
    cnn, vit, mixer = (checkpoints.load(name) for name in ("cnn", "vit", "mixer"))
    f_cnn, f_vit, f_mixer = ([rotated(f) for f in checkpoints.features(m, images)] for m in (cnn, vit, mixer))
    return {
        "distance": ops.stack(
            [mean_attention_distance(w, (8, 8), 4) for w in checkpoints.attention(vit, images)]
        ),
        "cka_cnn": cka_matrix(f_cnn, f_cnn),
        "cka_vit": cka_matrix(f_vit, f_vit),
        "cka_mixer": cka_matrix(f_mixer, f_mixer),
        "cka_vit_cnn": cka_matrix(f_vit, f_cnn),
        "answer_1": ops.exp(ops.log(40.0) / 0.35),
        "answer_2": ops.convert_to_tensor([0, 0, 1, 1, 0]),
    }
