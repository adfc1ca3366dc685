# %% [markdown]
# # Lesson 3 · Images become words
#
# A transformer reads a list of vectors. A picture is a grid of pixels. Something has to happen in between, and the
# title of the paper that started it says what: "An Image is Worth 16x16 Words". In this lesson you cut pictures into
# patches, turn the patches into tokens, and find out what gets lost on the way: the order. Then you give it back,
# first with sines and cosines, as the lecture does, then with a table that is learned.
#
# **When you are done, you can**
#
# - cut a batch of images into patches and put them together again, and say where each pixel ends up;
# - turn patches into tokens with a single matrix, and show that this is a convolution;
# - demonstrate that a transformer without positions sees a bag of patches;
# - write the lecture's encoding of positions, and say what each of its columns is for;
# - move an encoding three places on with one matrix, wherever it is;
# - explain what a line-by-line numbering does to the two dimensions of a picture.
#
# Plan two to three hours. You need Python, NumPy and a little Keras, and of the earlier lessons the idea of
# attention: queries and keys that are compared by scores.

# %% [markdown]
# ## How this notebook works
#
# - In an exercise cell, write your code below the marker `# YOUR CODE HERE`, in place of the line
#   `raise NotImplementedError()`. Leave names and arguments as they are.
# - Run the `check(...)` below each exercise as often as you like. It says what is right, names the first wrong
#   number, and where it recognises the mistake it gives you a hint.
# - The grader uses the same kind of cases, with other numbers and other shapes, in a sandbox without a network, with
#   20 seconds for each exercise.
# - Helper functions are welcome in any cell. Partly right work gets its part of the points, and a mistake in one
#   exercise is not counted again in the next.
# - Cells that begin with `with demo():` use your functions and wait for them. "Run all" works from the first minute.
# - Before some cells there is a question. Write down your guess *before* you run the cell. A wrong guess is where you
#   learn most.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `patchify` | 20 | 25 |
# | `unpatchify` | 10 | 15 |
# | `PatchEmbedding` | 10 | 10 |
# | `dense_to_conv_kernel` | 10 | 15 |
# | `sinusoidal_position_encoding` | 20 | 25 |
# | `position_shift_matrix` | 10 | 20 |
# | `LearnedPositionEmbedding` | 5 | 10 |
# | `figure`, with two answers | 10 | 25 |
# | `question_1`, a short text | 5 | 10 |
# | **Sum** | **100** | **155** |

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, data, demo, plots

# %% [markdown]
# ## Conventions
#
# | Letter | Meaning |
# |---|---|
# | $B$ | images in a batch |
# | $H$, $W$, $C$ | rows of pixels, columns of pixels, channels: 3 for colour, 1 for grey |
# | $P$ | side of a patch, in pixels |
# | $N$, $T$ | tokens |
# | $D$ or `dim` | width of a token: how many numbers it has |
#
# - **Images** have the shape $(B, H, W, C)$: height before width, channels last. They are float32 in $[0, 1]$, and
#   the channels are red, green and blue, in this order.
# - **Tokens** have the shape $(B, N, D)$.
# - We count from 0: patches, positions, rows, columns, pairs.
# - **Use `ops`** for tensors. Where no tensor comes in, as with the positions, NumPy is just as good. Your functions
#   may return either kind.

# %% [markdown]
# Some pictures to cut. The next cell takes handwritten digits that come with `vitlab`, enlarged and in random
# colours, so nothing has to be downloaded. With `"cifar10"` you get photographs instead: cats, ships, trucks, of the
# same size. That downloads 170 MB once. Both work in the whole notebook.

# %%
PICTURES = "colour_digits"  # or "cifar10"

(images, labels), _ = data.load(PICTURES)
words = data.class_names(PICTURES)
print("all images:", images.shape, images.dtype)
plots.pictures(images[:8], [words[label] for label in labels[:8]], title="The first eight")
plt.show()

# %% [markdown]
# ## 1 · How many words is a picture?
#
# The simplest idea first: every pixel is a token. The lecture does the sum for a usual picture: "224x224 pixels →
# ~50,000 sequence length". And then it warns: attention is quadratic, since every token looks at every token.
#
# **Predict.** Now cut the same picture into squares of 16 by 16 pixels, and let every square be a token.
#
# - How many tokens are there?
# - How many numbers does one token hold, in colour?
# - The table of attention weights has one entry for each pair of tokens. How many times smaller does it get?

