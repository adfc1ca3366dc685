"""A decoder that looks at pictures and writes: the reference answers of lesson 05.

B pictures in a batch, H and W pixels, S memory tokens (what the encoder found), T words that go in, L places in a
caption, D width of a token, h heads, V words in the vocabulary.
The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import keras
import numpy as np
from keras import ops
from vitlab import scenes, training


def causal_mask(length):
    """Who may look at whom in a sentence that is still being written: (length, length).

    1 (or True) where the column is not to the right of the row, else 0. Row t is token t, which asks; column s is
    token s, which is read.

    Args:
        length: an int, at least 1.

    Returns:
        Any number type, or bool. No batch axes.

    Source: lecture, "Masked Self-attention only interacts with past inputs".
    """
    ### BEGIN SOLUTION
    return ops.tril(ops.ones((length, length), "bool"))
    ### END SOLUTION


def padding_mask(token_ids, pad_id=0):
    """Which tokens are words and no padding: (B, T) -> (B, 1, 1, T), 1 (or True) where the token is not pad_id.

    The two axes of length 1 stand for the heads and for the tokens that ask, so the mask fits scores (B, h, T, T).

    Args:
        token_ids: ints (B, T).
        pad_id: the number that padding has. Graded with others than 0; then 0 is a word.

    Returns:
        Any number type, or bool.
    """
    ### BEGIN SOLUTION
    return ops.not_equal(token_ids, pad_id)[:, None, None, :]
    ### END SOLUTION


class DecoderBlock(keras.layers.Layer):
    """One block of the decoder: x (B, T, D) and memory (B, S, D) -> y (B, T, D). S and T differ.

    h1 = norm1(x + self_attn(x)),  h2 = norm2(h1 + cross_attn(h1 asks, memory answers)),  y = norm3(h2 + mlp(h2)).

    Args:
        dim: D. num_heads: h, divides D, for both attentions. mlp_dim: the hidden width of the MLP.
        dropout: a rate for what is inside the MLP or comes out of it, and for the attentions if you like; never for the
            sums. It does something with training=True, and nothing with training=False or where training is left out.
        epsilon: of the three norms.

    Sublayers:
        self_attn, cross_attn: keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads), with biases.
        norm1, norm2, norm3: keras.layers.LayerNormalization(epsilon=epsilon).
        mlp: Dense(mlp_dim, "gelu") and then Dense(dim), for instance in a keras.Sequential.

    Leave `supports_masking` alone.

    Source: lecture, "The Transformer Decoder block"; Vaswani et al. 2017, section 3.1.
    """

    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.self_attn, self.cross_attn = (
            keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads, dropout=dropout) for _ in range(2)
        )
        self.norm1, self.norm2, self.norm3 = (keras.layers.LayerNormalization(epsilon=epsilon) for _ in range(3))
        hidden, drop = keras.layers.Dense(mlp_dim, activation="gelu"), keras.layers.Dropout(dropout)
        self.mlp = keras.Sequential([hidden, drop, keras.layers.Dense(dim)])
        ### END SOLUTION

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        """x (B, T, D), memory (B, S, D) -> y (B, T, D), or with return_weights=True a triple.

        Args:
            x: the words so far, which ask each other and then the memory.
            memory: what the encoder found in the picture. It is used as it is, not normed.
            self_mask: of the words for each other: None, or bool, 1 = may attend, (T, T), (B, 1, 1, T) or
                (B, 1, T, T). None means no mask: the block adds no causal mask of its own.
            memory_mask: of the words for the memory: None, or bool (T, S), (B, 1, 1, S) or (B, 1, T, S).
            return_weights: True asks for (y, self_weights (B, h, T, T), cross_weights (B, h, T, S)).
            training: whether dropout is active.
        """
        ### BEGIN SOLUTION
        options = {"return_attention_scores": True, "training": training}
        found, self_weights = self.self_attn(x, x, attention_mask=self_mask, **options)
        h1 = self.norm1(x + found)
        seen, cross_weights = self.cross_attn(h1, memory, attention_mask=memory_mask, **options)
        h2 = self.norm2(h1 + seen)
        y = self.norm3(h2 + self.mlp(h2, training=training))
        return (y, self_weights, cross_weights) if return_weights else y
        ### END SOLUTION


def shift_captions(captions, pad_id=0):
    """Captions become a task: what goes in, what should come out, and what counts.

    Args:
        captions: ints (B, L): start, words, end, and then padding.
        pad_id: the number that padding has. Graded with others than 0; then 0 is a word.

    Returns:
        A tuple (inputs, targets, weights), each (B, L - 1).
        inputs: all but the last column, unchanged; an end or padding may stay in it.
        targets: all but the first column.
        weights: float32, 1 where the TARGET is not pad_id, else 0. The end counts.

    Source: Sutskever et al. 2014; Williams and Zipser 1989, who call it teacher forcing.
    """
    ### BEGIN SOLUTION
    targets = captions[:, 1:]
    return captions[:, :-1], targets, ops.cast(ops.not_equal(targets, pad_id), "float32")
    ### END SOLUTION


def masked_token_loss(logits, targets, weights):
    """The mean cross-entropy over the words that count: -> one number.

    sum(weights * cross-entropy) / sum(weights), over the whole batch: each word counts the same, in long captions and
    in short ones. 0.0 where no weight is 1.

    Args:
        logits: (B, T, V), no softmax. They may be large.
        targets: ints (B, T), the right words. Only weights say what counts: 0 may be a word like any other.
        weights: (B, T), 0 or 1 of any type, bool included.

    Returns:
        A float, or an array of shape (). keras.losses and keras.ops may be used.
    """
    ### BEGIN SOLUTION
    surprise = keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True)
    weights = ops.cast(weights, surprise.dtype)
    return ops.sum(weights * surprise) / ops.maximum(ops.sum(weights), 1.0)
    ### END SOLUTION


class LearnedPositionEmbedding(keras.layers.Layer):
    """Adds row t of a learned table to token t, as in lesson 3: x (B, T, dim) -> the same shape."""

    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(**kwargs)
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.embeddings = self.add_weight(shape=(num_positions, dim), initializer=start, name="embeddings")

    def call(self, x):
        """x (B, T, dim) -> x plus the first T rows of the table."""
        return x + self.embeddings[: x.shape[1]]


def vit_trunk(image_size, patch_size, dim, depth, num_heads, mlp_dim):
    """The encoder of lesson 4 without CLS and head, from Keras's layers: images (B, H, W, 3) -> memory (B, S, dim).

    S = (image_size // patch_size) ** 2 tokens, one for each patch, row by row; `depth` blocks with the norm first, and
    a last norm.
    """
    layers, size = keras.layers, {"num_heads": num_heads, "key_dim": dim // num_heads}
    count = (image_size // patch_size) ** 2
    images = keras.Input((image_size, image_size, 3))
    tokens = layers.Conv2D(dim, patch_size, strides=patch_size, name="patches")(images)
    tokens = LearnedPositionEmbedding(count, dim, name="positions")(layers.Reshape((count, dim))(tokens))
    for i in range(depth):
        normed = layers.LayerNormalization(epsilon=1e-6, name=f"norm1_{i}")(tokens)
        tokens = layers.add([tokens, layers.MultiHeadAttention(**size, name=f"attention_{i}")(normed, normed)])
        hidden = layers.LayerNormalization(epsilon=1e-6, name=f"norm2_{i}")(tokens)
        hidden = layers.Dense(mlp_dim, activation="gelu", name=f"fc1_{i}")(hidden)
        tokens = layers.add([tokens, layers.Dense(dim, name=f"fc2_{i}")(hidden)])
    return keras.Model(images, layers.LayerNormalization(epsilon=1e-6, name="norm")(tokens))


class CaptioningTransformer(keras.Model):
    """The lecture's transformer: images (B, H, W, 3) and words (B, T) -> logits (B, T, V); place t predicts word t + 1.

    memory = encoder(images), (B, S, D).
    x = token_embed(token_ids) + the first T rows of pos_embed. No factor sqrt(D).
    For each block: x = block(x, memory, self_mask=the causal mask of T words). No mask on the memory.
    logits = head(x). No norm after the last block; no softmax.

    encoder: what is given; None makes vit_trunk(image_size, patch_size, dim, encoder_depth, num_heads, mlp_dim).
    token_embed: keras.layers.Embedding(vocab_size, dim), without mask_zero.
    pos_embed: a weight (1, max_length, D).
    blocks: a list of `decoder_depth` different DecoderBlock(dim, num_heads, mlp_dim).
    head: keras.layers.Dense(vocab_size).

    Args:
        vocab_size: V. max_length: the most words that may go in, at least T. dim: D. num_heads: h, divides D.
        encoder_depth, decoder_depth: numbers of blocks. patch_size: P, in pixels, divides image_size, which is H = W.
        mlp_dim: the hidden width in all blocks; None means 2 * dim.
        encoder: a layer or model, images -> (B, S, D), or None. The grader hands over one of its own.

    Masking the padding (0, at the right) among the words as well is allowed: what stands there is not graded.

    Source: lecture, "The transformer!"; Vaswani et al. 2017, figure 1.
    """

    def __init__(
        self,
        vocab_size,
        max_length,
        dim=64,
        num_heads=4,
        encoder_depth=2,
        decoder_depth=2,
        patch_size=8,
        image_size=32,
        mlp_dim=None,
        encoder=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        mlp_dim = 2 * dim if mlp_dim is None else mlp_dim
        if encoder is None:
            encoder = vit_trunk(image_size, patch_size, dim, encoder_depth, num_heads, mlp_dim)
        self.encoder = encoder
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.token_embed = keras.layers.Embedding(vocab_size, dim)
        self.pos_embed = self.add_weight(shape=(1, max_length, dim), initializer=start, name="pos_embed")
        self.blocks = [DecoderBlock(dim, num_heads, mlp_dim) for _ in range(decoder_depth)]
        self.head = keras.layers.Dense(vocab_size)
        ### END SOLUTION

    def call(self, images, token_ids, training=None):
        """Images (B, H, W, 3), token_ids ints (B, T), 1 <= T <= max_length -> logits (B, T, V)."""
        ### BEGIN SOLUTION
        memory = self.encoder(images)
        count = token_ids.shape[1]
        x = self.token_embed(token_ids) + self.pos_embed[:, :count]
        for block in self.blocks:
            x = block(x, memory, self_mask=causal_mask(count), training=training)
        return self.head(x)
        ### END SOLUTION


def greedy_decode(model, images, start_id, end_id, max_length, pad_id=0):
    """Let a model write, one word after the other, always the likeliest: -> ints (B, max_length).

    The result is laid out like captions: column 0 is start_id, then the words, end_id, and then pad_id. It always has
    max_length columns. A caption that has not ended by then is cut; no end_id is put there. Each picture's caption ends
    by itself.

    Args:
        model: called as model(images, token_ids, training=False), with token_ids (B, t), t from 1 to max_length - 1:
            -> logits (B, t, V). The next word is the argmax at the newest word's column. Use nothing else of it: the
            grader hands over a function. It may be called with any pictures of the batch. It is causal.
        images: (B, H, W, 3).
        start_id, end_id, pad_id: ints that differ. Before end_id the model never predicts start_id or pad_id.
        max_length: L, columns of the result, at least 2.

    There are no ties.
    """
    ### BEGIN SOLUTION
    written = np.full((len(images), 1), start_id, "int32")
    for _ in range(max_length - 1):
        logits = ops.convert_to_numpy(model(images, ops.convert_to_tensor(written), training=False))
        ended = (written == end_id).any(axis=1)
        words = np.where(ended, pad_id, logits[:, -1].argmax(axis=-1))
        written = np.concatenate([written, words[:, None].astype("int32")], axis=1)
    return written
    ### END SOLUTION


def wrapped(captioner, picture=(32, 32, 3), count=9):
    """The same model as `fit` wants it: -> keras.Model, which takes a list [images, token_ids] and shares all weights.

    Keras cannot fit a model whose call takes two inputs side by side.

    Args:
        captioner: a CaptioningTransformer.
        picture: (H, W, C). count: how many words go in.
    """
    images, token_ids = keras.Input(picture), keras.Input((count,), dtype="int32")
    return keras.Model([images, token_ids], captioner(images, token_ids))


def train_captioner(data, seed):
    """Train a CaptioningTransformer: -> (captioner, history).

    Args:
        data: ((images, captions), (unseen images, their captions)): images (n, 32, 32, 3) float32 in [0, 1], captions
            (n, L) ints: start, words, end, padding of 0.
        seed: an int for keras.utils.set_random_seed, so that the same seed gives the same model.

    Returns:
        captioner: a CaptioningTransformer of the size training.budget(dataset="scenes").model, trained on the first
            pair by teacher forcing: what shift_captions makes goes in and should come out, and your masked_token_loss
            is made small.
        history: what fit returns, with the second pair as validation data.

    Source: Vinyals et al. 2015, section 4.
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    recipe = training.budget(dataset="scenes")
    captioner = CaptioningTransformer(**recipe.model)
    model = wrapped(captioner)

    def words_lost(targets, logits):
        return masked_token_loss(logits, targets, ops.not_equal(targets, 0))

    (images, captions), (unseen, told) = data
    training.compile_for(model, recipe, len(images) // recipe.batch_size * recipe.epochs, loss=words_lost)
    inputs, targets, _ = shift_captions(captions)
    given, wanted, _ = shift_captions(told)
    sizes = {"batch_size": recipe.batch_size, "epochs": recipe.epochs, "verbose": 2}
    history = model.fit([images, inputs], targets, validation_data=([unseen, given], wanted), **sizes)
    return captioner, history
    ### END SOLUTION


def figure():
    """The numbers behind your plots, and two answers: -> dict of arrays and numbers.

    "reach" (3,): in a DecoderBlock(12, 3, 24), x (1, 6, 12) and memory (1, 5, 12) hold random numbers. How many of the
        6 outputs change: if word 2 is changed, and self_mask is the causal mask? If word 2 is changed, and there is no
        mask? If token 2 of the memory is changed, and self_mask is the causal mask?
    "whole" (3,): each word is right with probability 0.9, 0.95 or 0.99, whatever the others are. How likely is it that
        all nine targets of a caption of eight words (they and the end) are right?
    "wrong_words" (6,): for each pair in scenes.EXAMPLES, at how many of the 10 places scenes.numbers_of(true) and
        scenes.numbers_of(told) differ.
    "grades" (6,): the same pairs sorted as on the lecture's slide. 0: no errors. 1: minor errors, which is one place.
        2: somewhat related, which is more.
    "answer_1": a number. "answer_2": five codes, each 0 or 1. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    random = np.random.RandomState(0)
    x, memory = (random.normal(size=(1, count, 12)).astype("float32") for count in (6, 5))
    other_x, other_memory = x.copy(), memory.copy()
    for tokens in (other_x, other_memory):
        tokens[0, 2] += np.arange(12) % 5
    block, past = DecoderBlock(12, 3, 24), causal_mask(6)
    tries = [(other_x, memory, past), (other_x, memory, None), (x, other_memory, past)]
    moves = [np.abs(block(a, b, self_mask=mask) - block(x, memory, self_mask=mask)) for a, b, mask in tries]
    pairs = np.array([[scenes.numbers_of(text) for text in pair] for pair in scenes.EXAMPLES])
    wrong_words = (pairs[:, 0] != pairs[:, 1]).sum(axis=1)
    return {
        "reach": np.array([(move.max(axis=(0, 2)) > 0).sum() for move in moves]),
        "whole": np.array([0.9, 0.95, 0.99]) ** 9,
        "wrong_words": wrong_words,
        "grades": np.minimum(wrong_words, 2),
        "answer_1": 25_224_192,
        "answer_2": np.array([1, 0, 0, 1, 1]),
    }
    ### END SOLUTION
