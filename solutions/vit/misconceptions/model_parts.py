"""Mistakes in what VisionTransformer is made of: its weights, its blocks, their arguments."""

from __future__ import annotations

import keras
from keras import ops

from solutions.vit import reference
from solutions.vit.misconceptions.building import Block, Model, model_registry

KNOWN = model_registry()


class Parts(Model):
    """A model of which one part is made anew."""

    def __init__(self, image_size=32, patch_size=4, dim=64, num_classes=10, **arguments):
        sizes = {"image_size": image_size, "patch_size": patch_size, "dim": dim, "num_classes": num_classes}
        super().__init__(**sizes, **arguments)
        self.change(**sizes)

    def change(self, **sizes):
        pass

    def weight(self, *shape):
        return self.add_weight(shape=shape, initializer="zeros")


@KNOWN.wrong("Count trainable variables: CLS is one of them. Yours is a constant.")
class cls_is_a_constant(Parts):
    def __init__(self, **arguments):
        super().__init__(**arguments)
        del self.cls_token
        self.constant = ops.zeros((1, 1, self.dim))

    def front(self, patches):
        return ops.broadcast_to(self.constant, (patches.shape[0], 1, self.dim))


class Tables(reference.VisionTransformer):
    """A model whose two tables have other shapes."""

    learns = True

    def add_weight(self, shape=None, name=None, **options):
        shape = self.shape_of(name, tuple(shape))
        return super().add_weight(shape=shape, name=name, **{**options, "trainable": self.learns})

    def shape_of(self, name, shape):
        return shape


@KNOWN.wrong("The table must not know the batch size: its first axis is 1. How does one CLS get to all images?")
class tables_for_each_image(Tables):
    def shape_of(self, name, shape):
        return (2, *shape[1:])


@KNOWN.wrong("How many rows does the table of positions have, and how many tokens are there after CLS has joined?")
class table_without_a_row_for_cls(Tables):
    def shape_of(self, name, shape):
        return (1, shape[1] - 1, shape[2]) if name == "pos_embed" else shape

    def forward_features(self, images, training=None):
        patches = ops.reshape(self.patch_embed(images), (-1, self.patches, self.dim)) + self.pos_embed
        front = ops.broadcast_to(self.cls_token, (ops.shape(patches)[0], 1, self.dim))
        return Model.through(self, self.drop(ops.concatenate([front, patches], axis=1), training=training), training)


@KNOWN.wrong("CLS and the positions would stay as they were made: training cannot change them. Which option says so?")
class frozen_tables(Tables):
    learns = False


@KNOWN.wrong("The tables have an axis of length 1 in front: (1, 1, D) and (1, 1 + N, D). Broadcasting works without, "
             "but the text fixes the shapes.")  # fmt: skip
class tables_with_two_axes(Tables):
    def shape_of(self, name, shape):
        return shape[1:]


@KNOWN.wrong("`depth` different blocks are asked for. Yours is one block, used again and again.")
class one_block_again_and_again(Parts):
    def stack(self, depth, **sizes):
        return [Block(norm_first=True, **sizes)] * depth


@KNOWN.wrong("Which of the two orders do the blocks of the ViT have? Look at the argument norm_first.")
class blocks_norm_last(Parts):
    def stack(self, depth, **sizes):
        return [Block(norm_first=False, **sizes) for _ in range(depth)]


@KNOWN.wrong("The epsilon of the blocks is 1e-6, as the block has it by itself. Which one do yours get?")
class blocks_epsilon_of_keras(Parts):
    def stack(self, depth, **sizes):
        return [Block(norm_first=True, epsilon=1e-3, **sizes) for _ in range(depth)]


@KNOWN.wrong("The activation in the blocks is gelu, as the block has it by itself. Which one do yours get?")
class blocks_with_relu(Parts):
    def stack(self, depth, **sizes):
        return [Block(norm_first=True, activation="relu", **sizes) for _ in range(depth)]


@KNOWN.wrong("How many blocks did `depth` ask for, and how many has your model?")
class one_block_too_few(Parts):
    def stack(self, depth, **sizes):
        return super().stack(depth - 1, **sizes)


@KNOWN.wrong("Does mlp_dim get to the blocks? Yours are four times as wide as a token inside.")
class hidden_four_times_as_wide(Parts):
    def stack(self, depth, **sizes):
        return super().stack(depth, **{**sizes, "mlp_dim": 4 * sizes["dim"]})


@KNOWN.wrong("Does num_heads get to the blocks? Yours have one head each.")
class one_head_each(Parts):
    def stack(self, depth, **sizes):
        return super().stack(depth, **{**sizes, "num_heads": 1})


@KNOWN.wrong("Keras's own epsilon is 0.001. The text gives the last norm another.")
class last_norm_epsilon_of_keras(Parts):
    def change(self, **sizes):
        del self.norm
        self.norm = keras.layers.LayerNormalization()


@KNOWN.wrong("The head has no activation: it returns logits.")
class activation_on_the_head(Parts):
    def change(self, num_classes, **sizes):
        del self.head
        self.head = keras.layers.Dense(num_classes, activation="gelu")


@KNOWN.wrong("The head has a bias. What has to be left as it is in Dense?")
class head_without_bias(Parts):
    def change(self, num_classes, **sizes):
        del self.head
        self.head = keras.layers.Dense(num_classes, use_bias=False)


@KNOWN.wrong("patch_embed has a bias. What has to be left as it is in Conv2D?")
class patches_without_bias(Parts):
    def change(self, dim, patch_size, **sizes):
        del self.patch_embed
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size, use_bias=False)


@KNOWN.wrong("A Dense on cut patches holds the same numbers, but its kernel has two axes. Here it is a Conv2D.")
class patches_by_dense(Parts):
    def change(self, dim, patch_size, **sizes):
        del self.patch_embed
        self.side, self.patch_embed = patch_size, keras.layers.Dense(dim)

    def cut(self, images):
        maps = self.patch_embed(ops.image.extract_patches(images, self.side))
        return ops.reshape(maps, (-1, self.patches, self.dim))


@KNOWN.wrong("Your head has two layers. Here it is a single Dense.")
class hidden_layer_in_the_head(Parts):
    def change(self, dim, **sizes):
        self.before = keras.layers.Dense(dim, activation="tanh")

    def finish(self, tokens):
        return self.head(self.before(self.read(self.norm(tokens))))
