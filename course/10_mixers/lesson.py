# %% [markdown]
# # Lesson 10 · Do we need attention?
#
# "Attention is all you need" was the title that began it. Four years later came "MLP-Mixer: An all-MLP Architecture for
# Vision", and near the end of the lecture stands the question "CNN, ViT, and MLP-Mixer??", with two question marks. In
# this lesson you look at what became of that question. Without attention: the Mixer, whose tokens talk by a plain
# matrix. With attention in another order: CaiT, where the patches talk first, and at the end one token alone asks. And
# with neither attention nor a matrix across tokens: the convolutional networks, which answered with new recipes, new
# rules and a way to do without any norm.
#
# **When you are done, you can**
#
# - build a Mixer, train it, and say what attention can do that it cannot;
# - say why a deep network is better off if its blocks begin by doing nearly nothing, and build the layer for it;
# - let a class token collect what the patches know, at a cost that grows with the number of patches, and not with its
#   square;
# - make the filters of a convolution so that the signal keeps its size without a norm;
# - write down the rule behind the widths of a RegNet;
# - read two large tables of the lecture, and say what a recipe is worth and what accuracy costs in speed.
#
# Plan three to four hours. You need multi-head attention from lesson 2 and the encoder block from lesson 4.

# %% [markdown]
# ## How this notebook works
#
# - Write your code in place of `raise NotImplementedError()`, and run the `check(...)` below it as often as you like.
#   Where it says **Predict**, write down your guess before you run the cell. "Run all" works from the first minute.
# - You **use** Keras's `Dense`, `LayerNormalization` and `MultiHeadAttention`; the last two you have written yourself.
# - The three layers of this lesson will be trained, so build them from Keras's layers and from `ops`. NumPy is welcome
#   in the other exercises.
# - The check overwrites every weight with random numbers before it compares, by the names in the text. A fresh gamma of
#   0.00001 (section 3) would hide nearly every mistake.
# - You train a Mixer, for a minute or two, and hand in its weights as two files in the folder `artifacts`. The grader
#   runs your own `MixerBlock` for that, so leave this class as it is once you have trained.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `MixerBlock` | 25 | 35 |
# | `train_mixer`, a model that you train | 10 | 20 |
# | `LayerScale` | 8 | 15 |
# | `ClassAttentionBlock` | 20 | 35 |
# | `scaled_weight_standardization` | 12 | 25 |
# | `regnet_widths` | 10 | 20 |
# | `recipe_gain` | 10 | 10 |
# | `figure`, with two answers | 3 | 30 |
# | `question_1`, a short text | 2 | 15 |
# | **Sum** | **100** | **205** |

# %%
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
# | $N$ | patches of an image; $D$ the width of a token |
# | $S$, $C$ | hidden widths of the Mixer's two MLPs: of the one for tokens, and of the one for channels |
# | $h$ | heads; in the formulas of a block also what a token is after the first branch |
# | $K$ | classes |
# | $k_h, k_w, C_{in}, C_{out}$ | the axes of a kernel of a convolution, in the order of Keras |
#
# Images are $(B, H, W, 3)$, float32 in $[0, 1]$. Tokens are $(B, N, D)$. A feature of a token is also called a
# **channel**: a table $(N, D)$ has a row for each token and a column for each channel.
#
# **Recall**, before you begin. The first two are from lesson 4, the third is from lesson 2.
#
# 1. Of attention, LayerNorm and the MLP: in which of them do tokens meet?
# 2. In a pre-norm block, what is left of $x$ if attention and the MLP both return 0?
# 3. The patches of an image are shuffled. What happens to the outputs of self-attention without positions?
#
# <details><summary>Answers</summary>
#
# In attention alone. All of $x$: the residual line takes nothing away. They are shuffled along, and are otherwise the
# same.
#
# </details>

# %% [markdown]
# ## 1 · Tokens that talk by a matrix
#
# An encoder block has two parts. Attention lets tokens meet; the MLP works on each token by itself. The MLP is two
# matrices with a bend between them, and it mixes the *columns* of the table $(N, D)$: the channels. The idea of the
# **Mixer** is so plain that one wonders why it took four years. Turn the table over, so that it is $(D, N)$, and let
# another MLP of just the same kind mix *its* columns. Those are the tokens.
#
# $$h = x + \mathrm{mlp}_{tokens}(\mathrm{norm}_1(x)^\top)^\top, \qquad
# y = h + \mathrm{mlp}_{channels}(\mathrm{norm}_2(h))$$
#
# By hand, with a single matrix in place of the MLP. Three tokens with two channels each, and a matrix $(3, 3)$:
#
# $$x = \begin{pmatrix} 1 & 10 \\ 2 & 20 \\ 3 & 30 \end{pmatrix}, \qquad x^\top = \begin{pmatrix} 1 & 2 & 3 \\ 10 & 20
# & 30 \end{pmatrix}, \qquad W = \begin{pmatrix} 0 & 0 & 1 \\ 1 & 0 & 1 \\ 0 & 1 & 1 \end{pmatrix}$$
#
# **Predict.** What is $x^\top W$? Then turn it back: what has happened to the three tokens? Do both channels go the
# same way?

# %%
x = np.array([[1, 10], [2, 20], [3, 30]])
w = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1]])
print("turned, times W:\n", x.T @ w)
print("turned back:\n", (x.T @ w).T)

# %% [markdown]
# <details><summary>Answer</summary>
#
# $x^\top W$ has the rows $(2, 3, 6)$ and $(20, 30, 60)$. Turned back, token 0 has become the old token 1, token 1 the
# old token 2, and token 2 the sum of all three. Both channels go the same way: there is one matrix for all of them. In
# attention such a matrix is worked out anew for each image, from what the tokens hold, and for each head. Here it is a
# weight. It is learnt, and then it is the same for every image.
#
# </details>

# %% [markdown]
# ### Exercise: `MixerBlock`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 35 minutes · 25 points*
#
# Two places to fill in. Both norms look at the channels of one token, as in every block so far. The second `Dense` of
# an MLP brings the width back to what it was before the first.
#
# If your code stops with an error about shapes that cannot be added, look at the two things that you add, axis by axis.
# And look at it with other sizes than the usual ones: with as many tokens as channels, a table that was never turned
# fits just as well.
#
# <details><summary>Hint</summary>
#
# `Dense` works on the last axis, whatever that is. Which axis must be the last one when the token MLP is called, and
# how many numbers does it have? How wide is the last `Dense` of each MLP: $N$, $D$, $S$ or $C$?
#
# `ops` has a function that changes the order of the axes. `reshape` is not such a function: on a table of 2 by 3, write
# down what it does.
#
# Begin with the first line of the formula. While the second MLP is not there yet, `h` is a good thing to print.
#
# </details>

# %% exercise="MixerBlock" points=25
from solutions.mixers.reference import MixerBlock

# %% [markdown]
# The experiment of lesson 4, once more. Six tokens; one of them changes. And then a new one: the tokens are shuffled.
#
# **Predict.** Which outputs of a `MixerBlock` change if token 3 changes? And if the six tokens come in another order:
# are the outputs of the block the same ones in that other order, as they are for self-attention?

