# %%
from dataclasses import dataclass

import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def array(value, dtype="float64"):
    return ops.convert_to_numpy(value).astype(dtype)


@dataclass(frozen=True)
class PatchGrid:
    rows: int
    columns: int
    side: float

    @property
    def centres(self):
        row, column = np.indices((self.rows, self.columns))
        return self.side * (np.column_stack([row.ravel(), column.ravel()]) + 0.5)

    def distances(self):
        return np.linalg.norm(self.centres[:, None, :] - self.centres[None, :, :], axis=2)


class Heads:
    def __init__(self, weights, extra):
        self.weights = array(weights)
        self.extra = extra

    def on_patches(self):
        patches = self.weights[:, :, self.extra :, self.extra :]
        return patches / patches.sum(-1, keepdims=True)

    def mean_distance(self, table):
        return np.multiply(self.on_patches(), table).sum(-1).mean(-1).mean(0)


def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    return Heads(weights, num_extra_tokens).mean_distance(PatchGrid(*grid, patch_size).distances())


# %%
class Stream:
    """What has happened to the tokens so far; `then` lets another layer act."""

    def __init__(self, mixed=None):
        self.mixed = mixed

    def then(self, attention):
        step = self.with_residual(attention.mean(axis=1))
        return type(self)(step if self.mixed is None else np.matmul(step, self.mixed))

    @staticmethod
    def with_residual(a):
        return 0.5 * a + 0.5 * np.identity(a.shape[-1])


def attention_rollout(weights_per_layer):
    stream = Stream()
    for weights in weights_per_layer:
        stream = stream.then(array(weights))
    return stream.mixed.astype("float32")


# %%
class View:
    def __init__(self, features):
        features = array(features)
        features = features.reshape(features.shape[0], -1)
        self.centred = features - features.mean(0, keepdims=True)

    def __matmul__(self, other):
        """The squared norm of what two views share."""
        return np.sum((self.centred.T @ other.centred) ** 2)


class Similarity:
    def between(self, one, other):
        raise NotImplementedError("a subclass says how")


class CentredKernelAlignment(Similarity):
    def between(self, one, other):
        return (other @ one) / (np.sqrt(one @ one) * np.sqrt(other @ other))


def linear_cka(x, y):
    return CentredKernelAlignment().between(View(x), View(y))


# %%
def cka_matrix(features_a, features_b):
    measure = CentredKernelAlignment()
    views_a, views_b = list(map(View, features_a)), list(map(View, features_b))
    return np.array([[measure.between(one, other) for other in views_b] for one in views_a])


# %%
class Waves:
    AXES = (-3, -2)

    def __init__(self, coefficients):
        self.coefficients = coefficients

    @classmethod
    def of(cls, pictures):
        return cls(np.fft.fft2(array(pictures), axes=cls.AXES))

    def strengths(self):
        return np.abs(self.coefficients)

    def places(self):
        return self.coefficients / self.strengths()

    def pictures(self):
        return np.fft.ifft2(self.coefficients, axes=self.AXES).real


def cue_conflict(shape_images, texture_images):
    mixed = Waves(Waves.of(texture_images).strengths() * Waves.of(shape_images).places())
    return np.minimum(np.maximum(mixed.pictures(), 0.0), 1.0).astype("float32")


# %%
def decisions(said, cue, other_cue):
    said, cue, other_cue = (array(v, "int64") for v in (said, cue, other_cue))
    return int(((cue != other_cue) & (said == cue)).sum())


def shape_bias(predictions, shape_labels, texture_labels):
    shape = decisions(predictions, shape_labels, texture_labels)
    texture = decisions(predictions, texture_labels, shape_labels)
    return shape / (shape + texture)


# %%
class PowerLaw:
    """Golden section on b; a and c by the normal equations."""

    def __init__(self, n, error):
        self.n, self.error = array(n), array(error)

    def line(self, b):
        design = np.column_stack([self.n**-b, np.ones_like(self.n)])
        a, c = np.linalg.solve(design.T @ design, design.T @ self.error)
        return a, c, float(((design @ np.array([a, c]) - self.error) ** 2).sum())

    def fit(self, low, high):
        # the best of a coarse grid first, so that the section starts in the right valley
        grid = np.linspace(low, high, 60)
        k = int(np.argmin([self.line(b)[2] for b in grid]))
        low, high = grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)]
        golden = (5**0.5 - 1) / 2
        for _ in range(60):
            left, right = high - golden * (high - low), low + golden * (high - low)
            if self.line(left)[2] < self.line(right)[2]:
                high = right
            else:
                low = left
        b = (low + high) / 2
        a, c, _ = self.line(b)
        return float(a), float(b), float(c)


def fit_power_law(n, error):
    return PowerLaw(n, error).fit(0.1, 2.0)

# %%
def rotated(features):
    """The same examples with at most n features, rotated: (n, ...) -> (n, k), k = min(n, everything else)."""
    flat = np.reshape(features, (len(features), -1)).astype("float64")
    return np.linalg.qr(flat.T)[1].T

# %%
class Subject:
    def __init__(self, name, images):
        self.model = checkpoints.load(name)
        self.images = images
        self.layers = [rotated(layer) for layer in checkpoints.features(self.model, images)]

    def against(self, other):
        return cka_matrix(self.layers, other.layers)

    def distances(self):
        looks = checkpoints.attention(self.model, self.images)
        return np.vstack([mean_attention_distance(look, (8, 8), 4) for look in looks])


def figure():
    images, _ = checkpoints.pictures()
    cnn, vit, mixer = (Subject(name, images) for name in ("cnn", "vit", "mixer"))
    return {
        "distance": vit.distances(),
        "cka_cnn": cnn.against(cnn),
        "cka_vit": vit.against(vit),
        "cka_mixer": mixer.against(mixer),
        "cka_vit_cnn": vit.against(cnn),
        "answer_1": round(40 ** (1 / 0.35)),
        "answer_2": [0, 0, 1, 1, 0],
    }
