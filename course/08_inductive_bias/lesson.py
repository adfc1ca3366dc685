# %% [markdown]
# # Lesson 8 · What a network takes for granted
#
# "Two important properties of CNN: Translation equivariance & invariance". "We refer these translation equivariance and
# invariance as the inductive bias." "Vision transformer(ViT) has no inductive bias of translation equivariance and
# invariance." Three of the lecture's slides say this. A later one says: "There are also inductive biases in ViT". An
# inductive bias is what a network takes for granted before it has seen a single picture. In this lesson nobody has to
# believe a slide. You write the measures, you measure, and some of the sentences will need a correction.
#
# **When you are done, you can**
#
# - measure how far a layer is from equivariance, and how often a classifier keeps its choice;
# - build a convolution that is exactly equivariant, and say why the usual one is not;
# - say what pooling really gives: a number for the slide "Translation invariance is achieved by the pooling layer";
# - repair a layer that skips pixels, as TResNet does;
# - show that the MLP of a transformer is two 1 x 1 convolutions, with a gelu between them;
# - put a few convolutions in front of a transformer, and train it, a naive ViT and a CNN on few and on many pictures:
#   a fair race, in which all get the same number of steps.
#
# Plan three to four hours. You need lesson 4 (the Vision Transformer), and of lesson 3 what a patch is.

# %% [markdown]
# ## How this notebook works
#
# - Write your code in place of `raise NotImplementedError()`, and run the `check(...)` below it as often as you like.
#   Where it says **Predict**, write down your guess before you run the cell. Most of these questions are answered below
#   the cell; some are left to you. "Run all" works from the first minute.
# - Some exercises are handed a function: a layer, a classifier, something that makes models. The check hands over
#   functions of its own, which you have never seen. Your code only calls them; do not rely on what is inside.
# - Section 8 trains sixteen small networks, which takes some minutes; section 9 trains one that you hand in, as two
#   files in the folder `artifacts`.
# - NumPy is welcome in all exercises but one: `HybridEmbedding` will be trained, so it has to be made of Keras's layers
#   and of `ops`.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `shift_image` | 5 | 10 |
# | `equivariance_error` | 12 | 20 |
# | `CircularConv2D` | 13 | 25 |
# | `invariance_rate` | 8 | 15 |
# | `BlurPool2D` | 12 | 25 |
# | `dense_as_1x1_conv` | 10 | 15 |
# | `HybridEmbedding` | 10 | 20 |
# | `data_scaling_curve` | 5 | 25 |
# | `train_hybrid`, a model that you train | 15 | 20 |
# | `figure`, with two answers | 5 | 25 |
# | `question_1`, a short text | 5 | 20 |
# | **Sum** | **100** | **220** |

# %%
import dataclasses

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, check_trained, data, demo, plots, save_trained, submit, training

# %% [markdown]
# ## Conventions
#
# | Letter | Meaning |
# |---|---|
# | $B$ | images in a batch |
# | $H, W, C$ | rows, columns and channels: images are $(B, H, W, C)$ |
# | $k$ | side of a kernel |
# | $K$ | classes; logits are $(B, K)$ |
# | $n$ | training images |
#
# **A world without an edge.** A picture that moves has to lose something at one edge, and something has to come in at
# the other. In this lesson it is the same pixels: what leaves on the right comes in on the left, and what leaves below
# comes in above, as in the old video games. This is called *circular*. It has one great advantage: nothing gets lost,
# so that a difference is the layer's own doing.
#
# Two words are easily mixed up. $f$ is **equivariant** if its output moves along with the picture: move and then apply
# $f$, or apply $f$ and then move, the result is the same. $f$ is **invariant** if its output does not care: it stays as
# it is.
#
# **Predict.** A network says *where* in a picture a cat is. Another one says *whether* there is a cat. Which of the two
# should be equivariant, which invariant?

# %% [markdown]
# ## 1 · Move a picture
#
# ### Exercise: `shift_image`
#
# *Difficulty 1 of 5 · importance 4 of 5 · about 10 minutes · 5 points*
#
# Everything below builds on it. A positive `dy` moves the picture down, a positive `dx` moves it to the right; the sign
# is what most people get wrong first. By hand: a row of pixels 1 2 3 4, moved by `dx = 1`, becomes 4 1 2 3.
#
# <details><summary>Hint</summary>
#
# `ops` and NumPy both have a function that rolls an array along an axis. Which numbers do the axes $H$ and $W$ have in
# $(B, H, W, C)$? Try it on the row of the example before you run the check: it is an image of shape $(1, 1, 4, 1)$.
#
# </details>

# %% exercise="shift_image" points=5
from solutions.inductive_bias.reference import shift_image

# %%
with demo():
    (_, _), (digits, _) = data.load("colour_digits")
    one = data.as_floats(digits[20:21])
    moved = [shift_image(one, dy, dx) for dy, dx in ((0, 0), (8, 0), (0, 8), (-5, 40))]
    names = ["as it is", "dy = 8", "dx = 8", "dy = -5, dx = 40"]
    plots.pictures(np.concatenate([ops.convert_to_numpy(picture) for picture in moved]), names)
    plt.show()

# %% [markdown]
# ## 2 · Equivariance, measured
#
# The lecture: "Translation equivariance is achieved by the convolution operation". As a formula, for a shift $T$:
#
# $$f(T x) = T f(x)$$
#
# The two sides are pictures, and the largest difference between them is a good measure: 0 if the sentence is true, and
# more if it is not.
#
# One thing has to be taken care of. A layer with **stride** 2 halves the picture: its output has half as many rows. If
# the picture moves down by 4 pixels, how many rows of the output is that?
#
# ### Exercise: `equivariance_error`
#
# *Difficulty 2 of 5 · importance 5 of 5 · about 20 minutes · 12 points*
#
# If `shift_image` still fails its check, write this exercise all the same: the grader tries it again with a right one.
#
# <details><summary>Hint</summary>
#
# Two lines compute the two sides, and a third one compares them. What does $f$ get in the first, what in the second?
# A pixel that has come out too dark is as wrong as one that is too bright, and a single wrong pixel is enough.
#
# </details>