# %%
with demo():
    keras.utils.set_random_seed(10)
    before = np.random.RandomState(0).normal(size=(1, 6, 12)).astype("float32")
    after, order = before.copy(), [4, 2, 0, 5, 3, 1]
    after[0, 3] += np.arange(12) % 3

    block = MixerBlock(num_tokens=6, dim=12, token_mlp_dim=8, channel_mlp_dim=24)
    attention = keras.layers.MultiHeadAttention(3, 4)
    moved = np.abs(ops.convert_to_numpy(block(after) - block(before)))[0].max(axis=-1)
    print("changed:", np.flatnonzero(moved > 1e-6).tolist())
    for name, layer in (("self-attention", lambda x: attention(x, x)), ("MixerBlock", block)):
        first, last = (ops.convert_to_numpy(layer(x)) for x in (before[:, order], before))
        gap = np.abs(first - last[:, order]).max()
        print(f"{name:15s} shuffled before or after: largest difference {gap:.1e}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# All six change: one matrix is enough for everybody to meet everybody. But a shuffle is not forgiven. Row 0 of the
# token MLP's matrix belongs to place 0, whoever stands there. So a Mixer knows where its tokens are, and needs no
# position embeddings. Attention treats its tokens as a set, and has to be told. (The slide calls that
# "permutation-invariant". Each single output is not: it moves along with its token. What does not change at all is
# anything that forgets the order, such as the mean of the outputs.)
#
# </details>
#
# ### What does it cost?
#
# **Predict.** While it is pre-trained, the Mixer-L/16 of the lecture has 196 tokens ($14 \times 14$ patches of an image
# of 224 pixels), $D = 1024$, $S = 512$ and $C = 4096$. Which of its two MLPs has more weights, and by which factor?
# What happens to the token MLP if the images are twice as large in each direction? And to the weights of attention?


# %%
def weights_of_mlp(width, hidden):
    """All numbers of two Dense, width -> hidden -> width."""
    return width * hidden + hidden + hidden * width + width


for side in (224, 448):
    tokens = (side // 16) ** 2
    print(f"{side} pixels, {tokens} tokens: token MLP {weights_of_mlp(tokens, 512):9,d},", end=" ")
    print(f"channel MLP {weights_of_mlp(1024, 4096):,d}, attention {4 * 1024 * 1024 + 4 * 1024:,d}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The channel MLP has 42 times as many. The part in which tokens meet is small, for all its importance: about 200,000
# weights where attention needs 4.2 million. But it has a row for each token. For larger images there are 784 tokens,
# and the weights from before do not even fit. (The accuracy in the lecture's table was reached at 448 pixels, with
# token matrices that had been made larger for it.) Attention's weights know nothing of how many tokens there are: it
# runs on 784 of them without any change, only at a higher price, for $784^2$ pairs of tokens. (The position embeddings
# of a ViT do not fit, either: people interpolate them.)
#
# </details>

# %% [markdown]
# ## 2 · A Mixer that you train
#
# Here is the whole network around your block. It is given. Look for what is missing in comparison with your ViT.

# %% given="MLPMixer"
from solutions.mixers.reference import MLPMixer

# %% given="mixer_sizes"
from solutions.mixers.reference import mixer_sizes

# %% [markdown]
# <details><summary>What is missing</summary>
#
# CLS, the positions, attention, and dropout. What is left is a convolution, matrices, gelus, norms and sums.
#
# </details>
#
# The pictures are those of lesson 4: handwritten digits that come with `vitlab`, enlarged and in random colours. With
# `"cifar10"` they are photographs, after a download of 170 MB, with a larger model and more time. What you hand in is a
# model for the digits, so set `PICTURES` back before you hand in.

# %%
PICTURES = "colour_digits"  # or "cifar10"

(x_train, y_train), (x_test, y_test) = ((data.as_floats(x), y) for x, y in data.load(PICTURES))
budget = training.budget(dataset=PICTURES)
quick = budget.name == "smoke"  # only to see that everything runs
print("to train on:", x_train.shape, " to test:", x_test.shape)
print("the Mixer:", mixer_sizes(budget))

# %% [markdown]
# ### Exercise: `train_mixer`
#
# *Difficulty 1 of 5 · importance 3 of 5 · about 20 minutes, with the training · 10 points*
#
# The seed, the budget, the model, the fit: `training.fit(model, data, budget, seed=seed)` as in lesson 4. The grader
# rebuilds the model from your notebook, with your `MixerBlock` in it, and asks it about digits in colours that nobody
# has seen. Points are for the share of right answers. Five trainings of our own set the scale: 97 % or more gives full
# marks, 83 % or less gives none (two epochs reach that, in place of thirty), and between the two the points grow
# evenly. `check_trained` below only sees that both files are there and fit. How right your model is, the grader
# measures: so look at the share that is printed before you hand in. (The budget `smoke` is only there to see that
# everything runs.)
#
# <details><summary>Hint</summary>
#
# `training.budget(dataset=data)` looks at the data themselves and finds their budget. `MLPMixer(**sizes)` passes a dict
# of arguments on by their names. The seed comes before the model, since a model draws its first weights when it is
# made. (In this function `data` is the argument, not the module of the same name.)
#
# </details>

# %% trained="train_mixer"
from solutions.mixers.reference import train_mixer

# %% [markdown]
# **Predict.** Your ViT of lesson 4 was right in about 95 % of the cases, with this recipe and these pictures. And the
# Mixer?


# %%
def share_right(model, images, labels):
    """The share of images whose largest logit is the right one."""
    batches = [ops.convert_to_numpy(model(images[i : i + 240])) for i in range(0, len(images), 240)]
    return (np.concatenate(batches).argmax(axis=-1) == labels).mean()


with demo():
    model, history = train_mixer(((x_train, y_train), (x_test, y_test)), seed=1)
    print(f"right on test pictures: {share_right(model, x_test, y_test):.1%}, {model.count_params():,} weights")
    if PICTURES == "colour_digits":  # what is handed in
        save_trained("train_mixer", model, mixer_sizes(budget))

# %% check_trained="train_mixer" points=10
check_trained("train_mixer")

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Our own five Mixers got 98 % right, and differed from each other by a few tenths of a point. So here the Mixer is not
# behind the ViT. A point more or less in a single run may still be the seed's doing. And this is one recipe on small
# pictures of ten digits: with photographs the order may be another.
#
# </details>
#
# Does it need its token MLP at all? Here is the model that you have trained, once more. Block by block, we take away
# what its token MLP has learnt: the last matrix and bias become 0, and so it says nothing.
#
# **Predict.** What is left with no token MLP at all? Guessing is right in 10 % of the cases. And which single block can
# least be spared?

# %%
with demo():
    kept = [[ops.convert_to_numpy(weight) for weight in block.token_mlp.weights[2:]] for block in model.blocks]

    def silence(which):
        """All token MLPs as they were trained, but for these, which return 0."""
        for i, (block, arrays) in enumerate(zip(model.blocks, kept, strict=True)):
            for weight, array in zip(block.token_mlp.weights[2:], arrays, strict=True):
                weight.assign(0 * array if i in which else array)
        return share_right(model, x_test, y_test)

    everything = range(len(kept))
    shares = {"all as trained": silence([]), "none at all": silence(everything)}
    shares |= {f"without block {i}'s": silence([i]) for i in everything}
    silence([])
    for name, share in shares.items():
        print(f"token MLPs: {name:18s} {share:6.1%} right")

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Without its token MLPs the network averages over patches that know nothing of each other, and hardly does better than
# a guess: it was trained to rely on them. Which block is missed most differs from run to run. Such a test tells what
# *this* model does with its parts. What a model without them could learn is another question, and it needs another
# training.
#
# </details>
#
# What have the matrices learnt? Here is the first one of block 0. It has a column for each hidden number: which patches
# this number adds, and which it takes away, laid out as the patches lie in the picture.

# %%
with demo():
    side = int(np.sqrt(model.blocks[0].token_mlp.weights[0].shape[0]))
    first = ops.convert_to_numpy(model.blocks[0].token_mlp.weights[0])[:, :12].T.reshape(2, 6, side, side)
    framed = np.pad(first, [(0, 0), (0, 0), (0, 1), (0, 1)], constant_values=np.nan)
    grid = framed.transpose(0, 2, 1, 3).reshape(2 * (side + 1), -1)[:-1, :-1]
    ax = plt.subplots(figsize=(9, 3.2), layout="constrained")[1]
    largest = float(np.nanmax(np.abs(grid)))
    title = "Twelve hidden numbers of the first token MLP, over the patches"
    plots.heat_map(grid, numbers=False, limits=(-largest, largest), signed=True, title=title, ax=ax)
    ax.set(xticks=[], yticks=[])
    plt.show()

# %% [markdown]
# In figure 5 of the Mixer's paper, after 300 million pictures, such maps show stripes and spots, some local and some
# global. Yours come from 1,437 digits in four colourings, and have 4 by 4 patches where theirs have 14 by 14. Is there
# anything in them that you would call a stroke or an edge? You may well say no.

# %% [markdown]
# ## 3 · Deeper: blocks that begin small
#
# Twelve blocks are good. Are 24 better, or 48? "Going deeper with Image Transformers" is the paper behind the lecture's
# slide on **CaiT**, and it begins with a problem: from some depth on, more blocks do not make a ViT any better. Look at
# the signal in a fresh network. Each block adds something to the residual line. If what it adds is as large as what is
# there, and has nothing to do with it, then the mean square doubles with each block.
#
# **Predict.** How large is the mean square after 24 such blocks, if it is 1 at first? A norm in front of the branch, as
# in every pre-norm block, makes what the branch *sees* always the same size. How large is it then?

# %%
print(f"doubled 24 times: {2**24:,}, with a norm in front of each branch: {1 + 24}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Without a norm 16,777,216. With a norm each block adds the same amount, and it is 25. That is much better, and is one
# reason why a ViT of twelve blocks trains so easily. But the last of 24 blocks speaks against the noise of 23 others,
# and all of them start at random.
#
# </details>
#
# CaiT's remedy is a single line: multiply what the branch has found by a small learnt number, one for each feature,
# before it is added.
#
# $$h = x + \gamma \odot \mathrm{branch}(\mathrm{norm}(x)), \qquad \gamma \in \mathbb{R}^D$$
#
# With $\gamma$ near 0, a fresh network of any depth is nearly the identity. Each block earns its voice: $\gamma$ grows
# where that helps. CaiT begins at 0.1 for up to 18 blocks, at 0.00001 for 24, and at 0.000001 beyond.
#
# ### Exercise: `LayerScale`
#
# *Difficulty 1 of 5 · importance 4 of 5 · about 15 minutes · 8 points*
#
# Three places, as in `LayerNorm` of lesson 4. It is a layer without a residual: the plus stays in the block.
#
# <details><summary>Hint</summary>
#
# Where do you learn how many features there are? In lesson 4 the weights started at "ones" and "zeros", which are names
# of initializers. There is one in `keras.initializers` that takes the number to start from.
#
# </details>

# %% exercise="LayerScale" points=8
from solutions.mixers.reference import LayerScale

# %%
with demo():
    two = np.array([[1.0, -2.0, 3.0], [10.0, 20.0, 30.0]], "float32")
    scale = LayerScale(0.5)
    print("fresh, 0.5:\n", ops.convert_to_numpy(scale(two)))
    scale.gamma.assign([1.0, 0.0, -1.0])
    print("gamma (1, 0, -1):\n", ops.convert_to_numpy(scale(two)))

# %% [markdown]
# **Predict.** Why does CaiT take a small number, and not 0? If $\gamma$ is 0, what gradient do the weights inside the
# branch get in the first step? And $\gamma$ itself?
#
# <details><summary>Answer</summary>
#
# The gradient on its way into the branch is multiplied by $\gamma$, so with 0 the branch learns nothing in the first
# step. $\gamma$ itself gets the gradient of $h$ times what the branch has found, which is not 0, so a step later the
# branch learns, too. (In a deep network it may take a step or two more: while all gammas are 0, CLS hears nothing of
# the patches, and their blocks get no gradient at all.) So 0 works as well (other papers do that, with a single number
# for each branch). A small number only saves the branch from sitting idle at first.
#
# </details>

# %% [markdown]
# ## 4 · One token asks: class attention
#
# The second idea of CaiT. In a ViT, CLS walks through all the blocks with the patches. The weights of these blocks have
# two jobs: to let the patches look at each other, and to collect what they know for the head. CaiT gives the jobs to
# different blocks. First the patches attend to each other, without CLS. Then CLS joins, and in two more blocks it alone
# asks.
#
# $$u = [\mathrm{cls}, \mathrm{patches}], \qquad z = \mathrm{norm}_1(u)$$
# $$h = \mathrm{cls} + \gamma_1 \odot \mathrm{attn}(\mathrm{query} = z_0,\ \mathrm{key} = \mathrm{value} = z),
# \qquad y = h + \gamma_2 \odot \mathrm{mlp}(\mathrm{norm}_2(h))$$
#
# **Predict.** With 196 patches, how many scores does a head compute in self-attention among all 197 tokens, and how
# many in class attention? May CLS look at itself? What would it lose if it could not?

# %%
print(f"self-attention: {197 * 197:,} scores a head, class attention: {1 * 197}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 38,809 and 197: one row of the table. CLS also asks itself, so it may look at itself and leave the patches alone where
# they have nothing more to tell. Without itself among the keys it would have to spread all of its attention over
# patches, useful or not.
#
# </details>
#
# ### Exercise: `ClassAttentionBlock`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 35 minutes · 20 points*
#
# Two places. If `LayerScale` still fails its check, write this exercise all the same: the grader tries it again with a
# right one. Whatever you do, what comes back is one row for each image, $(B, 1, D)$.
#
# <details><summary>Hint</summary>
#
# Follow the two lines of the formula, name by name. Which function of `ops` puts two tables one after the other along
# the axis of the tokens?
#
# $z_0$ is the row of CLS. It must still be a table of tokens, of shape $(B, 1, D)$: attention stops at any other, with
# an error about a `transpose`. Which kind of index keeps an axis, and which one drops it?
#
# What does each $\gamma$ multiply: all that stands to the right of the equals sign, or part of it? Think of $\gamma =
# 0$: CLS should come out as it went in.
#
# </details>

# %% exercise="ClassAttentionBlock" points=20
from solutions.mixers.reference import ClassAttentionBlock

# %% [markdown]
# **Predict.** How far does a fresh block move CLS with `init_value=0.00001`, and how far with 1? Does it matter to CLS
# in which order the patches stand?

# %%
with demo():
    random = np.random.RandomState(1)
    cls, patches = (random.normal(size=(1, count, 12)).astype("float32") for count in (1, 9))
    for start in (1e-5, 1.0):
        keras.utils.set_random_seed(4)  # the same block both times, but for its gammas
        block = ClassAttentionBlock(dim=12, num_heads=3, mlp_dim=24, init_value=start)
        new = ops.convert_to_numpy(block(cls, patches))
        backwards = ops.convert_to_numpy(block(cls, patches[:, ::-1]))
        print(f"gamma {start:g}: CLS moves by {np.abs(new - cls).max():.1e} at most;", end=" ")
        print(f"patches in reverse order: {np.abs(backwards - new).max():.0e}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# By about $\gamma$ times what attention and the MLP have found. (Not exactly: with a $\gamma$ of 1 the MLP sees another
# $h$.) And the order does not matter, but for rounding: CLS takes a weighted sum, and a sum does not care who comes
# first. Where a patch lies it can only learn from what the patch holds, so positions must have been added earlier.
#
# </details>
#
# ### A deep one
#
# `cait` builds a small CaiT with your two layers, for grey digits. Two trainings, from the same seed, with the same
# pictures in the same order; only the start of all gammas differs. Do not expect a disaster: CaiT met its problem with
# 24 blocks and more, on ImageNet, and these are twelve narrow ones. Look at how the two begin.
#
# **Predict.** The network has 12 blocks and two more for CLS. A gamma that starts at 1 is at first the same as none.
# Which of the two is ahead after the first pass over the pictures? Does the other one stay behind?

# %% given="cait"
from solutions.mixers.reference import cait

# %%
with demo():
    (digits, digit_labels), _ = data.load("digits")
    digits = data.as_floats(digits)
    depth, passes, count = (2, 2, 128) if quick else (12, 8, len(digits) // 64 * 64)  # whole batches
    losses, fresh = {}, {}
    for start in (1.0, 1e-5):
        keras.utils.set_random_seed(0)
        deep = cait(depth, start)
        fresh[start] = deep.get_weights()
    optimizer = keras.optimizers.Adam(2e-3)
    optimizer.build(deep.trainable_variables)
    unused = [ops.convert_to_numpy(variable) for variable in optimizer.variables]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    deep.compile(optimizer, loss, jit_compile=False, run_eagerly=quick)
    for start in (1.0, 1e-5):  # one model for both, since to compile it takes longer than to train it
        deep.set_weights(fresh[start])
        for variable, value in zip(optimizer.variables, unused, strict=True):
            variable.assign(value)
        size = float(np.abs(ops.convert_to_numpy(deep(digits[:64]))).max())
        seen = deep.fit(digits[:count], digit_labels[:count], batch_size=64, epochs=passes, shuffle=False, verbose=0)
        losses[f"gamma starts at {start:g}"] = seen.history["loss"]
        last = seen.history["loss"][-1]
        print(f"gamma starts at {start:g}: fresh logits up to {size:.2f}, loss of the last pass {last:.3f}")
    title = f"{depth} blocks, and two for CLS"
    plots.curves(range(1, passes + 1), losses, "pass over the pictures", "loss", title=title)
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Both losses should be finite and fall. In the first pass both are near that of a guess, 2.30: with tiny gammas CLS has
# not heard of the patches yet, and with gammas of 1 it hears twelve blocks of random numbers at once. In our run the
# tiny start was ahead from the third pass on, with 0.37 against 1.05 in the last. Report what *you* see. One run for
# each is a demonstration, not a proof; change the seed, the depth or the rate, and look at what stays.
#
# </details>

# %% [markdown]
# ## 5 · No norm at all: NFNet
#
# Now to the convolutional networks. They have norms, too, most often `BatchNormalization`, and nobody likes it much: in
# training, what comes out for a picture depends on who else is in the batch. The paper on the lecture's slide,
# "High-Performance Normalizer-Free ResNets", does without. The first half of its idea you know: branches that begin
# small. The second is to care for the size of the *filters*, so that nobody has to care for the size of the signal.
#
# Take one output of a convolution: a sum of $M = k_h k_w C_{in}$ products of inputs and weights. $M$ is called the
# **fan-in**. If the inputs are independent, with variance 1, then the variance of the sum is the sum of the squares of
# the weights. So let that sum be 1. And if the inputs have a mean that is not 0, as after every ReLU, it is multiplied
# by the sum of the weights. So let *that* be 0. For each filter $W_i$, with mean $\mu_i$ and variance $\sigma_i^2$:
#
# $$\hat W_i = \mathrm{gain} \cdot \frac{W_i - \mu_i}{\sqrt{\max(M \sigma_i^2,\ \varepsilon)}}$$
#
# By hand: a filter of four numbers, $(1, 3, 5, 7)$, and a gain of 1.
#
# | | |
# |---|---|
# | without its mean 4 | -3, -1, 1, 3 |
# | variance | (9 + 1 + 1 + 9) / 4 = 5 |
# | $M \sigma^2$ | 4 times 5 = 20 |
# | divided by $\sqrt{20} = 4.472$ | -0.671, -0.224, 0.224, 0.671 |
# | sum, and sum of squares | 0 and 1 |
#
# **Predict.** What becomes of $(10, 30, 50, 70)$? Of $(101, 103, 105, 107)$? And of $(0.001, 0.003, 0.005, 0.007)$,
# with $\varepsilon = 0.0001$? First work out $M \sigma^2$ of the last one.

# %%
for numbers in ([1, 3, 5, 7], [10, 30, 50, 70], [101, 103, 105, 107], [0.001, 0.003, 0.005, 0.007]):
    centred = np.array(numbers) - np.mean(numbers)
    squares = np.sum(centred**2)
    print(f"{numbers!s:30s} M * variance {squares:8.2g}: {(centred / np.sqrt(max(squares, 1e-4))).round(3)}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# $(10, 30, 50, 70)$ and $(101, 103, 105, 107)$ come out like $(1, 3, 5, 7)$: as in LayerNorm, a stretch and a shift are
# forgotten. The last has $M \sigma^2 = 0.00002$, which is below the floor, so it is divided by $\sqrt{0.0001} = 0.01$
# and comes out as $(-0.3, -0.1, 0.1, 0.3)$: its squares add up to 0.2, not to 1. A filter that is constant becomes 0,
# and nothing is divided by 0.
#
# </details>
#
# ### Exercise: `scaled_weight_standardization`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 25 minutes · 12 points*
#
# A convolution has many filters, and each is standardised by itself. The $\varepsilon$ is a floor here: it is not
# added. Much code on the web adds it, or puts the floor under the variance without $M$, and for filters of the usual
# size hardly anybody notices.
#
# <details><summary>Hint</summary>
#
# In a Keras kernel $(k_h, k_w, C_{in}, C_{out})$, which numbers belong to one filter? `ops.mean` takes a tuple of axes,
# and `keepdims`. PyTorch has another order, so beware of what you copy.
#
# $M \sigma^2$: a mean over $M$ numbers, times $M$. Is there a shorter way to say that?
#
# A test that costs nothing: sum each filter of your result, then its squares. What should come out for a filter above
# the floor, for every gain?
#
# </details>

# %% exercise="scaled_weight_standardization" points=12
from solutions.mixers.reference import scaled_weight_standardization

# %% [markdown]
# A network of 16 convolutions with a ReLU in front of each, and no norm anywhere. It sees noise of variance 1. The ReLU
# cuts off what is below 0: of a normal variable of variance 1 it leaves one of variance $(1 - 1/\pi)/2 = 0.341$, and
# a mean that is not 0. The gain has to make up for that: it is $1/\sqrt{0.341} = 1.713$.
#
# **Predict.** There are four ways to fill the kernels. What is the variance after 16 layers, in each of them?
#
# - With random numbers whose spread is meant for ReLU, after He et al.
# - With the same numbers, and 0.02 added to each of them.
# - With those of the second way, standardised with a gain of 1.
# - With those of the second way, standardised with a gain of 1.713.

# %%
with demo():
    random = np.random.RandomState(5)
    noise = random.normal(size=(8, 12, 12, 32)).astype("float32")
    drawn = [(random.normal(size=(3, 3, 32, 32)) * np.sqrt(2 / 288)).astype("float32") for _ in range(16)]
    ways = {
        "He": lambda kernel: kernel,
        "He, plus 0.02": lambda kernel: kernel + np.float32(0.02),
        "standardised, gain 1": lambda kernel: scaled_weight_standardization(kernel + np.float32(0.02), 1.0),
        "standardised, 1.713": lambda kernel: scaled_weight_standardization(kernel + np.float32(0.02), 1.713),
    }
    sizes = {}
    for name, way in ways.items():
        maps, found = noise, [float(noise.var())]
        for kernel in drawn:
            wrapped = np.pad(np.maximum(maps, 0), [(0, 0), (1, 1), (1, 1), (0, 0)], mode="wrap")
            maps = ops.convert_to_numpy(ops.conv(wrapped, way(kernel), padding="valid"))
            found.append(float(maps.var(axis=(0, 1, 2)).mean()))
        sizes[name] = found
        print(f"{name:22s} variance after 1, 4 and 16 layers: {found[1]:.2g}, {found[4]:.2g}, {found[16]:.2g}")
    plots.curves(range(17), sizes, "layer", "variance in a channel", log_y=True, title="Sixteen convolutions, no norm")
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# With the right gain it stays near 1 (1.07 after 16 layers), and nobody had to look at a single picture for it. A norm
# would have done the same, but with statistics in every layer. With a gain of 1, two thirds get lost in every layer,
# and $0.341^{16}$ is 0.00000003. He's spread keeps the size of the *squares*, mean included. So the variance, which is
# what differs between one place and the next, slowly fades into a large common mean: 0.05 is left of it after 16
# layers. In the plot this is hard to see, so look at the printed numbers. And a small shift, the same for all weights,
# is a disaster: a variance of $10^{20}$. To each output, a layer adds 0.02 times the mean of its inputs, 288 times
# over: that is 5.8 times this mean, layer after layer.
#
# </details>

# %% [markdown]
# ## 6 · A rule for widths: RegNet
#
# How wide should each block of a network be? For years people wrote down numbers: 64, 128, 256, 512. "Designing Network
# Design Spaces" trained many hundreds of small networks drawn at random, looked at what the good ones had in common,
# and found that a straight line is enough, if it is cut into steps. Three numbers and a depth describe all its widths.
#
# 1. A line: block $j$ would like to be $u_j = w_0 + w_a\, j$ wide.
# 2. Steps: the widths $w_0,\ w_0 w_m,\ w_0 w_m^2, \dots$ are allowed, and each block takes the one that is nearest *in
#    the logarithm*: $s_j = \mathrm{round}\left(\log(u_j / w_0) / \log w_m\right)$.
# 3. Hardware likes multiples of 8: the width is $q \cdot \mathrm{round}(w_0 w_m^{s_j} / q)$ with $q = 8$.
#
# **Predict.** For RegNetX-200MF, $w_0 = 24$, $w_a = 36.44$, $w_m = 2.49$ and 13 blocks. What is $u_1$? Which step is
# the nearest, and how wide is block 1? How wide is the last one, roughly, and how many different widths are there?

# %% [markdown]
# ### Exercise: `regnet_widths`
#
# *Difficulty 2 of 5 · importance 2 of 5 · about 20 minutes · 10 points*
#
# A width for every block, from first to last. It is compared exactly, and no graded number comes so near to a half
# that the kind of rounding would matter.
#
# <details><summary>Hint</summary>
#
# Follow the three lines of the rule for $j = 1$ with a calculator, before you write a loop: $u_1 = 60.44$, and
# $\log(60.44 / 24) / \log 2.49$ is a little more than 1.
#
# Does your code round twice? What do you get if you leave out the first of the two roundings, and why is that only the
# line again, in multiples of $q$?
#
# </details>

# %% exercise="regnet_widths" points=10
from solutions.mixers.reference import regnet_widths

# %%
with demo():
    small = regnet_widths(24, 36.44, 2.49, 13)
    print("RegNetX-200MF:", [int(width) for width in small])
    print("RegNetX-3.2GF:", sorted({int(width) for width in regnet_widths(88, 26.31, 2.25, 25)}))
    both = {"the line u": 24 + 36.44 * np.arange(13), "width of the block": np.array(small, float)}
    plots.curves(range(13), both, "block", "channels", title="RegNetX-200MF: a line, cut into steps")
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# $u_1 = 60.44$, one step up, $24 \cdot 2.49 = 59.76$, and the nearest multiple of 8 is 56. The last block would like to
# be 461.3 wide and becomes 368. There are four widths, so four stages: 24, 56, 152 and 368, as in the paper.
#
# </details>
#
# **A riddle.** The paper's table lists 96, 192, 432 and 1008 for RegNetX-3.2GF. You find 88, 200, 448 and 1000. Is one
# of the two mistaken?
#
# <details><summary>Its solution</summary>
#
# Neither is, and you would not be the first to ask. The blocks of this network have convolutions in groups of 48
# channels, and so the widths are rounded once more, to multiples of 48. Your function leaves this out.
#
# </details>

# %% [markdown]
# ## 7 · What is a recipe worth?
#
# "ResNet strikes back!" says the next slide, and under it: "CNN is still good in the same experimental settings." In
# many comparisons with ViTs stands a ResNet-50 of about 76 %. But that ResNet had been trained by an old recipe, and
# the ViTs by new ones: more epochs, mixed pictures, stronger augmentation, another optimizer. The paper takes 25
# networks, old and new, and trains all of them by the same new recipes: A1 for 600 epochs, A2 for 300, and A3 for 100
# epochs on smaller pictures. Here is its table, from the slide. `org` is what had been published before.

# %%
RSB_TABLE = [  # model, A1, A2, A3, org
    ("ResNet-18", 71.5, 70.6, 68.2, 69.8),
    ("ResNet-34", 76.4, 75.5, 73.0, 73.3),
    ("ResNet-50", 80.4, 79.8, 78.1, 76.1),
    ("ResNet-101", 81.5, 81.3, 79.8, 77.4),
    ("ResNet-152", 82.0, 81.8, 80.6, 78.3),
    ("RegNetY-4GF", 81.5, 81.3, 79.0, 79.4),
    ("RegNetY-8GF", 82.2, 82.1, 81.1, 79.9),
    ("RegNetY-16GF", 82.0, 82.2, 81.7, 80.4),
    ("RegNetY-32GF", 82.5, 82.4, 82.6, 81.0),
    ("SE-ResNet-50", 80.0, 80.1, 77.0, 76.7),
    ("SENet-154", 81.7, 81.8, 81.9, 81.3),
    ("ResNet-50-D", 80.7, 80.2, 78.7, 79.3),
    ("ResNeXt-50-32x4d", 80.5, 80.4, 79.2, 77.6),
    ("EfficientNet-B0", 77.0, 76.8, 73.0, 77.1),
    ("EfficientNet-B1", 79.2, 79.4, 74.9, 79.1),
    ("EfficientNet-B2", 80.4, 80.1, 77.5, 80.1),
    ("EfficientNet-B3", 81.4, 81.4, 79.2, 81.6),
    ("EfficientNet-B4", 81.6, 82.4, 81.2, 82.9),
    ("ViT-Ti", 74.7, 74.1, 66.7, 72.2),
    ("ViT-S", 80.6, 79.6, 73.8, 79.8),
    ("ViT-B", 80.4, 79.8, 76.0, 81.8),
    ("ECA-ResNet-50-T", 81.3, 80.9, 79.6, None),
    ("EfficientNetV2-rw-S", 82.3, 82.9, 80.9, 83.8),
    ("EfficientNetV2-rw-M", 80.6, 81.9, 82.3, 84.8),
    ("ECA-ResNet-269-D", 83.3, 83.9, 83.3, 85.0),
]

# %% [markdown]
# ### Exercise: `recipe_gain`
#
# *Difficulty 1 of 5 · importance 3 of 5 · about 10 minutes · 10 points*
#
# What does A1 bring each model, in percentage points? Look through the table before you write: one row is not like the
# others. The grader has tables of its own.
#
# <details><summary>Hint</summary>
#
# A `for` loop may unpack a row into five names at once. What is `None` less a number?
#
# </details>

# %% exercise="recipe_gain" points=10
from solutions.mixers.reference import recipe_gain

# %% [markdown]
# **Predict.** In how many of the 24 models is A1 better than the original? Who gains most, who loses most, and what do
# the losers have in common? And the Vision Transformers, which are in the table, too: do all three of them gain?

# %%
with demo():
    gains = dict(sorted(recipe_gain(RSB_TABLE).items(), key=lambda pair: pair[1]))
    numbers = list(gains.values())
    better = sum(number > 0 for number in numbers)
    print(f"better: {better} of {len(numbers)}, on average {np.mean(numbers):+.2f} points")
    ax = plt.subplots(figsize=(8, 6.4), layout="constrained")[1]
    bars = ax.barh(list(gains), numbers, color=[plots.COLOURS[0 if number > 0 else 1] for number in numbers])
    ax.bar_label(bars, fmt="{:+.1f}", padding=3, color=plots.INK)
    ax.axvline(0, color=plots.INK, linewidth=1)
    ax.margins(x=0.12, y=0.02)
    ax.set_xlabel("A1 less the original (percentage points)")
    plots.dress(ax, "What the recipe A1 is worth", frame=plots.INK)
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# In 17, by 1.07 points on average. ResNet-50 gains most, 4.3, without a single new weight: more than many new
# architectures claimed to gain over it. None of the seven losers is an old ResNet: they are younger, and came with
# strong recipes of their own. Among the EfficientNets, the EfficientNetV2s and the ViTs, it is the largest one that
# loses most. EfficientNetV2-rw-M loses 4.2 points: its own recipe had been made for it. Of the ViTs, Ti gains 2.5 and S
# 0.8, and B loses 1.4. So a comparison of two *networks*, each with its own recipe, is a comparison of two recipes as
# well. And a recipe is never neutral: this one was tuned on ResNet-50.
#
# </details>
#
# ### And what does it cost?
#
# The same slide has columns for the cost. They are for `A1, A2` and for `A3`.

# %%
# train and test resolution of A1, A2 and org, then of A3; hours of A1, hours of A2, GPUs, GB; hours of A3, GPUs, GB
RSB_COST = {
    "ResNet-18": (224, 224, 160, 224, 186, 93, 2, 12.5, 28, 2, 6.5),
    "ResNet-34": (224, 224, 160, 224, 186, 93, 2, 17.5, 27, 2, 9.0),
    "ResNet-50": (224, 224, 160, 224, 110, 55, 4, 22.0, 15, 4, 11.4),
    "ResNet-101": (224, 224, 160, 224, 74, 37, 8, 16.3, 8, 8, 8.5),
    "ResNet-152": (224, 224, 160, 224, 92, 46, 8, 22.5, 9, 8, 11.8),
    "RegNetY-4GF": (224, 224, 160, 224, 130, 65, 4, 27.1, 15, 4, 13.9),
    "RegNetY-8GF": (224, 224, 160, 224, 106, 53, 8, 19.8, 10, 8, 10.3),
    "RegNetY-16GF": (224, 224, 160, 224, 150, 75, 8, 25.6, 13, 8, 13.4),
    "RegNetY-32GF": (224, 224, 160, 224, 120, 60, 16, 17.6, 12, 16, 9.4),
    "SE-ResNet-50": (224, 224, 160, 224, 102, 51, 4, 27.6, 16, 4, 14.2),
    "SENet-154": (224, 224, 160, 224, 110, 55, 16, 23.3, 12, 16, 12.2),
    "ResNet-50-D": (224, 224, 160, 224, 100, 50, 4, 23.9, 14, 4, 12.3),
    "ResNeXt-50-32x4d": (224, 224, 160, 224, 80, 40, 8, 14.3, 15, 4, 14.6),
    "EfficientNet-B0": (224, 224, 160, 224, 110, 55, 4, 22.1, 15, 4, 11.4),
    "EfficientNet-B1": (240, 240, 160, 224, 62, 31, 8, 17.9, 8, 8, 7.9),
    "EfficientNet-B2": (260, 260, 192, 256, 76, 38, 8, 22.8, 9, 8, 11.9),
    "EfficientNet-B3": (300, 300, 224, 288, 62, 31, 16, 19.5, 6, 16, 10.1),
    "EfficientNet-B4": (380, 380, 320, 380, 64, 32, 32, 20.4, 8, 32, 14.3),
    "ViT-Ti": (224, 224, 160, 224, 98, 49, 4, 16.3, 14, 4, 7.0),
    "ViT-S": (224, 224, 160, 224, 68, 34, 8, 16.1, 8, 8, 7.0),
    "ViT-B": (224, 224, 160, 224, 66, 33, 16, 16.4, 5, 16, 7.3),
    "ECA-ResNet-50-T": (224, 224, 160, 224, 112, 56, 4, 29.3, 15, 4, 15.0),
    "EfficientNetV2-rw-S": (288, 384, 224, 288, 52, 26, 16, 16.6, 7, 16, 10.1),
    "EfficientNetV2-rw-M": (320, 384, 256, 352, 64, 32, 32, 18.5, 9, 32, 12.1),
    "ECA-ResNet-269-D": (320, 416, 256, 320, 108, 54, 32, 27.4, 11, 32, 17.8),
}

# %% [markdown]
# **Predict.** ResNet-50 gets 80.4 % by A1, 79.8 % by A2 and 78.1 % by A3. How many GPU-hours (hours times GPUs) does
# each of them take? Which of the three would you choose for ten experiments? Is the longest recipe always the best?

# %%
with demo():
    shown = ("ResNet-18", "ResNet-50", "ResNet-152", "ViT-S")
    ax = plt.subplots(figsize=(7, 4.4), layout="constrained")[1]
    rows = {row[0]: row for row in RSB_TABLE}
    for i, model_name in enumerate(shown):
        _, _, _, _, a1_hours, a2_hours, gpus, _, a3_hours, a3_gpus, _ = RSB_COST[model_name]
        hours = [a3_hours * a3_gpus, a2_hours * gpus, a1_hours * gpus]
        _, a1, a2, a3, org = rows[model_name]
        style = {"color": plots.COLOURS[i], "marker": plots.MARKERS[i], "linestyle": plots.DASHES[i]}
        ax.plot(hours, [a3, a2, a1], label=f"{model_name} (org {org})", **style)
        print(f"{model_name:11s} A3, A2, A1: {hours} GPU-hours for {a3}, {a2}, {a1} %")
    ax.set(xlabel="GPU-hours of training", ylabel="ImageNet top-1 (%)", xscale="log")
    ax.set_xticks([50, 100, 200, 500, 1000], ["50", "100", "200", "500", "1000"])
    ax.minorticks_off()
    ax.legend(loc="center right", labelcolor=plots.INK)
    plots.dress(ax, "A3, A2 and A1: what the hours buy", frame=plots.INK)
    plt.show()
    longer = [sum(row[column] > row[1] for row in RSB_TABLE) for column in (2, 3)]
    print(f"of 25 models, A2 beats A1 in {longer[0]} and A3 beats A1 in {longer[1]}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 440, 220 and 60 GPU-hours. A3 takes a seventh of A1, and for ResNet-50 it is still 2 points above the original. So for
# ten experiments take A3: 600 GPU-hours in place of 4,400. For ViT-S the short recipe is a catastrophe, 73.8 in place
# of 80.6. ViTs and the small EfficientNets suffer most from few epochs on small pictures. For the ViTs that fits the
# lecture's "need more data", but does not prove it. Longer is not always better, either: A2 beats A1 in 8 models, and
# A3 even in 3. Those three are large. (What may happen to a large network that sees the same pictures 600 times?)
#
# </details>

# %% [markdown]
# ## 8 · Accuracy against speed
#
# Back to the Mixer. The lecture's table sets it beside its rivals. Three of its columns: accuracy on ImageNet, how many
# images a second one core classifies, and how long the training took. The first four were trained on 14 million
# pictures (ImageNet-21k), the next four on 300 million (JFT), and the last two on pictures without clean labels.

# %%
MIXER_TABLE = {  # model: ImageNet top-1 (%), images a second on a core, thousands of core-days of training
    "HaloNet": (85.8, 120, 0.10),
    "Mixer-L/16": (84.15, 105, 0.41),
    "ViT-L/16": (85.30, 32, 0.18),
    "BiT-R152x4, 21k": (85.39, 26, 0.94),
    "NFNet-F4+": (89.2, 46, 1.86),
    "Mixer-H/14": (87.94, 40, 1.01),
    "BiT-R152x4, JFT": (87.54, 26, 9.90),
    "ViT-H/14": (88.55, 15, 2.30),
    "MPL": (90.0, None, 20.48),
    "ALIGN": (88.64, 15, 14.82),
}

# %% [markdown]
# **Predict.** Which models would a person choose who cares for accuracy *and* speed? Somebody is out of the race if
# another one is better in both. Who remains?

# %%
with demo():
    marks = {"Mixer": "o", "ViT": "s", "BiT": "^"}
    ax = plt.subplots(figsize=(8, 4.8), layout="constrained")[1]
    for model_name, (accuracy, speed, _) in MIXER_TABLE.items():
        if speed is None:
            continue
        kind = next((kind for kind in marks if model_name.startswith(kind)), "other")
        colour = plots.COLOURS[[*marks, "other"].index(kind)]
        ax.scatter(speed, accuracy, s=60, color=colour, marker=marks.get(kind, "D"), zorder=3)
        left, below = speed > 60 or model_name == "BiT-R152x4, 21k", model_name == "ViT-H/14"
        ax.annotate(
            model_name, (speed, accuracy), xytext=(-7 if left else 7, -12 if below else 5), textcoords="offset points",
            ha="right" if left else "left", color=plots.INK, fontsize=9,
        )  # fmt: skip
    ax.set(xlabel="images a second on one core", ylabel="ImageNet top-1 (%)", xscale="log")
    ax.set_xticks([15, 30, 60, 120], ["15", "30", "60", "120"])
    ax.minorticks_off()
    ax.margins(0.12)
    ax.grid(color=plots.PALE, linewidth=0.6)
    plots.dress(ax, "Accuracy against speed", frame=plots.INK)
    plt.show()
    known = {name: row for name, row in MIXER_TABLE.items() if row[1]}
    kept = [n for n, (a, s, _) in known.items() if not any(b > a and t > s for b, t, _ in known.values())]
    print("nobody is better in both than:", ", ".join(kept))

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Of the nine whose speed is known, two remain, NFNet-F4+ and HaloNet: a convolutional network without a norm, and one
# with local attention. MPL, the most accurate of all, has no speed in the table. Nobody can beat it in both, so it
# stays in the race unseen. Each Mixer is faster than the ViT of the same size, trained on the same pictures, and less
# accurate; how much of each you work out for `figure`. But each network ran on pictures of the size that suited it
# best, the Mixers on 448 pixels and the ViTs on larger ones still: part of the speed is that. Beware of comparing
# across the groups of the table, though: 300 million pictures help everybody. And speed is not the price of training:
# Mixer-L/16 runs three times as fast as ViT-L/16, but took more than twice as many core-days to train. In the lecture's
# summary stand "90.2 %" for a CNN and "90.45 %" for a ViT, a quarter of a point apart. The CNN was made by MPL, Meta
# Pseudo Labels, and the table above has a sister of it, with 90.0 %. Look up how many core-days that one took.
#
# </details>

# %% [markdown]
# ## 9 · Two questions on paper
#
# You enter the answers in `figure()` below. The check says only that they have arrived; the grader judges them.
#
# **`answer_1`.** How many numbers are trained in one block of Mixer-L/16, with $N = 196$, $D = 1024$, $S = 512$ and $C
# = 4096$? All kernels, biases, gammas and betas of the block. Give the exact number.
#
# **`answer_2`.** Five statements. For each, write 1 if it is true, and 0 if not: a list of five numbers. True means:
# always, whatever the weights and the inputs are. That floats are rounded does not count.
#
# 1. The `token_mlp` of a `MixerBlock` returns 0 for everything. If the tokens are shuffled, the outputs are shuffled
#    along, and are otherwise the same.
# 2. If the channels of $x$ are put in another order, and the entries of `norm1`'s gamma and beta with them, then what
#    `token_mlp` adds to $x$ comes in that other order, too, and is otherwise the same.
# 3. If every patch is passed twice, one copy after the other, the CLS that a `ClassAttentionBlock` returns is the same
#    as before.
# 4. If a filter whose $M \sigma^2$ is above $\varepsilon$ is multiplied by -2, `scaled_weight_standardization` makes
#    the same of it as before.
# 5. If $w_0$, $w_a$ and $q$ are all doubled, while $w_m$ and the depth stay, every width that `regnet_widths` returns
#    is doubled.

# %% [markdown]
# ## 10 · The figure
#
# ### Exercise: `figure`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 30 minutes, with the questions · 3 points*
#
# `signal` is the calculation of section 3 in earnest: with real matrices, and with your `LayerScale`. The network is
# given. Its numbers are random, so the mean square is only about 1 at first.

# %% given="random_network"
from solutions.mixers.reference import random_network

# %% [markdown]
# <details><summary>Hint</summary>
#
# Write a loop for row 0 first: a list that begins with one number and grows by one in each block. The other two rows
# differ from it in one line. `ops.mean(ops.square(x))` is one number.
#
# `trade` is two differences and two quotients. `gains` comes in the order of the table if you do not sort it.
#
# </details>

# %% exercise="figure" points=3
from solutions.mixers.reference import figure

# %% [markdown]
# Your figure.

# %%
with demo():
    numbers = {name: ops.convert_to_numpy(value) for name, value in figure().items()}
    _, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4.2), layout="constrained")
    rows = dict(zip(("no norm", "norm in front", "norm and LayerScale(0.1)"), numbers["signal"], strict=True))
    plots.curves(range(25), rows, "blocks", "mean square", log_y=True, title="How large are the tokens?", ax=left)
    for line in left.lines:
        line.set_markersize(4)
    ordered = np.sort(numbers["gains"])
    middle.bar(range(len(ordered)), ordered, color=[plots.COLOURS[0 if gain > 0 else 1] for gain in ordered])
    middle.axhline(0, color=plots.INK, linewidth=1)
    middle.set(xlabel="models, in the order of their gain", ylabel="A1 less the original (points)", xticks=[])
    plots.dress(middle, f"What a recipe is worth: {np.mean(ordered):+.2f} on average", frame=plots.INK)
    points, faster = numbers["trade"].T
    right.scatter(faster, points, s=70, color=plots.COLOURS[0], zorder=3)
    right.scatter([1], [0], s=70, color=plots.COLOURS[1], marker="s", zorder=3)
    for words, *place in zip(("the ViT", "Mixer-L/16", "Mixer-H/14"), (1, *faster), (0, *points), strict=True):
        right.annotate(words, place, xytext=(0, 12), textcoords="offset points", ha="center", color=plots.INK)
    right.set(xlabel="times as many images a second", ylabel="top-1 less the ViT's (points)")
    right.set(xlim=(0.5, 4), ylim=(-1.5, 0.4))
    right.grid(color=plots.PALE, linewidth=0.6)
    plots.dress(right, "What a Mixer gives and takes", frame=plots.INK)
    plt.show()

# %% [markdown]
# **What to look for**
#
# - On the left, how many blocks would the lowest curve need until it is as high as the middle one is after 24?
# - In the middle, is "the new recipe is worth a point" a good summary? Who would be served badly by it?
# - On the right, what would a model have to do to lie to the right of the ViT and above it?
#
# <details><summary>Answers</summary>
#
# About 2,500: each block adds 0.01, the square of 0.1, and the middle curve ends at 26. No: seven of the 24 lose, among
# them networks whose own recipe was made for them. It would have to be faster *and* more accurate than the ViT; neither
# Mixer is.
#
# </details>

# %% [markdown]
# ## 11 · In your own words
#
# **Question 1** (2 points, about 200 words, read by a person)
#
# "CNN, ViT, and MLP-Mixer??" Somebody builds a camera for a conveyor belt. All pictures have the same size, there are a
# thousand of them a minute, and the computer in it is small. Somebody else searches satellite pictures of any size for
# ships. Do they need attention?
#
# The grader looks for two things:
#
# - You give each of them advice, and support it with something that you have measured or built in this lesson: what a
#   `MixerBlock` can and cannot take, and how your own Mixer did beside the ViT of lesson 4 (one run each: what does
#   that show, and what not?).
# - You use the lecture's numbers on accuracy and speed, and say why a difference between two rows of such a table need
#   not be due to the architecture.
#
# Full sentences, please. Write your text into the next cell, in place of the words that stand there.

# %% [markdown] question="question_1" points=2
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# 1. A Mixer: two MLPs, one along each axis of the table of tokens. It needs no positions, and it knows one number of
#    tokens only.
# 2. LayerScale: blocks that begin by doing nearly nothing, so that a network may be deep.
# 3. Class attention: one token asks, and the price grows with the number of patches, not with its square.
# 4. Filters that keep the signal's size by themselves, in place of a norm.
# 5. A line cut into steps, which describes a network's widths by three numbers and a depth.
# 6. A recipe may be worth more than 4 points of accuracy, up or down: as much as many new architectures. Ask for the
#    recipes, whenever two networks are compared.
#
# So, do we need attention? It is the only part in this lesson that works out anew, for every image, who listens to
# whom. Whether that is needed depends on the task, and not on the title of a paper.
#
# **What comes next.** Lesson 11 looks inside: what do a CNN, a ViT and a Mixer see, and do they see the same?
#
# **Further reading**
#
# - Tolstikhin et al. 2021, "MLP-Mixer: An all-MLP Architecture for Vision": figure 5 for what the token MLPs learn.
# - Touvron et al. 2021, "Going deeper with Image Transformers", on LayerScale (section 2) and class attention.
# - Brock et al. 2021, "Characterizing signal propagation to close the performance gap in unnormalized ResNets", for the
#   formula, and "High-Performance Large-Scale Image Recognition Without Normalization" for the NFNets (the slide
#   shortens its title).
# - Radosavovic et al. 2020, "Designing Network Design Spaces": figure 15 has all RegNetX.
# - Wightman, Touvron and Jégou 2021, "ResNet strikes back: An improved training procedure in timm".

# %% [markdown]
# ## Handing in
#
# 1. Choose "Restart and run all" once, and look through the checks. It trains again and saves again, and the last
#    saved files count.
# 2. Save the notebook.
# 3. Run the cell below. `submit()` puts three files into one zip: the notebook, the weights of your Mixer, and the
#    arguments that rebuild it. It says what it has found and what is missing. In Colab your browser downloads the zip;
#    elsewhere it lies beside the notebook.
# 4. Hand in this one zip, in the way your course tells you.
#
# (By hand it is the same: `10_mixers.ipynb`, and the folder `artifacts` with its two files.)

# %%
submit()
