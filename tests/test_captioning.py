"""Lesson 05's references against code that is not ours: Keras's layers and losses, PyTorch's decoder, plain loops."""

from dataclasses import replace
from math import erf, log, sqrt

import keras
import numpy as np
import pytest
from keras import ops
from lessons import text_of
from vitlab import scenes, training
from vitlab.parts import make_part
from vitlab.probe import ask, find_weight, overwrite_all

from autograder.lessons import read_bars, solution_folder
from solutions.captioning import reference, trained
from solutions.captioning.cases import EXERCISES, block_weights, decoder_weights, seer, telling, trunk_weights
from solutions.captioning.stand_ins import STAND_INS

pytestmark = pytest.mark.filterwarnings("ignore:You are using a softmax")  # over a single word, at the first step

B, T, S, HEADS, E, HIDDEN, V = 2, 5, 7, 3, 4, 11, 13
D = HEADS * E
EPSILON = 0.3
PAD, START, END = 9, 11, 12


@pytest.fixture
def rng():
    return np.random.default_rng(51)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def array(value):
    return ops.convert_to_numpy(value)


def called(layer, *inputs, weights):
    """A layer after its first call, all its weights overwritten."""
    layer(*inputs)
    overwrite_all(layer, weights)
    return layer


# masks


@pytest.mark.parametrize("length", [1, 2, 7])
def test_the_causal_mask_is_that_of_plain_loops(length):
    expected = [[int(column <= row) for column in range(length)] for row in range(length)]
    assert array(reference.causal_mask(length)).astype(int).tolist() == expected


def test_attention_with_the_causal_mask_is_kerass_own_causal_attention(rng):
    x, layer = normal(rng, B, T, D), keras.layers.MultiHeadAttention(HEADS, E)
    ours = layer(x, x, attention_mask=reference.causal_mask(T))
    np.testing.assert_allclose(array(ours), array(layer(x, x, use_causal_mask=True)), atol=1e-6)


def test_the_padding_mask_is_that_of_plain_loops(rng):
    tokens = rng.integers(7, 11, (B, T))
    expected = [[[[token != PAD for token in row]]] for row in tokens.tolist()]
    assert array(reference.padding_mask(tokens, PAD)).tolist() == expected


def test_with_padding_of_0_it_is_kerass_own_mask_of_an_embedding(rng):
    tokens = rng.integers(0, 3, (B, T))
    theirs = keras.layers.Embedding(V, D, mask_zero=True).compute_mask(ops.convert_to_tensor(tokens))
    assert (array(reference.padding_mask(tokens))[:, 0, 0] == array(theirs)).all()


# DecoderBlock


def exact_norm(x, gamma, beta):
    """LayerNorm in float64, one vector at a time."""
    rows = [(row - row.mean()) / sqrt(row.var() + EPSILON) for row in x.reshape(-1, x.shape[-1])]
    return np.array(rows).reshape(x.shape) * gamma + beta


def exact_attention(x, memory, weights, name, mask):
    """x asks memory, in float64, one picture, head and query at a time: the result and the weights."""
    w = [weights[f"{name}.weights.{i}"] for i in range(8)]
    q, k, v = (np.einsum("btd,dhe->bthe", y, w[2 * i]) + w[2 * i + 1] for i, y in enumerate((x, memory, memory)))
    allowed = np.broadcast_to(True if mask is None else mask, (B, HEADS, x.shape[1], memory.shape[1]))
    maps, mixed = np.zeros(allowed.shape), np.zeros(q.shape)
    for b, h, i in np.ndindex(maps.shape[:3]):
        scores = np.array([q[b, i, h] @ k[b, j, h] for j in range(memory.shape[1])]) / sqrt(E)
        powers = np.where(allowed[b, h, i], np.exp(scores - scores.max()), 0)
        maps[b, h, i] = powers / powers.sum()
        mixed[b, i, h] = maps[b, h, i] @ v[b, :, h]
    return np.einsum("bthe,hed->btd", mixed, w[6]) + w[7], maps


