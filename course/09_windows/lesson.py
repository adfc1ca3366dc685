# %% [markdown]
# # Lesson 9 · Cheaper attention: neighbours, lines and windows
#
# Attention lets every token look at every other. That is its strength, and its price: twice as many tokens make four
# times as many pairs. "How can we deal with this quadratic complexity?", asks the lecture, and shows several answers.
# In this lesson you build two of them, attention that stays local and attention along rows and columns. You also build
# what the lecture shows on another slide: the windows of Swin, which shift from block to block. And you measure what
# each of them costs, and how far news travels.
#
# **When you are done, you can**
#
# - work out the price of a layer of attention, and say when it is too high;
# - write the mask of local attention, and say why a mask alone saves nothing;
# - run attention along one axis of a grid, and show that two passes reach everything;
# - cut a grid into windows, shift them with a roll, and keep apart what does not belong together;
# - number the steps in a window, so that a head can learn to look "one to the left";
# - build a block of the Swin Transformer, and merge patches as it does.
#
# Plan three and a half to four hours. You need heads from lesson 2, patches from lesson 3 and the encoder block from
# lesson 4.

# %% [markdown]
# ## How this notebook works
#
# - Write your code in place of `raise NotImplementedError()`, and run the `check(...)` below it as often as you like.
#   Where it says **Predict**, write down your guess before you run the cell. "Run all" works from the first minute.
# - The grader asks what `check` asks, with other numbers and other shapes, and its grids are hardly ever square. Partly
#   right work gets part of the points, and a mistake in one exercise is not counted again in the next.
# - Nothing of Keras, NumPy or TensorFlow is switched off in this lesson.
# - Everything here is about *which* tokens meet. Heads, softmax and MLP are those of lessons 2 and 4.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `local_attention_mask` | 12 | 15 |
# | `axial_attention` | 15 | 20 |
# | `window_partition` | 8 | 10 |
# | `window_reverse` | 8 | 10 |
# | `attention_pairs` | 8 | 15 |
# | `shifted_window_mask` | 17 | 30 |
# | `relative_position_index` | 7 | 15 |
# | `SwinBlock` | 12 | 40 |
# | `patch_merging` | 5 | 10 |
# | `figure`, with two answers | 3 | 25 |
# | `question_1`, a short text | 5 | 15 |
# | **Sum** | **100** | **205** |

# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, demo, plots

# %% [markdown]
# ## Conventions
#
# | Letter | Meaning |
# |---|---|
# | $B$ | images in a batch |
# | $H$, $W$ | rows and columns of *tokens*: the grid of patches of an image |
# | $C$ | width of a token (the Swin paper's letter for our $D$) |
# | $w$ | side of a window, in tokens; the paper writes $M$ |
# | $h$ | heads |
# | $n_W$ | windows in one image, $(H/w)(W/w)$ |
#
# Tokens stay in their grid in this lesson: $(B, H, W, C)$. Where they have to be numbered, they are numbered row by
# row: the token in row $y$ and column $x$ has number $y \cdot W + x$. In a mask, 1 means *may attend*; masks and tables
# have no batch axis. We count from 0.

# %% [markdown]
# ## 1 · The bill
#
# From the lecture, on why transformers and pictures did not go together at first: "Issue with self-attention for
# vision: computation is quadratic in the input sequence length, quickly gets very expensive (with > few thousand
# tokens)". And: "For ImageNet: 224x224 pixels → ~50,000 sequence length. Even worse for higher resolution and video."
#
# The ViT pays the bill with large patches: 16 by 16 pixels, 196 tokens. That is fine to name what is in a picture. To
# find the outline of a hand, or a crack in a bridge, a patch of 16 is coarse. Swin starts with patches of 4.
#
# **Predict.** A picture of 224 by 224 pixels, with patches of 4 in place of 16. How many tokens are there? How many
# pairs of them does one head score? And what does the second number become if the picture has 448 by 448 pixels?