# %% exercise="equivariance_error" points=12
from solutions.inductive_bias.reference import equivariance_error

# %% [markdown]
# Now the sentence of the slide. Here is the most usual convolution of all, `padding="same"`: outside the picture it
# sees zeros.
#
# **Predict.** A picture of random numbers, a shift by 2 rows and 3 columns. Is the error 0? If not: in which pixels of
# the picture?

# %%
with demo():
    keras.utils.set_random_seed(1)
    usual = keras.layers.Conv2D(4, 3, padding="same")
    random = np.random.RandomState(0).normal(size=(3, 16, 16, 3)).astype("float32")
    print(f"error of the usual convolution: {float(equivariance_error(usual, random, 2, 3)):.2f}")
    before, after = usual(shift_image(random, 2, 3)), shift_image(usual(random), 2, 3)
    apart = ops.convert_to_numpy(ops.max(ops.abs(ops.subtract(before, after)), axis=(0, 3)))
    plots.heat_map(apart, numbers=False, limits=None, title="Largest difference at each pixel, shift (2, 3)")
    plt.show()
    print("in the interior, rows 3 to 14 and columns 4 to 14:", f"{apart[3:15, 4:15].max():.1e}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It is not 0. Away from the edge both ways agree but for rounding, and the sentence is true. At the edge the kernel
# sees zeros, and after the shift other pixels lie there. Rows 0 and 15 differ, and rows 2 and 1, to which these two
# have moved; in the same way columns 0 and 15, and columns 3 and 2. So a convolution with zero padding can tell that a
# pixel lies at the edge: it is not the same everywhere. In a deep network this knowledge creeps inwards by one pixel
# with every layer (Islam et al. 2020).
#
# </details>

# %% [markdown]
# ## 3 · A convolution without an edge
#
# If the edge is the trouble, take it away. A **circular** convolution sees, to the left of the first column, the last
# one; above the first row, the last one:
#
# $$\mathrm{out}_{y, x} = \sum_{i, j} \mathrm{image}_{(y + i - \lfloor k/2 \rfloor) \bmod H,\ (x + j - \lfloor k/2
# \rfloor) \bmod W}\; \mathrm{kernel}_{i, j} + \mathrm{bias}$$
#
# This is what Keras computes in the interior: strictly speaking a *correlation*, since the kernel is not flipped. The
# convolution of mathematics has a minus sign there. For weights that are learnt it makes no difference, for numbers
# that are compared it does.
#
# ### Exercise: `CircularConv2D`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 25 minutes · 13 points*
#
# You need not sum anything yourself: a `Conv2D` inside your layer may do the work. The question is what you hand it.
# One formula helps: a kernel of side $k$ with stride $s$, along a side of $W$ pixels with $P$ added at each end, has
# $(W - k + 2P) / s + 1$ places. For 32 pixels, $k = 3$, stride 1 and nothing added at the ends these are 30. You want
# 32.
#
# <details><summary>Hint</summary>
#
# How many rows beyond the edge does a kernel of side 3 look at? One of side 5? One of side 1? Put just as many rows and
# columns around the picture, from the opposite side, and let a convolution run over the result that pads nothing
# itself. Which `padding` of `Conv2D` is that?
#
# Slices work, or an index array with a modulus, or `np.pad`, which has a mode for this. With slices, think of the
# kernel of side 1: what is `images[:, -0:]`?
#
# </details>

# %% exercise="CircularConv2D" points=13
from solutions.inductive_bias.reference import CircularConv2D

# %% [markdown]
# **Predict.** Five layers, and three shifts. Which errors are 0? (The two with stride 2 are asked about even shifts
# only. For odd shifts the question makes no sense: why?)

# %%
with demo():
    keras.utils.set_random_seed(2)
    circular = CircularConv2D(4, 3)
    layers = {
        "circular convolution": (circular, 1),
        "usual convolution": (keras.layers.Conv2D(4, 3, padding="same"), 1),
        "circular, twice, relu": (lambda x: ops.relu(circular(ops.relu(circular(x))[..., :3])), 1),
        "max pooling, stride 2": (lambda x: ops.max_pool(x, 2), 2),
        "circular, every second pixel": (lambda x: circular(x)[:, ::2, ::2], 2),
    }
    shifts = [(2, 0), (4, -6), (1, 3)]
    print(f"{'':30s}" + "".join(f"{shift!s:>10s}" for shift in shifts))
    for name, (layer, stride) in layers.items():
        fits = [all(step % stride == 0 for step in shift) for shift in shifts]
        found = [
            f"{float(equivariance_error(layer, random, *shift, stride)):.1e}" if fit else "-"
            for shift, fit in zip(shifts, fits, strict=True)
        ]
        print(f"{name:30s}" + "".join(f"{number:>10s}" for number in found))

# %% [markdown]
# <details><summary>Answer</summary>
#
# All but the usual convolution are equivariant, up to rounding. A relu works on each pixel by itself and changes
# nothing in that, and what is equivariant twice in a row is equivariant. Pooling with stride 2 is equivariant too, for
# even shifts: the output moves by half as many pixels. Under a shift by 1 the output would have to move by half a
# pixel, and there is none. Keep this in mind: it is the subject of the next two sections.
#
# </details>

# %% [markdown]
# ## 4 · Invariance, measured
#
# The lecture: "Translation invariance is achieved by the pooling layer". Two things can be meant by it, and the first
# is quickly measured.
#
# **Predict.** A picture of random pixels goes through max pooling, 2 x 2 with stride 2. Now the picture moves to the
# right by one pixel. How many of the numbers that come out are the same as before: all, most, half, a third, none? And
# if it moves by two pixels?

# %%
with demo():
    pixels = np.random.RandomState(3).uniform(size=(20, 32, 32, 1)).astype("float32")
    pooled = ops.convert_to_numpy(ops.max_pool(pixels, 2))
    for dx in range(5):
        moved = ops.convert_to_numpy(ops.max_pool(shift_image(pixels, 0, dx), 2))
        print(f"moved by {dx}: {np.isclose(moved, pooled).mean():6.1%} of the outputs are the same")

# %% [markdown]
# <details><summary>Answer</summary>
#
# A third at one pixel, none at two. Draw the two windows: 2 x 2 pixels, moved by one column. Together they cover six
# pixels, and have two in common. The outputs agree just when the largest of the six is one of these two: 2 of 6. At two
# pixels the windows have nothing in common; then the output has *moved*, by one place. So a pooling layer is a little
# invariant to a very small shift, and equivariant to those of its stride. (Neighbouring pixels of a photograph are
# alike, so there the outputs change less than on noise. They do change.)
#
# </details>
#
# The second thing that can be meant: a *network* with pooling keeps its answer. That is a question about choices, not
# about numbers.
#
# ### Exercise: `invariance_rate`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 15 minutes · 8 points*
#
# No labels are needed. A network that takes every cat for a dog, wherever the cat sits, is wrong and perfectly
# invariant. So the standard for a moved picture is what the network says of the same picture when it is not moved.
#
# <details><summary>Hint</summary>
#
# Ask once about the unmoved pictures, and keep the choices: $(B,)$. For each shift, ask again and compare, image by
# image. What is the mean of an array of True and False?
#
# </details>

# %% exercise="invariance_rate" points=8
from solutions.inductive_bias.reference import invariance_rate

# %% [markdown]
# Three small networks with random weights, on digits. Random weights will do, because these are questions about how a
# network is built:
#
# - circular convolutions, then the **mean over all positions**, then a `Dense`;
# - the same convolutions, but **flattened** in front of the `Dense`, so that each position has weights of its own;
# - patches of 8 x 8 pixels, all through one matrix (a convolution with stride 8 is the same) and a gelu, then the mean
#   over all patches: this stands for a transformer without positions, its attention left out.
#
# **Predict.** How often does each of them keep its choice when a digit moves by 1 pixel, by 4, by 8?

# %%
with demo():
    keras.utils.set_random_seed(4)
    (_, _), (test_digits, _) = data.load("colour_digits")
    shown = data.as_floats(test_digits[:200])
    shown = 5 * (shown - shown.mean(axis=(1, 2), keepdims=True))  # without their mean colour, which no shift changes
    conv, wide, narrow, patch = CircularConv2D(16, 5), *(keras.layers.Dense(10) for _ in range(3))
    to_tokens = keras.layers.Conv2D(32, 8, strides=8, activation="gelu")

    networks = {
        "convolution, mean": lambda x: narrow(ops.mean(ops.relu(conv(x)), axis=(1, 2))),
        "convolution, flattened": lambda x: wide(ops.reshape(ops.relu(conv(x)), (len(x), -1))),
        "patches, mean": lambda x: patch(ops.mean(to_tokens(x), axis=(1, 2))),
    }
    for name, network in networks.items():
        rates = [float(invariance_rate(network, shown, [(step, 0), (0, step)])) for step in (1, 4, 8)]
        print(f"{name:24s}" + "".join(f"{rate:9.1%}" for rate in rates))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The first keeps every choice. What is equivariant moves its output about, and a mean over all positions does not mind
# where things lie: equivariant layers and **one global pooling** at the end make a network invariant, not the small
# pooling layers between them. The second has the same convolutions, and its answers change.
#
# The third stands for the ViT of the slide, "no inductive bias of translation equivariance and invariance". Under a
# shift by 8 pixels, which is one whole patch, it keeps every choice too: the same patches, in another order. Under a
# shift by one pixel all patches are different. So a ViT without positions is invariant to shifts of its *stride*, just
# like a circular CNN whose layers together have stride 8. It is the position embeddings that undo it, and they are
# learnt: a ViT may find out for itself how much place matters.
#
# </details>

# %% [markdown]
# ## 5 · Skipping pixels, and how to do it well
#
# A layer with stride 2, be it a convolution or a pooling layer, keeps only every second row and every second column.
# What gets lost?
#
# **Predict.** Fine stripes: a dark column, a bright one, a dark one, and so on. Keep every second column. What is left
# to see? And if the stripes move by one pixel?
#
# This is **aliasing**: whatever changes faster than the new grid can show does not vanish, it turns into something
# else, which depends on where the grid happens to lie. There is a remedy: blur first. After a perfect blur only what
# the coarse grid can show would be left, and then nothing would be lost by skipping; a small filter comes part of the
# way. The lecture's slide on TResNet has it: "All stride-2 convolutions are replaced by stride-1 convolutions, followed
# by a fixed downsampling blur filter".
#
# The filter is as small as can be: $[1, 2, 1] / 4$ along the rows, the same along the columns, which together makes
#
# $$\frac{1}{16} \begin{pmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{pmatrix}$$
#
# By hand: a single pixel of brightness 16, with all others 0, becomes nine, from 4 in the middle to 1 in the corners.
# The nine numbers of the filter sum to 1. What would happen to a white picture if they did not?
#
# ### Exercise: `BlurPool2D`
#
# *Difficulty 3 of 5 · importance 3 of 5 · about 25 minutes · 12 points*
#
# <details><summary>Hint</summary>
#
# Each channel is blurred by itself. `ops.conv` would add up over channels; `ops.depthwise_conv` does not. Or think of
# the blur along one axis as a sum of three pictures: the picture itself, and it moved by one pixel to each side. You
# have a function for that.
#
# The same 3 x 3 filter for every stride. Which comes first, and why would the other order be of no use?
#
# </details>

# %% exercise="BlurPool2D" points=12
from solutions.inductive_bias.reference import BlurPool2D

# %%
with demo():
    upright = np.broadcast_to((np.arange(16) % 2)[None, None, :, None], (1, 16, 16, 1)).astype("float32")
    pictures, names = [], []
    for dx in (0, 1):
        stripe = ops.convert_to_numpy(shift_image(upright, 0, dx))
        soft = ops.convert_to_numpy(BlurPool2D(2)(stripe))
        pictures += [stripe, *(np.kron(small, np.ones((1, 2, 2, 1))) for small in (stripe[:, ::2, ::2], soft))]
        names += [f"stripes, moved by {dx}", "every second pixel", "blurred first"]
    plots.pictures(np.concatenate(pictures).clip(0, 1), names, columns=3)
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Every second pixel makes the stripes black, and after a shift by a single pixel white: the whole picture changes. With
# the blur it is an honest grey, both times: stripes as fine as these cannot be shown on the coarse grid.
#
# </details>
#
# Does it help a network? Here are three layers with stride 2 in a row, of random weights, with a mean over all
# positions at the end: once they skip pixels, once they blur first. We move digits by one pixel and look at how far the
# network's 32 features move, compared with how far apart two different pictures are.
#
# **Predict.** By how much does the blur reduce it: hardly, by half, to a tenth or less, to nothing?

# %%
with demo():
    keras.utils.set_random_seed(5)
    stack = [CircularConv2D(32, 3) for _ in range(3)]

    def features(images, step):
        """Images -> (B, 32): three times a convolution, relu, and every second pixel by `step`."""
        for layer in stack:
            images = step(ops.relu(layer(images)))
        return ops.convert_to_numpy(ops.mean(images, axis=(1, 2)))

    steps = {"every second pixel": lambda x: x[:, ::2, ::2], "blurred first": BlurPool2D(2)}
    for name, step in steps.items():
        own = features(shown, step)
        spread = np.linalg.norm(own - np.roll(own, 1, axis=0), axis=1).mean()
        for dx in (1, 8):
            change = np.linalg.norm(features(shift_image(shown, 0, dx), step) - own, axis=1).mean()
            print(f"{name:20s} moved by {dx}: {change / spread:.3%} of the distance of two pictures")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Compare the two lines of a shift by 1. With us the change is 34 % of the distance of two pictures without the blur,
# and 2 % with it: many times smaller, but not zero. The filter is small, and a relu brings back fine structure after
# every blur. A shift by 8 pixels, which is the stride of all three layers together, changes nothing but rounding in
# either network. Why?
#
# </details>

# %% [markdown]
# ## 6 · Who talks to whom
#
# The lecture: "Convolutions (with kernels > 1 x 1) mix both the channels and the spatial locations. MLPs (= 1 x 1
# convs) only mix the channels, per location. Self-attention mixes the spatial locations (and channels a bit)."
#
# A 1 x 1 convolution has a kernel that covers a single pixel. It takes the $C$ numbers of this pixel and makes $D$ of
# them, at each pixel in the same way. Where have you seen this?
#
# ### Exercise: `dense_as_1x1_conv`
#
# *Difficulty 1 of 5 · importance 4 of 5 · about 15 minutes · 10 points*
#
# A `Dense` layer on pictures, $x\, \mathrm{kernel} + \mathrm{bias}$ at every pixel, but computed by a convolution.
# Products of matrices are switched off here, `Dense` and `@` among them.
#
# <details><summary>Hint</summary>
#
# `ops.conv` wants a kernel with four axes, $(k, k, C, D)$, and the one of a `Dense` has two. For $k = 1$, what is
# missing? Be careful with images that have as many channels as outputs: there a transposed kernel raises no error.
#
# </details>

# %% exercise="dense_as_1x1_conv" points=10
from solutions.inductive_bias.reference import dense_as_1x1_conv

# %% [markdown]
# The slide, measured: make one number of a picture larger, and count what changes in the output.
#
# **Predict.** A picture of 6 x 7 pixels with 4 channels. One number changes. In how many of the 42 pixels does the
# output change, for a 1 x 1 convolution, a 3 x 3 one, two 3 x 3 ones in a row, and self-attention?

# %%
with demo():
    keras.utils.set_random_seed(6)
    grid = np.random.RandomState(6).normal(size=(1, 6, 7, 4)).astype("float32")
    brighter = grid.copy()
    brighter[0, 2, 3, 1] += 1.0
    kernel, bias = (np.random.RandomState(7).normal(size=size).astype("float32") for size in ((4, 4), (4,)))
    first, second = CircularConv2D(4, 3), CircularConv2D(4, 3)
    attention = keras.layers.MultiHeadAttention(2, 2)

    def attend(images):
        """Self-attention of all pixels of the picture with each other."""
        tokens = ops.reshape(images, (1, 42, 4))
        return ops.reshape(attention(tokens, tokens), (1, 6, 7, 4))

    mixing = {
        "1 x 1 convolution": lambda x: dense_as_1x1_conv(x, kernel, bias),
        "3 x 3 convolution": first,
        "two 3 x 3 convolutions": lambda x: second(first(x)),
        "self-attention": attend,
    }
    for name, layer in mixing.items():
        change = np.abs(ops.convert_to_numpy(ops.subtract(layer(brighter), layer(grid)))) > 1e-7
        print(f"{name:24s} {change.any(axis=-1).sum():3d} of 42 pixels, {change.any(axis=(0, 1, 2)).sum()} channels")

    two_dense = keras.Sequential([keras.layers.Dense(8, activation="gelu"), keras.layers.Dense(4)])
    as_tokens = ops.convert_to_numpy(two_dense(ops.reshape(grid, (1, 42, 4)))).reshape(grid.shape)
    one_kernel, one_bias, other_kernel, other_bias = two_dense.get_weights()
    widened = ops.gelu(dense_as_1x1_conv(grid, one_kernel, one_bias), approximate=False)
    apart = np.abs(ops.convert_to_numpy(dense_as_1x1_conv(widened, other_kernel, other_bias)) - as_tokens).max()
    print(f"a transformer's MLP and two 1 x 1 convolutions with the same weights differ by {apart:.0e} at most")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 1, 9, 25 and all 42. A convolution reaches one pixel farther with each layer: it takes for granted that what belongs
# together lies together. Self-attention takes nothing of this for granted. And 1 x 1 convolutions never leave their
# pixel, however many of them follow each other. Two of them with a gelu between *are* the MLP of a transformer, in
# which tokens do not meet: the last line says so, up to rounding. ResNets have such convolutions too, "nearly identical
# to transformer's MLPs", as the slide says.
#
# All four channels change in each of the four: counting cannot show whether attention mixes them "a bit" or much.
#
# </details>

# %% [markdown]
# ## 7 · Two types of ViT
#
# "There are also inductive biases in ViT", says the lecture, and names one: "Cropping neighboring pixels as a patch!"
# The naive ViT has this one, and one more: all patches are read in the same way. One matrix turns 8 x 8 pixels into a
# token, and which pixels are neighbours *inside* a patch it has to learn from data. The **hybrid** ViT has a few
# convolutions there, which know it from the start. Then it goes on as before.
#
# ### Exercise: `HybridEmbedding`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 20 minutes · 10 points*
#
# Each convolution of the stem has stride 2, so $m$ of them make one token for each square of $2^m \times 2^m$ pixels:
# with the default two, 32 x 32 pixels become 8 x 8 = 64 tokens, as many as patches of side 4. A token sees more than
# its square, 7 x 7 pixels with two convolutions, because their kernels overlap. The weights are read by name, so keep
# to the names of the docstring.
#
# <details><summary>Hint</summary>
#
# `stem` is a list with a layer for each number of `stem_filters`; a list of layers is fine as an attribute. There is a
# relu after *every* convolution, also after the last.
#
# The layer will stand inside a model that is trained, where the number of images is not known yet: `images.shape[0]` is
# None. Let `ops.reshape` find this axis by itself. The number of rows and columns *is* known.
#
# </details>

# %% exercise="HybridEmbedding" points=10
from solutions.inductive_bias.reference import HybridEmbedding

# %% [markdown]
# Three networks for the rest of this lesson, all given. A CNN, and the ViT of lesson 4 with two embeddings to choose
# from: patches of 8 x 8 pixels, or your `HybridEmbedding` with three convolutions, which makes a token for each square
# of 8 x 8 pixels, too. The two ViTs have 16 tokens each, and nearly the same number of weights. The CNN of the race,
# half as wide as its default, has about a third of that.

# %% given="build_small_cnn"
from solutions.inductive_bias.reference import build_small_cnn

# %% given="LearnedPositionEmbedding"
from solutions.inductive_bias.reference import LearnedPositionEmbedding

# %% given="small_vit"
from solutions.inductive_bias.reference import small_vit

# %%
with demo():
    for name, model in {
        "CNN": build_small_cnn(width=16),
        "naive ViT": small_vit("patches"),
        "hybrid ViT": small_vit("hybrid"),
    }.items():
        print(f"{name:10s} {model.count_params():7,} weights")
    bare = small_vit("patches", positions=False)
    for dx in (8, 1):
        error = np.abs(ops.convert_to_numpy(bare(shift_image(shown[:50], 0, dx)) - bare(shown[:50]))).max()
        print(f"a whole ViT without positions, moved by {dx}: its logits change by {error:.1e} at most")

# %% [markdown]
# ## 8 · The race
#
# A strong point of CNNs is, for the lecture, "Good sample efficiency", and its summary says that a ViT needs more data.
# How would you test it? Take the first 100, 500, 5,000 pictures, train, and measure on others. But "train" has to mean
# the same each time. Whoever trains for 10 **epochs** gives the model with 5,000 pictures fifty times as many steps as
# the one with 100, and so measures how long a model was trained, not how many pictures it saw. So here all get the same
# number of **steps**: the small set is shown more often.
#
# ### Exercise: `data_scaling_curve`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 25 minutes · 5 points*
#
# The check hands you a `build_fn` whose models only pretend to learn: they note what they are shown, how often, and in
# what batch size, and answer accordingly. The order within a pass is yours. Three things they will not forgive: a model
# that goes on from one size to the next; rows that come twice in a pass while others wait; and a question before the
# end, to a model that is trained on afterwards. Whoever chooses the best step by the test images has learnt from them.
#
# <details><summary>Hint</summary>
#
# First write the inner part, for one size and one seed: a model, `steps` batches, one accuracy. How many passes over
# `size` rows are `steps` batches? `np.random.default_rng(seed).permutation(size)` makes an order for one of them.
#
# </details>

# %% exercise="data_scaling_curve" points=5
from solutions.inductive_bias.reference import data_scaling_curve

# %% [markdown]
# Now the race. `PICTURES` are digits in random colours; with `"cifar10"` they are photographs, where CIFAR-10 is at
# hand. (Of the digits there are 1,437 in four colourings: 5,000 pictures are the same digits more than three times,
# in other colours.)
#
# **Predict.** Three curves, from 100 to 5,000 pictures. Which of the three networks is best at 100, which at 5,000? Do
# the curves come closer to each other? It takes some minutes: write down your guess meanwhile.

# %%
PICTURES = "colour_digits"  # or "cifar10"

quick = training.budget().name == "smoke"  # only to see that everything runs
STEPS, SIZES, TESTED = (4, (50, 100), 100) if quick else (600, (100, 500, 5_000), 1_000)

words = data.class_names(PICTURES)
(x_train, y_train), (x_test, y_test) = ((data.as_floats(x), y) for x, y in data.load(PICTURES))
x_test, y_test = x_test[:TESTED], y_test[:TESTED]

makers = {
    "CNN": lambda: build_small_cnn(width=16),
    "naive ViT": lambda: small_vit("patches"),
    "hybrid ViT": lambda: small_vit("hybrid"),
}
last = {}  # the model that was made last, by name


def builder(name):
    """A build_fn for data_scaling_curve: the same optimizer for all networks. It keeps the last model in `last`."""

    def build(number):
        keras.utils.set_random_seed(number)
        model = last[name] = makers[name]()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(1e-3), loss, run_eagerly=quick)
        model.optimizer.build(model.trainable_variables)  # before the first step, or that is traced twice
        return model

    return build


