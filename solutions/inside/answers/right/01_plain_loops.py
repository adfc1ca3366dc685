# %%
import math

import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    w = ops.convert_to_numpy(weights).astype("float64")
    rows, columns = grid
    skip = num_extra_tokens
    places = []
    for row in range(rows):
        for column in range(columns):
            places.append((row, column))
    total = np.zeros(w.shape[:2])
    for i in range(len(places)):
        seen = np.zeros(w.shape[:2])
        far = np.zeros(w.shape[:2])
        for j in range(len(places)):
            share = w[:, :, skip + i, skip + j]
            down = places[i][0] - places[j][0]
            right = places[i][1] - places[j][1]
            seen += share
            far += share * patch_size * math.sqrt(down * down + right * right)
        total += far / seen
    total /= len(places)
    result = np.zeros(w.shape[1])
    for b in range(w.shape[0]):
        for h in range(w.shape[1]):
            result[h] += total[b, h] / w.shape[0]
    return result


# %%
def attention_rollout(weights_per_layer):
    answer = None
    for layer in weights_per_layer:
        w = ops.convert_to_numpy(layer).astype("float64")
        batch, heads, tokens, _ = w.shape
        step = np.zeros((batch, tokens, tokens))
        for b in range(batch):
            for h in range(heads):
                step[b] += w[b, h] / heads
            for t in range(tokens):
                step[b, t, t] += 1
            step[b] /= 2
        if answer is None:
            answer = step
        else:
            after = np.zeros_like(step)
            for b in range(batch):
                for i in range(tokens):
                    for k in range(tokens):
                        after[b, i] += step[b, i, k] * answer[b, k]
            answer = after
    return answer


# %%
def linear_cka(x, y):
    x = np.array(ops.convert_to_numpy(x), dtype="float64")
    y = np.array(ops.convert_to_numpy(y), dtype="float64")
    for matrix in (x, y):
        for column in range(matrix.shape[1]):
            matrix[:, column] -= matrix[:, column].sum() / matrix.shape[0]

    above = 0.0
    for j in range(y.shape[1]):
        for product in y[:, j] @ x:
            above += product**2
    below = []
    for matrix in (x, y):
        square = 0.0
        for j in range(matrix.shape[1]):
            for product in matrix[:, j] @ matrix:
                square += product**2
        below.append(math.sqrt(square))
    return above / (below[0] * below[1])


# %%
def cka_matrix(features_a, features_b):
    result = np.zeros((len(features_a), len(features_b)))
    for i in range(len(features_a)):
        for j in range(len(features_b)):
            x = ops.convert_to_numpy(features_a[i])
            y = ops.convert_to_numpy(features_b[j])
            x = x.reshape(len(x), -1)
            y = y.reshape(len(y), -1)
            result[i, j] = linear_cka(x, y)
    return result


# %%
def cue_conflict(shape_images, texture_images):
    shape = ops.convert_to_numpy(shape_images)
    texture = ops.convert_to_numpy(texture_images)
    result = np.zeros(shape.shape, "float32")
    for b in range(shape.shape[0]):
        for c in range(shape.shape[3]):
            phase = np.fft.fft2(shape[b, :, :, c])
            amplitude = np.abs(np.fft.fft2(texture[b, :, :, c]))
            back = np.fft.ifft2(amplitude * phase / np.abs(phase)).real
            for row in range(back.shape[0]):
                for column in range(back.shape[1]):
                    result[b, row, column, c] = min(max(back[row, column], 0.0), 1.0)
    return result


# %%
def shape_bias(predictions, shape_labels, texture_labels):
    shape, texture = 0, 0
    for said, one, other in zip(predictions, shape_labels, texture_labels):
        said, one, other = int(said), int(one), int(other)
        if one == other:
            continue
        if said == one:
            shape += 1
        elif said == other:
            texture += 1
    return shape / (shape + texture)


# %%
def fit_power_law(n, error):
    n = ops.convert_to_numpy(n).astype("float64")
    error = ops.convert_to_numpy(error).astype("float64")
    best = None
    for step in range(100, 1801):
        b = step / 1000
        columns = np.stack([n**-b, np.ones(len(n))], axis=1)
        (a, c), *_ = np.linalg.lstsq(columns, error, rcond=None)
        missed = 0.0
        for k in range(len(n)):
            missed += (a * n[k] ** -b + c - error[k]) ** 2
        if best is None or missed < best[0]:
            best = (missed, float(a), b, float(c))
    return best[1:]

# %%
def rotated(features):
    """The same examples with at most n features, rotated: (n, ...) -> (n, k), k = min(n, everything else)."""
    flat = np.reshape(features, (len(features), -1)).astype("float64")
    return np.linalg.qr(flat.T)[1].T

# %%
def figure():
    images, labels = checkpoints.pictures()
    images = images[:100]
    layers = {}
    for name in ("cnn", "vit", "mixer"):
        layers[name] = []
        for layer in checkpoints.features(checkpoints.load(name), images):
            layers[name].append(rotated(layer))
    table = []
    for layer in checkpoints.attention(checkpoints.load("vit"), images):
        table.append(mean_attention_distance(layer, (8, 8), 4))
    result = {"distance": np.array(table)}
    for name in layers:
        result["cka_" + name] = cka_matrix(layers[name], layers[name])
    result["cka_vit_cnn"] = cka_matrix(layers["vit"], layers["cnn"])
    result["answer_1"] = 40 ** (1 / 0.35)
    result["answer_2"] = [0, 0, 1, 1, 0]
    return result
