"""What lesson 05's exercises are asked: one generator of cases for each, from a NumPy generator.

Every weight is overwritten with random numbers, and words, memory, heads and widths differ in size: equal ones hide
swapped roles. Cases of weight 0 are not graded: they only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import normal, random_mask, sizes

NEARLY_ALL = 1 - 1e-9  # 1 as a float32, so that nothing survives this rate, and 1/(1 - rate) is finite
DEEP = 1e-4  # tolerance where errors add up over several blocks


def causal_cases(rng):
    """causal_mask: several lengths. One by name, and a sentence of one word."""
    short, middle, long = sorted(sizes(rng, 3))
    return [
        Case("a sentence of some words", Question((middle,)), 4.0),
        Case("a longer one", Question((long + 1,)), 2.0),
        Case("a short one, by name", Question((), {"length": short - 1}), 1.0),
        Case("a single word", Question((1,)), 1.0),
    ]


def padding_cases(rng):
    """padding_mask: pads of several numbers, rows of several lengths, one without any."""
    b, t, more = sizes(rng, 3)
    other = int(rng.integers(2, 9))
    rows = padded(rng, b, t, 0, 9)
    return [
        Case("captions, padded with 0", Question((rows,)), 2.0),
        Case("padded with another number: 0 is a word", Question((padded(rng, b, more, other, 9), other)), 2.0),
        Case("the same by name", Question((), {"token_ids": padded(rng, 2, t, 9, 9), "pad_id": 9}), 1.0),
        Case("as many captions as words", Question((padded(rng, t, t, 0, 9),)), 0.0),
    ]


def padded(rng, count, length, pad, vocabulary):
    """Rows of random words (count, length) int32 from 0 to vocabulary, with 0 to length - 1 pads at the right."""
    words = rng.integers(0, vocabulary, (count, length))
    words += words >= pad  # any number but the pad's
    lengths = 1 + rng.permutation(count) % length
    return np.where(np.arange(length) < lengths[:, None], words, pad).astype("int32")


def asking(init, weights):
    """A function that makes questions to a layer with these arguments and weights, untrained unless told."""

    def ask(*args, init=init, weights=weights, training=False, **kwargs):
        kwargs = kwargs if training is None else {**kwargs, "training": training}
        return Question(args, kwargs, init, weights)

    return ask


def attention_weights(rng, dim, heads, name):
    """The eight weights of a MultiHeadAttention, in the order of Keras: query, key, value, output."""
    width, scale = dim // heads, np.float32(dim**0.5)
    shapes = [*[(dim, heads, width), (heads, width)] * 3, (heads, width, dim), (dim,)]
    return {f"{name}.weights.{i}": normal(rng, *shape) / (2 if i % 2 else scale) for i, shape in enumerate(shapes)}


def norm_weights(rng, dim, name):
    """gamma and beta, by path."""
    return {f"{name}.gamma": 1 + normal(rng, dim) / 2, f"{name}.beta": normal(rng, dim) / 2}


def dense_weights(rng, rows, columns):
    """A kernel and a bias."""
    return [normal(rng, rows, columns) / np.float32(rows**0.5), normal(rng, columns)]


def block_weights(rng, dim, heads, hidden, name=""):
    """All weights of a DecoderBlock, by path; those of the MLP by their order."""
    found = {}
    for part in ("self_attn", "cross_attn"):
        found |= attention_weights(rng, dim, heads, name + part)
    for part in ("norm1", "norm2", "norm3"):
        found |= norm_weights(rng, dim, name + part)
    mlp = dense_weights(rng, dim, hidden) + dense_weights(rng, hidden, dim)
    return found | {f"{name}mlp.weights.{i}": array for i, array in enumerate(mlp)}


def without(weights, *endings):
    """The same weights, those with these endings all zero."""
    return {path: 0 * array if path.endswith(endings) else array for path, array in weights.items()}


def block_cases(rng):
    """DecoderBlock: words and memory of different lengths, every mask, weights of both attentions, dropout."""
    b, (t, s, more) = 2, sizes(rng, 3)
    heads, width = (2, 5) if rng.random() < 0.5 else (3, 4)
    d, hidden = heads * width, 17
    init, weights = {"dim": d, "num_heads": heads, "mlp_dim": hidden}, block_weights(rng, d, heads, hidden)
    ask = asking(init, weights)
    x, memory, causal = normal(rng, b, t, d), normal(rng, b, s, d), np.tril(np.ones((t, t), "bool"))
    drops = {**init, "dropout": NEARLY_ALL}
    outputs = (".weights.6", ".weights.7", "mlp.weights.1", "mlp.weights.3")
    silent = {path: 0 * array if path.endswith(outputs) else array for path, array in weights.items()}
    full = ask(x, memory, self_mask=causal, return_weights=True)
    other = normal(rng, b, more, d)
    padding, seen = random_mask(rng, b, 1, 1, t), random_mask(rng, b, 1, 1, s)
    return [
        Case("the words look back: output", ask(x, memory, self_mask=causal), 5.0),
        Case("output beside the weights", full, 1.0, part=0),
        Case("weights of the words for each other", full, 2.0, part=1),
        Case("weights of the words for the memory", full, 3.0, part=2),
        Case("no mask at all", ask(x, memory), 3.0),
        Case("another number of words", ask(other, memory), 2.0),
        Case("padding among the words (B, 1, 1, T)", ask(x, memory, self_mask=padding), 1.5),
        Case("a mask on the memory (B, 1, 1, S)", ask(x, memory, self_mask=causal, memory_mask=seen), 2.0),
        Case("a mask on the memory (T, S)", ask(x, memory, memory_mask=random_mask(rng, t, s)), 1.0),
        Case("an epsilon of 0.3", ask(x, memory, init={**init, "epsilon": 0.3}), 1.5),
        Case("a dropout rate does nothing with training=False", ask(x, memory, init=drops), 1.0),
        Case("nor where training is left out", ask(x, memory, init=drops, training=None), 0.5),
        Case(
            "training=True, a rate of almost 1: attention and MLP without biases fall silent",
            ask(x, memory, init=drops, weights=silent, training=True),
            1.5,
        ),
        Case("another number of words, with weights", ask(other, memory, return_weights=True), 0.0),
        Case("an epsilon of 0.7", ask(other, memory, init={**init, "epsilon": 0.7}), 0.0),
        Case(
            "training=True, another number of words",
            ask(other, memory, init=drops, weights=silent, training=True),
            0.0,
        ),
        Case("as many words as memory", ask(x, normal(rng, b, t, d), self_mask=causal), 0.0),
        Case("as many, some hidden", ask(x, normal(rng, b, t, d), self_mask=causal, memory_mask=padding), 0.0),
    ]


def captions_of(rng, count, length, pad, vocabulary=11):
    """Captions (count, length) int32: start, words, end, pads; lengths from 3 to `length`, the last one full.

    Start and end are the two highest numbers; 0 is a word where it is not the pad.
    """
    start, end = vocabulary, vocabulary + 1
    lengths = 3 + rng.permutation(count) % (length - 2)
    lengths[-1] = length
    words = padded(rng, count, length, pad, vocabulary - 1)
    words[:, 1:] = np.where(words[:, 1:] == pad, (pad + 1) % vocabulary, words[:, 1:])
    words[:, 0], place = start, np.arange(length)
    words = np.where(place == lengths[:, None] - 1, end, words)
    return np.where(place < lengths[:, None], words, pad).astype("int32")


def shift_cases(rng):
    """shift_captions: two kinds of padding, each of the three results by itself, captions that fill their row."""
    b, length, more = (max(n, 4) for n in sizes(rng, 3))
    other = int(rng.integers(2, 9))
    zero = Question((captions_of(rng, b, length, 0),))
    worded = Question((captions_of(rng, b + 1, more + 1, other), other))
    full = captions_of(rng, 3, length, 0)[-1:]
    third = Question((captions_of(rng, b + 2, length + 1, other - 1), other - 1))
    return [
        Case("what goes in", zero, 2.0, part=0),
        Case("what should come out", zero, 2.0, part=1),
        Case("what counts", zero, 2.0, part=2),
        Case("padded with another number: what goes in", worded, 1.0, part=0),
        Case("padded with another number: what should come out", worded, 1.0, part=1),
        Case("padded with another number: what counts, 0 being a word", worded, 1.5, part=2),
        Case("a caption that fills its row", Question((full,)), 0.5),
        Case("the same, by name", Question((), {"captions": full, "pad_id": other}), 0.0),
        Case("padded with a third number", third, 0.0),
    ]


def loss_cases(rng):
    """masked_token_loss: weights of every type, long and short captions, loud logits, nothing that counts."""
    b, t, v = sizes(rng, 3)
    logits, targets = 2 * normal(rng, b, t, v), rng.integers(0, v, (b, t)).astype("int32")
    lengths = 1 + rng.permutation(b) % t
    weights = (np.arange(t) < lengths[:, None]).astype("float32")
    scattered = rng.random((b, t)) < 0.5
    scattered[0, 0], scattered[-1, -1] = True, False
    loud = 300 * normal(rng, b, t, v)
    few = np.zeros((b, t), "float32")
    few[int(rng.integers(b)), int(rng.integers(t))] = 1
    zero = np.where(rng.random((b, t)) < 0.5, 0, targets).astype("int32")
    first = "captions of different lengths"
    return [
        Case(first, Question((logits, targets, weights)), 3.0),
        Case("many targets are 0, a word like any other", Question((logits, zero, weights)), 1.5),
        Case("weights True and False, scattered", Question((logits, targets, scattered)), 1.5),
        Case("weights as whole numbers, by name", by_name(logits, zero, scattered.astype("int32")), 1.0),
        Case("everything counts", Question((logits, targets, np.ones((b, t), "float32"))), 1.0),
        Case("a single word counts", Question((logits, targets, few)), 1.0),
        Case("loud logits", Question((loud, targets, weights)), 1.5),
        Case("logits far from 0", Question((logits + np.float32(500), targets, scattered)), 0.5),
        Case("nothing counts", Question((logits, targets, np.zeros((b, t), "float32"))), 1.0, together=first),
        Case("nothing counts, other logits", Question((loud, zero, np.zeros((b, t), "float32"))), 0.0),
        Case("loud logits, everything counts", Question((loud, zero, np.ones((b, t), "float32"))), 0.0),
    ]


def by_name(logits, targets, weights):
    """A question whose arguments come by their names."""
    return Question((), {"logits": logits, "targets": targets, "weights": weights})


def seer(rng, pixels, memory, dim):
    """An encoder of our own, which crosses the wire as plain data: images with so many numbers -> (B, S, D)."""
    return {"$part": "seer", "kernel": normal(rng, pixels, memory, dim) / np.float32(pixels**0.5)}


def decoder_weights(rng, vocab_size, max_length, dim, num_heads, decoder_depth, mlp_dim, **others):
    """All weights of a CaptioningTransformer but its encoder's, by path."""
    found = {"token_embed.embeddings": normal(rng, vocab_size, dim), "pos_embed": normal(rng, 1, max_length, dim)}
    for i in range(decoder_depth):
        found |= block_weights(rng, dim, num_heads, mlp_dim or 2 * dim, f"blocks.{i}.")
    kernel, bias = dense_weights(rng, dim, vocab_size)
    return found | {"head.kernel": kernel, "head.bias": bias}