# %%
with demo():
    run, pictures, n = {}, ((x_train, y_train), (x_test, y_test)), SIZES[1]
    for name in makers:
        again = data_scaling_curve(builder(name), pictures, [n], [1], STEPS)[n][0]
        run[name] = data_scaling_curve(builder(name), pictures, SIZES, [0], STEPS)
        found = [f"{size}: {run[name][size][0]:.1%}" for size in SIZES]
        print(f"{name:10s} " + "   ".join(found) + f"   and {n} with another seed: {again:.1%}")
    race, raced = run, dict(last)
    curves = {name: [found[size][0] for size in SIZES] for name, found in race.items()}
    plots.curves(SIZES, curves, "training images", "test accuracy", log_x=True, title=f"{STEPS} steps for each")
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# There is no answer to copy here: the numbers are yours, of few seeds, small networks and small data. Look at four
# things.
#
# - How far apart are the two seeds of one network? The middle size was run twice to show it. A difference between two
#   networks that is not larger than this is not shown by this race. And what did both runs have in common, in training
#   and in the test?
# - Which curve is the steepest? "The more it learns, the better the performance of naive ViT", says the lecture. It may
#   mean more pictures or longer training; your race changes the pictures alone. Elsewhere the lecture speaks of more
#   than 300 million of them. You have 5,000.
# - Where does the hybrid lie? It has the naive ViT's transformer and a little of the CNN's bias. A later slide says:
#   "Hybrids yield benefits only for smaller models". Yours is a very small one.
# - All had the same number of steps, and the same learning rate. Is that fair to everybody? A network that learns
#   slowly may not be at its end. (Double `STEPS` for one of them, and you know.)
#
# </details>
#
# ### What does it cost?
#
# "Given sufficient data, ViT gives good performance/FLOP", says the slide on scaling with compute. A **FLOP** is one
# operation on two numbers; a multiply-add, of which a matrix product is made, counts as two. They can be counted
# without a clock: a kernel costs as many multiply-adds as it has numbers, *at every place where it is used*. A `Dense`
# is used at every token, a convolution at every position of the map that it makes. Attention has two products more, the
# scores and the weighted values, $N^2 D$ multiply-adds each.
#
# **Predict.** The CNN has about a third of the ViTs' weights. Does it do a third of their work?