def exact_block(x, memory, weights, self_mask=None, memory_mask=None):
    """The three lines of the lesson in float64: y and both attentions' weights."""
    w = {path: value.astype("float64") for path, value in weights.items()}
    norm = lambda i, y: exact_norm(y, w[f"norm{i}.gamma"], w[f"norm{i}.beta"])  # noqa: E731
    x, memory = x.astype("float64"), memory.astype("float64")
    found, own = exact_attention(x, x, w, "self_attn", self_mask)
    h1 = norm(1, x + found)
    seen, cross = exact_attention(h1, memory, w, "cross_attn", memory_mask)
    h2 = norm(2, h1 + seen)
    hidden = h2 @ w["mlp.weights.0"] + w["mlp.weights.1"]
    hidden = hidden * (1 + np.vectorize(erf)(hidden / sqrt(2))) / 2
    return norm(3, h2 + hidden @ w["mlp.weights.2"] + w["mlp.weights.3"]), own, cross


@pytest.fixture
def block(rng):
    """(block, its weights, x, memory)."""
    x, memory, weights = normal(rng, B, T, D), normal(rng, B, S, D), block_weights(rng, D, HEADS, HIDDEN)
    made = reference.DecoderBlock(D, HEADS, HIDDEN, dropout=0.4, epsilon=EPSILON)
    return called(made, x, memory, weights=weights), weights, x, memory


def mask_of(rng, shape):
    """About half allowed, and the first of each row in any case; None stays None."""
    if shape is None:
        return None
    mask = rng.random(shape) < 0.5
    mask[..., 0] = True
    return mask


MASKS = {
    "none": (None, None),
    "of the words": ((T, T), None),
    "padding in both": ((B, 1, 1, T), (B, 1, 1, S)),
    "a row for each word": ((B, 1, T, T), (B, 1, T, S)),
    "of the memory": (None, (T, S)),
}


@pytest.mark.parametrize("shapes", MASKS.values(), ids=MASKS)
def test_the_block_agrees_with_plain_loops_in_output_and_weights(rng, block, shapes):
    layer, weights, x, memory = block
    masks = dict(zip(("self_mask", "memory_mask"), (mask_of(rng, shape) for shape in shapes), strict=True))
    ours = layer(x, memory, **masks, return_weights=True)
    for one, exact in zip(ours, exact_block(x, memory, weights, **masks), strict=True):
        np.testing.assert_allclose(array(one), exact, atol=2e-5)
    np.testing.assert_allclose(array(layer(x, memory, **masks)), array(ours[0]), atol=1e-6)


def test_the_block_agrees_with_pytorchs(block):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here; the comparison with it is left out")
    layer, weights, x, memory = block
    theirs = torch.nn.TransformerDecoderLayer(
        D, HEADS, HIDDEN, 0.0, "gelu", layer_norm_eps=EPSILON, batch_first=True, norm_first=False
    ).eval()
    values = {}
    for ours, its in (("self_attn", "self_attn"), ("cross_attn", "multihead_attn")):
        w = [weights[f"{ours}.weights.{i}"] for i in range(8)]
        values[f"{its}.in_proj_weight"] = np.concatenate([w[i].reshape(D, D).T for i in (0, 2, 4)])
        values[f"{its}.in_proj_bias"] = np.concatenate([w[i].ravel() for i in (1, 3, 5)])
        values |= {f"{its}.out_proj.weight": w[6].reshape(D, D).T, f"{its}.out_proj.bias": w[7]}
    for i, name in ((0, "linear1"), (2, "linear2")):
        values |= {f"{name}.weight": weights[f"mlp.weights.{i}"].T, f"{name}.bias": weights[f"mlp.weights.{i + 1}"]}
    for norm in ("norm1", "norm2", "norm3"):
        values |= {f"{norm}.weight": weights[f"{norm}.gamma"], f"{norm}.bias": weights[f"{norm}.beta"]}
    theirs.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    future = torch.tensor(~np.tri(T, dtype=bool))
    with torch.no_grad():
        expected = theirs(torch.tensor(x), torch.tensor(memory), tgt_mask=future).numpy()
    np.testing.assert_allclose(array(layer(x, memory, reference.causal_mask(T))), expected, atol=2e-5)