def trunk_weights(rng, image_size, patch_size, dim, num_heads, encoder_depth, mlp_dim, **others):
    """All weights of vit_trunk, by path, as the encoder of a model."""
    patches, hidden = (image_size // patch_size) ** 2, mlp_dim or 2 * dim
    kernel, bias = dense_weights(rng, patch_size * patch_size * 3, dim)
    found = {"encoder.patches.kernel": kernel.reshape(patch_size, patch_size, 3, dim), "encoder.patches.bias": bias}
    found |= {"encoder.positions.embeddings": normal(rng, patches, dim)}
    for i in range(encoder_depth):
        found |= norm_weights(rng, dim, f"encoder.norm1_{i}") | norm_weights(rng, dim, f"encoder.norm2_{i}")
        found |= attention_weights(rng, dim, num_heads, f"encoder.attention_{i}")
        for part, shape in (("fc1", (dim, hidden)), ("fc2", (hidden, dim))):
            kernel, bias = dense_weights(rng, *shape)
            found |= {f"encoder.{part}_{i}.kernel": kernel, f"encoder.{part}_{i}.bias": bias}
    return found | norm_weights(rng, dim, "encoder.norm")


def model_cases(rng):
    """CaptioningTransformer: with an encoder of the grader's and with its own, from one word to as many as may be."""
    b, side, s, v = 2, 4, int(rng.choice([3, 5])), 13
    t, most = (4, 7) if rng.random() < 0.5 else (5, 8)
    small = {"vocab_size": v, "max_length": most, "dim": 6, "num_heads": 2, "decoder_depth": 2}
    large = {"vocab_size": 9, "max_length": t, "dim": 12, "num_heads": 3, "decoder_depth": 3, "mlp_dim": 11}
    own = {**small, "encoder_depth": 3, "patch_size": 2, "image_size": 6, "decoder_depth": 1, "mlp_dim": 7}
    coarse = {**own, "encoder_depth": 2, "patch_size": 3, "mlp_dim": 5}
    eyes = {name: seer(rng, side * side * 3, s, init["dim"]) for name, init in (("small", small), ("large", large))}
    plain = {"mlp_dim": None}
    ask = asking({**small, "encoder": eyes["small"]}, decoder_weights(rng, **{**plain, **small}))
    ask_large = asking({**large, "encoder": eyes["large"]}, decoder_weights(rng, **large))
    ask_own, ask_coarse = (
        asking(init, decoder_weights(rng, **init) | trunk_weights(rng, **init)) for init in (own, coarse)
    )
    images, squares = rng.random((b, side, side, 3), "float32"), rng.random((b, 6, 6, 3), "float32")
    words = rng.integers(1, 9, (b, t)).astype("int32")
    told = np.concatenate([words[:, :2], np.zeros((b, s - 2), "int32")], axis=1)
    return [
        Case("logits, with an encoder of ours", ask(images, words), 4.0, tolerance=DEEP),
        Case("one word", ask(images, words[:, :1]), 1.0, tolerance=DEEP),
        Case("another size, as many words as may be, by name", named(ask_large, images, words), 3.0, tolerance=DEEP),
        Case("with an encoder of its own", ask_own(squares, words), 2.0, tolerance=DEEP),
        Case("as many words as memory, some of them 0", ask(images, told), 0.0, tolerance=DEEP),
        Case("the same with other images", ask(images[::-1] / 2, told), 0.0, tolerance=DEEP),
        Case("another encoder of its own", ask_coarse(squares, words), 0.0, tolerance=DEEP),
    ]


def named(ask, images, words):
    """A question whose arguments come by their names, with training left out."""
    return ask(images=images, token_ids=words, training=None)


def telling(rng, count, length, ends, vocabulary, special):
    """A model that tells a caption for each of `count` pictures, as plain data, and the pictures.

    Args:
        ends: for each caption, the column of its end; `length` or more for one that does not end in time.
        special: start, end and pad. After its end every caption goes on with words, for whoever reads on.
    """
    start, end, _ = special
    words = [n for n in range(vocabulary) if n not in special]
    captions = rng.choice(words, (count, length + 1)).astype("int32")
    captions[:, 0] = start
    for row, column in enumerate(ends):
        captions[row, column : column + 1] = end
    lost = rng.choice(words, length).astype("int32")
    images = rng.random((count, 2, 3, 3), "float32")
    images[:, 0, 0, 0] = (np.arange(count) + 0.5) / count
    return {"$part": "teller", "captions": captions, "lost": lost, "vocabulary": vocabulary}, images


def greedy_cases(rng):
    """greedy_decode: captions that end at different places, that are cut, and that are empty; several paddings."""
    length, vocabulary = int(rng.choice([7, 8])), 17
    start, end, pad, far = (int(n) for n in rng.permutation(np.arange(1, 17))[:4])
    ends = (3, length - 1, 2, 5, length + 1)
    plain, pictures = telling(rng, 5, length, ends, vocabulary, (start, end, 0))
    padded_model, others = telling(rng, 4, length, (length + 1, 4, 1, 3), vocabulary, (start, end, pad))
    brief, few = telling(rng, 3, length, (2, 1, 3), vocabulary, (start, end, far))
    shuffled = pictures[rng.permutation(5)[:4]]
    call = (start, end, length)
    ended = Question((plain, pictures[[0, 2]], *call))
    return [
        Case("captions of several lengths", Question((plain, pictures, *call)), 3.0),
        Case("the same pictures in another order", Question((plain, shuffled, *call)), 1.0),
        Case("padded with another number, one cut, one empty", Question((padded_model, others, *call, pad)), 2.0),
        Case("all end early", Question((brief, few, *call), {"pad_id": far}), 1.0),
        Case("cut short", Question((plain, pictures, start, end, 3)), 1.0),
        Case("room for one word", Question((plain, pictures, start, end, 2)), 1.0),
        Case("a single picture", Question((plain, pictures[1:2], *call)), 1.0),
        Case("two that end early", ended, 0.0),
    ]


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("how far a change of each word reaches", call, 1.0, part="reach"),
        Case("how likely a caption is right as a whole", call, 1.0, part="whole"),
        Case("how many words are wrong", call, 1.0, part="wrong_words"),
        Case("the captions sorted", call, 1.0, part="grades"),
        Case("answer 1", call, 1.0, part="answer_1", tolerance=1e-9, sealed=True),
        Case("answer 2", call, 1.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("causal_mask", causal_cases),
    Exercise("padding_mask", padding_cases),
    Exercise("DecoderBlock", block_cases),
    Exercise("shift_captions", shift_cases),
    Exercise("masked_token_loss", loss_cases),
    Exercise("CaptioningTransformer", model_cases),
    Exercise("greedy_decode", greedy_cases),
    Exercise("figure", figure_cases),
)