# %%
with demo():
    map_sides = {"CNN": (32, 16, 8, 4), "naive ViT": (), "hybrid ViT": (16, 8, 4)}  # of the maps that convolutions make
    tokens, width, blocks = 16, 48, 2
    for name, network in raced.items():
        *kernels, head = (weight for weight in network.weights if weight.name == "kernel")
        convolutions = [kernel for kernel in kernels if len(kernel.shape) == 4]
        work = sum(s**2 * np.prod(kernel.shape) for s, kernel in zip(map_sides[name], convolutions, strict=True))
        work += sum(tokens * np.prod(kernel.shape) for kernel in kernels if len(kernel.shape) < 4)
        work += np.prod(head.shape) + (0 if name == "CNN" else blocks * 2 * tokens**2 * width)
        right = f"{race[name][SIZES[-1]][0]:.1%} right after {SIZES[-1]:,} pictures"
        print(f"{name:10s} {network.count_params():7,} weights {work:10,} multiply-adds for a picture   {right}")

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Weights and work are two things. The CNN's first kernel has 432 numbers and is used at 1,024 places; a ViT's matrices
# have thousands and are used at 16. So the network with the fewest weights does the most work, and as all took the same
# number of steps, its training had nearly twice the FLOPs of the naive ViT's. Performance *per FLOP* would ask for
# another race: the same work for everybody, so nearly twice as many steps for the ViT. Try it: `data_scaling_curve`
# takes the steps (1,100 of them: for 5,000 pictures it must be a multiple of 100).
#
# The slide's plot has many sizes of each kind, trained on more than 300 million pictures. There a ViT needed two to
# four times less work than a ResNet for the same accuracy, and hybrids were ahead among the small models only
# (Dosovitskiy et al., 2021, section 4.4). "Given sufficient data" are the first words on the slide, and 5,000 pictures
# are not that.
#
# </details>
#
# ### Who minds the disorder?
#
# "Are they both the same face?" asks the slide with a face whose parts are in the wrong places. Here are two kinds of
# disorder, each the *same* for all pictures, in training and in the test:
#
# - the 16 **patches** of 8 x 8 pixels change places;
# - all 1,024 **pixels** change places.
#
# Nothing is lost: whoever knew the order could put all of it back.
#
# **Predict.** Which of these hurts the CNN, which the naive ViT?