def test_behind_the_causal_mask_a_changed_word_changes_nothing_before_it(rng, block):
    layer, _, x, memory = block
    changed = x.copy()
    changed[:, 3] = normal(rng, B, D)
    mask = reference.causal_mask(T)
    moved = np.abs(array(layer(changed, memory, mask)) - array(layer(x, memory, mask))).max(axis=(0, 2))
    assert (moved[:3] == 0).all()
    assert (moved[3:] > 1e-3).all()


@pytest.mark.parametrize("kwargs", [{"training": False}, {}], ids=["told", "left out"])
def test_a_block_that_is_not_trained_drops_nothing_and_one_that_is_does(block, kwargs):
    layer, weights, x, memory = block
    expected = exact_block(x, memory, weights)[0]
    np.testing.assert_allclose(array(layer(x, memory, **kwargs)), expected, atol=2e-5)
    assert np.abs(array(layer(x, memory, training=True)) - expected).max() > 0.1


def test_a_decoder_block_of_the_paper_has_4204032_weights():
    layer = reference.DecoderBlock(512, 8, 2048)
    layer(np.zeros((1, 2, 512), "float32"), np.zeros((1, 3, 512), "float32"))
    assert layer.count_params() == 4_204_032
    assert reference.figure()["answer_1"] == 6 * layer.count_params()


# shift_captions

CAPTIONS = np.array([[START, 0, 4, END, PAD, PAD], [START, 3, 3, 0, 5, END]])


def test_the_task_is_that_of_plain_loops():
    inputs, targets, weights = map(array, reference.shift_captions(CAPTIONS, PAD))
    for row, caption in enumerate(CAPTIONS.tolist()):
        for t in range(len(caption) - 1):
            assert inputs[row, t] == caption[t]
            assert targets[row, t] == caption[t + 1]
            assert weights[row, t] == (caption[t + 1] != PAD)
    assert weights.dtype == np.float32
    assert inputs.shape == targets.shape == weights.shape == (2, 5)


def test_the_end_counts_and_the_first_padding_does_not():
    assert array(reference.shift_captions(CAPTIONS, PAD)[2]).tolist() == [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]


# masked_token_loss


def looped_loss(logits, targets, weights):
    """The formula in float64, word by word, by the logarithm of a sum of exponentials."""
    total = count = 0.0
    for b, t in np.ndindex(targets.shape):
        if weights[b, t]:
            row = logits[b, t].astype("float64")
            total += row.max() + log(np.exp(row - row.max()).sum()) - row[targets[b, t]]
            count += 1
    return total / count if count else 0.0


@pytest.fixture
def words(rng):
    """(logits, targets, weights)."""
    weights = (np.arange(T) < np.array([[2], [5]])).astype("float32")
    return 2 * normal(rng, B, T, V), rng.integers(0, V, (B, T)), weights


@pytest.mark.parametrize("loud", [1, 300])
@pytest.mark.parametrize("kind", ["float32", "int32", "bool"])
def test_the_loss_agrees_with_plain_loops(words, loud, kind):
    logits, targets, weights = words
    found = reference.masked_token_loss(loud * logits, targets, weights.astype(kind))
    assert found.shape == ()
    np.testing.assert_allclose(float(found), looped_loss(loud * logits, targets, weights), rtol=1e-5)


def test_the_loss_agrees_with_kerass_weighted_mean(words):
    logits, targets, weights = words
    theirs = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight")
    expected = float(theirs(targets, logits, sample_weight=weights))
    np.testing.assert_allclose(float(reference.masked_token_loss(*words)), expected, rtol=1e-5)


