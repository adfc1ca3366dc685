# %%
from itertools import product
from math import dist, fsum

import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    places = list(product(range(grid[0]), range(grid[1])))
    distance = np.array([[patch_size * dist(p, q) for q in places] for p in places])
    heads = np.moveaxis(ops.convert_to_numpy(weights), 1, 0).astype("float64")
    return np.array(
        [
            np.mean([np.average(np.broadcast_to(distance, cut.shape), axis=1, weights=cut) for cut in head])
            for head in heads[:, :, num_extra_tokens:, num_extra_tokens:]
        ]
    )


# %%
def attention_rollout(weights_per_layer):
    layers = [ops.convert_to_numpy(w).astype("float64") for w in weights_per_layer]
    eye = np.eye(layers[0].shape[-1])
    steps = [[(sum(image) / len(image) + eye) / 2 for image in layer] for layer in layers]
    return np.stack(
        [np.linalg.multi_dot(chain[::-1]) if len(chain) > 1 else chain[0] for chain in map(list, zip(*steps))]
    )


# %%
def linear_cka(x, y):
    x, y = (np.stack([c - np.mean(c) for c in ops.convert_to_numpy(v).astype("float64").T]) for v in (x, y))
    total = lambda ps, qs: fsum(float(np.sum((qs @ p) ** 2)) for p in ps)
    return total(y, x) / (total(x, x) * total(y, y)) ** 0.5


# %%
def cka_matrix(features_a, features_b):
    flat_a, flat_b = (
        [ops.convert_to_numpy(layer).reshape(layer.shape[0], -1) for layer in layers]
        for layers in (features_a, features_b)
    )
    pairs = [float(linear_cka(a, b)) for a, b in product(flat_a, flat_b)]
    return np.reshape(pairs, (len(flat_a), len(flat_b)))


# %%
def cue_conflict(shape_images, texture_images):
    f, g = np.fft.fft2, np.fft.ifft2
    return np.stack(
        [
            np.stack(
                [
                    np.clip(np.real(g(np.abs(f(texture)) * np.exp(1j * np.angle(f(shape))))), 0, 1)
                    for shape, texture in zip(np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0))
                ],
                axis=-1,
            )
            for one, other in zip(ops.convert_to_numpy(shape_images), ops.convert_to_numpy(texture_images))
        ]
    )


# %%
def shape_bias(predictions, shape_labels, texture_labels):
    triples = zip(*(ops.convert_to_numpy(v).tolist() for v in (predictions, shape_labels, texture_labels)))
    decided = [said == shape for said, shape, texture in triples if shape != texture and said in (shape, texture)]
    return sum(decided) / len(decided)


# %%
def fit_power_law(n, error):
    n, e = ([float(v) for v in ops.convert_to_numpy(values)] for values in (n, error))
    m = len(n)

    def law(b):
        u = [v**-b for v in n]
        u_mean, e_mean = fsum(u) / m, fsum(e) / m
        a = fsum((p - u_mean) * (q - e_mean) for p, q in zip(u, e)) / fsum((p - u_mean) ** 2 for p in u)
        c = e_mean - a * u_mean
        return fsum((a * p + c - q) ** 2 for p, q in zip(u, e)), a, b, c

    _, a, b, c = min(law(k / 1000) for k in range(50, 1751))
    return a, b, c

# %%
def rotated(features):
    """The same examples with at most n features, rotated: (n, ...) -> (n, k), k = min(n, everything else)."""
    flat = np.reshape(features, (len(features), -1)).astype("float64")
    return np.linalg.qr(flat.T)[1].T

# %%
def figure():
    images = checkpoints.pictures()[0]
    models = [checkpoints.load(name) for name in ("cnn", "vit", "mixer")]
    layers = [[rotated(layer) for layer in checkpoints.features(model, images)] for model in models]
    numbers = {f"cka_{name}": np.array(
        [[np.sum((b.T @ a) ** 2) / np.linalg.norm(a.T @ a) / np.linalg.norm(b.T @ b) for b in own] for a in own]
    ) for name, own in zip(("cnn", "vit", "mixer"), [[f - f.mean(0) for f in fs] for fs in layers])}
    return {
        **numbers,
        "cka_vit_cnn": np.array([[linear_cka(a, b) for b in layers[0]] for a in layers[1]]),
        "distance": np.array([mean_attention_distance(w, (8, 8), 4) for w in checkpoints.attention(models[1], images)]),
        "answer_1": next(n for n in range(1, 10**6) if 2 * n**-0.35 + 0.05 <= 0.10),
        "answer_2": [int(letter) for letter in "00110"],
    }
