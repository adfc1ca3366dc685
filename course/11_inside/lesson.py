# %% [markdown]
# # Lesson 11 · Looking inside: what did it learn?
#
# A network that is right on seven of ten pictures has learned something. What? Its weights are a hundred thousand
# numbers or so, and nobody can read them. But you can measure: how far does a head look? Where does an answer come
# from? Do two networks see the same things? Does one go by shape or by texture? And how much would more data have
# helped? The lecture answers most of these with plots. In this lesson you build the measures, and point them at a CNN,
# a ViT and a Mixer.
#
# **When you are done, you can**
#
# - measure the "receptive field" of a head of attention, in pixels;
# - follow through all layers where an output token comes from, and test whether to believe it;
# - compare the layers of two networks whose features agree neither in number nor in order;
# - tell what such a comparison is worth, by asking what pure chance would give;
# - make pictures in which shape and texture disagree, and count which of the two a network believes;
# - fit a scaling law, and say what it promises and what it does not.
#
# Plan three hours. You need attention from lessons 1 and 2 and the Vision Transformer of lesson 4. Nothing is
# trained.

# %% [markdown]
# ## How this notebook works
#
# - Write your code in place of `raise NotImplementedError()`, and run the `check(...)` below it as often as you like.
#   Where it says **Predict**, write down your guess before you run the cell. "Run all" works from the first minute.
# - NumPy and `keras.ops` are equally welcome here, since no gradient runs through a measure. Your functions get
#   arrays or tensors; `ops.convert_to_numpy` makes an array of either. SciPy and scikit-learn are not there when it
#   is graded.
# - The grader uses the same kind of cases with other numbers and other shapes. Partly right work gets part of the
#   points, and a mistake in one exercise is not counted again in the next.
# - What the measures *find* is not graded. Small networks do not always behave as large ones in papers do. Report
#   what you see.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `mean_attention_distance` | 20 | 30 |
# | `attention_rollout` | 10 | 20 |
# | `linear_cka` | 20 | 30 |
# | `cka_matrix` | 8 | 10 |
# | `cue_conflict` | 7 | 15 |
# | `shape_bias` | 10 | 10 |
# | `fit_power_law` | 10 | 30 |
# | `figure`, with two answers | 10 | 25 |
# | `question_1`, a short text | 5 | 15 |
# | **Sum** | **100** | **185** |

# %%
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots

# %% [markdown]
# ## Conventions
#
# | Letter | Meaning |
# |---|---|
# | $B$ | images in a batch, each $H$ by $W$ pixels with $C$ channels |
# | $n$ | examples that are compared; in section 7, images to learn from |
# | $h$ | heads |
# | $T$ | tokens: CLS first, where there is one, then the patches, left to right and then down |
# | $D$ | numbers in a token |
# | $d$ | features of an example |
# | $A$ | attention weights, $(T, T)$; row $i$ holds the weights of query $i$, and sums to 1 |
# | $\lVert M \rVert$ | the Frobenius norm: the square root of the sum of all squared entries |

# %% [markdown]
# ## 1 · Three networks
#
# They come with `vitlab`, trained on the 50,000 training pictures of CIFAR-10, and each fits into a small file. So
# does a page of pictures that none of them was trained on. Nothing has to be downloaded.
#
# | | what it is made of | its seven layers |
# |---|---|---|
# | CNN | six convolutions, maps of three sizes | 1 to 6: after each convolution; 7: the mean over all places |
# | ViT | six blocks of attention, four heads; 64 patches, and CLS | 0: before the blocks; 1 to 6: after each one |
# | Mixer | six blocks, an MLP over the patches in place of attention | 0 to 6, as in the ViT |
#
# `checkpoints.features` gives the seven layers of a network. Each block has one layer of attention, so of those there
# are six.
#
# Each was trained for a few minutes on a processor. Far better ones exist, and that is not the point here: we look at
# what they have learned so far.
#
# **Predict.** How often a network is right says nothing of *which* pictures it misses. If each of two networks were
# right on two thirds of the pictures, and their mistakes had nothing to do with each other, on what share would both be
# right?

# %%
PICTURES = "a hundred"  # or "cifar10": the first 500 test pictures, a download of 170 MB

if PICTURES == "cifar10":
    _, (images, labels) = data.load("cifar10")
    images, labels = images[:500], labels[:500]
else:
    images, labels = checkpoints.pictures()
words = data.class_names("cifar10")
networks = {"CNN": checkpoints.load("cnn"), "ViT": checkpoints.load("vit"), "Mixer": checkpoints.load("mixer")}
said = {name: checkpoints.predict(network, images) for name, network in networks.items()}

plots.pictures(images[:100:7], [words[label] for label in labels[:100:7]], columns=8, title="Some of the pictures")
plt.show()
for name, network in networks.items():
    of_all = checkpoints.about(network.name)["accuracy"]["test"]
    right = (said[name] == labels).mean()
    print(
        f"{name:5s} {network.count_params():7,d} numbers, right on {of_all:.0%} of all 10,000 test pictures", end=", "
    )
    print(f"on {right:.0%} of these")
