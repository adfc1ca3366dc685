"""Mistakes in what CaptioningTransformer is made of: its tables, its blocks, its encoder, their arguments."""

from __future__ import annotations

import keras
from keras import ops

from solutions.captioning import reference
from solutions.captioning.misconceptions.building import Block, Model, model_registry

KNOWN = model_registry()


@KNOWN.wrong("What does mlp_dim=None mean? Look at the docstring for the width to take then.")
class four_times_as_wide(Model):
    def hidden(self, dim):
        return 4 * dim


@KNOWN.wrong("What does mlp_dim=None mean? Your MLPs are as wide inside as a word.")
class as_wide_as_a_word(Model):
    def hidden(self, dim):
        return dim


@KNOWN.wrong("Your model is right as long as nobody passes an mlp_dim. Does it get to the decoder's blocks?")
class always_twice_as_wide(Model):
    def stack(self, depth, dim, heads, hidden):
        return super().stack(depth, dim, heads, 2 * dim)


@KNOWN.wrong("`decoder_depth` different blocks are asked for. Yours is one block, used again and again.")
class one_block_again_and_again(Model):
    def stack(self, depth, dim, heads, hidden):
        return super().stack(1, dim, heads, hidden) * depth


@KNOWN.wrong("How many blocks did `decoder_depth` ask for, and how many has your model?")
class one_block_too_few(Model):
    def stack(self, depth, dim, heads, hidden):
        return super().stack(depth - 1, dim, heads, hidden)


@KNOWN.wrong("How many blocks did `decoder_depth` ask for? Yours always has two.")
class always_two_blocks(Model):
    def stack(self, depth, dim, heads, hidden):
        return super().stack(2, dim, heads, hidden)


@KNOWN.wrong("Does num_heads get to the blocks? Yours have one head each.")
class one_head_each(Model):
    def stack(self, depth, dim, heads, hidden):
        return super().stack(depth, dim, 1, hidden)


@KNOWN.wrong("The epsilon of the blocks is 1e-6, as the block has it by itself. Which one do yours get?")
class blocks_epsilon_of_keras(Model):
    def stack(self, depth, dim, heads, hidden):
        return [Block(dim, heads, hidden, epsilon=1e-3) for _ in range(depth)]


class Tables(Model):
    """A model whose table of positions has another shape, or does not learn."""

    learns = True

    def add_weight(self, shape=None, name=None, **options):
        return super().add_weight(shape=self.shape_of(tuple(shape)), name=name, **{**options, "trainable": self.learns})

    def shape_of(self, shape):
        return shape


@KNOWN.wrong("The table has an axis of length 1 in front: (1, max_length, D). Broadcasting works without, but the text "
             "fixes the shape.")  # fmt: skip
class table_with_two_axes(Tables):
    def shape_of(self, shape):
        return shape[1:]

    def places(self, tokens):
        return self.pos_embed[: tokens.shape[1]]


@KNOWN.wrong("How many words may go in at most? Your table of positions has more rows than that.")
class one_row_too_many(Tables):
    def shape_of(self, shape):
        return (1, shape[1] + 1, shape[2])


@KNOWN.wrong("The positions would stay as they were made: training cannot change them. Which option says so?")
class frozen_table(Tables):
    learns = False


@KNOWN.wrong(
    "The positions are a weight of their own, made by add_weight. Yours are an Embedding with its table inside."
)
class positions_in_an_embedding(Model):
    def __init__(self, vocab_size, max_length, dim=64, **others):
        super().__init__(vocab_size, max_length, dim=dim, **others)
        del self.pos_embed
        self.pos_embed = keras.layers.Embedding(max_length, dim)

    def places(self, tokens):
        return self.pos_embed(ops.arange(tokens.shape[1]))[None]


@KNOWN.wrong("The head has a bias, as Dense makes it by itself. Which option of yours takes it away?")
class head_without_bias(Model):
    def __init__(self, vocab_size, *args, **kwargs):
        super().__init__(vocab_size, *args, **kwargs)
        del self.head
        self.head = keras.layers.Dense(vocab_size, use_bias=False)


@KNOWN.wrong("Some papers let the head share the table of the words. Here it is a Dense of its own.")
class head_tied_to_the_words(Model):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.head

    def finish(self, x):
        return ops.matmul(x, ops.transpose(ops.convert_to_tensor(self.token_embed.embeddings)))


@KNOWN.wrong("The head gives one logit for each word of the vocabulary. What is the width of yours?")
class head_as_wide_as_a_word(Model):
    def __init__(self, vocab_size, *args, **kwargs):
        super().__init__(vocab_size, *args, **kwargs)
        del self.head
        self.head = keras.layers.Dense(self.dim)


class OwnEncoder(reference.CaptioningTransformer):
    """A model that makes its encoder in another way."""

    def __init__(self, vocab_size, max_length, encoder=None, **others):
        made = self.make(encoder, vocab_size, max_length, **others)
        super().__init__(vocab_size, max_length, encoder=made, **others)

    def make(self, encoder, vocab_size, max_length, **others):
        return encoder if encoder is not None else self.trunk(**others)

    def trunk(self, dim=64, num_heads=4, encoder_depth=2, patch_size=8, image_size=32, mlp_dim=None, **others):
        return reference.vit_trunk(image_size, patch_size, dim, encoder_depth, num_heads, mlp_dim or 2 * dim)


@KNOWN.wrong("Somebody may hand over an encoder of their own. Where does your __init__ look at it?")
class ignores_the_encoder(OwnEncoder):
    def make(self, encoder, vocab_size, max_length, patch_size=2, image_size=4, **others):
        return self.trunk(patch_size=patch_size, image_size=image_size, **others)


@KNOWN.wrong("The encoder has a depth of its own, encoder_depth. Which depth does yours get?")
class depth_of_the_decoder(OwnEncoder):
    def trunk(self, encoder_depth=2, decoder_depth=2, **others):
        return super().trunk(encoder_depth=decoder_depth, **others)


@KNOWN.wrong("mlp_dim is the hidden width in all blocks, those of the encoder too. Which one does your encoder get?")
class wide_encoder(OwnEncoder):
    def trunk(self, dim=64, mlp_dim=None, **others):
        return super().trunk(dim=dim, mlp_dim=2 * dim, **others)


@KNOWN.wrong("Is the picture as large as image_size, and its patches as patch_size? Look at the order of vit_trunk's "
             "arguments.")  # fmt: skip
class whole_picture_as_a_patch(OwnEncoder):
    def trunk(self, image_size=32, patch_size=8, **others):
        return super().trunk(image_size=image_size, patch_size=image_size, **others)