# %%
with demo():
    shuffler = np.random.RandomState(9)
    among_pixels, among_patches = shuffler.permutation(32 * 32), shuffler.permutation(16)

    def shuffled_pixels(images):
        """All pixels in another order, the same for all images."""
        return images.reshape(len(images), -1, 3)[:, among_pixels].reshape(images.shape)

    def shuffled_patches(images):
        """All patches of 8 x 8 pixels in another order, the same for all images."""
        cut = images.reshape(-1, 4, 8, 4, 8, 3).transpose(0, 1, 3, 2, 4, 5).reshape(-1, 16, 8, 8, 3)[:, among_patches]
        return cut.reshape(-1, 4, 4, 8, 8, 3).transpose(0, 1, 3, 2, 4, 5).reshape(images.shape)

    orders = {"none": lambda x: x, "patches": shuffled_patches, "pixels": shuffled_pixels}
    plots.pictures(np.concatenate([order(x_test[2:5]) for order in orders.values()]), columns=3)
    plt.show()

    n, few = SIZES[1], 5_000
    outcome = np.zeros((2, 3))
    for i, name in enumerate(("CNN", "naive ViT")):
        for j, order in enumerate(orders.values()):
            changed = (order(x_train[:few]), y_train[:few]), (order(x_test), y_test)
            seen = race[name][n] if j == 0 else data_scaling_curve(builder(name), changed, [n], [0], STEPS)[n]
            outcome[i, j] = seen[0]
    title = f"Accuracy, {n} pictures"
    plots.heat_map(outcome, ["CNN", "naive ViT"], list(orders), title=title)
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Shuffled patches are nothing to a naive ViT: the same patches reach the same matrix, and the position embeddings,
# which are learnt, are learnt in another order. In this case nothing but luck makes a difference. To the CNN, a
# picture in pieces is another task: at every seam its kernels see pixels side by side that are not neighbours.
#
# Shuffled pixels take from both what they took for granted: from the CNN that neighbours belong together, from the ViT
# that the 64 pixels of a patch do. Here lies the inductive bias that the lecture's last slide on it speaks of. An MLP
# on all the pixels would not feel it at all.
#
# Yet a prediction is not a measurement. Did your ViT, of all things, get *better* with shuffled pixels? Ours did. One
# possible reason, which we have not tested: a patch is now 64 pixels from all over the picture, so that each token has
# seen a little of the whole digit. All digits sit in the middle and have one size, and such a view may suit them. What
# a network takes for granted helps where it is true of the data, and only there. These are single runs, though: before
# you believe a difference, look at the spread of the seeds in the race, and try `"cifar10"`, where things lie anywhere.
#
# </details>
#
# ### Trained, and still invariant?
#
# The measures of the first half, on the networks that the race has left behind. Unless you took `"cifar10"`, they were
# trained on digits, which all sit in the middle. A digit is nearly as high as the picture: moved up or down by 8 it is
# cut in two, so compare 1 and 2 first.
#
# **Predict.** How often does each network keep its choice when a test picture moves by 1, 2, 4 and 8 pixels? Is there a
# difference between the CNN, with its mean over all positions, and the ViT?