# %%
for side in (1, 16):
    count = (224 // side) * (224 // side)
    print(f"P = {side:2d}: {count:6,d} tokens of {side * side * 3:3d} numbers, {count * count:13,d} attention weights")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 14 squares fit side by side and 14 below each other, so there are 196 tokens in place of 50,176. Each holds
# $16 \cdot 16 \cdot 3 = 768$ numbers. There are 256 times fewer tokens, and therefore $256^2 = 65{,}536$ times fewer
# attention weights. No pixel was thrown away: 196 tokens of 768 numbers are the same 150,528 numbers as before, only
# in other packages.
#
# </details>

# %% [markdown]
# ## 2 · Scissors
#
# "Idea: Take a transformer and apply it directly to image patches", says the lecture. A **patch** is a square of $P$
# by $P$ pixels. Patches do not overlap, and they are counted as we read: left to right, then down. This is an image
# of 4 by 6 pixels with $P = 2$:
#
# | | | |
# |---|---|---|
# | patch 0 | patch 1 | patch 2 |
# | patch 3 | patch 4 | patch 5 |
#
# Inside a patch, the pixels are counted in the same way, and the $C$ values of a pixel stay side by side. So a patch
# of 2 by 2 pixels in colour becomes this row of 12 numbers:
#
# | pixel 0 (top left) | pixel 1 (top right) | pixel 2 (bottom left) | pixel 3 (bottom right) |
# |---|---|---|---|
# | red, green, blue | red, green, blue | red, green, blue | red, green, blue |
#
# A common first thought is that a single `reshape` will do. Let us test it.
#
# **Predict.** Below is a picture of 4 by 4 pixels, numbered from 0 to 15. Cut it by hand into four patches of 2 by 2.
# Which four numbers belong to patch 0? And which four come first if you only reshape?

# %%
pixels = np.arange(16).reshape(4, 4)
print(pixels)
print("a reshape alone begins with", pixels.reshape(4, 2, 2)[0].tolist())
print("the corner of the picture is", pixels[:2, :2].tolist())

# %% [markdown]
# <details><summary>Answer</summary>
#
# Patch 0 is 0, 1, 4, 5. A reshape alone gives 0, 1, 2, 3, which is the top row of the picture: a strip, not a square.
#
# The reason is worth remembering. In memory, a tensor is one long line of numbers, and its shape only says how the
# line is to be read. A reshape changes the reading and never moves a number. An image lies in memory row by row, so
# the second row of a patch begins only after the whole first row of the *image*.
#
# The treacherous thing is the shape: it is right in both cases, and a network trained on strips even learns
# something.
#
# </details>

# %% [markdown]
# ### Exercise: `patchify`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 25 minutes · 20 points*
#
# <details><summary>Hint</summary>
#
# One axis can become two: the height $H$ consists of rows of patches, and each of those consists of $P$ rows of
# pixels. Likewise for the width. How many axes do you have then, and what is each of them for? Write their names in a
# line. Write below it the order in which you would like to walk through them, the slowest first. Which of them have
# to change places? Only then look for the functions you need.
#
# Test your plan on paper with the 4 by 4 picture above.
#
# </details>

# %% exercise="patchify" points=20
from solutions.tokens.reference import patchify

# %% [markdown]
# A picture and its patches. On the left they lie where they were cut, on the right you see what the transformer gets:
# a strip, one patch after the other. Could you still read it?

# %%
with demo():
    strip = ops.reshape(patchify(data.as_floats(images[:1]), 8), (16, 8, 8, 3))

    _, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 2.6), width_ratios=(1, 1, 5), layout="constrained")
    plots.pictures(images[:1], title="the picture", ax=left)
    plots.pictures(strip, columns=4, title="cut with P = 8", ax=middle)
    plots.pictures(strip, [str(n) for n in range(16)], columns=16, title="a sentence of 16 words", ax=right)
    plt.show()

# %% [markdown]
# ## 3 · Glue
#
# The way back is useful too: to look at what a model does with patches, to build pictures from patches that a model
# has invented, or simply to test the scissors.
#
# **Predict.** A friend has written `patchify` with a reshape alone, and the inverse with a reshape alone. Now they
# test `unpatchify(patchify(x))` against `x`. What will the test say?

# %%
picture = np.arange(4 * 6).reshape(1, 4, 6, 1)
cut_wrongly = picture.reshape(1, 6, 4)
print("the round trip gives the picture back:", np.array_equal(cut_wrongly.reshape(1, 4, 6, 1), picture))
print("patch 0 of the friend:", cut_wrongly[0, 0].tolist(), " the real one:", picture[0, :2, :2, 0].ravel().tolist())

