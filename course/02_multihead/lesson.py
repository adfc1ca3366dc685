# %% [markdown]
# # Lesson 2 · Many heads, one set
#
# In lesson 1 you built one head of attention: every token asks one question and gets one blend as the answer. The
# lecture's transformer lets many heads look at once, and then it says two surprising things: that many narrow heads
# need no more weights than one wide head, and that attention does not know where a token stands. In this lesson you
# build the heads and put both claims to the test.
#
# **When you are done, you can**
#
# - say what several narrow heads can do that one wide head cannot;
# - cut the features of a token into heads and put them back, without mixing up the tokens;
# - write the multi-head attention layer of the paper, and show that it gives the same numbers as Keras's own;
# - explain what it means that attention works on a *set*, and correct one word on a slide;
# - count what attention costs, and say why pixels are too many tokens;
# - train a model that says sequences backwards, and measure what is left of it without positions.
#
# Plan two and a half hours. You need lesson 1, and a little patience with shapes.

# %% [markdown]
# ## How this notebook works
#
# As in lesson 1: write your code in place of `raise NotImplementedError()`, run the `check(...)` below it as often as
# you like, and write down your guess wherever it says **Predict**, before you run the cell. "Run all" works from the
# first minute.
#
# Two things are new.
#
# - **You train a model.** The grader does not run your training. You hand in the trained weights, as two files in the
#   folder `artifacts` beside this notebook, and the grader measures them on sequences that nobody has seen.
# - **You may use your own functions of lesson 1.** Copy them into a cell of their own, if you like. The library's
#   softmax is allowed from now on.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `split_heads` | 10 | 10 |
# | `merge_heads` | 10 | 10 |
# | `MultiHeadAttention` | 35 | 40 |
# | `permutation_gap` | 10 | 15 |
# | `attention_cost` | 10 | 15 |
# | `train_reverser`, a model that you train | 15 | 20 |
# | `figure`, with two answers | 5 | 25 |
# | `question_1`, a short text | 5 | 10 |
# | **Sum** | **100** | **145** |

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, check_trained, demo, plots, save_trained
from vitlab.sequences import (
    attention_maps,
    build_reverser,
    position_table,
    reversal_data,
    reverser_arguments,
    share_right,
)

# %% [markdown]
# ## Conventions
#
# | Letter | Meaning |
# |---|---|
# | $B$ | images (or sentences) in a batch |
# | $N$ or $T$ | tokens; $T_q$ queries, $T_k$ keys |
# | $D$ | width of a token: how many numbers it has |
# | $h$ | heads |
# | $E = D/h$ | width inside one head; $h$ always divides $D$ |
#
# Tokens are tensors $(B, N, D)$. In a mask, 1 means *may attend* and 0 means *forbidden*, and no row of a mask is
# all 0. We count from 0.

# %% [markdown]
# ## 1 · One head, one blend
#
# Remember the librarian of lesson 1. She compares your question with every label, and hands you **one** blend of all
# the books. That is a lot for one question. It is not enough for two.
#
# Think of a patch in a picture that wants to know two things about its neighbours: how bright is the brightest of
# them, and how dark is the darkest? A good head can find the brightest patch. Another can find the darkest. But a
# single head has only one row of weights for its one blend, so it must put half its weight on each.

# %% [markdown]
# **Predict.** There are two pictures with two neighbours each. In the first, the neighbours have brightness 10 and 2.
# In the second, both have 6.
#
# - One head puts the weight 1/2 on each neighbour. What does it get from each picture?
# - Two heads put all their weight on one neighbour each: the first on the brightest, the second on the darkest. What do
#   they get?