# %%
with demo():
    keep = {}
    for name in makers:
        moves = [[(s, 0), (-s, 0), (0, s), (0, -s)] for s in (1, 2, 4, 8)]
        keep[name] = [float(invariance_rate(raced[name], x_test[:200], four)) for four in moves]
        print(f"{name:10s} " + " ".join(f"{rate:7.1%}" for rate in keep[name]))
    plots.curves((1, 2, 4, 8), keep, "moved by (pixels)", "choices kept", log_x=True, title="In four directions")
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Does any of them keep every choice? The CNN has zero padding, three max poolings with stride 2 and no blur, so it is
# not invariant by construction, in spite of the mean at its end. A ViT has to learn from examples what a shift is, and
# digits all sit in the middle. In lesson 4 the recipe had `crop`: every picture was moved a little, at random, each
# time. That is the other way to an inductive bias: where it is not built in, it can be shown.
#
# </details>

# %% [markdown]
# ## 9 · A hybrid that you hand in
#
# Five hundred pictures, and the hybrid ViT. This time with the whole recipe of lesson 4: warm-up, cosine, and small
# random shifts. `few_pictures` has it, with four times as many epochs, since a pass over few pictures is short.

# %% given="few_pictures"
from solutions.inductive_bias.reference import few_pictures

# %%
recipe, sizes = few_pictures(((x_train, y_train), (x_test, y_test)))
print(f"{recipe.images} pictures, {recipe.epochs} epochs, batches of {recipe.batch_size}; the model:", sizes)