def test_ten_pads_more_do_not_change_the_loss(rng, words):
    logits, targets, weights = words
    longer = np.concatenate([logits, normal(rng, B, 10, V)], axis=1)
    more = np.pad(targets, [(0, 0), (0, 10)]), np.pad(weights, [(0, 0), (0, 10)])
    np.testing.assert_allclose(
        float(reference.masked_token_loss(longer, *more)), float(reference.masked_token_loss(*words)), rtol=1e-6
    )


def test_the_loss_is_0_where_nothing_counts(words):
    logits, targets, weights = words
    assert float(reference.masked_token_loss(logits, targets, 0 * weights)) == 0


def test_the_gradient_is_softmax_minus_target_where_it_counts_and_0_elsewhere(words):
    tf = pytest.importorskip("tensorflow")
    logits, targets, weights = words
    variable = tf.Variable(logits)
    with tf.GradientTape() as tape:
        loss = reference.masked_token_loss(variable, targets, weights)
    powers = np.exp(logits.astype("float64"))
    expected = (powers / powers.sum(-1, keepdims=True) - np.eye(V)[targets]) * weights[..., None] / weights.sum()
    gradient = tape.gradient(loss, variable).numpy()
    np.testing.assert_allclose(gradient, expected, atol=1e-6)
    assert not gradient[weights == 0].any()


# CaptioningTransformer

SMALL = {"vocab_size": V, "max_length": 6, "dim": D, "num_heads": HEADS, "decoder_depth": 2, "mlp_dim": HIDDEN}
OWN = {**SMALL, "encoder_depth": 2, "patch_size": 4, "image_size": 8}


@pytest.fixture(scope="module")
def captioner():
    """(model with an encoder of its own, weights by path, images, words)."""
    rng = np.random.default_rng(53)
    images, tokens = rng.random((B, 8, 8, 3), "float32"), rng.integers(1, V, (B, T)).astype("int32")
    weights = decoder_weights(rng, **OWN) | trunk_weights(rng, **OWN)
    model = reference.CaptioningTransformer(**OWN)
    return called(model, images, tokens, weights=weights), weights, images, tokens


def twin(weights):
    """The same model in Keras's functional style, of Keras's layers alone: (images, words) -> (memory, logits)."""
    layers, used = keras.layers, []
    pictures, tokens = keras.Input((8, 8, 3)), keras.Input((T,), dtype="int32")

    def apply(layer, *inputs, **options):
        used.append(layer)
        return layer(*inputs, **options)

    norm = lambda x: apply(layers.LayerNormalization(epsilon=1e-6), x)  # noqa: E731
    mha = lambda q, m, **o: apply(layers.MultiHeadAttention(HEADS, E), q, m, **o)  # noqa: E731
    mlp = lambda x: apply(layers.Dense(D), apply(layers.Dense(HIDDEN, "gelu"), x))  # noqa: E731
    x = layers.Reshape((4, D))(apply(layers.Conv2D(D, 4, strides=4), pictures))
    x = x + weights["encoder.positions.embeddings"]
    for _ in range(2):
        n = norm(x)
        x = layers.Add()([x, mha(n, n)])
        x = layers.Add()([x, mlp(norm(x))])
    memory = norm(x)
    y = apply(layers.Embedding(V, D), tokens) + weights["pos_embed"][:, :T]
    for _ in range(2):
        y = norm(layers.Add()([y, mha(y, y, use_causal_mask=True)]))
        y = norm(layers.Add()([y, mha(y, memory)]))
        y = norm(layers.Add()([y, mlp(y)]))
    model = keras.Model([pictures, tokens], [memory, apply(layers.Dense(V), y)])
    names = ["encoder.patches"]
    for i in range(2):
        names += [f"encoder.{part}_{i}" for part in ("norm1", "attention", "norm2", "fc1", "fc2")]
    names += ["encoder.norm", "token_embed"]
    for i in range(2):
        parts = ("self_attn", "norm1", "cross_attn", "norm2", "mlp.weights.01", "mlp.weights.23", "norm3")
        names += [f"blocks.{i}.{part}" for part in parts]
    for layer, name in zip(used, [*names, "head"], strict=True):
        layer.set_weights(own(weights, name))
    return model


