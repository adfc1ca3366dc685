"""Lesson 09's reference answers against code that is not ours: plain loops, NumPy in float64, Keras, and PyTorch."""

import itertools
import math

import keras
import numpy as np
import pytest
from keras import ops
from lessons import loaded
from vitlab.parts import series
from vitlab.probe import overwrite_all

from autograder.grade.rules import Rules
from autograder.grade.submission import grade_submission
from autograder.lessons import solution_folder
from autograder.read.notebook import Cell, Submission
from solutions.windows import reference
from solutions.windows.cases import EXERCISES, block_weights
from solutions.windows.stand_ins import STAND_INS

B, W, ROWS, COLUMNS, C = 2, 3, 2, 5, 7  # windows of 3 by 3, a grid of 6 by 15 tokens
HEIGHT, WIDTH = W * ROWS, W * COLUMNS
BY_NAME = {exercise.name: exercise for exercise in EXERCISES}


@pytest.fixture
def rng():
    return np.random.default_rng(9)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def array(value):
    return ops.convert_to_numpy(value)


# local_attention_mask


def looped_neighbours(height, width, radius):
    """Who sees whom, token by token, in the words of the text."""
    at = list(itertools.product(range(height), range(width)))
    return np.array([[max(abs(a - y), abs(b - x)) <= radius for y, x in at] for a, b in at])


@pytest.mark.parametrize("size", [(5, 7, 1), (7, 3, 2), (2, 3, 9), (3, 5, 0), (1, 6, 1)])
def test_neighbours_agree_with_plain_loops(size):
    np.testing.assert_array_equal(array(reference.local_attention_mask(*size)), looped_neighbours(*size))


def test_radius_0_is_the_identity():
    np.testing.assert_array_equal(array(reference.local_attention_mask(3, 5, 0)), np.eye(15))


def test_a_token_reaches_what_a_convolution_of_the_same_size_reaches():
    lamps = np.eye(35, dtype="float32").reshape(35, 5, 7, 1)
    seen = array(ops.conv(lamps, np.ones((5, 5, 1, 1), "float32"), padding="same")).reshape(35, 35)
    np.testing.assert_array_equal(array(reference.local_attention_mask(5, 7, 2)), seen > 0)


# axial_attention


def test_what_the_grader_hands_over_sees_the_order_and_keeps_sequences_apart(rng):
    x, attn = normal(rng, 5, 7, C), series(ops.convert_to_tensor(normal(rng, C, C) / C))
    found = array(attn(x))
    np.testing.assert_allclose(array(attn(x[2:3])), found[2:3], atol=1e-6)
    for order in ([6, 5, 4, 3, 2, 1, 0], [1, 0, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 0]):
        assert np.abs(array(attn(x[:, order])) - found[:, order]).max() > 0.1


@pytest.mark.parametrize("axis", [1, 2])
def test_lines_agree_with_a_loop_over_them(rng, axis):
    x, attn = normal(rng, B, 5, 3, C), series(ops.convert_to_tensor(normal(rng, C, C) / C))
    expected = np.zeros_like(x)
    for n, i in itertools.product(range(B), range(x.shape[3 - axis])):
        line = (n, slice(None), i) if axis == 1 else (n, i)
        expected[line] = array(attn(x[line][None]))[0]
    np.testing.assert_allclose(array(reference.axial_attention(x, axis, attn)), expected, atol=1e-6)


@pytest.mark.parametrize("axis", [1, 2])
def test_lines_agree_with_kerass_attention_along_an_axis(rng, axis):
    x = normal(rng, B, 5, 3, 6)
    layer, along = keras.layers.MultiHeadAttention(2, 3), keras.layers.MultiHeadAttention(2, 3, attention_axes=axis)
    layer.build((B, 5, 6), (B, 5, 6))
    along.build(x.shape, x.shape)
    along.set_weights(layer.get_weights())
    found = reference.axial_attention(x, axis, lambda t: layer(t, t))
    np.testing.assert_allclose(array(found), array(along(x, x)), atol=1e-5)