# %%
for pixels, patch in ((224, 16), (224, 4), (448, 4), (224, 1)):
    tokens = (pixels // patch) ** 2
    print(f"{pixels} pixels, patches of {patch:2d}: {tokens:6,d} tokens, {tokens**2:13,d} pairs")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 3,136 tokens: the lecture's "few thousand". They make 9.8 million pairs, 256 times as many as with patches of 16. With
# twice the side there are four times the tokens and sixteen times the pairs. However small you make the constant, the
# fourth power of the side catches up with you. So it is the *pairs* that have to become fewer.
#
# </details>

# %% [markdown]
# ## 2 · Neighbours
#
# The first idea on the slides: "Make self-attention local, use it instead of convs in a ResNet". A token looks at a
# square around itself and at nothing else, as a convolution does. With radius 1 the square has 3 by 3 tokens, with
# radius 2 it has 5 by 5. What is different from a convolution is *how* it looks: the weights are not learned once and
# for all, but come from queries and keys, anew at each place.
#
# Which square? The token in row 2 and column 3 with radius 1 sees rows 1 to 3 and columns 2 to 4. The larger of the two
# distances decides, the one in rows or the one in columns. (This is the Chebyshev distance. A king on a chessboard
# needs that many moves.) At the border, the square is cut off: there is nothing beyond.
#
# **Predict.** On a grid of 5 by 7 with radius 1: how many tokens does one in a corner see, one at an edge, and one in
# the middle? On the whole grid: how many ones does the mask have, of $35 \cdot 35 = 1{,}225$ entries?

# %% [markdown]
# ### Exercise: `local_attention_mask`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 15 minutes · 12 points*
#
# <details><summary>Hint</summary>
#
# First find the row and the column of each number: two lists with an entry for each token. Which length do you divide
# by? Then compare every entry of a list with every entry of the same list. Broadcasting made a table from two lists in
# lesson 3 already. You get two tables, one of distances in rows and one in columns. How do you make one of them?
#
# </details>

# %% exercise="local_attention_mask" points=12
from solutions.windows.reference import local_attention_mask

# %% [markdown]
# Whom do three tokens of the grid see? The one that asks is orange. Below, the mask as a whole.


# %%
def coloured(seen, y, x):
    """Grids (..., H, W) of True and False as pictures (..., H, W, 3), the token that asks in orange."""
    picture = np.where(np.asarray(seen)[..., None], [0.0, 0.45, 0.70], [0.90, 0.91, 0.93])
    picture[..., y, x, :] = [0.84, 0.37, 0.0]
    return picture


with demo():
    mask = ops.convert_to_numpy(local_attention_mask(5, 7, 1)).astype(bool)
    askers = {"a corner": (0, 0), "an edge": (2, 6), "the middle": (2, 3)}
    rows = {name: mask[y * 7 + x].reshape(5, 7) for name, (y, x) in askers.items()}
    shown = [coloured(rows[name], y, x) for name, (y, x) in askers.items()]
    plots.pictures(np.stack(shown), [f"{name}: sees {rows[name].sum()}" for name in askers])
    plt.gcf().set_size_inches(7, 2.2)
    plt.show()

    plots.heat_map(mask, numbers=False, title="Who may look at whom, 35 tokens")
    plt.show()
    print("ones in the mask:", mask.sum(), "of", mask.size)

# %% [markdown]
# <details><summary>Answer, and what to look for</summary>
#
# 4, 6 and 9. All in all: the 5 rows see 2, 3, 3, 3 and 2 rows, 13 together, and the 7 columns see 19 columns. That
# makes $13 \cdot 19 = 247$ ones. In the large picture, three bands of short steps run along the diagonal: a token sees
# the row above, its own row and the row below. Where a row of the grid ends, the band is interrupted. The last token of
# a row and the first one of the next follow each other in number, but not in the picture.
#
# </details>
#
# **A mask saves nothing.** With your mask, Keras's attention still computes all 1,225 scores and then throws 978 of
# them away. To really save, a program has to gather the neighbours of each token first, and that means special code for
# graphics cards. That is one reason why you meet local attention less often than you might expect. The next two ideas
# only need the axes in another order.

# %% [markdown]
# ## 3 · Lines
#
# "Idea: Make self-attention 1D (a.k.a. axial), use it instead of convs." A token looks along its column, and then, in a
# second pass, along its row. Each line is a short sequence of its own. For the attention layer, the lines are simply
# more sequences in the batch: it never mixes those.
#
# **Predict.** On Swin's grid of 56 by 56: how many pairs do the two passes score together, and how many times fewer is
# that than with 3,136 tokens that all see each other? And after both passes: from which tokens can a given token have
# heard?

# %%
numbers = np.arange(56 * 56).reshape(56, 56)
pairs = sum(line.size**2 for line in (*numbers.T, *numbers))  # each column, and then each row
print("pairs along the columns and along the rows:", pairs, " instead of", numbers.size**2)

# %% [markdown]
# ### Exercise: `axial_attention`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 20 minutes · 15 points*
#
# You write one pass. What happens along a line is not your concern: that is `attn`, which is handed to you. The
# grader's `attn` notices when the tokens of a line come in another order.
#
# <details><summary>Hint</summary>
#
# Do axis 2 first. A row's tokens lie side by side in memory, so what do you have to do to $(B, H, W, C)$ to make $B
# \cdot H$ sequences of it? And to get the grid back?
#
# A column's tokens do *not* lie side by side. Which two axes would have to change places, so that you could go on as
# before? And what is left to do at the end? Published code has left one of these steps out, and no shape complained.
#
# </details>

# %% exercise="axial_attention" points=15
from solutions.windows.reference import axial_attention

# %% [markdown]
# News travels. On a grid of 5 by 7 one token is changed, the orange one. Which outputs change: after a pass along the
# height, and after a second one along the width?

# %%
with demo():
    keras.utils.set_random_seed(1)
    lines = [keras.layers.MultiHeadAttention(2, 4) for _ in range(2)]
    before = np.random.RandomState(0).normal(size=(1, 5, 7, 8)).astype("float32")
    after = before.copy()
    after[0, 1, 4] += np.arange(8) % 3

    def passes(x):
        """The grid after the first pass, and after both."""
        first = axial_attention(x, 1, lambda t: lines[0](t, t))
        return first, axial_attention(first, 2, lambda t: lines[1](t, t))

    both = zip(passes(after), passes(before), strict=True)
    changed = [np.abs(ops.convert_to_numpy(one - two))[0].max(axis=-1) > 1e-6 for one, two in both]
    ways = ("after the height", "after the width, too")
    names = [f"{way}: {table.sum()} have changed" for way, table in zip(ways, changed, strict=True)]
    plots.pictures(coloured(changed, 1, 4), names)
    plt.gcf().set_size_inches(8, 3.2)
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# 351,232 pairs in place of 9,834,496: 28 times fewer. After the first pass, the column knows. After the second one,
# everybody does: each token reads its row, and in each row one token stands in the changed column. Two passes reach the
# whole grid, however large it is.
#
# There is a catch. The news from the far corner came through a single token, the one in your row that stands in the
# changed column, and it had to fit into what that token passes on.
#
# </details>

# %% [markdown]
# ## 4 · Windows
#
# Swin cuts the grid into windows, squares of $w$ by $w$ tokens that do not overlap, and lets tokens look at each other
# inside their window only. (In the paper $w = 7$.) You know the scissors from lesson 3. What was a patch of pixels
# there is a window of tokens here, and there are two differences: tokens stay tokens, of width $C$, and the windows of
# all images stand in one long list. For the attention layer a window is one more sequence in the batch.
#
# **Predict.** Here is a grid of 4 by 6 tokens, numbered row by row. Which tokens are in window 1, and in which order,
# if windows have a side of 2 and are counted as we read? What would a `reshape` to $(6, 4)$ put there?

# %%
numbers = np.arange(24).reshape(4, 6)
print(numbers)
print("a reshape alone puts", numbers.reshape(6, 4)[1].tolist(), "into window 1; the square holds", end=" ")
print(numbers[:2, 2:4].ravel().tolist())

# %% [markdown]
# ### Exercise: `window_partition`
#
# *Difficulty 2 of 5 · importance 5 of 5 · about 10 minutes · 8 points*
#
# <details><summary>Hint</summary>
#
# The height becomes two axes, rows of windows and rows in a window, and so does the width. That makes six. Write down
# their names, and below them the order in which you want to walk through them. Which axes belong to the list of
# windows, and which to the list of tokens?
#
# </details>

# %% exercise="window_partition" points=8
from solutions.windows.reference import window_partition

# %% [markdown]
# ### Exercise: `window_reverse`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 10 minutes · 8 points*
#
# And back. From the list alone you cannot tell a tall grid from a wide one, so you are told.
#
# <details><summary>Hint</summary>
#
# Read your notes on `window_partition` from the bottom to the top. For the first `reshape` you need the lengths of six
# axes. Two of them have to be worked out, and one may be left to the computer.
#
# </details>

# %% exercise="window_reverse" points=8
from solutions.windows.reference import window_reverse

# %% [markdown]
# Here is the postcard of lesson 3 again. Each pixel is a token, of width 3, and windows have 8 by 8 tokens. On the
# right, every token has been replaced by the average of its window: the simplest attention there is, with equal
# weights.

# %% given="postcard"
from solutions.tokens.reference import postcard

# %%
with demo():
    card = postcard()[None]
    windows = ops.convert_to_numpy(window_partition(card, 8))
    averages = np.broadcast_to(windows.mean(axis=1, keepdims=True), windows.shape)
    back = ops.convert_to_numpy(window_reverse(windows, 8, 32, 48))
    print("windows", windows.shape, " the grid comes back unchanged:", np.array_equal(back, card))

    _, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
    plots.pictures(windows.reshape(24, 8, 8, 3), columns=6, title="24 windows", ax=left, gap=0.08)
    plots.pictures(window_reverse(averages, 8, 32, 48), title="each token: the average of its window", ax=right)
    plt.show()

# %% [markdown]
# **What to look for.** The roof of the house falls into several windows. Can its left end (columns 4 to 7) know
# anything of its right end (columns 16 to 22)? How many such layers, one after the other, would it take?

# %% [markdown]
# ## 5 · Four prices
#
# Time to compare. One layer of attention computes its projections for every token: $4 H W C^2$ multiply-adds, no matter
# what the tokens look at. For each pair it computes a score and adds a weighted value: $2 C$ multiply-adds for every
# pair. So the whole price is
#
# $$4\, H W C^2 + 2\, C \cdot \text{pairs}$$
#
# With all $(HW)^2$ pairs that is equation 1 of the Swin paper, and with windows it is equation 2. (The two passes of
# axial attention are two layers, each with projections of its own: they pay $4 H W C^2$ twice.)
#
# **Predict.** The side of the grid doubles. By which factor do the pairs grow: when everybody sees everybody, with a
# radius of 3, with lines, with windows of 7?

# %% [markdown]
# ### Exercise: `attention_pairs`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 15 minutes · 8 points*
#
# <details><summary>Hint</summary>
#
# Three of the four kinds are one line each: how many tokens ask, times how many each of them sees. For "local", those
# at the border see fewer. You could count the ones of your mask, and for small grids that is fine. But in the figure a
# grid of 224 by 224 is coming, and there the mask would have 2.5 billion entries. So look at section 2 again, where
# $247 = 13 \cdot 19$: rows and columns can be counted one by one.
#
# </details>

# %% exercise="attention_pairs" points=8
from solutions.windows.reference import attention_pairs

# %%
with demo():
    kinds = {"global": {}, "local": {"radius": 3}, "axial": {}, "window": {"window": 7}}
    table = ["pairs       14 x 14       28 x 28         56 x 56   multiply-adds at 56 x 56 and C = 96"]
    for kind, more in kinds.items():
        found = [attention_pairs(kind, side, side, **more) for side in (14, 28, 56)]
        layers = 2 if kind == "axial" else 1  # each pass has projections of its own
        whole = layers * 4 * 56 * 56 * 96**2 + 2 * 96 * found[-1]
        table.append(f"{kind:8s} {found[0]:10,d} {found[1]:13,d} {found[2]:15,d}   {whole:13,d}")
    print("\n".join(table))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Global: 16. Lines: 8, since there are four times the tokens and each line is twice as long. Windows: 4, exactly like
# the tokens: the price is *linear*. Radius 3: a little more than 4, because in a larger grid fewer tokens, in
# proportion, stand at the border. In the last column, 2,003,828,736 and 145,108,992 are what equations 1 and 2 of the
# Swin paper give. With windows there are 64 times fewer pairs, but the layer is only 14 times cheaper, because the
# projections remain. Lines have 28 times fewer pairs and are not even 7 times cheaper: they pay the projections twice.
#
# </details>

# %% [markdown]
# ## 6 · The shift
#
# Windows have a flaw: nothing ever crosses their borders. Put ten such blocks one after the other, and the left end of
# the roof still knows nothing of the right end.
#
# Swin's answer gave it its name: Hierarchical Vision Transformer using **Shifted Windows**. In every second block the
# windows lie elsewhere, half a window further down and to the right, so that they cover the old borders. Tokens that
# were parted a block ago meet now.
#
# How do you move windows? You do not: you move the grid, by a **roll**. All tokens go up by `shift` and to the left by
# `shift`, and what sticks out comes in again at the other end. Then the old scissors cut new windows.

# %%
numbers = np.arange(16).reshape(4, 4)
print(numbers, "\n\nrolled by 1 up and 1 to the left:\n")
print(np.roll(numbers, (-1, -1), axis=(0, 1)))

# %% [markdown]
# **Predict.** With windows of 2 by 2: which four tokens are in the top-left window after the roll, and which in the
# bottom-right one? Are they neighbours in the picture?

# %%
with demo():
    rolled = np.roll(np.arange(16).reshape(1, 4, 4, 1), (-1, -1), axis=(1, 2))
    windows = ops.convert_to_numpy(window_partition(rolled, 2))[..., 0]
    print("top-left", windows[0].tolist(), " bottom-right", windows[3].tolist())

    card = postcard()[None]
    pieces = ops.convert_to_numpy(window_partition(np.roll(card, (-4, -4), axis=(1, 2)), 8)).reshape(24, 8, 8, 3)
    plots.pictures(pieces, columns=6, title="The postcard, rolled by 4 and cut again", gap=0.08)
    plt.gcf().set_size_inches(6, 4.4)
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Top left are 5, 6, 9 and 10: the middle of the picture, four neighbours that no window held before. Bottom right are
# 15, 12, 3 and 0, the four *corners* of the picture. They share a window only because the roll brought them together.
# In the postcard, the meadow's lower edge has come to lie above a strip of sky, and they share windows.
#
# </details>
#
# So there are two **seams** in the rolled grid, a horizontal and a vertical one. Below the first lie the rows that came
# in from the top of the picture, and to the right of the second the columns that came in from the left. Where a window
# lies on a seam, tokens from the two sides must not look at each other. That is a matter for a mask, and since windows
# differ, each window has one of its own.
#
# **Predict.** A grid of 8 by 8, windows of 4, shift 2: four windows, with $16 \cdot 16 = 256$ pairs each. Which of them
# lie on a seam? How many pairs are allowed in each? Draw the rolled grid, and the two seams.

# %% [markdown]
# ### Exercise: `shifted_window_mask`
#
# *Difficulty 4 of 5 · importance 5 of 5 · about 30 minutes · 17 points*
#
# Half a window is Swin's choice. Here the shift may be any number from 0 to $w - 1$.
#
# <details><summary>Hint</summary>
#
# Think of the rolled grid as a map with regions: how many pieces do the two seams make of it? Give each place of the
# grid a number that says in which piece it lies, and see to it that no two pieces get the same one. Now you have a grid
# of numbers, and you own a pair of scissors that cuts grids into windows (it expects four axes). What does a mask say
# of two tokens, in terms of their numbers?
#
# </details>

# %% exercise="shifted_window_mask" points=17
from solutions.windows.reference import shifted_window_mask

# %%
with demo():
    masks = ops.convert_to_numpy(shifted_window_mask(8, 8, 4, 2)).astype(int)
    places = ("top left", "top right", "bottom left", "bottom right")
    _, axes = plt.subplots(1, 4, figsize=(14, 3.3), layout="constrained")
    for table, name, ax in zip(masks, places, axes, strict=True):
        plots.heat_map(table, numbers=False, title=f"{name}: {table.sum()} allowed", ax=ax)
        ax.set(xlabel="keys", ylabel="queries", xticks=[], yticks=[])
    plt.show()

# %% [markdown]
# <details><summary>Answer, and what to look for</summary>
#
# 256, 128, 128 and 64. The first window lies on no seam. In the second, each row of four tokens is parted in the
# middle: two and two, a pattern that repeats itself sixteen times. In the third, the upper eight tokens and the lower
# eight are strangers, so there are two large blocks. The last window is made of four pieces with four tokens each, and
# $4 \cdot 4 \cdot 4 = 64$.
#
# Why not let them look? Nothing would crash, and it would even train. But a head that has learned what "to my right"
# means would find the left edge of the picture there.
#
# </details>

# %% [markdown]
# ## 7 · One to the left
#
# Attention knows no places. In lesson 3 the answer was a vector for each place, added to the token. Swin looks at
# *pairs*: where does the query lie, seen from the key? For each such step, so many rows down and so many columns to the
# right, there is one learned number per head. It is added to the score:
#
# $$\mathrm{softmax}\left(\frac{q k^T}{\sqrt{C/h}} + \mathrm{bias}\right) v$$
#
# If the number for "my key is one to the left of me" is large, this head looks to the left, everywhere in the picture.
#
# **Predict.** In a window of 7 by 7: how many pairs of tokens are there, and how many different steps from a key to a
# query? (Steps down run from -6 to 6.)

# %%
window = [(row, column) for row in range(7) for column in range(7)]
seen_from_keys = {(row - down, column - right) for row, column in window for down, right in window}
print("pairs:", len(window) ** 2, " steps:", len(seen_from_keys))

# %% [markdown]
# <details><summary>Answer</summary>
#
# 49 tokens make 2,401 pairs, and they share $13 \cdot 13 = 169$ steps. So 169 numbers for each head are enough, and
# they serve windows in all places of all pictures.
#
# </details>
#
# The 169 numbers lie in a table, `rel_bias`, with one row for each step and one column for each head. What is missing
# is a list of which row belongs to which pair. A step, query minus key, is two numbers, each from $-(w-1)$ to $w-1$.
# Moved up so that they start at 0, they run from 0 to $2w-2$, and then they are numbered as the cells of a table with
# $2w-1$ columns: row by row.

# %% [markdown]
# ### Exercise: `relative_position_index`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 15 minutes · 7 points*
#
# <details><summary>Hint</summary>
#
# As in `local_attention_mask`: rows and columns of all tokens, and then everyone against everyone. But this time the
# sign matters: who is taken away from whom? Compare with the small table in the text of the function. Its first row
# belongs to query 0, top left: its keys lie to the right of it or below.
#
# </details>

# %% exercise="relative_position_index" points=7
from solutions.windows.reference import relative_position_index

# %% [markdown]
# Let us invent a table for one head and windows of 4: large for small steps, and larger to one side than to the other.
# On the left are its 49 numbers in 7 by 7 cells. The other two plots show what your index makes of them: the bias of
# each key in the window, for one query, which has a frame around it.

# %%
with demo():
    steps = np.arange(-3, 4)
    invented = 3.0 - np.hypot(steps[:, None], steps) + 0.8 * steps  # rows: steps down; columns: steps to the right
    index = ops.convert_to_numpy(relative_position_index(4)).astype(int)
    bias = invented.ravel()[index]
    _, axes = plt.subplots(1, 3, figsize=(13, 3.8), width_ratios=(7, 4, 4), layout="constrained")
    ticks = [str(step) for step in steps]
    look = {"limits": (-5, 5), "signed": True}
    plots.heat_map(invented, ticks, ticks, title="bias of each step, query minus key", ax=axes[0], **look)
    axes[0].set(xlabel="columns to the right", ylabel="rows down")
    for query, ax in zip((0, 10), axes[1:], strict=True):
        plots.heat_map(bias[query].reshape(4, 4), title=f"query {query}: bias of each key", ax=ax, **look)
        corner = (query % 4 - 0.5, query // 4 - 0.5)
        ax.add_patch(plt.Rectangle(corner, 1, 1, fill=False, edgecolor=plots.INK, linewidth=3))
    plt.show()

# %% [markdown]
# **What to look for.** Query minus key: to which side do the tokens look, to the left or to the right? Find the bias of
# query 10 for the key to its left in the table.
#
# <details><summary>Answer</summary>
#
# To the left. The key on the left has a query one column to the *right* of it, so its step is 0 rows down and +1 column
# to the right, with a bias of 2.80. The key on the right has the step -1, and 1.20.
#
# </details>

# %% [markdown]
# ## 8 · The block
#
# Now everything comes together. A Swin block is the ViT's block of lesson 4 with another attention in it:
#
# $$z = x + \mathrm{attention}(\mathrm{norm}_1(x)), \qquad y = z + \mathrm{mlp}(\mathrm{norm}_2(z))$$
#
# And this is what happens in `attention`:
#
# | Step | Shape |
# |---|---|
# | the normed grid, rolled by `shift` up and to the left | $(B, H, W, C)$ |
# | windows | $(B \cdot n_W, w^2, C)$ |
# | queries, keys and values, each cut into heads | $(B \cdot n_W, h, w^2, C/h)$ |
# | scores, plus the bias $(h, w^2, w^2)$ | $(B \cdot n_W, h, w^2, w^2)$ |
# | the mask $(n_W, w^2, w^2)$, softmax | $(B \cdot n_W, h, w^2, w^2)$ |
# | times values, heads side by side, `wo` | $(B \cdot n_W, w^2, C)$ |
# | the windows joined, and rolled back | $(B, H, W, C)$ |
#
# Keras's own `MultiHeadAttention` cannot add a bias to its scores, so `wq`, `wk`, `wv` and `wo` of lesson 2 are back.
#
# **Predict.** The first block of the smallest Swin has $C = 96$, 3 heads, $w = 7$ and 384 for the MLP. How many numbers
# does it train: in the four projections, in the MLP, in the norms, in `rel_bias`? Which of them would be more for a
# larger picture? (Keep your last answer: section 11 asks again.)

# %%
projections, mlp, norms, table = 4 * (96 * 96 + 96), 96 * 384 + 384 + 384 * 96 + 96, 4 * 96, 13 * 13 * 3
print(f"{projections:,} + {mlp:,} + {norms} + {table} = {projections + mlp + norms + table:,}")

# %% [markdown]
# ### Exercise: `SwinBlock`
#
# *Difficulty 5 of 5 · importance 5 of 5 · about 40 minutes · 12 points*
#
# There are **two** places to fill in. If an earlier exercise still fails its check, write this one all the same: the
# grader tries it again with right versions of what it calls.
#
# <details><summary>Hint</summary>
#
# Get the block without a shift right first, then roll, then mask. `ops.roll` takes two shifts and two axes at once.
#
# For the bias: `ops.take(table, index, axis=0)` reads a row for each entry of an index. What shape has the result, and
# where do the heads stand in it? Where do they stand in the scores?
#
# For the mask: there are $n_W$ masks and $B \cdot n_W$ windows. In which order do the windows stand, and so, which
# comes first in a long list of masks: all masks once, or the first mask $B$ times? (Or give the scores one axis more,
# so that broadcasting does it.) And the heads need an axis, too.
#
# </details>

# %% exercise="SwinBlock" points=12
from solutions.windows.reference import SwinBlock

# %% [markdown]
# One token of a grid of 8 by 12 is changed, the orange one. The blue ones notice: after a block without a shift, after
# one with a shift, and after both, one after the other.
#
# **Predict.** Windows have a side of 4, and the shift is 2. The orange token stands in row 1 and column 4. Sketch the
# three pictures.

# %%
with demo():
    keras.utils.set_random_seed(2)
    still, shifted = (SwinBlock(dim=12, num_heads=3, window=4, shift=shift, mlp_dim=24) for shift in (0, 2))
    before = np.random.RandomState(1).normal(size=(1, 8, 12, 12)).astype("float32")
    after = before.copy()
    after[0, 1, 4] += 3 * (np.arange(12) % 3)
    ways = {"no shift": [still], "shift 2": [shifted], "both": [still, shifted]}
    changed = []
    for blocks in ways.values():
        one, two = before, after
        for swin in blocks:
            one, two = swin(one), swin(two)
        changed.append(np.abs(ops.convert_to_numpy(two - one))[0].max(axis=-1) > 1e-6)
    names = [f"{name}: {table.sum()} change" for name, table in zip(ways, changed, strict=True)]
    plots.pictures(coloured(changed, 1, 4), names)
    plt.gcf().set_size_inches(8, 2.5)
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Without a shift, the window of rows 0 to 3 and columns 4 to 7 notices, 16 tokens. With the shift, windows begin in the
# rows 2 and 6. Above them is left a strip of two rows; there the token's window has rows 0 and 1 and columns 2 to 5: 8
# tokens. (In the rolled grid this window lies at the bottom, on the seam.) After both blocks, 48 tokens know: windows
# that touch the first window pass the news on.
#
# If the last rows had turned blue in the middle picture, news would have jumped over the seam.
#
# </details>

# %% [markdown]
# ## 9 · Fewer, wider tokens
#
# "Hierarchical", says Swin's title. A CNN halves its maps from time to time and makes them deeper; the ViT keeps its
# 196 tokens to the end. Swin does as CNNs do. Between two stages, **patch merging** makes one token of each 2 by 2: it
# puts the four side by side, $4C$ numbers, and a matrix turns them into $2C$.
#
# | Stage | Grid | $C$ | windows of 7 by 7 |
# |---|---|---|---|
# | 1 | 56 by 56 | 96 | 64 |
# | 2 | 28 by 28 | 192 | 16 |
# | 3 | 14 by 14 | 384 | 4 |
# | 4 | 7 by 7 | 768 | 1 |
#
# **Predict.** How many numbers does a grid hold before and after merging? In the last stage there is one window: what
# kind of attention is that? And do the projections of a layer become cheaper from stage 1 to stage 4?

# %%
print("before:", 56 * 56 * 96, " after:", 28 * 28 * 192)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Half as many. And with one window that covers everything, attention in the last stage is global again. By then there
# are 49 tokens, and their 2,401 pairs cost next to nothing. But the projections cost exactly what they cost in stage 1,
# $4 \cdot 49 \cdot 768^2 = 4 \cdot 3{,}136 \cdot 96^2$ multiply-adds: there are 64 times fewer tokens, and each is 8
# times as wide.
#
# </details>

# %% [markdown]
# ### Exercise: `patch_merging`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 10 minutes · 5 points*
#
# Mind the order: Swin goes *down* before it goes to the right, not row by row. For a model that you train yourself it
# would not matter. For weights that somebody else has trained it does, and ports of Swin have tripped over it.
#
# <details><summary>Hint</summary>
#
# A slice may have a step: `x[:, ::2]` takes every second row. With it you get the grid of all top-left tokens in one
# go. What do the other three look like, and in which order do they stand side by side?
#
# </details>

# %% exercise="patch_merging" points=5
from solutions.windows.reference import patch_merging

# %% [markdown]
# The postcard once more. With a kernel that averages the four tokens of a block (and leaves the other three channels
# empty), merging is the plainest way to make a picture smaller.

# %%
with demo():
    average = np.concatenate([np.tile(np.eye(3), (4, 1)) / 4, np.zeros((12, 3))], axis=1).astype("float32")
    card = postcard()[None]
    half = patch_merging(card, average)[..., :3]
    quarter = patch_merging(half, average)[..., :3]
    _, axes = plt.subplots(1, 3, figsize=(12, 3), layout="constrained")
    for picture, ax in zip((card, half, quarter), axes, strict=True):
        plots.pictures(picture, title="{1} by {2} tokens".format(*picture.shape), ax=ax)
    plt.show()

# %% [markdown]
# ## 10 · With a watch
#
# Pairs are counted on paper. What does the clock say? The same layer of attention, with two heads and $C = 32$, on
# grids that grow: globally, with your mask of radius 3, along both axes, and in windows of 7.
#
# **Predict.** Both axes of the plot are logarithmic, so a power is a straight line. Which slopes do you expect for the
# four lines, over the number of *tokens*? And where will the clock not agree with the count?

# %%
with demo():
    keras.utils.set_random_seed(3)
    layer = keras.layers.MultiHeadAttention(2, 16)

    def among_all(grid):
        """Every token looks at every other."""
        tokens = ops.reshape(grid, (1, -1, 32))
        return layer(tokens, tokens)

    def near_by(grid):
        """The same under a mask: everybody within three rows and three columns."""
        tokens = ops.reshape(grid, (1, -1, 32))
        return layer(tokens, tokens, attention_mask=near[grid.shape[1]])

    def along_lines(grid):
        """Along the height, then along the width."""
        for axis in (1, 2):
            grid = axial_attention(grid, axis, lambda t: layer(t, t))
        return grid

    def in_windows(grid):
        """Inside windows of 7 by 7."""
        windows = window_partition(grid, 7)
        return window_reverse(layer(windows, windows), 7, grid.shape[1], grid.shape[2])

    sides = (7, 14, 28, 42, 56)
    near = {side: ops.cast(local_attention_mask(side, side, 3), "bool") for side in sides}
    ways = {"global": among_all, "local, by a mask": near_by, "axial": along_lines, "windows": in_windows}
    seconds = {name: [] for name in ways}
    for side in sides:
        grid = keras.random.normal((1, side, side, 32))
        for name, way in ways.items():
            tries = []
            for _ in range(4):  # the first is slower: it has things to set up
                start = time.perf_counter()
                ops.convert_to_numpy(way(grid))
                tries.append(time.perf_counter() - start)
            seconds[name].append(min(tries[1:]))

    milliseconds = {name: 1000 * np.array(found) for name, found in seconds.items()}
    tokens = [side * side for side in sides]
    title = "One layer of attention on your machine"
    plots.curves(tokens, milliseconds, "tokens", "milliseconds", log_x=True, log_y=True, title=title)
    plt.show()
    print("3,136 tokens:", ", ".join(f"{name} {found[-1]:.0f} ms" for name, found in milliseconds.items()))

# %% [markdown]
# <details><summary>What to look for</summary>
#
# The pairs alone have slope 2 for global, 1.5 for axial attention, 1 for windows. But the projections do not become
# fewer (axial attention even pays them twice), and with $C = 32$ they weigh much: the whole price of section 5 gives
# axial attention a slope of about 1.2 from 784 to 3,136 tokens, and there windows are 28 times cheaper than global
# attention, and axial attention 13 times, not 64 and 28 times. On small grids all curves are flatter still: most of the
# time goes into starting each operation. On the right, the global curve takes off, and the neighbours go with it: a
# mask saves nothing, it even takes time to apply. What is left of 28 and 13 depends on your machine, since moving
# numbers about takes time, too. Count *and* measure.
#
# </details>

# %% [markdown]
# ## 11 · Two questions on paper
#
# You enter the answers in `figure()` below. The check says only that they have arrived; the grader judges them.
#
# **`answer_1`.** A picture of 448 by 448 pixels with patches of 4, so a grid of 112 by 112 tokens, $C = 96$. Take the
# multiply-adds of the *whole* layer of attention (the formula of section 5). Divide those of the global layer, where
# all see all, by those of a layer with windows of 7. One number; three significant digits are enough.
#
# **`answer_2`.** Six statements. For each, write 1 if it is true, and 0 if not: a list of six numbers. Weights are
# arbitrary, and rounding does not count. All grids are larger than a window.
#
# 1. Two Swin blocks with windows of 4, one after the other, *both* with shift 2: a token can be influenced by more than
#    16 tokens.
# 2. A pass of axial attention along the height, then one along the width. News from the token in row 4 and column 6
#    comes to the token in row 0 and column 0 through the token in row 4 and column 0.
# 3. A grid has 12 rows. A block with windows of 4 and shift 1 forgets its mask. Then a token of row 0 can be influenced
#    by a token of row 9.
# 4. In `relative_position_index(w)`, the entries $(p, q)$ and $(q, p)$ add up to the same number for all pairs.
# 5. A Swin block for grids of 112 by 112 has exactly as many weights as one for 56 by 56, all else being equal.
# 6. A Swin block with shift 0 whose `rel_bias` is all 0: if the tokens *inside each window* are shuffled (in all
#    windows alike), its outputs are shuffled in the same way and do not change otherwise.

# %% [markdown]
# ## 12 · The figure: who reaches the middle?
#
# A deep network can make up for a short sight: what a token read in one layer, others can read from it in the next. So
# which tokens can reach a given one after 1, 2 and 3 layers? The function below asks your functions for one layer at a
# time: a table with a row for each token that asks, and a 1 for each token that it reads.

# %% given="who_reads_whom"
from solutions.windows.reference import who_reads_whom

# %% [markdown]
# **Predict.** A grid of 12 by 16 tokens, and the token in row 5 and column 9. Sketch whom it hears of after 1, 2 and 3
# layers: with neighbours of radius 1, with lines (height, width, height), with windows of 4, and with windows of 4 of
# which the second layer's are shifted by 2. How many tokens is it after three layers, in each of the four?
#
# ### Exercise: `figure`
#
# *Difficulty 3 of 5 · importance 3 of 5 · about 25 minutes, with the questions · 3 points*
#
# The points have four equal parts: the pairs, the reach, `answer_1`, and `answer_2` (all six).
#
# <details><summary>Hint</summary>
#
# For `reach`, begin at the end. After 3 layers, the token's output depends on the tokens that it reads in layer 3.
# Those, in turn, depend on what *they* read in layer 2. A list of 192 true and false is enough to remember who has been
# reached so far. Which rows of the next table do you look up, and what makes one list of them again?
#
# </details>

# %% exercise="figure" points=3
from solutions.windows.reference import figure

# %% [markdown]
# Your figure. First the price, then the reach.

# %%
with demo():
    numbers = figure()
    names = ("global", "local, radius 3", "axial", "windows of 7")
    pairs = dict(zip(names, ops.convert_to_numpy(numbers["pairs"]), strict=True))
    plots.curves(
        (14, 28, 56, 112, 224), pairs, "side of the grid (tokens)", "pairs in one head", log_x=True, log_y=True,
        title="What each kind has to score",
    )  # fmt: skip
    plt.show()
    print("pairs at 224 x 224:", "; ".join(f"{name}: {int(found[-1]):,d}" for name, found in pairs.items()))

    reach = ops.convert_to_numpy(numbers["reach"]).astype(bool)
    kinds = ("local, radius 1", "axial", "windows of 4", "shifted windows")
    layers = ("1 layer", "2 layers", "3 layers")
    words = [f"{kind}, {layers[n]}: {reach[k, n].sum()} tokens" for k, kind in enumerate(kinds) for n in range(3)]
    pictures = coloured(reach, 5, 9).reshape(12, 12, 16, 3)
    plots.pictures(pictures, words, columns=3, title="Who can reach the orange token after 1, 2 and 3 layers?")
    plt.gcf().set_size_inches(9, 10.5)
    plt.show()

# %% [markdown]
# Is it true? An experiment with your own `SwinBlock`, three of them with random weights: every token is changed in
# turn, 192 times, and each time we look whether the orange one's output moves.

# %%
with demo():
    keras.utils.set_random_seed(4)
    blocks = [SwinBlock(dim=8, num_heads=2, window=4, shift=shift, mlp_dim=16) for shift in (0, 2, 0)]
    grid = np.random.RandomState(2).normal(size=(12, 16, 8)).astype("float32")
    batch = np.repeat(grid[None], 193, axis=0)
    for n in range(192):
        batch[n, n // 16, n % 16] += 4 * np.cos(np.arange(8) + n)
    found, heard = batch, []
    for swin in blocks:
        found = ops.convert_to_numpy(swin(found))
        heard.append((np.abs(found[:192] - found[192])[:, 5, 9].max(axis=-1) > 1e-6).reshape(12, 16))
    print("tokens that move the orange one after 1, 2, 3 blocks:", [int(table.sum()) for table in heard])
    print("the same ones as in your figure:", np.array_equal(heard, figure()["reach"][3]))

# %% [markdown]
# **What to look for**
#
# - Which line of the first plot has which slope? Remember that it is drawn over the side, and not over the tokens.
# - Shifted windows reach 144 of 192 tokens after three layers; windows without a shift never more than 16. What did the
#   shift cost, in pairs?
# - Lines reach everybody in two layers. Then why does not everybody use them? Take the token in row 0 and column 15:
#   through how many tokens can its news come to the middle, for lines in two layers, and for shifted windows in three?

# %% [markdown]
# ## 13 · In your own words
#
# **Question 1** (5 points, 150 to 200 words, read by a person)
#
# A clinic wants to find tiny cracks in X-ray pictures of 1,792 by 1,792 pixels. With patches of 8, that is a grid of
# 224 by 224 tokens. Somebody proposes a plain ViT. What do you propose, and why?
#
# The grader looks for three things:
#
# - You read two values from your plot of the pairs, for this grid (they are printed below it), and say what they mean
#   for the plain ViT and for your proposal.
# - You say how news gets from one end of the picture to the other in your proposal, and about how many layers that
#   takes. Your plot of the reach has windows of 4 on a small grid: what does one layer add there, and what would that
#   be in your proposal? (If you merge patches on the way, say so, and count with it.)
# - You name one thing that gets lost or goes slower than counted, with a number that you measured in section 10 or a
#   picture that shows it.
#
# Full sentences, please. Write your text into the next cell, in place of the words that stand there.

# %% [markdown] question="question_1" points=5
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# 1. Global attention costs $(HW)^2$ pairs. Lines cost $HW(H + W)$, windows $HW w^2$: with windows, the price is linear.
# 2. A mask decides who is heard. It does not make anything cheaper; cutting does.
# 3. Windows without a shift never hear of each other. A roll and a mask move them, without one pair more.
# 4. A step from key to query has a number, and a learned bias. It belongs to pairs, not to places.
# 5. Square grids hide swapped axes, and right shapes hide wrong tokens. Change one token, and see who notices.
#
# **Further reading**
#
# - Liu et al. 2021, "Swin Transformer", section 3: figures 2 and 4, equations 1 to 4.
# - Ramachandran et al. 2019, "Stand-Alone Self-Attention in Vision Models", for local attention.
# - Ho et al. 2019, "Axial Attention in Multidimensional Transformers"; Wang et al. 2020, "Axial-DeepLab".
# - Hu et al. 2019, "Local Relation Networks for Image Recognition".
#
# **Handing in.** Choose "Restart and run all" once, and look through the checks. Then save the notebook and submit the
# one file `09_windows.ipynb`, in the way your course tells you.
