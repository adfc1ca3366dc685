# %%
import keras
import numpy as np
from keras import ops
from vitlab import scenes, training


# %%
def causal_mask(length):
    mask = np.zeros((length, length))
    for row in range(length):
        for column in range(length):
            if column <= row:
                mask[row, column] = 1
    return mask


# %%
def padding_mask(token_ids, pad_id=0):
    ids = ops.convert_to_numpy(token_ids)
    mask = np.zeros((ids.shape[0], 1, 1, ids.shape[1]), dtype="float32")
    for b in range(ids.shape[0]):
        for t in range(ids.shape[1]):
            if ids[b, t] != pad_id:
                mask[b, 0, 0, t] = 1.0
    return mask


# %%
class DecoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.self_attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.cross_attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm3 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        self.drop = keras.layers.Dropout(dropout)

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        a, self_weights = self.self_attn(x, x, attention_mask=self_mask, return_attention_scores=True)
        x = self.norm1(x + self.drop(a, training=training))
        a, cross_weights = self.cross_attn(x, memory, attention_mask=memory_mask, return_attention_scores=True)
        x = self.norm2(x + self.drop(a, training=training))
        x = self.norm3(x + self.drop(self.mlp(x), training=training))
        if return_weights:
            return x, self_weights, cross_weights
        return x


# %%
def shift_captions(captions, pad_id=0):
    captions = ops.convert_to_numpy(captions)
    inputs, targets, weights = [], [], []
    for row in captions:
        inputs.append([])
        targets.append([])
        weights.append([])
        for t in range(len(row) - 1):
            inputs[-1].append(row[t])
            targets[-1].append(row[t + 1])
            weights[-1].append(1.0 if row[t + 1] != pad_id else 0.0)
    kind = captions.dtype
    return np.array(inputs, kind), np.array(targets, kind), np.array(weights, "float32")


# %%
def masked_token_loss(logits, targets, weights):
    total, count = 0.0, 0.0
    for t in range(logits.shape[1]):
        weight = ops.cast(weights[:, t], "float32")
        loss = keras.losses.sparse_categorical_crossentropy(targets[:, t], logits[:, t], from_logits=True)
        total = total + ops.sum(weight * loss)
        count = count + ops.sum(weight)
    return total / ops.maximum(count, 1.0)


# %%
class CaptioningTransformer(keras.Model):
    def __init__(
        self, vocab_size, max_length, dim=64, num_heads=4, encoder_depth=2, decoder_depth=2, patch_size=8,
        image_size=32, mlp_dim=None, encoder=None, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        if mlp_dim is None:
            mlp_dim = 2 * dim
        if encoder is None:
            encoder = vit_trunk(image_size, patch_size, dim, encoder_depth, num_heads, mlp_dim)
        self.encoder = encoder
        self.token_embed = keras.layers.Embedding(vocab_size, dim)
        self.pos_embed = self.add_weight(shape=(1, max_length, dim), initializer="random_normal", name="pos_embed")
        self.blocks = []
        for _ in range(decoder_depth):
            self.blocks.append(DecoderBlock(dim, num_heads, mlp_dim))
        self.head = keras.layers.Dense(vocab_size)

    def call(self, images, token_ids, training=None):
        memory = self.encoder(images)
        length = token_ids.shape[1]
        x = self.token_embed(token_ids) + self.pos_embed[:, :length, :]
        mask = ops.cast(causal_mask(length), "bool")
        for i in range(len(self.blocks)):
            x = self.blocks[i](x, memory, self_mask=mask, training=training)
        return self.head(x)


# %%
def greedy_decode(model, images, start_id, end_id, max_length, pad_id=0):
    captions = []
    for b in range(len(images)):
        caption = [start_id]
        while len(caption) < max_length and caption[-1] != end_id:
            logits = model(images[b : b + 1], np.array([caption], dtype="int32"), training=False)
            caption.append(int(ops.argmax(logits[0, len(caption) - 1])))
        while len(caption) < max_length:
            caption.append(pad_id)
        captions.append(caption)
    return np.array(captions, dtype="int32")


# %%
def train_captioner(data, seed):
    (images, captions), (test_images, test_captions) = data
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset="scenes")
    captioner = CaptioningTransformer(**budget.model)
    given, wanted, _ = shift_captions(captions)
    test_given, test_wanted, _ = shift_captions(test_captions)
    model = wrapped(captioner)
    steps = budget.epochs * (len(images) // budget.batch_size)

    def loss(targets, logits):
        return masked_token_loss(logits, targets, ops.cast(ops.not_equal(targets, 0), "float32"))

    training.compile_for(model, budget, steps, loss=loss)
    history = model.fit(
        [images, given],
        wanted,
        batch_size=budget.batch_size,
        epochs=budget.epochs,
        validation_data=([test_images, test_given], test_wanted),
        verbose=2,
    )
    return captioner, history


# %%
def figure():
    random = np.random.RandomState(3)
    x = random.normal(size=(1, 6, 12)).astype("float32")
    memory = random.normal(size=(1, 5, 12)).astype("float32")
    new_x, new_memory = x.copy(), memory.copy()
    new_x[0, 2, :] = random.normal(size=12)
    new_memory[0, 2, :] = random.normal(size=12)
    block = DecoderBlock(12, 3, 24)
    mask = causal_mask(6).astype(bool)
    reach = []
    for words, tokens, hidden in ((new_x, memory, mask), (new_x, memory, None), (x, new_memory, mask)):
        before = ops.convert_to_numpy(block(x, memory, self_mask=hidden))
        after = ops.convert_to_numpy(block(words, tokens, self_mask=hidden))
        changed = 0
        for t in range(6):
            if not np.allclose(before[0, t], after[0, t], atol=1e-6):
                changed += 1
        reach.append(changed)
    whole = []
    for p in (0.9, 0.95, 0.99):
        product = 1.0
        for _ in range(9):
            product *= p
        whole.append(product)
    wrong_words, grades = [], []
    for true, told in scenes.EXAMPLES:
        wrong = 0
        for a, b in zip(scenes.numbers_of(true), scenes.numbers_of(told)):
            if a != b:
                wrong += 1
        wrong_words.append(wrong)
        if wrong == 0:
            grades.append(0)
        elif wrong == 1:
            grades.append(1)
        else:
            grades.append(2)
    return {"reach": np.array(reach), "whole": np.array(whole), "wrong_words": np.array(wrong_words),
            "grades": np.array(grades), "answer_1": 25224192, "answer_2": [1, 0, 0, 1, 1]}  # fmt: skip
