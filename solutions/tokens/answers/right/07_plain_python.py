# %%
import math

import numpy as np
from keras import ops


def angle(position, hand, dim, base):
    return position / math.pow(base, 2 * hand / dim)


# %%
def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    return np.array(
        [
            [(math.cos if column % 2 else math.sin)(angle(p, column // 2, dim, base)) for column in range(dim)]
            for p in range(num_positions)
        ],
        dtype="float32",
    )


# %%
def position_shift_matrix(offset, dim, base=10000.0):
    rows = [[0.0] * dim for _ in range(dim)]
    i = 0
    while (s := 2 * i) < dim:
        c = s + 1
        b = angle(offset, i, dim, base)
        rows[s][s], rows[s][c] = math.cos(b), math.sin(b)
        rows[c][s], rows[c][c] = -math.sin(b), math.cos(b)
        i += 1
    return np.array(rows, np.float32)


# %%
def patchify(images, patch_size):
    _, height, width, channels = images.shape
    if height % patch_size or width % patch_size:
        raise ValueError("the patches do not fit")
    found = []
    for top in range(0, height, patch_size):
        for left in range(0, width, patch_size):
            pixel_rows = [images[:, top + k, left : left + patch_size, :] for k in range(patch_size)]
            flat_rows = [ops.reshape(r, (-1, patch_size * channels)) for r in pixel_rows]
            found.append(ops.concatenate(flat_rows, axis=-1))
    return ops.stack(found, axis=1)


# %%
def figure():
    answers = {}
    answers["tokens"] = [int(224 / side) ** 2 for side in [1, 2, 4, 8, 16, 32]]
    answers["strip"] = [ops.reshape(word, (8, 8, 3)) for word in patchify(np.expand_dims(postcard(), 0), 8)[0]]
    answers["strip"] = ops.stack(answers["strip"])
    pe = [[float(v) for v in row] for row in sinusoidal_position_encoding(49, 64)]
    answers["similarity"] = np.array([[sum(u * v for u, v in zip(a, b)) for b in pe] for a in pe])
    answers["answer_1"] = round(2 * math.pi * 10000 ** (2 * 255 / 512))
    token = (150 // 16) * 14 + 60 // 16
    place = ((150 % 16) * 16 + 60 % 16) * 3 + 1
    answers["answer_2"] = (token, place)
    return answers