# %%
pictures = {"contrast": np.array([10.0, 2.0]), "grey": np.array([6.0, 6.0])}
one_head = np.array([[0.5, 0.5]])
two_heads = np.array([[1.0, 0.0], [0.0, 1.0]])
for name, brightness in pictures.items():
    print(f"{name:8s}  one head: {one_head @ brightness}   two heads: {two_heads @ brightness}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# One head gets 6 from both pictures: the average has forgotten the contrast. Two heads get (10, 2) and (6, 6). Nothing
# that comes later in the network can win back what the average has lost.
#
# </details>

# %% [markdown]
# So the lecture takes several heads. "Learn $h$ different linear projections of $Q$, $K$, $V$", says the slide,
# "compute attention separately on each of these $h$ versions", and "concatenate". Are $h$ heads then $h$ times as
# expensive? The slide has an answer for this too: "Each attention head can use low dimensionality." With $D = 512$ and
# $h = 8$, as in the paper, every head is 64 wide, and $8 \cdot 64$ is 512 again.
#
# In the lecture's worked example the keys were 64 wide, and 112 was divided by $8 = \sqrt{64}$. Now you know where
# that 64 comes from.

# %% [markdown]
# ## 2 · Cut into heads, and put together again
#
# After the projections, a token is a row of $D$ numbers. The first $E$ of them belong to head 0, the next $E$ to head
# 1, and so on. Here are 3 tokens of width 6. The number 24 is feature 4 of token 2.

# %%
tokens = 10 * np.arange(3)[:, None] + np.arange(6)
_, ax = plt.subplots(figsize=(5, 2.4), layout="constrained")
ax.imshow(tokens % 10 // 3, cmap="Blues", vmin=-0.5, vmax=1.3, aspect="auto")
for (row, column), number in np.ndenumerate(tokens):
    ax.text(column, row, f"{number:02d}", ha="center", va="center", color="white" if column > 2 else "black")
ax.set_yticks(range(3), ["token 0", "token 1", "token 2"])
ax.set(xlabel="features", title="Head 0 owns the pale half, head 1 the dark half")
plt.show()

# %% [markdown]
# Attention compares tokens with tokens, in each head on its own. So each head needs a table of its own, with one row
# for each token. For a whole batch, the table $(B, T, D)$ becomes $(B, h, T, E)$: for each image, for each head, the
# tokens, with the features that this head owns.
#
# NumPy and Keras have `reshape`, and $3 \cdot 6 = 18$ numbers fit into 2 heads with 3 rows of 3.

# %% [markdown]
# **Predict.** What will `tokens.reshape(2, 3, 3)` put into head 0? Which tokens do the numbers come from?

# %%
print("head 0:", tokens.reshape(2, 3, 3)[0].tolist())
print("head 1:", tokens.reshape(2, 3, 3)[1].tolist())

# %% [markdown]
# <details><summary>Answer</summary>
#
# Head 0 gets 00 to 05, and then 10, 11, 12: all of token 0 and half of token 1. The shape is the one we asked for, and
# the content is wrong. `reshape` never moves a number. It reads them in the order in which they lie in memory, and only
# sets the brackets anew. Published transformers have shipped with this mistake, and they still trained well enough
# that nobody noticed for a long time.
#
# </details>

# %% [markdown]
# ### Exercise: `split_heads`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 10 minutes · 10 points*
#
# <details><summary>Hint</summary>
#
# In memory, the features of one token lie side by side. So which axis can `reshape` cut in two without doing any harm?
# Write down the four axes that you have after that cut, and below them the four that you want. What is left to do is
# not a matter of brackets any more.
#
# </details>

# %% exercise="split_heads" points=10
from solutions.multihead.reference import split_heads

# %% [markdown]
# The three tokens from above, cut by your function. Each head should hold all three tokens.

# %%
with demo():
    pieces = ops.convert_to_numpy(split_heads(ops.convert_to_tensor(tokens[None]), 2))
    for head, table in enumerate(pieces[0]):
        print(f"head {head}:", table.tolist())

# %% [markdown]
# ### Exercise: `merge_heads`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 10 minutes · 10 points*
#
# The way back. When the heads have done their work, each token gets its $h$ pieces back, side by side. The lecture
# writes $\mathrm{Concat}(\mathrm{head}_1, \dots, \mathrm{head}_h)$. (It counts from 1.)
#
# <details><summary>Hint</summary>
#
# Everything that you did in `split_heads`, undone, and in the opposite order: what you did last comes first.
#
# </details>

# %% exercise="merge_heads" points=10
from solutions.multihead.reference import merge_heads

# %% [markdown]
# Cut and put together again, random tokens should come back unchanged.

# %%
with demo():
    x = keras.random.normal((2, 5, 12), seed=1)
    back = merge_heads(split_heads(x, 3))
    print("unchanged:", bool(ops.all(back == x)))

# %% [markdown]
# A word of warning about this test. Two plain reshapes, there and back, return $x$ unchanged as well. A round trip
# shows that nothing was lost. It does not show that the heads hold the right things in between. So look inside, as
# the check does.

# %% [markdown]
# ## 3 · The layer
#
# Here is the formula of the lecture:
#
# $$\mathrm{MultiHead}(Q, K, V) = \mathrm{Concat}(\mathrm{head}_1, \dots, \mathrm{head}_h)\, W^O$$
# $$\text{where } \mathrm{head}_i = \mathrm{Attention}(Q W_i^Q,\ K W_i^K,\ V W_i^V)$$
#
# In lesson 1, $Q$ was the projected table. Here $Q$, $K$ and $V$ are the tokens themselves, and the projections are
# written out, one for each head. Each $W_i^Q$ is a narrow matrix $(D, E)$. Put the $h$ of them side by side, and you
# have one matrix $W^Q$ of shape $(D, D)$. Head 0 owns its first $E$ columns. So one product $X W^Q$ makes the queries
# of all heads at once, and cutting the result is all that is left to do. It is the same for $W^K$ and $W^V$.
#
# Follow the shapes through the layer:
#
# | Step | Shape |
# |---|---|
# | tokens that ask, tokens that are read | $(B, T_q, D)$ and $(B, T_k, D)$ |
# | times $W^Q$; times $W^K$ and $W^V$ | $(B, T_q, D)$; $(B, T_k, D)$ twice |
# | cut into heads | $(B, h, T_q, E)$; $(B, h, T_k, E)$ twice |
# | weights of each head | $(B, h, T_q, T_k)$ |
# | blends of each head | $(B, h, T_q, E)$ |
# | put side by side | $(B, T_q, D)$ |
# | times $W^O$ | $(B, T_q, D)$ |
#
# What happens in each head is lesson 1: scores, scale, mask, softmax, average. Your code of lesson 1 took any number of
# leading axes, and here that pays off: $(B, h)$ are just two of them.

# %% [markdown]
# **Predict.** A layer has $D = 512$. Does it have more weights with 8 heads than with 1? How many weights has it got,
# all biases included? ($512^2 = 262{,}144$.) The cell asks Keras's own layer. Its `key_dim` is our $E$.

# %%
for heads in (1, 2, 8):
    layer = keras.layers.MultiHeadAttention(num_heads=heads, key_dim=512 // heads)
    layer.build((1, 5, 512), (1, 5, 512))
    print(f"{heads} heads of width {512 // heads:3d}: {layer.count_params():,} weights")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It is 1,050,624 every time: four kernels of 262,144 and four biases of 512. The number of heads decides only how the
# columns are shared out.
#
# </details>

# %% [markdown]
# ### Four details
#
# **Who asks, and who is read?** In self-attention the tokens ask each other. The lecture's decoder also has a second
# kind: "Multi-head attention block is NOT self-attention. It attends over encoder outputs." There the words of a
# caption ask, and the patches of the picture are read. Our layer does both. With `key_value=None` the tokens read
# themselves, otherwise they read `key_value`. Queries come from the one, keys *and* values from the other.
#
# **What is $W^O$ for?** After concatenation, the first $E$ numbers of a token come from head 0 alone, the next $E$ from
# head 1 alone. $W^O$ is the first place where the heads' findings meet. (The slide speaks of a *lower* dimensionality:
# where heads are wider than $D/h$, $W^O$ leads back down to $D$. Ours are not, so it is square.)
#
# **Dropout.** During training, the layer sets some of the attention weights to zero at random, after the softmax, so
# that no token learns to rely on a single other one. `keras.layers.Dropout(rate)` does it: made in `__init__`, called
# on the weights. It is awake only with `training=True`. The weights that you return are those from before.
#
# **Masks.** The scores have four axes now, $(B, h, T_q, T_k)$, and a mask is stretched to that shape.

# %% [markdown]
# **Predict.** Scores have the shape $(2, 3, 5, 7)$: 2 images, 3 heads, 5 queries, 7 keys. Which of these masks can be
# stretched to it, and what does each of them mean?
#
# - `(5, 7)`
# - `(2, 1, 1, 7)`
# - `(2, 5, 7)`
#
# And what would happen to the last one if there were 2 heads?

# %%
for heads in (3, 2):
    for mask_shape in [(5, 7), (2, 1, 1, 7), (2, 5, 7)]:
        try:
            result = np.broadcast_shapes((2, heads, 5, 7), mask_shape)
        except ValueError:
            result = "does not fit"
        print(f"{heads} heads, mask {mask_shape!s:13s} -> {result}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# `(5, 7)` is one table for all images and all heads. `(2, 1, 1, 7)` is padding: for each image, which keys are real.
# `(2, 5, 7)` is meant as one table for each image, but shapes are compared from the right, so its 2 meets the 3 heads,
# and it does not fit. With 2 heads it does fit, and that is worse: the table of image 0 is used for head 0, and nobody
# complains. This is why our layer is never given a mask with three axes.
#
# </details>

# %% [markdown]
# ### Exercise: `MultiHeadAttention`
#
# *Difficulty 4 of 5 · importance 5 of 5 · about 40 minutes · 35 points*
#
# There are two places to fill in. The names `wq`, `wk`, `wv` and `wo` matter: the check writes its own numbers into
# these four and then compares. Keras's own `MultiHeadAttention` and its fused attention are switched off here;
# `ops.softmax` is not. (If Keras warns that a layer "does not support masking", go on calmly, as in lesson 1.)
#
# If `split_heads` or `merge_heads` still fails its check, write this exercise all the same. Where an earlier exercise
# is wrong, the grader tries this one again with a right version of it.
#
# <details><summary>Hint</summary>
#
# Go down the table of shapes, line by line, and write one line of code for each of its lines.
#
# Before you write the scale, ask: how many numbers does one dot product inside a head run over?
#
# Which of your tensors are four-dimensional, and at which line do they become three-dimensional again? Where in
# between does the dropout belong, if the weights that you return must not show it?
#
# </details>

# %% exercise="MultiHeadAttention" points=35
from solutions.multihead.reference import MultiHeadAttention

# %% [markdown]
# ### Does Keras agree?
#
# Keras stores the same kernels as $(D, h, E)$ and $(h, E, D)$. These are the same numbers in the same order, so a
# `reshape` is harmless here. Let us copy your weights into Keras's layer and compare, with 5 words that ask 7 patches.

# %%
with demo():
    keras.utils.set_random_seed(2)
    words, patches = keras.random.normal((2, 5, 12)), keras.random.normal((2, 7, 12))
    ours = MultiHeadAttention(dim=12, num_heads=3)
    theirs = keras.layers.MultiHeadAttention(num_heads=3, key_dim=4)
    ours(words, patches), theirs(words, patches)  # the first call makes the weights

    parts = [ours.wq, ours.wk, ours.wv, ours.wo]
    own = [weight for part in parts for weight in (part.kernel, part.bias)]
    theirs.set_weights([ops.reshape(mine, its.shape) for mine, its in zip(own, theirs.weights, strict=True)])
    difference = ops.max(ops.abs(ours(words, patches) - theirs(words, patches)))
    print(f"largest difference from Keras's layer: {float(difference):.1e}")

# %% [markdown]
# Zero, or a few times 1e-07: more is not left than rounding explains. The layer that you wrote is the layer that
# everybody uses.

# %% [markdown]
# ### What does each head look at?
#
# Below is a small picture of 4 by 4 patches in four colours. A patch has 8 features: four lamps for its colour (one of
# them is on), and four lamps for its row. We give your layer kernels that we made by hand: the identity, a few times
# larger for queries and keys. So head 0 compares colours, and head 1 compares rows.
#
# **Predict.** The patch that asks is marked with a ring. Which patches will head 0 look at, and which will head 1? Then
# the same 8 features go to a layer with a *single* head. It compares colours and rows in one dot product. Which patches
# will it look at?

# %%
colours = np.array([[0, 1, 1, 2], [3, 0, 1, 0], [2, 2, 0, 3], [1, 0, 3, 0]])
rows_of_patches = np.repeat(np.arange(4), 4)
patches = np.concatenate([np.eye(4)[colours.ravel()], np.eye(4)[rows_of_patches]], axis=1)[None].astype("float32")
asking = (1, 1)

with demo():
    maps = []
    for heads in (2, 1):
        layer = MultiHeadAttention(dim=8, num_heads=heads, use_bias=False)
        layer(patches)
        for part, size in ((layer.wq, 4.0), (layer.wk, 4.0), (layer.wv, 1.0), (layer.wo, 1.0)):
            part.kernel.assign(size * np.eye(8))
        _, weights = layer(ops.convert_to_tensor(patches), return_weights=True)
        maps += list(ops.convert_to_numpy(weights)[0, :, 4 * asking[0] + asking[1]].reshape(-1, 4, 4))

    _, axes = plt.subplots(1, 4, figsize=(12, 3), layout="constrained")
    axes[0].imshow(np.array([[230, 159, 0], [86, 180, 233], [0, 158, 115], [204, 121, 167]])[colours])
    axes[0].plot(asking[1], asking[0], "o", markersize=22, markerfacecolor="none", markeredgecolor="black")
    axes[0].set(title="the patch that asks", xticks=range(4), yticks=range(4))
    titles = ["two heads: head 0", "two heads: head 1", "a single head"]
    for ax, attention, title in zip(axes[1:], maps, titles, strict=True):
        plots.heat_map(attention.round(2), title=title, ax=ax, limits=(0.0, 0.5))
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Head 0 spreads its weight over all patches of the same colour, wherever they are. Head 1 spreads its weight over the
# row. The single head adds up both scores, so the two patches that have the same colour *and* stand in the same row
# win, and all others together get little. "Same colour" and "same row" have become "both". Two heads keep two answers.
#
# </details>
#
# In a trained transformer nobody assigns such tasks. The heads find them.

# %% [markdown]
# ## 4 · A set, not a list
#
# "It's a set operation (permutation-invariant)", says the slide "Self-attention", "and hence need position embeddings
# to remember the spatial structure". At the end of lesson 1 you were asked to swap two tokens in your head. Time to
# settle it.
#
# A **permutation** $P$ shuffles the tokens. We describe it by a list: with `perm = [2, 0, 1]`, the token that was at
# place 2 comes first, then the one from place 0, then the one from place 1. There are two ways in which a layer $f$ can
# be indifferent to the order, and they have different names:
#
# | | | in words |
# |---|---|---|
# | **equivariant** | $f(Px) = P f(x)$ | the outputs are shuffled along with the inputs |
# | **invariant** | $f(Px) = f(x)$ | the output stays exactly as it was |

# %% [markdown]
# **Predict.** We shuffle the 5 words and send them through your layer. The cell prints the first feature of every
# output, in both cases. Will the second row be the same as the first, the same numbers in another order, or other
# numbers altogether?

# %%
order = np.array([2, 0, 1, 4, 3])

with demo():
    keras.utils.set_random_seed(3)
    layer, words = MultiHeadAttention(dim=12, num_heads=3), keras.random.normal((1, 5, 12))
    print("as they come:", ops.convert_to_numpy(layer(words))[0, :, 0].round(3))
    print("shuffled    :", ops.convert_to_numpy(layer(ops.take(words, order, axis=1)))[0, :, 0].round(3))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The same numbers in another order: each word takes its output along. No dot product and no average asks at which place
# a token stands. So self-attention is permutation-*equivariant*. It is not invariant, as the slide has it.
#
# </details>

# %% [markdown]
# One glance at five numbers is not a measurement. Write the function that measures it, for any layer.
#
# ### Exercise: `permutation_gap`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 15 minutes · 10 points*
#
# <details><summary>Hint</summary>
#
# There are two ways from $x$ to the end: shuffle first and then the layer, or the layer first and then shuffle. An
# equivariant layer arrives at the same place on both. `ops.take` picks entries along one axis of a tensor, in any
# order.
#
# </details>

# %% exercise="permutation_gap" points=10
from solutions.multihead.reference import permutation_gap

# %% [markdown]
# **Predict.** Five layers, all with freshly drawn weights. Which of them have no gap?
#
# - your `MultiHeadAttention`;
# - a `Dense` layer;
# - a convolution over three neighbouring tokens;
# - a `GRU`, a recurrent layer, which reads the tokens from left to right;
# - your `MultiHeadAttention` again, but first each token gets the number of its place added to all its features.

# %%
with demo():
    keras.utils.set_random_seed(4)
    x, attention = keras.random.normal((2, 5, 12)), MultiHeadAttention(dim=12, num_heads=3)
    places = ops.reshape(ops.arange(5, dtype="float32"), (5, 1))
    layers = {
        "MultiHeadAttention": attention,
        "Dense": keras.layers.Dense(12),
        "convolution": keras.layers.Conv1D(12, kernel_size=3, padding="same"),
        "GRU": keras.layers.GRU(12, return_sequences=True),
        "attention, with places": lambda tokens: attention(tokens + places),
    }
    for name, layer in layers.items():
        print(f"{name:23s} gap {float(permutation_gap(layer, x, order)):.1e}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The first two have none, apart from rounding. A `Dense` layer treats each token alone, and attention treats all
# tokens alike. The convolution knows who is whose neighbour, and the GRU knows who came first. And as soon as the
# places are added to the tokens, attention sees them too: that is the slide's "and hence need position embeddings".
#
# </details>
#
# **Where the slide's word is right.** Many networks average the outputs of all tokens at the end. An average does not
# care about order. So equivariant layers, followed by an average, are invariant:

# %%
with demo():
    average = ops.mean(attention(x), axis=1)
    average_shuffled = ops.mean(attention(ops.take(x, order, axis=1)), axis=1)
    print(f"the average moves by {float(ops.max(ops.abs(average - average_shuffled))):.1e}")

# %% [markdown]
# A picture classifier made like this gives the same answer for a photograph and for the same photograph with its
# patches shuffled like cards. For a set of patches, that is right. For a picture, it is a loss. In section 6 you will
# measure such a loss.

# %% [markdown]
# ## 5 · What attention costs
#
# "Highly scalable, highly parallelizable, but high memory usage", says the lecture, and later: "computation is
# quadratic in the input sequence length, quickly gets very expensive (with > few thousand tokens)". You know enough to
# put numbers to it.
#
# A matrix product $(a \times b) \cdot (b \times c)$ has $a \cdot c$ results, and each is a sum of $b$ products. So it
# takes $a \cdot b \cdot c$ **multiply-adds**: one multiplication and one addition, counted together as one. On paper,
# go through the table of shapes in section 3 once more, for one image, $N$ tokens that attend to themselves, and write
# down every matrix product. There are four with a kernel, and two inside each head.

# %% [markdown]
# **Predict.** You double the number of tokens. Which of these stay the same, which double, and which become four times
# as large? And which of them change if you double the number of *heads* instead?
#
# - the weights of the layer;
# - the multiply-adds of the four projections;
# - the multiply-adds inside the heads;
# - the numbers in all score matrices.
#
# Your function will tell you.

# %% [markdown]
# ### Exercise: `attention_cost`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 15 minutes · 10 points*
#
# The text of the function has a number to test yourself with: 2,003,828,736. That is what equation 1 of the Swin paper,
# which counts exactly this layer, gives for $56 \cdot 56$ tokens of width 96.
#
# <details><summary>Hint</summary>
#
# Inside one head, queries and keys are $E$ wide. Write down the cost of its first product, then of its second. Add up
# all $h$ heads, and use that $h \cdot E$ is $D$. What has become of $h$?
#
# </details>

# %% exercise="attention_cost" points=10
from solutions.multihead.reference import attention_cost

# %% [markdown]
# The answers to the prediction, and the lecture's own example. "For ImageNet: 224x224 pixels, ~50,000 sequence length":
# one token for each pixel. And beside it, one token for each patch of 16 by 16 pixels. A float32 number takes 4 bytes.

# %%
with demo():
    for tokens_in, heads in ((196, 8), (392, 8), (196, 16)):
        print(f"{tokens_in} tokens, {heads:2d} heads, width 512:", attention_cost(tokens_in, 512, heads))

    print()
    for name, side in (("every pixel", 224), ("every patch", 224 // 16)):
        entries = attention_cost(side * side, 64, 1)["score_entries"]
        print(f"{name} a token: {side * side:6,} tokens, {4 * entries / 1e9:.5f} GB for one score matrix")

# %% [markdown]
# <details><summary>Answer to the prediction</summary>
#
# Twice the tokens: the weights stay, the projections double, the products inside the heads and the scores become four
# times as many. Twice the heads: weights and multiply-adds stay, and the scores double, because each head has a table
# of its own. So many heads are free in weights and in arithmetic, but not in memory.
#
# </details>
#
# The score matrix of a single head, for a single picture, in a single layer, takes 10.07 GB if every pixel is a token.
# Many graphics cards do not have that much in all. With patches it is 65,536 times smaller. Now you know why the paper
# is called "An Image is Worth 16x16 Words", and not 50,176.

# %% [markdown]
# ## 6 · Backwards: what a set cannot do
#
# A toy with a known truth. The input is a row of 16 digits, and the model has to say them backwards. You could write
# it in one line of Python. For attention it is a good test: to fill the first place, a token must read the last one,
# and nothing but its *place* tells it so.

# %%
x_some, y_some = reversal_data(count=3, seed=0)
for row, target in zip(x_some, y_some, strict=True):
    print(row, "->", target)

# %% [markdown]
# The model is given, with Keras's own attention, the twin of yours. `build_reverser` turns each digit into a learned
# vector, adds the positions, and sends the tokens through **one** layer of attention and one `Dense` layer. Only the
# attention can carry a digit from one place to another.
#
# The positions are given too, by `position_table`. It has a lamp for each place: in row $i$, number $i$ is 1 and all
# others are 0. That is a crude way to number places. It serves here; lesson 3 is about better ones. With
# `build_reverser(positions=...)` you can try another table, for instance one of zeros. Hand in a model with the table
# of lamps: the grader rebuilds your model with this one, and weights that learnt another fail.

# %%
table = position_table(16, 32)
print("positions", table.shape, " place 3 lights lamp", int(np.argmax(table[3])))
print("weights to train:", f"{build_reverser().count_params():,}")

# %% [markdown]
# **Predict.** If you guess at random, you get 1 in 10 digits right. Suppose that a model has *no* positions. It sees
# the digits of the row as a set, so it knows which digits occur and how often. What is the best that it can say, and
# will it get more than 1 in 10 right?

# %%
x_many, y_many = reversal_data(count=2_000, seed=2)
counts = (x_many[:, :, None] == np.arange(10)).sum(axis=1)[:, None] - np.eye(10, dtype=int)[x_many]
guesses = counts.argmax(axis=-1)
print(f"always the most frequent digit of the other places: {np.mean(guesses == y_many):.1%} right")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The best guess for each place is the digit that occurs most often in the other 15 places. That is right in about
# 24 % of the places, and without positions no training in the world gets beyond it. (A place never has to say its own
# digit, because 16 is even and there is no middle.)
#
# </details>

# %% [markdown]
# ### Exercise: `train_reverser`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 20 minutes, with the training · 15 points*
#
# Build the model, compile it, fit it. You choose the optimizer, the learning rate, the size of the batches and how many
# epochs to train. Half a minute on two processor cores is enough.
#
# The grader counts the share of places that your model gets right on sequences that nobody has seen. Full marks start
# at 99 %, there are none for the 24 % of a model without positions, and in between your points grow with the share. You
# may change the model too, if you like: `dim` from 16 to 128, and `num_heads` from 1 to 8.
#
# <details><summary>Hint</summary>
#
# The labels are whole numbers, one for each place, and the model returns logits, not probabilities. Which loss of
# Keras is made for that, and which argument of it must you not forget?
#
# If the accuracy crawls, count the steps: 10,000 sequences in batches of 128 are 79 steps for each epoch. Then think of
# the two knobs that decide how far the model gets with each step, and how many steps there are.
#
# </details>

# %% trained="train_reverser"
from solutions.multihead.reference import train_reverser

# %% [markdown]
# Train, look, and save. Run this cell again whenever you have changed something: the last saved files count.

# %%
with demo():
    data = reversal_data(count=10_000, seed=1), (x_many, y_many)
    model, history = train_reverser(data, seed=1)
    print(f"right on sequences it has never seen: {share_right(model, x_many, y_many):.2%}")
    save_trained("train_reverser", model, reverser_arguments(model))

# %% [markdown]
# The grader does not see your model, only the two files. It rebuilds the model from them and measures it on sequences
# of its own. Do the same, and you know what it will find:

# %%
with demo():
    rebuilt = build_reverser(**reverser_arguments(model))
    rebuilt.load_weights("artifacts/train_reverser.weights.h5")
    print(f"rebuilt from the files: {share_right(rebuilt, x_many, y_many):.2%} right")

# %% check_trained="train_reverser" points=15
check_trained("train_reverser")

# %% [markdown]
# ### Look inside
#
# **Predict.** You know what each place has to read. What will the weights of the heads look like, as a table of 16
# queries by 16 keys? Make a sketch before you run the cell.

# %%
with demo():
    maps = attention_maps(model, x_some)[0]
    _, axes = plt.subplots(1, len(maps), figsize=(4.6 * len(maps), 4), layout="constrained", squeeze=False)
    for head, ax in enumerate(axes[0]):
        plots.heat_map(maps[head], title=f"head {head}", ax=ax, numbers=False)
        ax.set(xlabel="keys", ylabel="queries")
    plt.show()

# %% [markdown]
# **Predict.** Now we take the positions away from your trained model: the same weights, but a table of zeros. Which
# share of the places will it get right? And what will it say for the first row?

# %%
with demo():
    arguments = reverser_arguments(model)
    no_places = np.zeros((arguments["length"], arguments["dim"]))
    blind = build_reverser(**arguments, positions=no_places)
    blind.set_weights(model.get_weights())
    print(f"without positions: {share_right(blind, x_many, y_many):.1%} right")
    print("digits     ", x_some[0])
    print("backwards  ", np.argmax(model.predict(x_some, verbose=0)[0], axis=-1))
    print("blind model", np.argmax(blind.predict(x_some, verbose=0)[0], axis=-1))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Each query reads the key at the other end of the row, so a line stands out from the bottom left to the top right. It
# need not be dark: it is enough that the right key weighs more than any other digit does in all.
# Both heads may do it, or they share the work. Without positions, the model falls back to about 24 %: equal digits get
# equal outputs, wherever they stand, and most of them say the most frequent digit. The weights are as well trained as
# before. What is missing is in the input.
#
# </details>

# %% [markdown]
# ## 7 · The figure
#
# The plot of this lesson shows the memory of one score matrix against the side of the picture, once with every pixel a
# token and once with patches of 16 by 16. Both axes are logarithmic: each step multiplies. In such a plot, a power
# $y = c \cdot x^k$ is a straight line, and its slope is the exponent $k$.
#
# **Predict.** What are the slopes of the two lines? How far apart are they?

# %% [markdown]
# ### Two questions
#
# Work them out on paper, or with your functions. Your answers go into `figure()`.
#
# **`answer_1`.** In `flops` there is one part that grows like $N$, from the four projections, and one that grows like
# $N^2$, from the products inside the heads. For the ViT-Base of the paper, $D = 768$. At how many tokens $N$ are the
# two parts equal? Give one number. From there on, the quadratic part dominates. Then look again at what the slide says
# about "few thousand tokens".
#
# **`answer_2`.** Four functions. For each, give 1 if it is equivariant, 2 if it is invariant, and 0 if it is neither,
# as a list of four numbers. The layer is your `MultiHeadAttention` with arbitrary weights, and no positions are added.
#
# 1. $x \to$ `layer(x)`. The tokens of $x$ are shuffled.
# 2. $x \to$ the average of `layer(x)` over the tokens. The tokens of $x$ are shuffled.
# 3. $c \to$ `layer(x, c)` with a fixed $x$: words that read a picture. The tokens of $c$ are shuffled, those of $x$ are
#    not.
# 4. $x \to$ `layer(x, mask=past)`, where `past` lets each place see itself and the places before it, as in the
#    lecture's decoder. The tokens of $x$ are shuffled, and the mask stays as it is.
#
# The first two you have seen. For the other two, try it.

# %% [markdown]
# ### Exercise: `figure`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 25 minutes, with the two questions · 5 points*
#
# A line through points: `np.polyfit(x, y, 1)` returns its slope first. Your function `attention_cost` counts the
# entries for you. For the answers, the check only says that they have arrived; the grader judges them.
#
# <details><summary>Hint</summary>
#
# How many tokens has a picture with a side of 64 pixels if every pixel is a token? And how many if every patch of 16 by
# 16 is? For the slopes: which two things must you take the logarithm of, before you ask for a line?
#
# </details>

# %% exercise="figure" points=5
from solutions.multihead.reference import figure

# %%
with demo():
    numbers = figure()
    print("slopes:", np.round(ops.convert_to_numpy(numbers["slopes"]), 3))
    ax = plots.curves(
        [32, 64, 112, 224, 448],
        {"every pixel a token": numbers["pixel_bytes"], "every 16 by 16 patch a token": numbers["patch_bytes"]},
        "side of the picture (pixels)",
        "bytes of one score matrix",
        log_x=True,
        log_y=True,
        level=16e9,
        level_name="16 GB",
        title="What one head needs for one picture",
    )
    plt.show()

# %% [markdown]
# **What to look for**
#
# - The dotted line is 16 GB, the memory of a T4, a GPU that Colab often lends. Where does the line of the pixels cross
#   it? And that of the patches?
# - How do the slopes compare with the word "quadratic" on the slide? Quadratic in what?
#
# <details><summary>Answer to the prediction</summary>
#
# Both slopes are 4. The scores are quadratic in the number of tokens, and the tokens are quadratic in the side: twice
# the side is 16 times the memory. Patches do not change the slope. They move the line down, by a factor of $16^4$,
# which is 65,536. That buys a lot, and the slope takes it back as pictures grow. Lesson 9 is about better ways.
#
# </details>

# %% [markdown]
# ## 8 · In your own words
#
# **Question 1** (5 points, about 120 words, read by a person)
#
# A friend plans a transformer for photographs of 224 by 224 pixels. "Every pixel is a token", she says, "and I leave
# the positions out. Attention looks at everything at once, so nothing is lost." What do you tell her?
#
# The grader looks for three things:
#
# - You say what it means that attention is equivariant, and what her model can therefore not tell apart. You support it
#   with a number that you measured in section 6.
# - You read a value from your plot, and you say what it means for her plan.
# - You tell her what to do instead, with a reason for each of the two problems.
#
# Full sentences, please. Write your text into the next cell, in place of the words that stand there.

# %% [markdown] question="question_1" points=5
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# The attention layer of the paper, whole, and the tools to look at it.
#
# 1. Several narrow heads keep several answers apart. They cost no more weights than one wide head: $4D^2 + 4D$.
# 2. Cutting and merging is easy to get wrong in a way that keeps the shape. Look at which numbers end up where.
# 3. Self-attention is permutation-*equivariant*. Followed by an average it is invariant. To know about places, it must
#    be told.
# 4. Scores grow with the square of the tokens, and with the fourth power of the side of a picture. Patches make it
#    bearable.
#
# **What comes next.** Two loose ends lead to lesson 3: how a picture becomes a row of patches, and how places are
# numbered well.
#
# **Further reading**
#
# - Vaswani et al. 2017, "Attention Is All You Need", section 3.2.2, on multi-head attention.
# - Liu et al. 2021, "Swin Transformer", equation 1, for the cost that you counted.
# - Zaheer et al. 2017, "Deep Sets", on functions of sets, and on what an equivariant linear layer must look like.
# - Phillip Lippe's UvA Deep Learning Tutorial 6, where the backwards task comes from.
#
# **Handing in.** Choose "Restart and run all" once, and look through the checks. Then save the notebook, and submit
# `02_multihead.ipynb` together with the folder `artifacts` and the two files in it, in the way your course tells you.