# %% [markdown]
# <details><summary>Answer</summary>
#
# The test says that all is well. Two mistakes that undo each other pass every round trip. So a round trip is a good
# test, and it is never enough: look at one patch as well. The check below does.
#
# </details>

# %% [markdown]
# ### Exercise: `unpatchify`
#
# *Difficulty 3 of 5 · importance 3 of 5 · about 15 minutes · 10 points*
#
# <details><summary>Hint</summary>
#
# Take your notes on `patchify` and read them from the bottom to the top. Every step has an inverse. Which sizes do
# you know, and which one has to be worked out from the others? Note that from the number of patches alone you cannot
# tell whether the image was wide or high.
#
# </details>

# %% exercise="unpatchify" points=10
from solutions.tokens.reference import unpatchify

# %% [markdown]
# Three pictures: before, there and back, and once with the patches glued on in reverse order. In the last one every
# patch is still upright. Can you see it?

# %%
with demo():
    before = data.as_floats(images[:1])
    patches = patchify(before, 8)
    back, reverse = unpatchify(patches, 8, 32, 32), unpatchify(patches[:, ::-1], 8, 32, 32)
    print("largest difference after the round trip:", float(ops.max(ops.abs(back - before))))

    plots.pictures(ops.concatenate([before, back, reverse]), ["before", "there and back", "last patch first"])
    plt.show()

# %% [markdown]
# ## 4 · From patch to token
#
# With words, a model looks up a vector for each word of its vocabulary. No list could hold all possible patches. So
# the vision transformer does the simplest thing that turns 768 numbers into a token of width $D$: it multiplies with
# a matrix $E$, the same for all patches, and adds a bias.
#
# $$\text{token}_n = \text{patch}_n\, E + b, \qquad E \in \mathbb{R}^{P \cdot P \cdot C \times D}$$
#
# **Predict.** In the base model of the paper, $P = 16$, $C = 3$ and $D = 768$.
#
# - How many numbers are in $E$ and $b$ together?
# - In a picture of 32 by 32 pixels with $P = 8$, we change the single pixel in row 20 and column 9. How many tokens
#   change, and which?
#
# (The second answer comes with the demo below the exercise.)

# %%
print("numbers in E and b:", 16 * 16 * 3 * 768 + 768)

# %% [markdown]
# ### Exercise: `PatchEmbedding`
#
# *Difficulty 2 of 5 · importance 5 of 5 · about 10 minutes · 10 points*
#
# There are **two** places to fill in. The check puts its own numbers into `proj.kernel` and `proj.bias`, so the name
# matters.
#
# <details><summary>Hint</summary>
#
# `__init__` is told the side of a patch, but it is in `call` that it is needed. Where can it wait until then? A Keras
# layer that multiplies the last axis with a matrix and adds a bias is an old acquaintance from lesson 1.
#
# </details>

# %% exercise="PatchEmbedding" points=10
from solutions.tokens.reference import PatchEmbedding

# %% [markdown]
# One pixel changes. Which tokens do?

# %%
with demo():
    embed = PatchEmbedding(patch_size=8, dim=5)
    before = data.as_floats(images[:1])
    after = before.copy()
    after[0, 20, 9] = 1 - after[0, 20, 9]

    moved = np.abs(ops.convert_to_numpy(embed(after) - embed(before)))[0].max(axis=-1)
    print("tokens that changed:", np.flatnonzero(moved).tolist(), "of", len(moved))

# %% [markdown]
# <details><summary>Answer</summary>
#
# $E$ and $b$ hold $768 \cdot 768 + 768 = 590{,}592$ numbers. Only one token changes: row 20 lies in row 2 of the
# patches, column 9 in column 1, and with 4 patches in a row that is token $2 \cdot 4 + 1 = 9$. Up to here, patches
# know nothing of each other.
#
# </details>

# %% [markdown]
# ## 5 · A convolution in disguise
#
# The slide "Attention in ViT" lists what a vision transformer does without: "No convolution operation", "No pooling
# layer". Let us look at the first one again.
#
# A convolution lays a small kernel on the image, multiplies it with the pixels below, adds everything up, moves on
# and does it again. How far it moves is its **stride**. Usually the stride is 1, and neighbouring windows overlap.
#
# **Predict.** What if the kernel has 8 by 8 pixels and the stride is 8 as well? For an image of 32 by 32 in colour
# and `Conv2D(5, 8, strides=8)`: which shape has the output, which shape the kernel, and how many weights are there?
# Compare with your `PatchEmbedding(8, 5)`.

