# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    weights = np.asarray(ops.convert_to_numpy(weights), dtype=np.float64)
    r, c = np.divmod(np.arange(grid[0] * grid[1]), grid[1])
    table = patch_size * np.hypot(r[:, None] - r, c[:, None] - c)
    w = weights[:, :, num_extra_tokens:, num_extra_tokens:]
    per_query = (w * table).sum(axis=-1) / w.sum(axis=-1)
    return per_query.mean(axis=(0, 2)).astype(np.float32)


# %%
def attention_rollout(weights_per_layer):
    tokens = weights_per_layer[0].shape[-1]
    rollout = np.eye(tokens)[None]
    for layer in weights_per_layer:
        a = np.asarray(ops.convert_to_numpy(layer), dtype=np.float64).mean(axis=1)
        rollout = ((a + np.eye(tokens)) / 2) @ rollout
    return rollout


# %%
def linear_cka(x, y):
    x = np.asarray(ops.convert_to_numpy(x), dtype=np.float64)
    y = np.asarray(ops.convert_to_numpy(y), dtype=np.float64)
    x = x - x.mean(axis=0)
    y = y - y.mean(axis=0)
    return np.linalg.norm(y.T @ x) ** 2 / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))


# %%
def cka_matrix(features_a, features_b):
    result = np.empty((len(features_a), len(features_b)))
    for i, j in np.ndindex(*result.shape):
        a = ops.convert_to_numpy(features_a[i])
        b = ops.convert_to_numpy(features_b[j])
        result[i, j] = linear_cka(a.reshape(a.shape[0], -1), b.reshape(b.shape[0], -1))
    return result


# %%
def cue_conflict(shape_images, texture_images):
    s = np.fft.fft2(ops.convert_to_numpy(shape_images), axes=(1, 2))
    t = np.fft.fft2(ops.convert_to_numpy(texture_images), axes=(1, 2))
    return np.clip(np.fft.ifft2(np.abs(t) * s / np.abs(s), axes=(1, 2)).real, 0, 1).astype("float32")


# %%
def shape_bias(predictions, shape_labels, texture_labels):
    p, s, t = map(ops.convert_to_numpy, (predictions, shape_labels, texture_labels))
    differ = s != t
    as_shape = np.count_nonzero(differ & (p == s))
    as_texture = np.count_nonzero(differ & (p == t))
    return as_shape / (as_shape + as_texture)


# %%
def fit_power_law(n, error):
    n = np.asarray(ops.convert_to_numpy(n), dtype=np.float64)
    error = np.asarray(ops.convert_to_numpy(error), dtype=np.float64)
    exponents = np.arange(1, 2001) / 1000
    u = n[None, :] ** -exponents[:, None]
    design = np.stack([u, np.ones_like(u)], axis=-1)
    solution = np.linalg.pinv(design) @ error
    misses = ((design @ solution[:, :, None])[..., 0] - error) ** 2
    k = misses.sum(axis=1).argmin()
    return float(solution[k, 0]), float(exponents[k]), float(solution[k, 1])

# %%
def rotated(features):
    """The same examples with at most n features, rotated: (n, ...) -> (n, k), k = min(n, everything else)."""
    flat = np.reshape(features, (len(features), -1)).astype("float64")
    return np.linalg.qr(flat.T)[1].T

# %%
def figure():
    images = checkpoints.pictures()[0]
    models = {name: checkpoints.load(name) for name in ("cnn", "vit", "mixer")}
    layers = {name: [rotated(f) for f in checkpoints.features(m, images)] for name, m in models.items()}
    numbers = {f"cka_{name}": cka_matrix(fs, fs) for name, fs in layers.items()}
    numbers["cka_vit_cnn"] = cka_matrix(layers["vit"], layers["cnn"])
    numbers["distance"] = np.stack(
        [mean_attention_distance(w, (8, 8), 4, 1) for w in checkpoints.attention(models["vit"], images)]
    )
    numbers["answer_1"] = np.power(2 / 0.05, 1 / 0.35)
    numbers["answer_2"] = np.array([0, 0, 1, 1, 0])
    return numbers