# %% [markdown]
# ### Exercise: `train_hybrid`
#
# *Difficulty 1 of 5 · importance 3 of 5 · about 20 minutes, with the training · 15 points*
#
# The seed, recipe and sizes, the model, the training. The grader rebuilds the model from your notebook, with your
# `HybridEmbedding` in it, and asks it about digits in colours that nobody has seen. Points are for the share of right
# answers. Their scale comes from twelve trainings of our own, which got from 69 to 93 %: with so few pictures, luck
# weighs much. Full marks begin at 52 %, none are given at 21 %, which a sixth of the training reaches, and between the
# two they grow evenly. It need not be better than a naive ViT or a CNN. `check_trained` below only sees that both files
# are there and fit: it does not know how good your model is.
#
# <details><summary>Hint</summary>
#
# Four lines. `training.fit(model, data, recipe, seed)` knows how many pictures to take, and compiles the model. The
# seed comes before the model, since a model draws its first weights when it is made.
#
# </details>

# %% trained="train_hybrid"
from solutions.inductive_bias.reference import train_hybrid

# %%
with demo():
    hybrid, history = train_hybrid(((x_train, y_train), (x_test, y_test)), seed=1)
    said = np.concatenate([ops.convert_to_numpy(hybrid(x_test[i : i + 240])) for i in range(0, len(x_test), 240)])
    print(f"right on test pictures: {(said.argmax(axis=-1) == y_test).mean():.1%}")
    if PICTURES == "colour_digits":  # what is handed in
        save_trained("train_hybrid", hybrid, sizes)

# %% check_trained="train_hybrid" points=15
check_trained("train_hybrid")

# %% [markdown]
# ## 10 · Two questions on paper
#
# You enter the answers in `figure()` below. The check says only that they have arrived; the grader judges them.
#
# **`answer_1`.** A picture of random pixels goes through max pooling, 2 x 2 with stride 2. Then it moves by one pixel
# to the right *and* one down. Which share of the outputs is the same as before, on average? Count pixels, do not
# measure: a number from 0 to 1, with four digits after the point.
#
# **`answer_2`.** Five statements. For each, write 1 if it is true, and 0 if not: a list of five numbers. Shifts are
# circular, sides are multiples of 8, and rounding does not count.
#
# 1. A circular convolution with a relu, then every second pixel in both directions, then the mean over all positions:
#    for every picture, what comes out is the same after a shift by one pixel.
# 2. Circular convolutions with stride 1 and a relu after each, and at the end the *largest* number over all positions
#    in place of the mean: for every picture, what comes out is the same after every shift.
# 3. The patches' tokens of a ViT with patches of side 8 and learned positions, taken just before the positions are
#    added, are equivariant to shifts by 8 pixels.
# 4. A usual convolution with `padding="same"` and a kernel of side 1 is equivariant only away from the edge.
# 5. Upright stripes whose brightness is a cosine of period 4, those of `stripes(4)` below, go through `BlurPool2D(2)`.
#    What comes out has the same contrast, largest minus smallest number, wherever the stripes lie.