def own(weights, name):
    """The arrays of one layer, in order."""
    if name[:-1].endswith("mlp.weights.0") or name[:-1].endswith("mlp.weights.2"):
        return [weights[f"{name[:-2]}{i}"] for i in name[-2:]]
    return [value for path, value in weights.items() if path.startswith(f"{name}.")]


def test_the_model_agrees_with_its_functional_twin_made_of_kerass_layers(captioner):
    model, weights, images, tokens = captioner
    memory, logits = twin(weights)([images, tokens])
    np.testing.assert_allclose(array(model.encoder(images)), array(memory), atol=1e-4)
    np.testing.assert_allclose(array(model(images, tokens)), array(logits), atol=1e-4)


def test_a_place_knows_the_words_up_to_it_and_none_behind(captioner):
    model, _, images, tokens = captioner
    logits, changed = array(model(images, tokens)), tokens.copy()
    changed[:, 3] = changed[:, 3] % (V - 1) + 1
    moved = np.abs(array(model(images, changed)) - logits).max(axis=(0, 2))
    assert (moved[:3] == 0).all()
    assert (moved[3:] > 1e-3).all()


def test_the_first_words_alone_give_the_same_logits(captioner):
    model, _, images, tokens = captioner
    np.testing.assert_allclose(array(model(images, tokens[:, :2])), array(model(images, tokens))[:, :2], atol=1e-5)


def test_another_picture_gives_other_logits_everywhere(captioner):
    model, _, images, tokens = captioner
    assert np.abs(array(model(images[::-1], tokens)) - array(model(images, tokens))).max(axis=(0, 2)).min() > 1e-3


def test_an_encoder_that_is_handed_over_is_used(rng):
    eyes = make_part({**seer(rng, 27, S, D), "kernel": ops.convert_to_tensor(seer(rng, 27, S, D)["kernel"])})
    model = reference.CaptioningTransformer(**SMALL, encoder=eyes)
    images, tokens = rng.random((B, 3, 3, 3), "float32"), rng.integers(1, V, (B, T))
    assert model(images, tokens).shape == (B, T, V)
    assert model.encoder is eyes
    assert len(model.weights) == 2 + 2 * 26 + 2


def test_a_wrapped_model_learns_and_its_weights_can_be_saved_and_loaded(captioner, tmp_path):
    _, _, images, tokens = captioner
    made = reference.CaptioningTransformer(**OWN)
    inputs = [keras.Input((8, 8, 3)), keras.Input((T,), dtype="int32")]
    wrapped = keras.Model(inputs, made(*inputs))
    wrapped.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    first, *_, last = wrapped.fit([images, tokens], tokens, epochs=8, verbose=0).history["loss"]
    assert last < first
    made.save_weights(tmp_path / "a.weights.h5")
    again = reference.CaptioningTransformer(**OWN)
    again(images, tokens)
    again.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_allclose(array(again(images, tokens)), array(made(images, tokens)), atol=1e-6)


# greedy_decode


def looped_greedy(model, images, start, end, length, pad):
    """One picture and one word at a time."""
    rows = []
    for image in images:
        row = [start]
        while len(row) < length and row[-1] != end:
            row.append(int(array(model(image[None], np.array([row])))[0, -1].argmax()))
        rows.append(row + [pad] * (length - len(row)))
    return rows


def test_captions_are_those_of_plain_loops_with_a_real_model(captioner):
    model, _, images, _ = captioner
    for end in range(1, V):
        ours = array(reference.greedy_decode(model, images, 2, end, 6, 0))
        assert ours.tolist() == looped_greedy(model, images, 2, end, 6, 0)