# window_partition and window_reverse


def looped_windows(grids, window):
    """One token at a time, in the words of the text."""
    return np.array(
        [
            [grid[top + t // window, left + t % window] for t in range(window * window)]
            for grid in grids
            for top in range(0, grid.shape[0], window)
            for left in range(0, grid.shape[1], window)
        ]
    )


@pytest.mark.parametrize("size", [(2, 6, 10), (3, 6, 15), (4, 12, 8), (5, 5, 5)])
def test_windows_agree_with_plain_loops(rng, size):
    window, *grid = size
    x = normal(rng, B, *grid, C)
    np.testing.assert_array_equal(array(reference.window_partition(x, window)), looped_windows(x, window))


def test_windows_agree_with_kerass_patches(rng):
    x = normal(rng, B, HEIGHT, WIDTH, C)
    patches = array(ops.image.extract_patches(x, W)).reshape(-1, W * W, C)
    np.testing.assert_array_equal(array(reference.window_partition(x, W)), patches)


@pytest.mark.parametrize("size", [(2, 6, 10), (3, 6, 15), (4, 12, 8), (5, 5, 5)])
def test_window_reverse_undoes_the_loops(rng, size):
    window, height, width = size
    x = normal(rng, B, height, width, C)
    back = reference.window_reverse(looped_windows(x, window), window, height, width)
    np.testing.assert_array_equal(array(back), x)


# attention_pairs


@pytest.mark.parametrize(("height", "width", "radius"), [(5, 7, 1), (6, 3, 2), (2, 3, 9), (4, 5, 0)])
def test_local_pairs_are_the_ones_of_the_mask(height, width, radius):
    ones = int(looped_neighbours(height, width, radius).sum())
    assert reference.attention_pairs("local", height, width, radius=radius) == ones


def test_the_other_pairs_are_counted_one_by_one():
    at = list(itertools.product(range(6), range(15)))
    pairs = list(itertools.product(at, at))
    assert reference.attention_pairs("global", 6, 15) == len(pairs)
    lines = sum(a == y for (a, _), (y, _) in pairs) + sum(b == x for (_, b), (_, x) in pairs)
    assert reference.attention_pairs("axial", 6, 15) == lines
    inside = sum((a // 3, b // 3) == (y // 3, x // 3) for (a, b), (y, x) in pairs)
    assert reference.attention_pairs("window", 6, 15, window=3) == inside


def test_equations_1_and_2_of_the_swin_paper_come_out():
    found = [reference.attention_pairs(kind, 56, 56, window=7) for kind in ("global", "window")]
    assert [4 * 56 * 56 * 96**2 + 2 * 96 * pairs for pairs in found] == [2_003_828_736, 145_108_992]


def test_the_lectures_pixels_have_2517630976_pairs():
    assert reference.attention_pairs("global", 224, 224) == 2_517_630_976
    assert reference.attention_pairs("global", 224, 224) == 65_536 * reference.attention_pairs("global", 14, 14)


# shifted_window_mask


def looped_seams(height, width, window, shift):
    """Follow every token back to its place in the picture: strangers are those whom the roll brought together."""
    masks = []
    for top, left in itertools.product(range(0, height, window), range(0, width, window)):
        at = [(top + t // window, left + t % window) for t in range(window * window)]
        was = [((i + shift) % height, (j + shift) % width) for i, j in at]
        near = [[abs(a - y) < window and abs(b - x) < window for y, x in was] for a, b in was]
        masks.append(near)
    return np.array(masks)


@pytest.mark.parametrize("size", [(8, 8, 4, 2), (6, 15, 3, 1), (12, 8, 4, 3), (10, 15, 5, 3), (6, 4, 2, 1)])
def test_only_those_who_are_near_in_the_picture_may_attend(size):
    np.testing.assert_array_equal(array(reference.shifted_window_mask(*size)), looped_seams(*size))


def test_without_a_shift_all_may_attend():
    assert array(reference.shifted_window_mask(6, 15, 3, 0)).all()


def test_swins_four_windows_have_256_128_128_and_64_ones():
    assert array(reference.shifted_window_mask(8, 8, 4, 2)).sum((1, 2)).tolist() == [256, 128, 128, 64]


def test_in_a_single_window_tokens_that_are_near_each_other_are_parted_too():
    assert array(reference.shifted_window_mask(4, 4, 4, 2)).sum() == 64
    assert looped_seams(4, 4, 4, 2).sum() == 256
    assert any(question.args == (4, 4, 4, 2) for question in asked("shifted_window_mask", 0))


# relative_position_index


def test_windows_of_2_give_the_table_of_the_text():
    table = [[4, 3, 1, 0], [5, 4, 2, 1], [7, 6, 4, 3], [8, 7, 5, 4]]
    assert array(reference.relative_position_index(2)).tolist() == table


@pytest.mark.parametrize("window", [2, 3, 5, 7])
def test_places_agree_with_plain_loops(window):
    at = list(itertools.product(range(window), range(window)))
    steps = 2 * window - 1
    expected = [[(a - y + window - 1) * steps + (b - x + window - 1) for y, x in at] for a, b in at]
    assert array(reference.relative_position_index(window)).tolist() == expected


@pytest.mark.parametrize("window", [2, 3, 7])
def test_equal_steps_and_only_these_share_a_number(window):
    at = np.array(list(itertools.product(range(window), range(window))))
    steps = (at[:, None] - at).reshape(-1, 2)
    numbers = array(reference.relative_position_index(window)).ravel()
    assert len({(*step, number) for step, number in zip(steps.tolist(), numbers.tolist(), strict=True)}) == len(
        set(numbers.tolist())
    )
    assert sorted(set(numbers.tolist())) == list(range((2 * window - 1) ** 2))


# SwinBlock


SIZES = {"dim": 6, "num_heads": 3, "window": W, "mlp_dim": 11}


def block(rng, shift, epsilon=1e-6, **sizes):
    """A block with random numbers in all its weights, and these weights by path."""
    sizes = SIZES | sizes
    layer = reference.SwinBlock(**sizes, shift=shift, epsilon=epsilon)
    layer(np.zeros((1, 2 * sizes["window"], 3 * sizes["window"], sizes["dim"]), "float32"))
    weights = block_weights(rng, **sizes)
    overwrite_all(layer, weights)
    return layer, {path: values.astype("float64") for path, values in weights.items()}


def normed(x, weights, name, epsilon):
    """LayerNorm in float64."""
    centred = x - x.mean(-1, keepdims=True)
    root = np.sqrt((centred**2).mean(-1, keepdims=True) + epsilon)
    return centred / root * weights[f"{name}.gamma"] + weights[f"{name}.beta"]


def gelu(x):
    """The exact one."""
    return x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2


def looped_attention(x, weights, shift, heads, window):
    """Each token asks those whom the shifted window over the picture itself holds: no roll, no mask, no partition."""
    q, k, v = (x @ weights[f"{name}.kernel"] + weights[f"{name}.bias"] for name in ("wq", "wk", "wv"))
    found, size, (count, height, width) = np.zeros_like(x), x.shape[-1] // heads, x.shape[:3]
    at = list(itertools.product(range(height), range(width)))
    place = {(y, x): ((y - shift) // window, (x - shift) // window) for y, x in at}
    for n, (a, b), j in itertools.product(range(count), at, range(heads)):
        mine, others = slice(j * size, (j + 1) * size), [one for one in at if place[one] == place[a, b]]
        steps = [(a - y + window - 1) * (2 * window - 1) + b - x + window - 1 for y, x in others]
        scores = [
            q[n, a, b, mine] @ k[n, y, x, mine] / math.sqrt(size) + weights["rel_bias"][step, j]
            for (y, x), step in zip(others, steps, strict=True)
        ]
        shares = np.exp(np.array(scores) - max(scores))
        blend = sum(share * v[n, y, x, mine] for share, (y, x) in zip(shares, others, strict=True))
        found[n, a, b, mine] = blend / shares.sum()
    return found @ weights["wo.kernel"] + weights["wo.bias"]


@pytest.mark.parametrize("shift", [0, 1, 2])
@pytest.mark.parametrize("grid", [(6, 9), (9, 6)], ids=["wide", "tall"])
def test_the_block_agrees_with_loops_over_the_picture(rng, shift, grid):
    epsilon = 0.01
    layer, weights = block(rng, shift, epsilon)
    x = normal(rng, B, *grid, SIZES["dim"]).astype("float64")
    h = x + looped_attention(normed(x, weights, "norm1", epsilon), weights, shift, SIZES["num_heads"], W)
    hidden = gelu(normed(h, weights, "norm2", epsilon) @ weights["mlp.weights.0"] + weights["mlp.weights.1"])
    expected = h + hidden @ weights["mlp.weights.2"] + weights["mlp.weights.3"]
    np.testing.assert_allclose(array(layer(x.astype("float32"), training=False)), expected, atol=1e-5, rtol=1e-5)


def test_without_bias_and_shift_each_window_is_kerass_attention(rng):
    layer, weights = block(rng, 0)
    layer.rel_bias.assign(np.zeros(layer.rel_bias.shape))
    x = normal(rng, B, 6, 9, 6)
    attention = keras.layers.MultiHeadAttention(3, 2)
    attention.build((B, 9, 6), (B, 9, 6))
    shapes = ((6, 3, 2), (3, 2))  # a kernel and a bias of Keras's
    parts = [
        [weights[f"{name}.{kind}"].reshape(shape) for kind, shape in zip(("kernel", "bias"), shapes, strict=True)]
        for name in ("wq", "wk", "wv")
    ]
    output = (weights["wo.kernel"].reshape(3, 2, 6), weights["wo.bias"])
    attention.set_weights([part for pair in (*parts, output) for part in pair])
    windows = looped_windows(array(layer.norm1(x)), 3)
    found = array(attention(windows, windows)).reshape(B, 2, 3, 3, 3, 6).transpose(0, 1, 3, 2, 4, 5).reshape(x.shape)
    h = x + found
    np.testing.assert_allclose(array(layer(x)), h + array(layer.mlp(layer.norm2(h))), atol=1e-5)


def test_the_block_agrees_with_pytorchs_attention_where_it_is_installed(rng):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here; left out")
    shift, window, heads, dim = 2, 4, 3, 6
    layer, weights = block(rng, shift, window=window)
    tensors = {path: torch.tensor(values) for path, values in weights.items()}
    x = torch.tensor(normal(rng, B, 8, 12, dim), dtype=torch.float64)
    functional = torch.nn.functional
    norms = [
        lambda t, name=name: functional.layer_norm(t, (dim,), tensors[f"{name}.gamma"], tensors[f"{name}.beta"], 1e-6)
        for name in ("norm1", "norm2")
    ]
    rolled = torch.roll(norms[0](x), (-shift, -shift), (1, 2))
    windows = rolled.unfold(1, window, window).unfold(2, window, window).permute(0, 1, 2, 4, 5, 3)
    windows = windows.reshape(-1, window**2, dim)
    q, k, v = (
        (windows @ tensors[f"{name}.kernel"] + tensors[f"{name}.bias"]).unflatten(-1, (heads, -1)).transpose(1, 2)
        for name in ("wq", "wk", "wv")
    )
    index = torch.tensor(array(reference.relative_position_index(window)))
    seams = torch.tensor(looped_seams(8, 12, window, shift)).repeat(B, 1, 1)[:, None]
    added = tensors["rel_bias"][index].permute(2, 0, 1)[None].masked_fill(~seams, -math.inf)
    blend = functional.scaled_dot_product_attention(q, k, v, attn_mask=added).transpose(1, 2).flatten(2)
    found = (blend @ tensors["wo.kernel"] + tensors["wo.bias"]).reshape(B, 2, 3, window, window, dim)
    found = torch.roll(found.permute(0, 1, 3, 2, 4, 5).reshape(x.shape), (shift, shift), (1, 2))
    h = x + found
    hidden = functional.gelu(norms[1](h) @ tensors["mlp.weights.0"] + tensors["mlp.weights.1"])
    expected = h + hidden @ tensors["mlp.weights.2"] + tensors["mlp.weights.3"]
    np.testing.assert_allclose(array(layer(x.numpy().astype("float32"))), expected.numpy(), atol=1e-5, rtol=1e-5)


def test_the_first_block_of_swins_smallest_model_trains_112347_numbers():
    layer = reference.SwinBlock(96, 3, 7, 0, 384)
    layer(np.zeros((1, 7, 14, 96), "float32"))
    assert layer.count_params() == 112_347
    assert len(layer.weights) == len(layer.trainable_weights) == 17


def test_news_never_jumps_over_the_seam(rng):
    layer, _ = block(rng, 1)
    x = normal(rng, 1, 6, 9, 6)
    changed = x.copy()
    changed[0, 0] += 3
    moved = np.abs(array(layer(changed)) - array(layer(x)))[0].max((-2, -1))
    assert (moved > 1e-3).tolist() == [True] + [False] * 5


def test_a_block_can_be_trained(rng):
    keras.utils.set_random_seed(0)
    grids = keras.Input((6, 9, 6))
    model = keras.Model(grids, keras.layers.GlobalAveragePooling2D()(reference.SwinBlock(**SIZES, shift=1)(grids)))
    model.compile(keras.optimizers.Adam(0.01), "mse")
    x, y = normal(rng, 16, 6, 9, 6), normal(rng, 16, 6)
    losses = model.fit(x, y, epochs=60, verbose=0).history["loss"]
    assert losses[-1] < 0.8 * losses[0]


# patch_merging


def test_merging_agrees_with_plain_loops(rng):
    x, kernel = normal(rng, B, 6, 10, C), normal(rng, 4 * C, 2 * C)
    order = [(0, 0), (1, 0), (0, 1), (1, 1)]
    rows = [
        [[np.concatenate([grid[i + a, j + b] for a, b in order]) for j in range(0, 10, 2)] for i in range(0, 6, 2)]
        for grid in x.astype("float64")
    ]
    np.testing.assert_allclose(array(reference.patch_merging(x, kernel)), np.array(rows) @ kernel, atol=1e-5)


def test_merging_is_a_convolution_whose_kernel_has_columns_before_rows(rng):
    x, kernel = normal(rng, B, 6, 10, C), normal(rng, 4 * C, 2 * C)
    turned = kernel.reshape(2, 2, C, 2 * C).swapaxes(0, 1)
    np.testing.assert_allclose(
        array(reference.patch_merging(x, kernel)), array(ops.conv(x, turned, strides=2)), atol=1e-5
    )


# figure


@pytest.fixture(scope="module")
def figure():
    return {key: array(value) for key, value in reference.figure().items()}


def test_the_figures_pairs_are_the_formulas(figure):
    sides = np.array([14, 28, 56, 112, 224])
    local = [sum(min(7, 4 + i, 4 + n - 1 - i) for i in range(n)) ** 2 for n in sides.tolist()]
    np.testing.assert_array_equal(figure["pairs"], [sides**4, local, 2 * sides**3, 49 * sides**2])


def test_reach_of_neighbours_and_lines_is_known(figure):
    local, axial = figure["reach"][:2].astype(bool)
    for layers in (1, 2, 3):
        square = np.zeros((12, 16), bool)
        square[5 - layers : 6 + layers, 9 - layers : 10 + layers] = True
        np.testing.assert_array_equal(local[layers - 1], square)
    assert [axial[0].sum(), axial[0][:, 9].sum()] == [12, 12]
    assert axial[1:].all()


def test_reach_of_windows_is_what_blocks_with_random_weights_do(figure, rng):
    x = np.repeat(normal(rng, 12, 16, 6)[None], 193, axis=0)
    for n in range(192):
        x[n, n // 16, n % 16] += 4 * np.cos(np.arange(6) + n)
    for kind, shifts in ((2, (0, 0, 0)), (3, (0, 2, 0))):
        grids = x
        for count, shift in enumerate(shifts):
            grids = array(block(rng, shift, window=4)[0](grids))
            moved = np.abs(grids[:192, 5, 9] - grids[192, 5, 9]).max(-1).reshape(12, 16)
            np.testing.assert_array_equal(moved > 1e-6, figure["reach"][kind, count].astype(bool))


def test_answer_1_is_the_ratio_of_swins_two_equations(figure):
    tokens, dim = 112**2, 96
    both = 4 * tokens * dim**2 + 2 * tokens**2 * dim, 4 * tokens * dim**2 + 2 * 49 * tokens * dim
    assert figure["answer_1"] == pytest.approx(both[0] / both[1])


def influenced(layers, x, source, target):
    """Whether a change of the token `source` moves the output of `target`."""
    changed = x.copy()
    changed[0, source[0], source[1]] += 4 * np.cos(np.arange(x.shape[-1]))
    for layer in layers:
        x, changed = array(layer(x)), array(layer(changed))
    return bool(np.abs(x[0][target] - changed[0][target]).max() > 1e-6)


def test_answer_2_holds_for_blocks_with_random_weights(figure, rng, monkeypatch):
    x = normal(rng, 1, 6, 9, 6)
    both = [block(rng, 2, window=4)[0] for _ in range(2)]
    large = normal(rng, 1, 12, 12, 6)
    grids = np.repeat(large, 145, axis=0)
    for n in range(144):
        grids[n, n // 12, n % 12] += 4 * np.cos(np.arange(6))
    for layer in both:
        grids = array(layer(grids))
    heard_of = (np.abs(grids[:144, 5, 5] - grids[144, 5, 5]).max(-1) > 1e-6).sum()

    attn = series(ops.convert_to_tensor(normal(rng, 6, 6)))
    moved = x.copy()
    moved[0, 4, 6] += 4 * np.cos(np.arange(6))
    first = [array(reference.axial_attention(grid, 1, attn)) for grid in (x, moved)]
    at_the_corner = bool(np.abs(first[0] - first[1])[0, 4, 0].max() > 1e-6)

    with monkeypatch.context() as patch:
        patch.setattr(reference, "shifted_window_mask", lambda h, w, *_: np.ones((h * w // 16, 16, 16), bool))
        over_the_seam = influenced([block(rng, 1, window=4)[0]], large, (9, 0), (0, 0))

    tables = [array(reference.relative_position_index(window)) for window in (2, 3, 4, 7)]
    same_sum = all(len(np.unique(table + table.T)) == 1 for table in tables)

    layer, other = block(rng, 0)[0], block(rng, 0)[0]
    layer(x), other(normal(rng, 1, 12, 15, 6))
    as_many = layer.count_params() == other.count_params()

    layer.rel_bias.assign(np.zeros(layer.rel_bias.shape))
    order = rng.permutation(9)
    shuffled = array(reference.window_reverse(looped_windows(x, 3)[:, order], 3, 6, 9))
    after, before = (looped_windows(array(layer(grid)), 3) for grid in (shuffled, x))
    along = np.allclose(after, before[:, order], atol=1e-5)

    found = [heard_of > 16, at_the_corner, over_the_seam, same_sum, as_many, along]
    assert figure["answer_2"].tolist() == [int(one) for one in found]


# stand-ins


@pytest.fixture(scope="module")
def stand_ins():
    """The functions that the stand-ins' texts define, each from its own text alone."""
    spaces = {name: {} for name in STAND_INS}
    for name, text in STAND_INS.items():
        exec(text, spaces[name])
    return {name: space[name] for name, space in spaces.items()}


@pytest.mark.parametrize("kind", [np.asarray, ops.convert_to_tensor], ids=["array", "tensor"])
def test_stand_in_windows_and_lines_equal_the_references(stand_ins, rng, kind):
    x = kind(normal(rng, B, HEIGHT, WIDTH, C))
    windows = kind(array(reference.window_partition(x, W)))
    np.testing.assert_array_equal(array(stand_ins["window_partition"](x, window=W)), array(windows))
    back = stand_ins["window_reverse"](windows, W, height=HEIGHT, width=WIDTH)
    np.testing.assert_array_equal(array(back), array(x))
    attn = series(ops.convert_to_tensor(normal(rng, C, C) / C))
    for axis in (1, 2):
        found = array(stand_ins["axial_attention"](x, axis, attn))
        np.testing.assert_allclose(found, array(reference.axial_attention(x, axis, attn)), atol=1e-6)


def test_stand_in_tables_equal_the_references(stand_ins):
    for size in ((6, 15, 3, 1), (8, 12, 4, 3), (6, 4, 2, 0)):
        expected = array(reference.shifted_window_mask(*size))
        np.testing.assert_array_equal(stand_ins["shifted_window_mask"](*size), expected)
    for window in (2, 3, 7):
        expected = array(reference.relative_position_index(window))
        np.testing.assert_array_equal(stand_ins["relative_position_index"](window), expected)
    np.testing.assert_array_equal(stand_ins["local_attention_mask"](5, 7, 2), looped_neighbours(5, 7, 2))


@pytest.mark.parametrize("kind", ["global", "local", "axial", "window"])
def test_stand_in_pairs_equal_the_references(stand_ins, kind):
    asked = (kind, 6, 15, 3, 2)
    assert stand_ins["attention_pairs"](*asked) == reference.attention_pairs(*asked)


EARLY_MISTAKES = """
def window_partition(x, window):
    return ops.reshape(x, (-1, window * window, x.shape[-1]))


def relative_position_index(window):
    return np.zeros((window**2, window**2), "int32")


def shifted_window_mask(height, width, window, shift):
    return np.ones((height * width // window**2, window**2, window**2))
"""


def test_an_early_mistake_costs_only_once(worker):
    right = (solution_folder("09_windows") / "reference.py").read_text(encoding="utf-8")
    cells = (Cell("reference", None, "code", right), Cell("mistakes", None, "code", EARLY_MISTAKES))
    verdict = grade_submission(
        Submission("s", "09_windows", cells), loaded("09_windows"), worker, Rules("secret", seconds=60.0)
    )
    assert {name for name, found in verdict.exercises.items() if found.outcome != "passed"} == {
        "window_partition",
        "relative_position_index",
        "shifted_window_mask",
    }
    assert verdict.exercises["window_partition"].misconception == "window_partition.plain_reshape"
    assert verdict.exercises["shifted_window_mask"].misconception == "shifted_window_mask.everything_allowed"
    assert set(verdict.exercises["SwinBlock"].stand_ins) == {
        "window_partition",
        "relative_position_index",
        "shifted_window_mask",
    }


# what is asked


def asked(name, seed):
    """The graded questions of an exercise."""
    return [case.question for case in BY_NAME[name].cases(np.random.default_rng(seed)) if case.weight > 0]


@pytest.mark.parametrize("name", ["axial_attention", "window_partition", "SwinBlock"])
def test_no_graded_grid_is_square(name):
    grids = [(*question.args, *question.kwargs.values())[0] for seed in range(20) for question in asked(name, seed)]
    assert all(grid.shape[1] != grid.shape[2] for grid in grids)


def test_no_graded_grid_has_as_many_windows_on_a_side_as_a_window_has_tokens():
    for seed in range(20):
        for question in asked("window_partition", seed)[2:]:
            grid, window = (*question.args, *question.kwargs.values())
            assert window not in (grid.shape[1] // window, grid.shape[2] // window)


def test_shifts_are_graded_that_are_not_half_a_window():
    shifts = [(*question.args, *question.kwargs.values())[2:] for question in asked("shifted_window_mask", 0)]
    assert sum(shift not in (0, window // 2) for window, shift in shifts) >= 2


def test_a_shifted_grid_is_at_least_two_windows_high_and_wide():
    for seed in range(20):
        for question in asked("SwinBlock", seed):
            window = question.init["window"]
            assert question.init["shift"] < window
            assert min(question.args[0].shape[1:3]) >= 2 * window