# %% [markdown]
# ## 11 · The figure
#
# ### Exercise: `figure`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 25 minutes, with the questions · 5 points*
#
# The lecture's sentences, each as a plot with numbers. Pictures and the layer are given.

# %% given="noise"
from solutions.inductive_bias.reference import noise

# %% given="stripes"
from solutions.inductive_bias.reference import stripes

# %% given="zero_padded"
from solutions.inductive_bias.reference import zero_padded

# %%
PERIODS = (2, 3, 4, 6, 8, 12, 16, 24)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `border` was drawn in section 2 for another layer, `unchanged` was printed in section 4. For `contrast`, begin with a
# function that takes one picture and returns the largest number minus the smallest. Which shape has a list of pairs,
# and which one is asked for?
#
# </details>

# %% exercise="figure" points=5
from solutions.inductive_bias.reference import figure

# %% [markdown]
# Your figure, ready to be printed.

# %%
with demo():
    numbers = {name: ops.convert_to_numpy(value) for name, value in figure().items()}
    _, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 4.2), layout="constrained")
    plots.heat_map(numbers["border"], numbers=False, limits=None, title="Equivariant, but for the edge", ax=left)
    for axis in (left.xaxis, left.yaxis):
        axis.set_ticks([0, 8, 16, 23], ["0", "8", "16", "23"])
    middle.bar(range(6), numbers["unchanged"], color=plots.COLOURS[0])
    middle.set(xlabel="moved by (pixels)", ylabel="share of outputs that stay the same", ylim=(0, 1.05))
    plots.dress(middle, "Invariance of max pooling, on noise", frame=plots.INK)
    both = {"every second pixel": numbers["contrast"][0], "blurred first": numbers["contrast"][1]}
    plots.curves(PERIODS, both, "pixels from stripe to stripe", "contrast", log_x=True, title="Aliasing", ax=right)
    plt.show()

# %% [markdown]
# **What to look for**
#
# - On the left one sees three bands in each direction. Two of them are one, in a world without an edge: which two? And
#   why are there bands at all?
# - In the middle, only one bar stands between 1 and 0. Which share of the outputs stays the same after one pixel to the
#   right if the windows are 3 x 3, with stride 3? (Count pixels, as for `answer_1`; then measure it on `noise()`.)
# - On the right, a higher curve is not a better one: what the coarse grid cannot show should not be there. Stripes of
#   period 2 have no contrast in either curve, but for different reasons. On what does their *brightness* depend,
#   without the blur and with it? (At 3 and 6 the upper curve stays at 0.75, short of 1. At 6 none of the pixels that
#   are kept lies where a stripe is darkest; at 3 no pixel of the picture does.)

# %% [markdown]
# ## 12 · In your own words
#
# **Question 1** (5 points, about 250 words, read by a person)
#
# "If so, should the bias be larger? (= Should we consider less bias?)" asks the lecture, and the two halves ask
# opposite things. It depends: a hospital has 500 labelled pictures of cells, all taken with the cell in the middle, and
# another one has five million. Which network of this lesson would you advise to each of them, and why?
#
# The grader looks for three things:
#
# - You report your race: the numbers, the spread between the two seeds of the middle size, and what they do *not* show.
#   If your CNN did not win at 100 pictures, say so; a result that contradicts the lecture and is reported well earns
#   all points.
# - You correct one of the lecture's sentences on equivariance or invariance with a number that you have measured.
# - Your advice names what each network takes for granted, and what happens if the pictures do not keep to it.
#
# Full sentences, please. Write your text into the next cell, in place of the words that stand there.

# %% [markdown] question="question_1" points=5
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# 1. A measure for equivariance. By it a convolution is exactly equivariant if there is no edge (with a stride, for
#    multiples of the stride); with zero padding it is so only away from the edge.
# 2. A measure for invariance. On noise, 2 x 2 max pooling leaves a third of its outputs alone when the picture moves by
#    one pixel in one direction, and none at two pixels. Without an edge, layers of stride 1 with one mean at the end
#    keep every choice.
# 3. A way to skip pixels that is less of a lottery: blur first.
# 4. The MLP of a transformer as two 1 x 1 convolutions. Only attention lets tokens meet.
# 5. A ViT takes for granted that the pixels of a patch belong together, and that every patch is read in the same way;
#    which place a patch has, it learns. A hybrid takes more for granted, a CNN most.
# 6. A race with equal steps, a second seed, and test images that no training has used.
#
# **What comes next.** Attention among all tokens is expensive. Lesson 9 makes it local, and so brings a bias back.
#
# **Further reading**
#
# - Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words": figures 3 to 5, the race at full size, and section 3.1 on
#   hybrids.
# - Zhang 2019, "Making Convolutional Networks Shift-Invariant Again": blur, and how much it helps real networks.
# - Ridnik et al. 2021, "TResNet": blur before every second pixel is dropped, in their figure 2.
# - Islam et al. 2020, "How Much Position Information Do Convolutional Neural Networks Encode?": what zero padding
#   tells.
# - Xiao et al. 2021, "Early Convolutions Help Transformers See Better": why a stem of convolutions trains more easily.
# - d'Ascoli et al. 2021, "ConViT": a transformer that may unlearn the bias with which it begins.

# %% [markdown]
# ## Handing in
#
# 1. Choose "Restart and run all" once, and look through the checks. It trains again and saves again, and the last
#    saved files count.
# 2. Save the notebook.
# 3. Run the cell below. `submit()` puts three files into one zip: the notebook, the weights of your hybrid, and the
#    arguments that rebuild it. It says what it has found and what is missing. In Colab your browser downloads the zip;
#    elsewhere it lies beside the notebook.
# 4. Hand in this one zip, in the way your course tells you.
#
# (By hand it is the same: `08_inductive_bias.ipynb`, and the folder `artifacts` with its two files.)

# %%
submit()