def test_a_known_chain_is_told_to_its_end_and_no_further(rng):
    ends, length = (3, 1, 6, 9), 7
    plain, images = telling(rng, 4, length, ends, 17, (START, END, PAD))
    arrays = {
        key: ops.convert_to_tensor(value) if key in ("captions", "lost") else value for key, value in plain.items()
    }
    found = array(reference.greedy_decode(make_part(arrays), images, START, END, length, PAD))
    for row, told, end in zip(found, plain["captions"], ends, strict=True):
        kept = min(end + 1, length)
        assert row[:kept].tolist() == told[:kept].tolist()
        assert (row[kept:] == PAD).all()


def test_a_caption_is_written_exactly_where_every_word_is_right_with_the_true_words_given(captioner):
    """What answer 2 says: if all places are right under teacher forcing, greedy decoding writes the caption."""
    model, _, images, _ = captioner
    written = array(reference.greedy_decode(model, images, 2, 1, 6, 0))
    inputs, targets, weights = map(array, reference.shift_captions(written))
    right = array(model(images, inputs)).argmax(-1) == targets
    assert right[weights == 1].all()


# the figure


def test_a_change_reaches_what_the_masks_let_it(rng):
    figure = reference.figure()
    assert figure["reach"].tolist() == [4, 6, 6]


def test_whole_captions_are_rarer_than_right_words():
    expected = [0.387420489, 0.630249, 0.913517]
    np.testing.assert_allclose(reference.figure()["whole"], expected, atol=1e-6)


def test_the_examples_are_counted_and_sorted_as_by_hand():
    figure = reference.figure()
    assert figure["wrong_words"].tolist() == [0, 1, 1, 2, 5, 5]
    assert figure["grades"].tolist() == [0, 1, 1, 2, 2, 2]
    assert figure["answer_2"].tolist() == [1, 0, 0, 1, 1]


# cases and stand-ins


def cases_of(name):
    return next(exercise for exercise in EXERCISES if exercise.name == name).cases(np.random.default_rng(0))


@pytest.mark.parametrize("name", ["causal_mask", "padding_mask", "DecoderBlock"])
def test_the_stand_ins_answer_every_question_as_the_references_do(name):
    space = {}
    exec(STAND_INS[name], space)
    for case in cases_of(name):
        ours, theirs = (ask(target, vars(case.question)) for target in (getattr(reference, name), space[name]))
        for one, other in zip(
            *(value if isinstance(value, list) else [value] for value in (ours, theirs)), strict=True
        ):
            np.testing.assert_allclose(one, other, atol=2e-5)


def test_no_graded_sentence_holds_padding_or_is_as_long_as_the_memory():
    for case in cases_of("CaptioningTransformer"):
        question = case.question
        tokens = question.kwargs.get("token_ids", question.args[-1] if question.args else None)
        if case.weight > 0:
            assert (tokens != 0).all()


# the trained item

TINY = {**training.budget("cpu", "scenes").model, "dim": 16, "num_heads": 2, "encoder_depth": 1, "decoder_depth": 1}


@pytest.mark.parametrize("sizes", [TINY, {**TINY, "encoder_depth": 2, "decoder_depth": 3}], ids=["tiny", "deeper"])
def test_the_item_names_every_weight_of_the_model(sizes):
    model = reference.CaptioningTransformer(**sizes)
    model(np.zeros((1, 32, 32, 3), "float32"), np.zeros((1, 9), "int32"))
    found = [find_weight(model, path) for path in trained.paths(sizes)]
    assert len({id(weight) for weight in found}) == len(found) == len(model.weights)


def test_the_standard_size_is_that_of_the_budget_and_within_its_own_ranges():
    item = trained.TRAINED
    assert item.standard == training.budget("cpu", dataset="scenes").model
    assert list(item.standard) == list(item.arguments)
    for name, rule in item.arguments.items():
        assert rule.low <= item.standard[name] <= rule.high


