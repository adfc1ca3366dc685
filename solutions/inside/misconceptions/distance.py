"""Mistakes in mean_attention_distance."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("mean_attention_distance")


def euclidean(steps):
    """The length of steps (..., 2)."""
    return np.sqrt((steps**2).sum(axis=-1))


def places_of(grid):
    """Row and column of each patch, (N, 2)."""
    return np.array([(i // grid[1], i % grid[1]) for i in range(grid[0] * grid[1])], float).reshape(-1, 2)


def between(grid, length=euclidean):
    """All distances (N, N) in steps of a patch."""
    where = places_of(grid)
    return length(where[None, :] - where[:, None])


def between_with(grid, divisor):
    """Distances (N, N) in patches, where the row and column of patch i come from another number than the columns."""
    where = np.array([divmod(i, divisor) for i in range(grid[0] * grid[1])], float).reshape(-1, 2)
    return euclidean(where[None, :] - where[:, None])


def kept_of(weights, extra):
    """Rows and columns of the patches, not yet divided by their sums."""
    return ops.convert_to_numpy(weights)[..., extra:, extra:].astype(float)


def shares(weights, extra):
    """The same, each row with the sum 1."""
    kept = kept_of(weights, extra)
    return kept / np.sum(kept, -1)[..., None]


def normed(w):
    """Each row with the sum 1."""
    return w / w.sum(axis=-1, keepdims=True)


def other_distance(name, hint, length):
    """Register a mistake in how far two patches are apart: length of steps (..., 2), in patches."""

    def measure(weights, grid, patch_size, num_extra_tokens=1):
        apart = patch_size * between(grid, length)
        return np.einsum("bhqk,qk->bhq", shares(weights, num_extra_tokens), apart).mean((0, 2))

    measure.__name__ = name
    return KNOWN.wrong(hint)(measure)


def other_weights(name, hint, weights_of):
    """Register a mistake in which weights count: weights_of(weights, extra) -> (B, h, N, N)."""

    def measure(weights, grid, patch_size, num_extra_tokens=1):
        counted = weights_of(ops.convert_to_numpy(weights).astype(float), num_extra_tokens)
        return np.einsum("bhqk,qk->bhq", counted, patch_size * between(grid)).mean((0, 2))

    measure.__name__ = name
    return KNOWN.wrong(hint)(measure)


@KNOWN.wrong("CLS is still among your tokens, and got a place in the grid. Where in the picture does it lie?")
def extra_tokens_get_places(weights, grid, patch_size, num_extra_tokens=1):
    everything = kept_of(weights, 0)
    where = np.stack(np.divmod(np.arange(everything.shape[-1]), grid[1]), axis=-1).astype(float)
    return patch_size * (normed(everything) * euclidean(where[None, :] - where[:, None])).sum(-1).mean((0, 2))


@KNOWN.wrong("Each row is divided by its own sum. Yours are divided all together: which rows count for less then?")
def one_division_for_all(weights, grid, patch_size, num_extra_tokens=1):
    kept = kept_of(weights, num_extra_tokens)
    return patch_size * (kept * between(grid)).sum((0, 2, 3)) / kept.sum((0, 2, 3))


def other_mean(name, hint, mean_of):
    """Register a mistake in what is averaged at the end: mean_of(weights (B, h, N, N), distances (N, N))."""

    def measure(weights, grid, patch_size, num_extra_tokens=1):
        return mean_of(shares(weights, num_extra_tokens), patch_size * between(grid))

    measure.__name__ = name
    return KNOWN.wrong(hint)(measure)


other_weights(
    "rows_no_longer_sum_to_one",
    "Cut off what a query gives to CLS, and add up what is left of its row. Is a weighted mean with such weights a "
    "mean?",
    lambda w, e: w[:, :, e:, e:],
)
other_weights(
    "drops_the_last_token",
    "A token had to go. At which end of the row does CLS stand?",
    lambda w, e: normed(w[:, :, : w.shape[2] - e, : w.shape[3] - e]),
)
other_weights(
    "keys_shifted",
    "You have dropped CLS among the queries. Where does the first patch stand among the keys?",
    lambda w, e: normed(w[:, :, e:, : w.shape[3] - e]),
)
other_weights(
    "queries_shifted",
    "You have dropped CLS among the keys. Where does the first patch stand among the queries?",
    lambda w, e: normed(w[:, :, : w.shape[2] - e, e:]),
)
other_weights(
    "asks_the_keys",
    "Rows are queries. Whose weights have the sum 1 in your code: those of one query, or those that one key receives?",
    lambda w, e: np.swapaxes(w[:, :, e:, e:] / w[:, :, e:, e:].sum(axis=2, keepdims=True), 2, 3),
)
other_weights(
    "softmax_once_more",
    "These are attention weights already. What does a softmax make of them? A division is enough.",
    lambda w, e: normed(np.exp(w[:, :, e:, e:])),
)
other_weights(
    "heads_averaged_too_early",
    "All your heads have the same number. When may you take a mean over heads, if every head is to have its own?",
    lambda w, e: normed(np.repeat(w[:, :, e:, e:].mean(axis=1, keepdims=True), w.shape[1], axis=1)),
)
other_distance(
    "city_blocks",
    "A patch one row down and one column to the right: how far away is it as the crow flies?",
    lambda steps: np.abs(steps).sum(axis=-1),
)
other_distance(
    "chess_king",
    "In your table, a patch one row down and one column to the right is as near as the one beside it. Is it really?",
    lambda steps: np.abs(steps).max(axis=-1),
)
other_distance(
    "squared",
    "Two steps away should be twice as far as one. How far is it in your table? What did Pythagoras do at the end?",
    lambda steps: (steps**2).sum(axis=-1),
)
other_distance(
    "rows_alone", "Two patches side by side are no distance apart in your table.", lambda steps: np.abs(steps[..., 0])
)
other_distance(
    "columns_alone",
    "Two patches, one above the other, are no distance apart in your table.",
    lambda steps: np.abs(steps[..., 1]),
)
other_mean(
    "one_number_for_all_heads",
    "Is one head local and another global? Your single number cannot tell. Which axes may be averaged?",
    lambda w, far: (w * far).sum(-1).mean(),
)
other_mean(
    "each_image_by_itself",
    "The batch is there for a steadier mean. Which axes should be gone at the end?",
    lambda w, far: (w * far).sum(-1).mean(-1),
)
other_mean(
    "each_query_by_itself",
    "You have a number for each place in the picture. The text asks for one for each head.",
    lambda w, far: (w * far).sum(-1).mean(0),
)
other_mean(
    "mean_over_the_keys",
    "Weights with the sum 1 make a weighted mean already. What does your mean over the keys divide by once more?",
    lambda w, far: (w * far).mean((0, 2, 3)),
)
other_mean(
    "sum_over_the_queries",
    "Your distance grows with the number of patches. What do you do with the queries of an image at the end?",
    lambda w, far: (w * far).sum(-1).sum(-1).mean(0),
)
other_mean(
    "strongest_key",
    "You measure the distance to the one key that gets the most. The text lets every key count, by its weight.",
    lambda w, far: np.take_along_axis(np.broadcast_to(far, w.shape), w.argmax(-1)[..., None], -1)[..., 0].mean((0, 2)),
)
other_mean(
    "farthest_query",
    "The largest distance says what a head can do once. What does it do on average?",
    lambda w, far: (w * far).sum(-1).max(-1).mean(0),
)
other_mean(
    "root_mean_square",
    "You average squares and take the root at the end. That is another kind of mean: far keys count more in it.",
    lambda w, far: np.sqrt((w * far**2).sum(-1)).mean((0, 2)),
)
other_mean(
    "weights_left_out",
    "Uniform attention gives the right number, and every other one gives the same. Where do the weights come in?",
    lambda w, far: np.full(w.shape[1], far.mean()),
)


@KNOWN.wrong("Your distances are in patches. The text asks for pixels: how long is one step?")
def counts_patches(weights, grid, patch_size, num_extra_tokens=1):
    return np.einsum("bhqk,qk->bhq", shares(weights, num_extra_tokens), between(grid)).mean((0, 2))


@KNOWN.wrong(
    "You divide all weights of a picture by one sum. Then a query that looks at CLS a lot hardly counts. Give each row "
    "the sum 1."
)
def one_sum_for_all_queries(weights, grid, patch_size, num_extra_tokens=1):
    kept = kept_of(weights, num_extra_tokens)
    far = patch_size * between(grid)
    return ((kept * far).sum(axis=(2, 3)) / kept.sum(axis=(2, 3))).mean(axis=0)


@KNOWN.wrong(
    "In your table the patch below is as far away as the number of columns. Neighbours in the list and neighbours in "
    "the picture are two things: which row and which column has patch i?"
)
def places_in_the_list(weights, grid, patch_size, num_extra_tokens=1):
    order = np.arange(grid[0] * grid[1])
    far = patch_size * np.abs(order[:, None] - order)
    return np.einsum("bhij,ij->h", shares(weights, num_extra_tokens), far) / len(order) / weights.shape[0]


@KNOWN.wrong(
    "Patches are numbered left to right, then down. With 5 columns, in which row and column is patch 7? Which of the "
    "two sides do you divide by?"
)
def numbered_down_first(weights, grid, patch_size, num_extra_tokens=1):
    far = patch_size * between_with(grid, grid[0])
    return np.einsum("bhij,ij->h", shares(weights, num_extra_tokens), far) / len(far) / weights.shape[0]


@KNOWN.wrong("You take the root of the number of patches for the side of the grid. Is every picture a square?")
def square_grid_assumed(weights, grid, patch_size, num_extra_tokens=1):
    far = patch_size * between_with(grid, int((grid[0] * grid[1]) ** 0.5))
    return np.einsum("bhij,ij->h", shares(weights, num_extra_tokens), far) / len(far) / weights.shape[0]


@KNOWN.right("Loops over pairs of patches, one number at a time.")
def by_loops(weights, grid, patch_size, num_extra_tokens=1):
    w = np.asarray(weights)
    where = [(row, column) for row in range(grid[0]) for column in range(grid[1])]
    found = []
    for head in range(w.shape[1]):
        per_query = []
        for image in w[:, head]:
            for i, one in enumerate(where):
                row = image[num_extra_tokens + i, num_extra_tokens:]
                per_query.append(
                    sum(v * np.hypot(*np.subtract(one, o)) for v, o in zip(row, where, strict=True)) / sum(row)
                )
        found.append(patch_size * np.mean(per_query))
    return np.array(found)


@KNOWN.right("With ops, the places in the middle of each patch, in pixels.")
def middles_of_patches(weights, grid, patch_size, num_extra_tokens=1):
    y, x = np.meshgrid(np.arange(grid[0]) + 0.5, np.arange(grid[1]) + 0.5, indexing="ij")
    middles = ops.convert_to_tensor(patch_size * np.stack([y.ravel(), x.ravel()], axis=1).astype("float32"))
    far = ops.norm(middles[:, None] - middles[None], axis=-1)
    kept = ops.convert_to_tensor(weights)[:, :, num_extra_tokens:, num_extra_tokens:]
    kept = kept / ops.sum(kept, axis=-1, keepdims=True)
    return ops.mean(ops.sum(kept * far, axis=-1), axis=(0, 2))