# %%
convolution = keras.layers.Conv2D(5, 8, strides=8)
print("output", convolution(data.as_floats(images[:1])).shape, " kernel", convolution.kernel.shape)
print("weights", convolution.count_params())

# %% [markdown]
# <details><summary>Answer</summary>
#
# The windows lie side by side: they are the patches. The output is $(1, 4, 4, 5)$, which is 16 tokens of width 5 that
# still lie in their grid. The kernel is $(8, 8, 3, 5)$. It holds $8 \cdot 8 \cdot 3 \cdot 5 = 960$ numbers, as many
# as your matrix $E$ of shape $(192, 5)$. With the 5 biases these are the 965 weights that both of them have.
#
# </details>
#
# So cutting and multiplying is the same as one convolution with stride $P$, if the numbers of $E$ are put into the
# right places of the kernel. That is the next exercise.
#
# The slide is a little too strict, then: even the lecture's "naive ViT (using only pixels)" begins with a
# convolution. Later the lecture says so itself: "There are also inductive biases in ViT: Cropping neighboring pixels
# as a patch!" What distinguishes it from a CNN is that this convolution is the only one, that its windows never
# overlap, and that from there on every patch may look at every other.

# %% [markdown]
# ### Exercise: `dense_to_conv_kernel`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 15 minutes · 10 points*
#
# <details><summary>Hint</summary>
#
# Row $r$ of $E$ is multiplied with number $r$ of a patch. Which pixel of the patch is that, and which of its colours?
# In the kernel, the axes are: row of pixels, column of pixels, channel, output. Which of the first three moves
# fastest when you go down the rows of $E$? The sentence about memory in section 2 tells you whether anything has to
# move at all.
#
# </details>

# %% exercise="dense_to_conv_kernel" points=10
from solutions.tokens.reference import dense_to_conv_kernel

# %% [markdown]
# Your layer and Keras's convolution side by side, with the same numbers inside.

# %%
with demo():
    embed = PatchEmbedding(patch_size=8, dim=5)
    tokens = embed(data.as_floats(images[:4]))
    convolution.kernel.assign(dense_to_conv_kernel(embed.proj.kernel, 8, 3))
    convolution.bias.assign(embed.proj.bias)
    maps = convolution(data.as_floats(images[:4]))

    print("tokens", tuple(tokens.shape), " map of the convolution", tuple(maps.shape))
    print("largest difference:", float(ops.max(ops.abs(ops.reshape(maps, tokens.shape) - tokens))))

# %% [markdown]
# ## 6 · A bag of patches
#
# A picture has become a sentence. Does the transformer know the order of its words?
#
# Here is a very small one, made of Keras's own layers: patches by a convolution, one attention layer, one `Dense` for
# each token, the average over all tokens, and ten logits. Nothing in it says where a patch comes from. (You build a
# real one in lesson 4.) It reads grey digits of 8 by 8 pixels, cut into 16 patches of 2 by 2.

# %% given="tiny_vit"
from solutions.tokens.reference import tiny_vit

# %%
(digits, digit_labels), (test_digits, test_labels) = data.load("digits")
digits, test_digits = data.as_floats(digits), data.as_floats(test_digits)


def torn_apart(pictures):
    """The same pictures (n, 8, 8, 1) with their 16 patches in another order, one order for all of them."""
    order = np.random.RandomState(3).permutation(16)
    patches = ops.take(patchify(pictures, 2), order, axis=1)
    return ops.convert_to_numpy(unpatchify(patches, 2, 8, 8))