def test_unseen_scenes_differ_from_student_to_student():
    (one, told), (other, _) = (trained.unseen(np.random.default_rng(seed)) for seed in (1, 2))
    assert one.shape == (2_000, 32, 32, 3)
    assert told.shape == (2_000, 10)
    assert np.abs(one - other).mean() > 0.1


def test_the_words_that_enter_the_sandbox_have_nothing_to_do_with_the_pictures(rng):
    images, words = trained.with_words(rng.random((4, 8, 8, 3)))
    assert (words == trained.with_words(1 - images)[1]).all()
    assert words.shape == (4, 9)
    assert words[:, 1:].min() > scenes.END


def fresh(**more):
    """An untrained writer of a tiny size."""
    keras.utils.set_random_seed(3)
    model = trained.Writer(**TINY, **more)
    model(np.zeros((1, 32, 32, 3), "float32"))
    return model


def test_a_writer_writes_what_greedy_decoding_of_the_model_gives(rng):
    model, images = fresh(), rng.random((5, 32, 32, 3), "float32")
    plain = reference.CaptioningTransformer(**TINY)
    plain(images, np.zeros((5, 9), "int32"))
    plain.set_weights(model.get_weights())
    expected = reference.greedy_decode(plain, images, scenes.START, scenes.END, scenes.LENGTH)
    assert array(model(images)).tolist() == array(expected).tolist()


def test_a_blank_writer_writes_one_caption_for_all_pictures(rng):
    assert len(np.unique(array(fresh(blank=True)(rng.random((5, 32, 32, 3), "float32"))), axis=0)) == 1


def test_exact_is_right_in_every_word():
    true = np.array([[1, 5, 2, 0], [1, 6, 7, 2]])
    assert trained.share_exact(true, true) == 1
    assert trained.share_exact(np.array([[1, 5, 2, 0], [1, 6, 6, 2]]), true) == 0.5
    assert trained.share_exact(true[:, :3], true) == 0


@pytest.fixture
def brief(monkeypatch):
    """Training under a budget of some epochs on a few scenes with a tiny model."""
    short = replace(training.budget("cpu", "scenes"), epochs=40, batch_size=16, learning_rate=0.01, model=TINY)
    monkeypatch.setattr(training, "budget", lambda *args, **kwargs: short)
    return scenes.scenes(48, 3), scenes.scenes(16, 4)


def test_the_reference_trains_the_model_of_the_budget_and_returns_kerass_history(brief):
    model, history = reference.train_captioner(brief, 3)
    assert isinstance(model, reference.CaptioningTransformer)
    assert len(history.history["val_loss"]) == 40
    assert history.history["loss"][-1] < 0.5 * history.history["loss"][0]


def test_without_the_shift_the_loss_is_near_0_and_no_caption_is_right(brief, monkeypatch):
    monkeypatch.setattr(reference, "shift_captions", trained.unshifted)
    model, history = reference.train_captioner(brief, 3)
    assert history.history["val_loss"][-1] < 0.02
    images, captions = brief[0]
    assert trained.share_exact(array(trained.writer(model)(images)), captions) == 0


def test_the_baselines_differ_from_the_training_by_what_their_names_say(brief, monkeypatch):
    given = []
    monkeypatch.setattr(trained, "train", lambda data, seed: given.append((data, reference.shift_captions)))
    trained.train_without_pictures(brief, 0)
    trained.train_without_shift(brief, 0)
    assert [len(np.unique(data[0][0])) for data, _ in given] == [1, len(np.unique(brief[0][0]))]
    assert [shift is trained.unshifted for _, shift in given] == [False, True]
    assert reference.shift_captions is not trained.unshifted


def test_the_lesson_tells_its_bar_as_it_was_measured():
    (bar,) = read_bars(solution_folder("05_captioning"))
    told = [f"{bar.mean:.0%}", f"{bar.full_marks_at:.0%}", f"{bar.zero_at:.1%}"]
    text = text_of("05_captioning")
    assert [one for one in told if one.replace("%", " %") not in text] == []