for one, other in (("CNN", "ViT"), ("CNN", "Mixer"), ("ViT", "Mixer")):
    shares = [(said[name] == labels).mean() for name in (one, other)]
    both = ((said[one] == labels) & (said[other] == labels)).mean()
    print(f"both {one} and {other} are right: {both:.0%}; by chance it would be {shares[0] * shares[1]:.0%}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# By chance, two thirds of two thirds: 4 of 9, or 44 %. If two of them are right together more often than chance says,
# some pictures are easy for all of them, and some are hard. Do they also *see* alike? An accuracy cannot say.
#
# </details>

# %% [markdown]
# ## 2 · How far does a head look?
#
# A convolution of 3 by 3 sees one pixel around itself, and no training changes that. A head of attention may look
# anywhere. Where it does look is learned, and so it can be measured. The lecture calls the measure the "receptive
# field size", and draws a conclusion: "Initial layers are partially local, deeper layers are global".
#
# The measure is a weighted mean. A query gives each key a weight, and each key lies at some distance. In a row of
# three patches, each 4 pixels wide, let the first patch ask:
#
# | key | CLS | patch 0 | patch 1 | patch 2 |
# |---|---|---|---|---|
# | weight | 0.4 | 0.3 | 0.2 | 0.1 |
# | distance in pixels | none | 0 | 4 | 8 |
# | weight without CLS | | 0.5 | 0.333 | 0.167 |
#
# CLS lies nowhere, so it has to go. But then the weights only sum to 0.6, and they have to be divided by that: they
# are in the last line. The mean distance is $0.5 \cdot 0 + 0.333 \cdot 4 + 0.167 \cdot 8 = 2.67$ pixels. (Without the
# division it would be 1.6, and a head that looks at CLS a lot would seem short-sighted.)
#
# In a picture the distance is Euclidean, as the crow flies: one patch down and one to the right are $4 \sqrt{2} =
# 5.66$ pixels. A head has one distance for each patch that asks, in each image; its own is the mean of all these.
#
# **Predict.** Our ViT has 8 by 8 patches, each 4 pixels wide, so a picture is 32 pixels wide. If a head looks at all
# patches equally, what is its mean distance: about 8, 12, 16 or 20 pixels? And what is it for a head in which each
# patch looks at itself alone?

# %% [markdown]
# ### Exercise: `mean_attention_distance`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 30 minutes · 20 points*
#
# <details><summary>Hint</summary>
#
# Begin with the table of distances between all patches, which knows nothing of attention. Which row and which column
# has patch number $i$? (Grids need not be square: in one of 3 rows by 5 columns, patch 7 lies in row 1.) Two lists of
# places can be subtracted by broadcasting, so that each meets each.
#
# Then cut the weights, on both of their last axes, and look at the sum of a row before you go on. What is left to do is
# one product, one sum and one mean. Over which axes?
#
# </details>

# %% exercise="mean_attention_distance" points=20
from solutions.inside.reference import mean_attention_distance

# %% [markdown]
# Now to the ViT, before and after its training. Each point is a head. The dotted line is attention that looks
# everywhere equally.
#
# **Predict.** Before the training, all weights are random. Where will the points lie? And afterwards: in which layers
# will they have moved?


# %%
def heads_by_layer(table, title, ax):
    """One point for each head: table (layers, heads)."""
    for layer, heads in enumerate(table, start=1):
        ax.plot([layer] * len(heads), heads, "o", color=plots.COLOURS[0], markersize=7, alpha=0.75)
    ax.axhline(16.54593, color=plots.INK, linewidth=1, linestyle=":")
    ax.set(xlabel="layer", ylabel="mean attention distance (pixels)", ylim=(12, 20), xticks=range(1, len(table) + 1))
    plots.dress(ax, title, frame=plots.INK)


with demo():
    everywhere = np.full((1, 1, 65, 65), 1 / 65, "float32")
    print(f"looks everywhere equally: {float(mean_attention_distance(everywhere, (8, 8), 4)[0]):.5f} pixels")

    _, axes = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained", sharey=True)
    for ax, trained in zip(axes, (False, True), strict=True):
        looks = checkpoints.attention(checkpoints.load("vit", trained), images)
        table = np.array([ops.convert_to_numpy(mean_attention_distance(layer, (8, 8), 4)) for layer in looks])
        title = "after training" if trained else "before training"
        heads_by_layer(table, title, ax)
        print(f"\n{title}: four heads in each layer, and the entropy of their weights")
        for number, (row, layer) in enumerate(zip(table, looks, strict=True), start=1):
            entropy = -(layer * np.log(np.maximum(layer, 1e-12))).sum(axis=-1).mean(axis=(0, 2))
            pixels, nats = (" ".join(f"{value:6.2f}" for value in four) for four in (row, entropy))
            print(f"layer {number}: {pixels} pixels; {nats}")
    print(f"\nentropy of 65 equal weights: {np.log(65):.2f}")
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Looking everywhere equally is 16.5 pixels: a bit more than half the width of the picture. If each patch looks at
# itself alone, it is 0. Before the training all heads are near the dotted line: the products of small random queries
# and keys are all close to 0, and softmax makes nearly equal weights of them.
#
# Afterwards, compare heads of one layer with each other, and layers with layers. A head below the line prefers what is
# near; one of layer 2 goes lowest, to 14.4. A head above it prefers what is far away: one of layer 1 goes highest, to
# 18.6. The first two layers have moved most, and of the others a head here and there.
#
# Most heads have stayed near the line. Have they learned nothing? Look at the entropy, which you know from lesson 1.
# Before the training it is nearly that of equal weights, and afterwards it is far lower for every head. So a head on
# the line need not look everywhere equally. It may choose a few patches by what they show, wherever they lie. The
# distance cannot tell these two apart, and the entropy can.
#
# Do not take the number for more than it is. A head at 15 pixels may look at patches at middle distances, or half at
# itself and half at the far end. And a patch in a corner has its far patches farther away than one in the middle.
#
# </details>

# %% [markdown]
# ## 3 · Where does an answer come from?
#
# CLS gives the answer. To show what it looked at, many pictures in papers use the attention of the last layer. But
# what CLS meets there are no patches any more: five layers have mixed them. We have to follow the mixing through all
# layers.
#
# One layer mixes by its $A$. Around it runs the **residual stream**, which carries each token past unchanged. So say
# that an output token is half what attention brings, half itself: $A' = (A + I) / 2$, with the mean over the heads
# for $A$. Two layers one after the other are a product of matrices. By hand, for two tokens:
#
# | | layer 1 | layer 2 |
# |---|---|---|
# | $A$ | rows (0.5, 0.5) and (0, 1) | rows (1, 0) and (0.5, 0.5) |
# | $A'$ | rows (0.75, 0.25) and (0, 1) | rows (1, 0) and (0.25, 0.75) |
#
# Token 1 after both layers is a quarter of token 0 after layer 1, and three quarters of token 1 after layer 1. Token
# 0 after layer 1 is itself a mixture. So token 1 holds $0.25 \cdot 0.75 = 0.1875$ of input token 0, and $0.25 \cdot
# 0.25 + 0.75 \cdot 1 = 0.8125$ of input token 1. These two numbers are the second row of a product of $A'_1$ and
# $A'_2$. There are two such products, and the other one has another second row. Which of the two is it?
#
# This is the **rollout**.
#
# **Predict.** In a ViT of six layers, what is the least that CLS can hold of itself in the end, if no layer's CLS
# ever attends to CLS, and nothing comes back to it by way of the patches? And how much of its row is left for the 64
# patches, at most?

# %%
print(f"the least: {0.5**6:.4f}, and left for the patches: {1 - 0.5**6:.4f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# In each layer CLS keeps half of what it has of itself. Halved six times, that is 1/64, or 0.0156; so 0.984 is the
# most that is left for the patches.
#
# </details>

# %% [markdown]
# ### Exercise: `attention_rollout`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 20 minutes · 10 points*
#
# <details><summary>Hint</summary>
#
# One layer first: which axis are the heads, and what shape is left without them? `ops.eye` makes an identity, and
# broadcasting gives one to each image.
#
# For several layers, keep what you have so far in a variable and bring in one layer after the other. On which side of
# it does the next one go? Try it with the two tokens above.
#
# </details>

# %% exercise="attention_rollout" points=10
from solutions.inside.reference import attention_rollout

# %%
with demo():
    first, second = np.array([[0.5, 0.5], [0, 1]], "float32"), np.array([[1, 0], [0.5, 0.5]], "float32")
    print("by hand:", ops.convert_to_numpy(attention_rollout([first[None, None], second[None, None]]))[0].tolist())

    by_layer = checkpoints.attention(networks["ViT"], images[:100])
    flow = ops.convert_to_numpy(attention_rollout(by_layer))
    print(f"CLS holds of itself: from {flow[:, 0, 0].min():.3f} to {flow[:, 0, 0].max():.3f}")

    shown = np.flatnonzero(said["ViT"][:100] == labels[:100])[::9][:6]
    rows = [data.as_floats(images[shown])]
    for source in (by_layer[-1].mean(axis=1), flow):
        maps = source[shown, 0, 1:].reshape(-1, 8, 8, 1)
        maps = maps / maps.max(axis=(1, 2), keepdims=True)
        rows.append(rows[0] * (0.2 + 0.8 * np.kron(maps, np.ones((1, 4, 4, 1)))))
    names = [words[label] for label in labels[shown]] + ["last layer"] * len(shown) + ["rollout"] * len(shown)
    plots.pictures(np.concatenate(rows), names, columns=len(shown), title="What CLS is made of")
    plt.show()

# %% [markdown]
# ### Should we believe it?
#
# Such pictures look convincing, and that is their danger. A rollout knows nothing of the values, of the MLPs, or of
# the sign of what is passed on. So test it: paint the 16 patches with the largest rollout in the mean colour of the
# picture, and see how many answers change. If these patches matter, it should be more than for 16 patches at random,
# and more than for the 16 with the smallest.
#
# That is not yet a hard test. Two rivals are cheaper than a rollout: the last layer's attention, of which we said that
# it means little, and the 16 patches in the *middle* of the picture, for which nobody has to look at the network.
#
# **Predict.** What share of the answers changes in each of the five ways? And if the rollout meant nothing at all?


# %%
def painted(pictures, patches):
    """Pictures (n, 32, 32, 3) whose patches with these numbers (n, k) have the picture's mean colour."""
    grid = np.zeros((len(pictures), 64), bool)
    np.put_along_axis(grid, patches, True, axis=1)
    covered = np.kron(grid.reshape(-1, 8, 8), np.ones((1, 4, 4))) > 0
    return np.where(covered[..., None], pictures.mean(axis=(1, 2), keepdims=True), pictures).astype("float32")


with demo():
    pictures = data.as_floats(images[:100])
    by_layer = checkpoints.attention(networks["ViT"], images[:100])
    order = np.argsort(ops.convert_to_numpy(attention_rollout(by_layer))[:, 0, 1:], axis=1)
    last = np.argsort(by_layer[-1].mean(axis=1)[:, 0, 1:], axis=1)
    middle = np.tile(np.arange(64).reshape(8, 8)[2:6, 2:6].reshape(1, 16), (len(pictures), 1))
    ways = {
        "the largest rollout": order[:, -16:],
        "the smallest rollout": order[:, :16],
        "the last layer's attention": last[:, -16:],
        "their place in the middle": middle,
    }
    print("16 of 64 patches painted, chosen by")
    for name, patches in ways.items():
        changed = checkpoints.predict(networks["ViT"], painted(pictures, patches)) != said["ViT"][:100]
        print(f"{name:28s}{changed.mean():4.0%} of the answers change")
    shares = []
    for seed in range(8):
        drawn = np.argsort(np.random.RandomState(seed).rand(len(pictures), 64), axis=1)[:, :16]
        shares.append((checkpoints.predict(networks["ViT"], painted(pictures, drawn)) != said["ViT"][:100]).mean())
    print(f"{'chance, eight times':28s}{min(shares):4.0%} to {max(shares):.0%}")

# %% [markdown]
# <details><summary>What to look for</summary>
#
# For our photographs, the rollout does better than chance: 54 % against 24 to 33 %. (If it meant nothing, largest,
# smallest and chance would be alike. The smallest gives 17 %.) And it does better than the last layer's attention, with
# 38 %. So it has found something that the answer depends on.
#
# But the middle alone gives 47 %. Most things are photographed in the middle, and the rollout is largest there. So a
# good part of its success is one that needs no network. Is 54 more than 47? A share of a hundred pictures is typically
# off by about 5 percentage points, by luck alone, and a difference of two such shares by about 7 (by less where both
# are of the same pictures); twice that is no rarity. So we cannot say. The obvious rival is the one to test against.
#
# </details>

# %% [markdown]
# ## 4 · Do two layers see the same?
#
# Here is a harder question. A layer of the CNN makes 16,384 numbers of a picture, one of the ViT 4,160. They have no
# common order: feature 7 of one has nothing to do with feature 7 of the other. They cannot be subtracted. How could
# they be alike?
#
# Ask the layers about *pairs of pictures* instead. If both find the same pictures similar, they see alike, whatever
# their features are. This is **centred kernel alignment**, CKA:
#
# $$\mathrm{CKA}(X, Y) = \frac{\lVert Y^\top X \rVert^2}{\lVert X^\top X \rVert \, \lVert Y^\top Y \rVert}$$
#
# $X$ is $(n, d_1)$ and $Y$ is $(n, d_2)$: a row for each of the same $n$ pictures. Before anything else, both are
# centred, so that each *column* has the mean 0. By hand, with three pictures and a single feature in each layer:
#
# | picture | $x$ | centred | $y$ | centred |
# |---|---|---|---|---|
# | 0 | 4 | -1 | 0 | -1 |
# | 1 | 5 | 0 | 0 | -1 |
# | 2 | 6 | 1 | 3 | 2 |
#
# $Y^\top X = 1 + 0 + 2 = 3$, $X^\top X = 2$ and $Y^\top Y = 6$, so CKA is $9 / (2 \cdot 6) = 0.75$. With one feature
# each it is the square of the correlation. (Without centring it would be 0.47: then it
# also matters what all pictures have in common, here that $x$ is large.)
#
# **Predict.** What becomes of the 0.75 if $y$ is multiplied by 10? If 100 is added to $x$? If $y$ gets a minus in
# front?

# %% [markdown]
# ### Exercise: `linear_cka`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 30 minutes · 20 points*
#
# <details><summary>Hint</summary>
#
# Write a line for each piece: centred features, three products, three norms. `np.linalg.norm` of a matrix is the
# Frobenius norm. Only one of the three norms is squared. You can see why: which power of the features stands above the
# line, and which below it?
#
# Test it with the table. The axis along which you take the mean is the one that both layers share.
#
# </details>

# %% exercise="linear_cka" points=20
from solutions.inside.reference import linear_cka

# %%
with demo():
    x, y = np.array([[4.0], [5], [6]], "float32"), np.array([[0.0], [0], [3]], "float32")
    for name, pair in {"by hand": (x, y), "10 y": (x, 10 * y), "x + 100": (x + 100, y), "-y": (x, -y)}.items():
        print(f"{name:8s} {float(linear_cka(*pair)):.4f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It stays 0.75 all three times. A factor cancels, a constant goes away with the mean, and a sign is squared. For more
# features the same holds for any rotation or reflection, and a minus is one of these. So CKA does not care how a
# network writes down what it sees, as long as the distances between pictures stay in proportion.
#
# </details>
#
# ### Few rows, many columns
#
# $X^\top X$ of the CNN's first layer would have $16{,}384^2$ entries, a gigabyte in single precision. But we have
# only a hundred pictures, and a hundred points span at most a hundred directions. So we turn the features until all
# but a hundred of them are 0, and drop those. A rotation changes no CKA.

# %% given="rotated"
from solutions.inside.reference import rotated

# %% [markdown]
# ### What would chance give?
#
# Before you believe a similarity, ask what two things give that have nothing in common. Below are two layers of pure
# noise, more and more of it, for a hundred pictures that do not exist.
#
# **Predict.** The CKA of noise with other noise, with 10, 100, 1000 and 10,000 features: does it rise, fall, or stay
# at 0?

# %%
with demo():
    random = np.random.RandomState(1)
    for width in (10, 100, 1000, 10_000):
        noise = [rotated(random.normal(size=(100, width))) for _ in range(2)]
        print(f"{width:6,d} features of noise, 100 pictures: CKA {float(linear_cka(*noise)):.2f}")

    order = random.permutation(len(images))
    print("\nthe fourth of the seven layers (layer 4 of the CNN, layer 3 of the others), with the same pictures,")
    print("and with another order for the second network")
    fourth = {name: rotated(checkpoints.features(network, images)[3]) for name, network in networks.items()}
    for one, other in (("CNN", "ViT"), ("CNN", "Mixer"), ("ViT", "Mixer")):
        same, mixed = (float(linear_cka(fourth[one], y)) for y in (fourth[other], fourth[other][order]))
        print(f"{one} and {other}: {same:.2f}, in another order {mixed:.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It rises to nearly 1: with $d$ features of noise in each layer, and $n$ pictures, it is about $d / (n + d)$. In very
# many dimensions any two pictures are equally far apart, in both layers, and that is a similarity, too. So CKA of few
# pictures and many features promises too much. The remedies are more pictures, or another estimator. (The one called
# unbiased leaves out the products of each picture with itself, and may fall below 0.)
#
# Real features are not noise: a few strong directions do most of the work. The second experiment says how much of the
# effect is left. Pictures in another order have nothing to do with each other, so what they give is chance. (One order
# is enough: five others gave the same, within 0.03.)
#
# Compare the two columns. Only the amount by which the first exceeds the second asks for an explanation.
#
# </details>

# %% [markdown]
# ## 5 · Everything against everything
#
# ### Exercise: `cka_matrix`
#
# *Difficulty 1 of 5 · importance 3 of 5 · about 10 minutes · 8 points*
#
# One number for each pair of layers. If `linear_cka` still fails its check, write this exercise all the same: the
# grader tries it again with a right one.
#
# <details><summary>Hint</summary>
#
# Axis 0 counts pictures, and only that one. How do you fold all other axes into one, for tokens $(n, T, D)$ and maps
# $(n, H, W, C)$ alike? Then two loops.
#
# </details>

# %% exercise="cka_matrix" points=8
from solutions.inside.reference import cka_matrix

# %% [markdown]
# The question of the paper: does a network change its view from layer to layer, or does it keep it? One number says
# how alike a network's layers are on the whole: the mean of its matrix without the diagonal.
#
# **Predict.** For which of the three is this mean the largest? And before training, with random weights?

# %%
with demo():
    means = {}
    for name, network in networks.items():
        for model in (checkpoints.load(network.name, trained=False), network):
            layers = [rotated(layer) for layer in checkpoints.features(model, images)]
            matrix = ops.convert_to_numpy(cka_matrix(layers, layers))
            means.setdefault(name, []).append(matrix[~np.eye(len(layers), dtype=bool)].mean())
    print("mean CKA of two different layers   before training   after")
    for name, (before, after) in means.items():
        print(f"{name:34s} {before:15.2f} {after:7.2f}")

# %% [markdown]
# <details><summary>What to look for</summary>
#
# In the paper, of large networks and 300 million pictures, the ViT's matrix is the more uniform one: its layers
# resemble each other from the first to the last, while a ResNet's fall into two parts.
#
# Ours are far smaller, were trained for minutes, and are measured on few pictures. After the training they show it,
# too: 0.71 for the CNN, and 0.82 and 0.83 for the other two.
#
# But look at the untrained ones. All three are uniform, and the CNN is the most uniform of all, although it has no
# residual stream: random layers pass on what they get. The training has changed the CNN, and hardly the ViT and the
# Mixer. So a good part of what looks like "it sees the same in all layers" was there before anything was learned. And
# the question of section 4 remains: how much of each number would chance give? There it was 0.19 to 0.40.
#
# </details>

# %% [markdown]
# ## 6 · Shape or texture?
#
# The lecture shows an elephant's skin (a network says "Indian elephant", 81.4 %), a cat (71.1 % "tabby cat"), and a
# cat with the elephant's skin. We see a cat. The network says "Indian elephant", 63.9 %.
#
# Such a picture is a **cue conflict**: two cues, two answers. The ones of the lecture were painted by a network for
# style transfer. There is an older way that needs no network. The Fourier transform takes a picture apart into waves,
# and each of them has a strength, its **amplitude**, and a place, its **phase**. Where all waves agree lies an edge: so
# the phase knows the shapes. How strong fine and coarse waves are is a part of what we call texture. So take the
# phase of the cat, and the amplitude of the elephant.
#
# By hand, for a "picture" of two pixels, whose only waves are their sum and their difference:
#
# | | pixels | sum | difference |
# |---|---|---|---|
# | shape | 0.1, 0.3 | 0.4 | -0.2 |
# | texture | 0.5, 0.1 | 0.6 | 0.4 |
# | amplitude of the texture, sign of the shape | | 0.6 | -0.4 |
# | and back | (0.6 - 0.4) / 2 = 0.1, (0.6 + 0.4) / 2 = 0.5 | | |
#
# It rises from left to right as the shape does, and as steeply as the texture falls.
#
# ### Exercise: `cue_conflict`
#
# *Difficulty 3 of 5 · importance 2 of 5 · about 15 minutes · 7 points*
#
# <details><summary>Hint</summary>
#
# `np.fft.fft2` and its inverse do the work; tell them which two axes are meant. What comes out are complex numbers.
# With `np.abs` you get their sizes; and a number divided by its own size keeps what?
#
# </details>

# %% exercise="cue_conflict" points=7
from solutions.inside.reference import cue_conflict

# %% [markdown]
# Six conflicts. Below each of them is what the CNN and the ViT say. (A wave of strength 0 has no phase, and a real
# picture may contain such a wave. So a grain of noise is added first, too little to be seen.)
#
# **Predict.** Cover the words. What do *you* see in the third row, the first or the second?

# %%
with demo():
    hundred, classes = checkpoints.pictures()
    grain = np.random.RandomState(5).uniform(0, 1e-3, (100, 32, 32, 3))
    shapes = (data.as_floats(hundred) + grain).astype("float32")[[3, 17, 44, 62, 88, 95]]
    textures = data.as_floats(hundred[[41, 92, 8, 27, 55, 66]])
    mixed = ops.convert_to_numpy(cue_conflict(shapes, textures))
    answers = [checkpoints.predict(networks[name], mixed) for name in ("CNN", "ViT")]
    below = [f"CNN: {words[one]}\nViT: {words[other]}" for one, other in zip(*answers, strict=True)]
    names = [f"shape\n{words[classes[i]]}" for i in (3, 17, 44, 62, 88, 95)]
    names += [f"texture\n{words[classes[i]]}" for i in (41, 92, 8, 27, 55, 66)] + below
    plots.pictures(np.concatenate([shapes, textures, mixed]), names, columns=6, gap=0.45)
    plt.show()

# %% [markdown]
# ### Which cue is believed?
#
# With many such pictures we can count. The **shape bias** is the share of shape among the decisions for one of the
# two. Of these six pictures
#
# | picture | shape | texture | the network says | counts as |
# |---|---|---|---|---|
# | 0 | 3 | 5 | 3 | shape |
# | 1 | 0 | 5 | 5 | texture |
# | 2 | 1 | 1 | 1 | nothing: no conflict |
# | 3 | 6 | 2 | 6 | shape |
# | 4 | 7 | 2 | 7 | shape |
# | 5 | 8 | 9 | 4 | nothing: neither |
#
# three were decided for the shape and one for the texture, so it is $3 / (3 + 1) = 0.75$.
#
# ### Exercise: `shape_bias`
#
# *Difficulty 1 of 5 · importance 4 of 5 · about 10 minutes · 10 points*
#
# <details><summary>Hint</summary>
#
# Three questions to each picture, each of them an array of True and False: do the labels differ? Was it the shape?
# Was it the texture? `&` joins two such arrays.
#
# </details>

# %% exercise="shape_bias" points=10
from solutions.inside.reference import shape_bias

# %% [markdown]
# Three hundred conflicts of the hundred photographs that come with `vitlab`: each picture gives its shape three times,
# with three textures of other classes.
#
# The same question can be asked from the other side. Cut the pictures into 16 squares of 8 by 8 pixels and shuffle
# these: the shape of the whole is gone, and what is left are colours, textures and small parts. Which network can
# still tell what it was?
#
# Where to cut? If we cut along the edges of the patches (of 4 by 4 pixels), no patch is damaged, and the ViT and the
# Mixer meet the very patches that they know, in another order. The CNN has no patches, and sees new edges everywhere.
# That is not fair. So we cut in two ways: along the patches, and 2 pixels beside them, through their middles. (What
# sticks out on one side comes in on the other.)
#
# **Predict.** "CNN learns the texture more than shape", says the lecture, and "ViT learns a little more about shape
# information". What order do you expect, in both experiments?


# %%
def torn(pictures, seed, beside):
    """Pictures (n, 32, 32, 3) with their 16 squares in another order, cut so many pixels beside the patches' edges."""
    moved = np.roll(pictures, (-beside, -beside), axis=(1, 2)).reshape(-1, 4, 8, 4, 8, 3)
    squares = moved.transpose(0, 1, 3, 2, 4, 5).reshape(-1, 16, 8, 8, 3)
    squares = squares[:, np.random.RandomState(seed).permutation(16)].reshape(-1, 4, 4, 8, 8, 3)
    return np.roll(squares.transpose(0, 1, 3, 2, 4, 5).reshape(pictures.shape), (beside, beside), axis=(1, 2))


with demo():
    hundred, own = checkpoints.pictures()  # ten of each class, in the order of their classes
    pictures = data.as_floats(hundred)
    turned = [(np.arange(100) + step) % 100 for step in (23, 47, 71)]
    grained = (pictures + np.random.RandomState(5).uniform(0, 1e-3, pictures.shape)).astype("float32")
    shapes, textures = np.tile(grained, (3, 1, 1, 1)), np.concatenate([pictures[t] for t in turned])
    mixed = ops.convert_to_numpy(cue_conflict(shapes, textures))
    cues = np.tile(own, 3), np.concatenate([own[t] for t in turned])

    for name, network in networks.items():
        chosen = checkpoints.predict(network, mixed)
        bias = float(shape_bias(chosen, *cues))
        decided = ((cues[0] != cues[1]) & ((chosen == cues[0]) | (chosen == cues[1]))).sum()
        error = np.sqrt(bias * (1 - bias) / decided)
        print(f"{name:5s} shape bias {bias:.2f}, give or take {error:.2f}, of {decided} decisions")

    print("\nright on pictures that are whole, torn along the patches, and torn beside them (means of five shuffles)")
    for name, network in networks.items():
        print(f"{name:5s} {(checkpoints.predict(network, pictures) == own).mean():4.0%}", end="")
        for beside in (0, 2):
            right = np.mean([checkpoints.predict(network, torn(pictures, seed, beside)) == own for seed in range(5)], 0)
            print(
                f" {right.mean():7.0%}, give or take {100 * right.std() / 10:.0f} points",
                end=";" if not beside else "\n",
            )

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Look at the decisions first: a network that is at a loss decides for one of two classes by luck, and its bias is
# then near 0.5 without a meaning. A network that only guesses one of ten classes still decides 60 of the 300. Ours
# decided 142, 126 and 129, so luck may have had a part in many of them, and it pulls all three towards 0.5.
#
# The biases are 0.44, 0.42 and 0.44. The error of a difference is larger than that of each number, and twice that
# error still happens by luck: two numbers should be about three times "give or take" apart. (And 0.04 is a little too
# small, since each picture is there three times.) So there is no order among our three.
#
# A torn picture that is still recognised was recognised by its colours, its texture or a part. Torn along the patches,
# the Mixer and the ViT (35 and 33 %) seem to need the shape less than the CNN (27 %). Torn beside them, the Mixer has
# 23 %, the ViT 29 % and the CNN 25 %. So most of the lead came from where we cut, and what is left is too small to
# speak of. Even what to compare is a choice: torn beside the patches, the ViT keeps a half of what it can do on whole
# pictures, and the other two keep a third.
#
# Two warnings. Our texture is Fourier's: it says how strong each wave is in the *whole* picture, and not what a patch
# of fur looks like. So these numbers must not be put beside those of the lecture's plots. And one of the waves is the
# mean colour: it comes with the amplitude, so here colour counts as texture, too.
#
# </details>

# %% [markdown]
# ## 7 · How much would more data help?
#
# "How many images do you need for a big model & vice-versa?", asks the lecture under the title "Scaling Laws". In
# many experiments the error falls by the same kind of law while the number of images $n$ grows a thousandfold:
#
# $$\text{error} = a \cdot n^{-b} + c$$
#
# $c$ is the **floor**: what no amount of data takes away, since some pictures cannot be told apart, or the model is
# too small. $b$ says how fast the rest falls. By hand, for $a = 2$, $b = 0.5$ and $c = 0.1$:
#
# | $n$ | $n^{-0.5}$ | error |
# |---|---|---|
# | 100 | 0.1 | 0.30 |
# | 400 | 0.05 | 0.20 |
# | 10,000 | 0.01 | 0.12 |
#
# Four times the images halve what lies *above the floor*.
#
# **Predict.** How many images in all give 0.11? And how many 0.10?

# %%
print(f"{(2 / 0.01) ** 2:,.0f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 40,000 for the 0.11: four times as many, for one percentage point. And the 0.10 is never reached.
#
# </details>
#
# Without a floor, the law is a straight line where both axes are logarithmic, $\log \text{error} = \log a - b \log
# n$. With a floor it bends, and a straight line through it gives a wrong $b$ and promises that more data help for
# ever.
#
# ### Exercise: `fit_power_law`
#
# *Difficulty 4 of 5 · importance 3 of 5 · about 30 minutes · 10 points*
#
# <details><summary>Hint</summary>
#
# Three unknowns, and only $b$ is difficult. Suppose that somebody told you $b$. What kind of curve is the error then,
# as a function of $n^{-b}$? That is a problem you can solve. And how do you know whether it was the right $b$? Look at
# what is left between the law and the points. How fine must the exponents be that you try, if $a$ has to be right
# within 5 %?
#
# Compute in double precision (`astype("float64")`), and do not rely on the order of the points.
#
# </details>

# %% exercise="fit_power_law" points=10
from solutions.inside.reference import fit_power_law

# %% [markdown]
# A law that you can check yourself. The simplest of all classifiers gives a digit the label of the most similar of $n$
# known digits, the nearest neighbour. No training, so we can do it for many $n$ at once. Each point below is a mean
# over twenty draws of $n$ out of 1437 digits, and all are counted on the same 360 new ones.
#
# We fit your law to the first five points, up to 320 digits, and ask it for the last two. Then we fit it to all seven.
#
# **Predict.** A straight line and a law with a floor, both fitted to the same five points. Which of them expects the
# smaller error with 1280 digits?

# %%
with demo():
    (x_known, y_known), (x_new, y_new) = ((data.as_floats(x).reshape(len(x), -1), y) for x, y in data.load("digits"))
    far = (x_new**2).sum(1)[:, None] + (x_known**2).sum(1) - 2 * x_new @ x_known.T
    counts, errors = np.array([20, 40, 80, 160, 320, 640, 1280]), []
    random = np.random.RandomState(3)
    for count in counts:
        draws = [random.permutation(len(x_known))[:count] for _ in range(20)]
        errors.append(np.mean([(y_known[draw][far[:, draw].argmin(axis=1)] != y_new).mean() for draw in draws]))
    errors = np.array(errors)

    slope, height = np.polyfit(np.log(counts[:5]), np.log(errors[:5]), 1)
    series = {"measured": errors, "a straight line, from five points": np.exp(height) * counts**slope}
    for many, points in (("five", 5), ("seven", 7)):
        found = fit_power_law(counts[:points].astype("float32"), errors[:points].astype("float32"))
        a, b, c = (float(number) for number in found)
        print(f"your law from {many} points: error = {a:.2f} n^-{b:.2f} {'-' if c < 0 else '+'} {abs(c):.3f}")
        series[f"your law, from {many} points"] = a * counts**-b + c
    print(f"\n{'share of wrong answers':34s} 640 digits   1280 digits")
    for name, values in series.items():
        print(f"{name:34s} {values[5]:10.3f} {values[6]:13.3f}")
    plots.curves(counts, series, "known digits", "share of wrong answers", log_x=True, log_y=True)
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Both promised too much. With 1280 digits 1.8 % are wrong, and the line expected 1.0 %. What the law expected depends
# on how you fit, since the points are not exact. With plain least squares it is 0.6 %, less than the line, and the
# floor lies *below 0*, where no error can be. If you keep $c$ at or above 0, it becomes 0: then your law is a straight
# line as well, and expects about 1 %. Other ways of fitting give still other floors.
#
# Is the floor a bad idea, then? No, but these five points cannot show it. They fall nearly as a straight line, and the
# last one even faster; so they say next to nothing about where the fall will end. All seven points say more: with
# plain least squares $c$ is now above 0, at 0.003. And even so the law says 1.3 % where 1.8 % are measured. It does
# not quite fit its own points.
#
# How sure is the 1.8 %? Of 360 digits, it is six or seven. Among 360 others it might well be four or nine. And the
# twenty draws are hardly twenty experiments: two draws of 1280 out of 1437 share nine tenths of their digits.
#
# Where the points are not exact, a small change of one of them moves all three numbers of a law: $b$ and $c$ most of
# all, since a smaller exponent and a lower floor are hard to tell apart over a long stretch. The last step is the
# dangerous one, beyond the points that were measured. A law that has held so far is a good guess, and no more.
#
# </details>

# %% [markdown]
# ## 8 · Two questions on paper
#
# You enter the answers in `figure()` below. The check says only that they have arrived; the grader judges them.
#
# **`answer_1`.** A network's error follows the law $2 \, n^{-0.35} + 0.05$. How many images does it take until the
# error is 0.10? Give the number; three significant digits are enough (up to half a per cent off counts as right).
#
# **`answer_2`.** For each statement, write 1 if it is true, and 0 if not: a list of five numbers.
#
# 1. Two heads differ in one thing only: in each row of the second one, CLS takes half of the weight, and the patches
#    share the other half in the same proportions as in the first head. Then the second head has the smaller mean
#    attention distance.
# 2. If every head of every layer attends to all tokens equally, then all entries of the rollout are equal.
# 3. In a rollout of two layers, a token can hold some of another token to which it gives the weight 0 in both layers.
# 4. If each feature of $y$ is written down twice, so that $y$ becomes twice as wide, $\mathrm{CKA}(x, y)$ stays as it
#    is.
# 5. A network with a shape bias of 0.9 names the class of the shape in nine of ten conflicts, whatever it does in the
#    others.

# %% [markdown]
# ## 9 · The figure
#
# ### Exercise: `figure`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 25 minutes, with the questions · 10 points*
#
# The lecture's own plots, for our three networks, and always for the hundred photographs that come with `vitlab`,
# whatever `PICTURES` says.
#
# <details><summary>Hint</summary>
#
# Everything that you need has been called above, in the demos. Make the three lists of rotated layers once, and use
# each of them as often as it is needed. For "distance" you have one result for each layer, and want one table.
#
# </details>

# %% exercise="figure" points=10
from solutions.inside.reference import figure

# %%
with demo():
    numbers = {name: ops.convert_to_numpy(value) for name, value in figure().items()}
    _, (left, right) = plt.subplots(1, 2, figsize=(12, 4.6), layout="constrained")
    heads_by_layer(numbers["distance"], "“Receptive field size” of the ViT's heads", left)
    layers = {"cnn": list("1234567"), "vit": list("0123456"), "mixer": list("0123456")}
    plots.heat_map(
        numbers["cka_vit_cnn"],
        layers["vit"],
        layers["cnn"],
        numbers=False,
        title="ViT (rows) and CNN (columns)",
        ax=right,
    )
    right.set(xlabel="layer of the CNN", ylabel="layer of the ViT")
    plt.show()

    _, axes = plt.subplots(1, 3, figsize=(14, 4.2), layout="constrained")
    for ax, (name, title) in zip(axes, {"cnn": "CNN", "vit": "ViT", "mixer": "Mixer"}.items(), strict=True):
        plots.heat_map(numbers[f"cka_{name}"], layers[name], layers[name], numbers=False, title=title, ax=ax)
        ax.set(xlabel="layer", ylabel="layer")
    plt.show()

# %% [markdown]
# **What to look for**
#
# - On the left: "Initial layers are partially local, deeper layers are global". Would you say so of this ViT?
# - On the right: take a layer of the ViT and find the layer of the CNN that is most like it. (They are numbered as in
#   section 1.) Do early layers go with early ones, and late ones with late ones? Is there a layer of one that the
#   other does not have at all?
# - Below: is one of the three more uniform? Are there blocks, layers that are alike among themselves and not like the
#   others? (In the CNN, the maps become smaller after layers 2 and 4.)

# %% [markdown]
# ## 10 · In your own words
#
# **Question 1** (5 points, about 150 words, read by a person)
#
# "Do Vision Transformers See Like Convolutional Neural Networks?", asks the paper, and the lecture shows its matrices
# twice. What do you answer, for our two networks?
#
# The grader looks for three things:
#
# - You read at least three numbers, of two of the measures of this notebook, and say what they mean.
# - You say of one of them how much may be chance, or the architecture of the network rather than its training, and
#   where in the notebook you have seen that.
# - You name one comparison that would make your answer surer: what is repeated or changed, and what stays as it is.
#
# The only wrong answer is one without numbers. Full sentences, please. Write your text into the next cell, in place of
# the words that stand there.

# %% [markdown] question="question_1" points=5
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# 1. How far a head looks is a weighted mean of distances; what does not lie in the picture is left out, and the rest
#    divided by its sum.
# 2. A product of matrices says where a token comes from. Only an experiment says whether to believe it.
# 3. CKA compares two views by the pairs of pictures that they find alike. It needs no common features, and it flatters
#    wide layers.
# 4. A conflict of cues shows what a network goes by. A network that says neither has not decided.
# 5. Often errors fall by a power law down to a floor. From few points the floor cannot be read.
# 6. Every measure needs a comparison: with chance, with the obvious rival, with the network before training, with
#    another seed.
#
# This was the last lesson. You have built a Vision Transformer from its dot products on, trained it, taught it, made
# it cheaper, and looked inside. Thank you for working through it.
#
# **Further reading**
#
# - Raghu et al. 2021, "Do Vision Transformers See Like Convolutional Neural Networks?": the matrices of the lecture,
#   and attention distances of networks trained on much and on less data.
# - Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited", for CKA; Davari et al. 2023,
#   "Reliability of CKA as a Similarity Measure in Deep Learning", for doubts about it.
# - Abnar and Zuidema 2020, "Quantifying Attention Flow in Transformers". Jain and Wallace 2019, "Attention is not
#   Explanation".
# - Geirhos et al. 2019, "ImageNet-trained CNNs are biased towards texture". Naseer et al. 2021, "Intriguing
#   Properties of Vision Transformers", on shape.
# - Hestness et al. 2017, "Deep Learning Scaling is Predictable, Empirically". Zhai et al. 2022, "Scaling Vision
#   Transformers".
#
# **Handing in.** Choose "Restart and run all" once, and look through the checks. Then save the notebook and submit
# the one file `11_inside.ipynb`, in the way your course tells you.