def train(model):
    """Train for a few seconds on 1,437 digits."""
    model.compile(keras.optimizers.Adam(0.006), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(digits, digit_labels, batch_size=64, epochs=8, verbose=0)
    return model


def probabilities(model, pictures):
    """What the model thinks of each picture: (n, 10), every row sums to 1."""
    return ops.convert_to_numpy(ops.softmax(model(pictures)))


def accuracy(model, pictures):
    """Share of the test digits that the model names rightly."""
    return np.mean(probabilities(model, pictures).argmax(axis=-1) == test_labels)


# %% [markdown]
# **Predict.** We train it on whole digits. Then we cut every test digit into its 16 patches, shuffle them, and glue
# them together again. It has never seen such pictures, and you can hardly read them yourself. A model that guesses is
# right in 10 of 100 cases. What happens to its accuracy: does it fall to about 10 %, fall somewhat, or stay?
#
# (The picture shows, for each digit from 0 to 9, the one of the 360 test pictures that the model finds most like it.
# These are its surest guesses, not typical ones; the accuracy above the picture is the mean over all.)

# %%
with demo():
    shuffled = torn_apart(test_digits)

    keras.utils.set_random_seed(3)
    without_positions = train(tiny_vit())
    whole, torn = probabilities(without_positions, test_digits), probabilities(without_positions, shuffled)
    print(f"accuracy on whole digits    {accuracy(without_positions, test_digits):.3f}")
    print(f"accuracy on shuffled digits {accuracy(without_positions, shuffled):.3f}")
    print(f"largest change of any probability {np.abs(whole - torn).max():.0e}")

    shown = whole.argmax(axis=0)  # for each digit, the picture that the model finds most like it
    verdicts = [f"{row.argmax()} ({row.max():.0%})" for row in np.concatenate([whole[shown], torn[shown]])]
    both = 1 - np.concatenate([test_digits[shown], shuffled[shown]])
    plots.pictures(both, verdicts, columns=10, title="Above whole, below shuffled, each with the model's verdict")
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Nothing happens. Not one prediction changes, and the probabilities agree to the last digits (which differ because
# sums are rounded in another order). It is no accident of this training. It must be so, for any weights:
#
# - the patches are embedded one by one, and so are the tokens in the `Dense` layer;
# - attention treats its tokens as a set: if you swap two of them, their outputs swap along;
# - and an average does not care about the order.
#
# That is what the lecture means by "It's a set operation (permutation-invariant)". Inside, the tokens swap along;
# what is invariant is the average at the end. On one of the first slides the lecture asks about a face with its parts
# in the wrong places: "Are they both the same face?" For this model, yes. Exactly the same.
#
# It is right about half of the time all the same, five times as often as a guess. A bag of patches says something
# about a picture, just as a bag of words says something about a text. But it is not much.
#
# </details>
#
# "...and hence need 'position embeddings' to 'remember' the spatial structure", the slide goes on. So let us make
# some.

# %% [markdown]
# ## 7 · Many hands of a clock
#
# Every position $p$ shall get a vector of its own, of the same width as a token, and it is *added* to the token
# there. Which vectors? Simply adding $p$ itself to every number would drown the picture: pixels lie between 0 and 1,
# positions run up to 195. And $p / N$ would mean something else in every picture size.
#
# Think of a clock. One hand runs fast, one slowly, one very slowly. The fast one tells neighbouring moments apart,
# but it repeats itself every minute. The slow ones do not repeat for a long time, but they hardly move from one
# second to the next. Together they name every moment of half a day, and each of them only ever goes round in a
# circle.
#
# The lecture's encoding is a clock with $d/2$ hands. Hand $i$ is described by the two coordinates of its tip, a sine
# and a cosine:
#
# $$PE_{(p,\,2i)} = \sin\left(p / 10000^{2i/d}\right) \qquad PE_{(p,\,2i+1)} = \cos\left(p / 10000^{2i/d}\right)$$
#
# By hand for $d = 4$ there are two hands, $i = 0$ and $i = 1$. Their angles at position $p$ are $p / 10000^0 = p$ and
# $p / 10000^{2/4} = p / 100$:
#
# | $p$ | column 0 | column 1 | column 2 | column 3 |
# |---|---|---|---|---|
# | | $\sin p$ | $\cos p$ | $\sin(p/100)$ | $\cos(p/100)$ |
# | 0 | 0 | 1 | 0 | 1 |
# | 1 | 0.8415 | 0.5403 | 0.0100 | 0.99995 |
#
# **Predict.** A hand has gone round once when its angle is $2\pi \approx 6.28$. After how many positions is that for
# hand 0? And for the hand in the middle, with $2i/d = 1/2$? Why does one need both coordinates: is the sine alone not
# enough to tell where a hand points?

# %%
for exponent in (0.0, 0.25, 0.5):
    print(f"2i/d = {exponent:4.2f}: once round in {2 * np.pi * 10000**exponent:6.1f} positions")
for angle in (1.0, np.pi - 1.0):
    print(f"angle {angle:.4f}: sine {np.sin(angle):.4f}, cosine {np.cos(angle):7.4f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Hand 0 needs 6.28 positions, so it can tell a patch from its neighbour, but after six patches it is nearly back. The
# hand in the middle needs 628. A sine has every value twice in each turn, once on the way up and once on the way
# down. The cosine says which of the two it is.
#
# </details>

# %% [markdown]
# ### Exercise: `sinusoidal_position_encoding`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 25 minutes · 20 points*
#
# <details><summary>Hint</summary>
#
# Begin with the angles alone, a table with one row for each position and one column for each *hand*. Which shape is
# that? Positions go down and hands go to the right: two one-dimensional lists can make such a table by broadcasting.
# Check it with the small table above.
#
# Then you have two tables, the sines and the cosines, and want their columns to alternate. What did section 2 say
# about numbers that are to stand side by side in memory?
#
# </details>

# %% exercise="sinusoidal_position_encoding" points=20
from solutions.tokens.reference import sinusoidal_position_encoding

# %% [markdown]
# Here is your clock. On the left, your table lies on its side: positions run to the right, and each of the table's
# columns, one coordinate of a hand, is a line; fast hands above, slow ones below. On the right are four of its columns
# as curves.

# %%
with demo():
    table = ops.convert_to_numpy(sinusoidal_position_encoding(50, 32))

    _, (left, right) = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
    plots.heat_map(table.T, numbers=False, limits=(-1, 1), signed=True, ax=left)
    left.set(xlabel="position p", ylabel="column", title="50 positions of width 32")
    lines = {f"column {column}": table[:25, column] for column in (0, 1, 8, 16)}
    plots.curves(range(25), lines, "position p", "value", title="Four of its columns", ax=right)
    right.set_ylim(-2.4, 1.2)  # room for the legend
    plt.show()

# %% [markdown]
# **What to look for.** Follow one line from left to right, then go from top to bottom at one position. Which two of
# the curves on the right belong to the same hand? And the lower half of the picture looks almost the same everywhere:
# is it wasted? Think of a sentence with 5,000 words.

# %% [markdown]
# ## 8 · Three places on, from anywhere
#
# The authors of the encoding had a reason for sines and cosines: the step from one position to another is always the
# same *turn*. If a hand moves on by an angle $b$, school tells us where its tip goes:
#
# $$\sin(a + b) = \sin a \cos b + \cos a \sin b \qquad\qquad \cos(a + b) = \cos a \cos b - \sin a \sin b$$
#
# Look at what is on the right. The old tip $(\sin a, \cos a)$ is there, multiplied with numbers that know only $b$.
# So the new tip is a *matrix* times the old one, and the matrix does not know where the hand was. For $d/2$ hands
# there are $d/2$ such small matrices, and together they make one large one:
#
# $$PE_{p+k} = M_k\, PE_p \qquad \text{for every } p$$
#
# That is worth having. A layer that wants to look "three patches to the left" needs one matrix for it, learned once
# and right everywhere.
#
# **Predict.** Before you write it: what is $M_0$? What is $M_3 M_{-3}$? And $M_2 M_5$?

# %% [markdown]
# ### Exercise: `position_shift_matrix`
#
# *Difficulty 4 of 5 · importance 3 of 5 · about 20 minutes · 10 points*
#
# <details><summary>Hint</summary>
#
# Begin with a single hand, `dim` 2, so that $M$ is 2 by 2. Write the two formulas above below each other, with
# $\sin a$ and $\cos a$ in this order in both. The four numbers in front of them are the matrix. What is $b$ for hand
# $i$ when the position grows by `offset`?
#
# Where do the four numbers of hand $i$ stand in the large matrix? Remember which columns of the encoding belong to
# it. Everything else is 0, since no hand moves another.
#
# </details>

# %% exercise="position_shift_matrix" points=10
from solutions.tokens.reference import position_shift_matrix

# %% [markdown]
# Your matrix at work. It moves all rows of the table three places on at once. And the answers to the prediction.

# %%
with demo():
    table = ops.convert_to_numpy(sinusoidal_position_encoding(40, 12))
    three, back_again, two, five, none, seven = (
        ops.convert_to_numpy(position_shift_matrix(offset, 12)) for offset in (3, -3, 2, 5, 0, 7)
    )
    print("rows 0 to 36, moved on by 3, against rows 3 to 39:", f"{np.abs(table[:37] @ three.T - table[3:]).max():.0e}")
    print("M_0 is the identity:          ", np.allclose(none, np.eye(12), atol=1e-6))
    print("M_3 M_-3 is the identity:     ", np.allclose(three @ back_again, np.eye(12), atol=1e-6))
    print("M_2 M_5 is M_7:               ", np.allclose(two @ five, seven, atol=1e-6))

    ax = plt.subplots(figsize=(7.5, 5.5), layout="constrained")[1]
    plots.heat_map(three, limits=(-1, 1), signed=True, title="M for 3 places on, width 12", ax=ax)
    plt.show()

# %% [markdown]
# <details><summary>What does the picture show?</summary>
#
# Six small turns on the diagonal and nothing else. The first hand turns by 3 radians, almost half a circle, so its
# block is close to $-1$ on the diagonal. The last hand hardly turns at all: its block is nearly the identity.
#
# </details>
#
# One more thing follows, and your figure will show it. Turns do not change lengths and angles, so the dot product of
# two encodings depends only on how far apart their positions are:
#
# $$PE_p \cdot PE_q = \sum_i \cos\!\left(\frac{p - q}{10000^{2i/d}}\right)$$

# %% [markdown]
# ## 9 · Or let the model find out
#
# "Can be learned or fixed", says the lecture. The vision transformer takes the other way: a table with one row for
# each position, filled with random numbers at first, and trained like any other weight. Nobody tells it what "right
# of" or "below" means.
#
# **Predict.** A table has 196 rows, for pictures of 224 by 224 with $P = 16$. Now somebody brings a picture of 384 by
# 384. How many tokens are there? What can the sine encoding do that the table cannot?

# %%
print("tokens:", (384 // 16) * (384 // 16))

# %% [markdown]
# <details><summary>Answer</summary>
#
# There are $24 \cdot 24 = 576$ tokens, and the table has no row for number 196 and above. The formula has a row for
# any position. (In practice the rows of the table are laid out in their grid and enlarged like a small picture.)
#
# </details>

# %% [markdown]
# ### Exercise: `LearnedPositionEmbedding`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 10 minutes · 5 points*
#
# <details><summary>Hint</summary>
#
# `self.add_weight` makes a trainable array of a given shape; the Keras documentation shows how. In `call`, there may
# be fewer tokens than rows. Which rows are meant, and what does broadcasting do with the axis of the images?
#
# </details>

# %% exercise="LearnedPositionEmbedding" points=5
from solutions.tokens.reference import LearnedPositionEmbedding

# %% [markdown]
# Back to the digits. The same tiny transformer as in section 6 is trained twice more, once with each kind of
# position.
#
# **Predict.** What do the positions do to the accuracy on whole digits? And what on shuffled ones?

# %%
with demo():
    shuffled = torn_apart(test_digits)
    sines = ops.convert_to_numpy(sinusoidal_position_encoding(16, 64))
    ways = {"sines and cosines": lambda tokens: tokens + sines, "a learned table": LearnedPositionEmbedding(16, 64)}

    print("accuracy with        whole   shuffled")
    for way, add_positions in ways.items():
        keras.utils.set_random_seed(3)
        model = train(tiny_vit(add_positions))
        print(f"{way:20s} {accuracy(model, test_digits):.3f}   {accuracy(model, shuffled):.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# With positions, eight or nine of ten digits are right, after the same few seconds. And now the order matters: on
# shuffled digits the model is lost, as it should be. It has learned *where* things are, and "same parts, other
# places" is no longer the same picture.
#
# </details>

# %% [markdown]
# ## 10 · Two questions on paper
#
# You will enter the answers in `figure()` below, as `answer_1` and `answer_2`. The check says only that they have
# arrived; the grader judges them.
#
# ### The slowest hand
#
# The authors write that the wavelengths of the encoding run "from $2\pi$ to $10000 \cdot 2\pi$". A **wavelength** is
# the number of positions in which a hand goes round once. Take the lecture's width, $d = 512$.
#
# **`answer_1`.** Which wavelength has the slowest hand *exactly by the formula*? Give one number; whole positions are
# precise enough. (Count the hands first, and then compare with what the authors write.)
#
# ### Where is the green?
#
# An image of 224 by 224 pixels in colour is cut with $P = 16$ by `patchify`. Look at the pixel in row 150 and column
# 60.
#
# **`answer_2`** is a list of two whole numbers.
#
# 1. Which token holds this pixel?
# 2. Among the 768 numbers of that token, at which place does the pixel's *green* value stand? (It is also the row of
#    $E$ that it is multiplied with.)
#
# All counts begin with 0. You could let the computer search for it. It is quicker on paper, and then you know it.

# %% [markdown]
# ## 11 · Figure
#
# Here is a small postcard to cut. It is wider than high.

# %% given="postcard"
from solutions.tokens.reference import postcard

# %%
plots.pictures(postcard()[None], title="32 rows of 48 pixels").figure.set_size_inches(4, 3)
plt.show()

# %% [markdown]
# **Predict.** Number the positions of a grid of 7 by 7 patches line by line, from 0 to 48. Take the patch in the
# middle, number 24. How similar is its encoding to those of its four neighbours: left and right, above and below? All
# four touch it. Sketch a grid of 7 by 7 squares and shade those that you expect to be similar to the middle one.
#
# ### Exercise: `figure`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 25 minutes, with the questions above · 10 points*
#
# The function returns the numbers behind the plots, and your two answers. The plots are drawn by the cell after the
# check.
#
# - `tokens`: six whole numbers.
# - `strip`: your patches again as small pictures, so that they can be drawn.
# - `similarity`: all dot products at once. On its diagonal every hand gives $\sin^2 + \cos^2 = 1$, so with 32 hands
#   it holds 32.
# - The names in the dict must be spelt exactly as in the text of the function.
#
# <details><summary>Hint</summary>
#
# `postcard()` is a single image without an axis for the batch, and `patchify` expects a batch. For `similarity` think
# of the attention scores of lesson 1, with the same table as queries and as keys, and without a scale.
#
# </details>

# %% exercise="figure" points=10
from solutions.tokens.reference import figure

# %% [markdown]
# Your figure. Above, the postcard as a sentence. Below on the left, the price of small patches, with the lecture's
# 50,176 tokens at $P = 1$. In the middle, the similarity of all 49 positions, and on the right the row of position 24
# of it, laid out as the grid of patches that it stands for.

# %%
with demo():
    numbers = figure()
    similarity = ops.convert_to_numpy(numbers["similarity"])
    grid = np.reshape(similarity[24], (7, 7))

    plots.pictures(numbers["strip"], [str(n) for n in range(24)], columns=12, title="The postcard in 24 words")
    plt.show()

    _, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 4.2), layout="constrained")
    counts = {"224 by 224 pixels": numbers["tokens"]}
    plots.curves(
        [1, 2, 4, 8, 16, 32], counts, "patch side P", "tokens", log_x=True, log_y=True, title="How many words?", ax=left
    )
    plots.heat_map(similarity, numbers=False, limits=None, title="Similarity of positions", ax=middle)
    plots.heat_map(grid, limits=None, title="... of the middle patch to all others", ax=right)
    middle.set(xlabel="position", ylabel="position")
    right.set(xlabel="column of patches", ylabel="row of patches")
    plt.show()

# %% [markdown]
# **What to look for**
#
# - On the left: by which factor do the tokens fall when $P$ doubles? What does that do to the attention weights?
# - In the middle: why is the same pattern repeated along all diagonals?
# - On the right: compare with your sketch. Which patches does the encoding take for close to the middle one?

# %% [markdown]
# ## 12 · In your own words
#
# **Question 1** (5 points, about 120 words, read by a person)
#
# The encoding numbers the patches line by line, as if a picture were one long sentence. How well does that "remember
# the spatial structure", as the lecture puts it? Use the plot on the right.
#
# The grader looks for three things:
#
# - You read at least two values from the plot, for patches that touch the middle one, and say what they mean.
# - You explain them with the distance between two positions. It is not enough that they look different.
# - You get from there to a model: name one way in which it could still learn, or be given, that a picture has two
#   dimensions, and say why it would help.
#
# Full sentences, please. Clear and short is better than long. Write your text into the next cell, in place of the
# words that stand there.

# %% [markdown] question="question_1" points=5
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# 1. A picture becomes a list of tokens by scissors and one matrix. Both together are a convolution with stride $P$.
# 2. The order of a reshape is the order of memory. A wrong cut has the right shape and even trains, so look at a
#    patch.
# 3. Attention does not know where its tokens come from. Without positions, a picture is a bag of patches.
# 4. Sines and cosines are clock hands. A step to another position is a turn, the same from everywhere.
# 5. A learned table does it too, and knows only the positions it was trained with.
#
# **What comes next.** In lesson 4 you put everything together: the encoder block of the lecture, a token that
# collects what the patches have to say, and a vision transformer that you train yourself.
#
# **Further reading**
#
# - Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", section 3.1 and equation 1. Appendix D.4 compares ways
#   to encode positions, and figure 7 shows what a learned table looks like. Compare it with your grid.
# - Vaswani et al. 2017, "Attention Is All You Need", section 3.5.
# - The Keras documentation of `ops.reshape`, `ops.transpose`, `keras.layers.Conv2D` and `Layer.add_weight`.
#
# **Handing in.** Choose "Restart and run all" once, and look through the checks. Then save the notebook and submit
# the one file `03_tokens.ipynb`, in the way your course tells you.
