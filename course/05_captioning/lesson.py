# %% [markdown]
# # Lesson 5 · The decoder, and a model that writes captions
#
# The encoder of lesson 4 looks at a picture and understands it, in a way. But it cannot say what it sees: ten logits
# are not a sentence. In this lesson it gets a partner. The **decoder** writes a caption, one word after the other, and
# before each word it looks at the picture again. Together the two are "the transformer" of the lecture, and its case
# study: image captioning.
#
# **When you are done, you can**
#
# - say who may look at whom in a sentence that is still being written, and write down both masks;
# - read the lecture's drawing of a decoder block, and turn it into three lines;
# - make a task for training out of captions, and recognise a loss near 0 that means nothing;
# - write a loss that counts words, and no padding;
# - let a model write by itself, and measure it honestly: whole captions, of pictures that it has never seen;
# - show for every word of a caption where in the picture it came from.
#
# Plan four hours. You need attention and masks from lessons 1 and 2, and the encoder block from lesson 4.

# %% [markdown]
# ## How this notebook works
#
# - Write your code in place of `raise NotImplementedError()`, and run the `check(...)` below it as often as you like.
#   Where it says **Predict**, write down your guess before you run the cell. "Run all" works from the first minute.
# - Attention and LayerNorm are Keras's own from here on.
# - You train a model, for three minutes or so, and hand in its weights as two files in the folder `artifacts`. The
#   grader lets them write captions for scenes that nobody has seen. It runs your own `CaptioningTransformer` for that,
#   with your `DecoderBlock` and `causal_mask`, so leave these as they are once you have trained.
# - The check overwrites every weight with random numbers before it compares, by the names in the text.
# - Where an exercise builds on one that is still wrong, `check` is red for both. The grader tries the later one again
#   with a right version of the earlier one.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `causal_mask` | 8 | 10 |
# | `padding_mask` | 5 | 10 |
# | `DecoderBlock` | 25 | 40 |
# | `shift_captions` | 10 | 15 |
# | `masked_token_loss` | 12 | 25 |
# | `CaptioningTransformer` | 10 | 35 |
# | `greedy_decode` | 10 | 25 |
# | `train_captioner`, a model that you train | 15 | 30 |
# | `figure`, with two answers | 3 | 30 |
# | `question_1`, a short text | 2 | 15 |
# | **Sum** | **100** | **235** |

# %%
from collections import Counter

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, check_trained, demo, plots, save_trained, scenes, submit, training
from vitlab.looking import attention_of

# %% [markdown]
# ## Conventions
#
# | Letter | Meaning |
# |---|---|
# | $B$ | pictures in a batch |
# | $L$ | places in a caption, with its start, its end and its padding |
# | $T$ | words that go into the decoder |
# | $S$ | tokens of the **memory**: what the encoder found in the picture |
# | $D$ or `dim` | width of a token |
# | $h$ | heads |
# | $V$ | words in the vocabulary |
#
# Pictures are $(B, H, W, 3)$, float32 in $[0, 1]$. Captions are rows of whole numbers: one for each word, and more for
# the start, the end and padding. In a mask, 1 means *may attend*. We count from 0.

# %% [markdown]
# ## 1 · Pictures with captions
#
# The lecture shows captions that a neural network wrote below photographs, and sorts them:
#
# | | |
# |---|---|
# | **No errors** | A white teddy bear sitting in the grass |
# | **Minor errors** | A man in a baseball uniform throwing a ball |
# | **Somewhat related** | A woman is holding a cat in her hand |
#
# To train on photographs takes hours and a hundred thousand captions that people have written. Ours are little scenes
# that `vitlab` draws, and it knows what it has drawn. So every caption is true, and there are as many as we like.

# %%
count = training.budget(dataset="scenes").images  # 24,000; more about budgets in section 8
(images, captions), (unseen, told) = scenes.scenes(count, seed=1), scenes.scenes(1_000, seed=2)


def in_lines(text):
    """A caption in two lines, for below a picture."""
    for relation in scenes.RELATIONS:
        text = text.replace(f" {relation} ", f" {relation}\n")
    return text


print("to train on:", images.shape, captions.shape, " to test:", unseen.shape, told.shape)
plots.pictures(images[:8], [in_lines(scenes.text_of(caption)) for caption in captions[:8]], columns=4, gap=0.45)
plt.show()

# %% [markdown]
# A scene has one shape or two; a circle is drawn as a ring. Of two, the **larger one is named first**. So there is
# exactly one right caption for each picture, and it cannot be had without looking: which shape, which colour, where,
# and which of them is larger.
#
# To a model a caption is a row of numbers, one for each word, with a few more for its ends. Number 0 is padding, so
# that all rows are equally long; 1 is `<start>`, 2 is `<end>`.

# %%
print(dict(enumerate(scenes.WORDS)))
for caption in captions[:3]:
    print(caption, scenes.text_of(caption))

# %% [markdown]
# **Predict.** There are 4 colours, 3 shapes and 4 relations, and two shapes of a scene are never of the same kind. How
# many different captions are there? And suppose that you always give the same caption, without a look at the picture.
# Which one would you choose, and how often would you be right? (One scene in eight has a single shape.)

# %%
kinds = 4 * 3
counted = Counter(scenes.text_of(caption) for caption in captions)
favourite, times = counted.most_common(1)[0]
print(f"{kinds} + {kinds} * {kinds - 1} * 4 = {kinds + kinds * (kinds - 1) * 4} captions, {len(counted)} of them here")
print(f"the best guess: '{favourite}', right in {times / len(captions):.1%} of all scenes")

# %% [markdown]
# <details><summary>Answer</summary>
#
# There are 540. The single shapes are the best guess: there are only twelve of them for an eighth of the scenes, so
# each is right in about one case of $8 \cdot 12 = 96$, or 1.0 %. This is **chance**: what a model can reach that never
# looks. Keep the number in mind.
#
# </details>

# %% [markdown]
# ## 2 · Who may look at whom
#
# The decoder writes from left to right. When it is about to write word 3, the words 0, 1 and 2 are there, and no
# others. "Masked self-attention only interacts with past inputs", says the lecture.
#
# In training, the whole caption is known, and it would be a waste to feed it in word by word. So all words go in at
# once, and a **mask** makes sure that none of them sees what comes after it. One pass, and every place has practised
# its own prediction: place $t$ has just read word $t$, and is about to write word $t + 1$.
#
# ### Exercise: `causal_mask`
#
# *Difficulty 1 of 5 · importance 5 of 5 · about 10 minutes · 8 points*
#
# **Predict.** How many ones does the mask of four words have? May a word look at itself?
#
# <details><summary>Hint</summary>
#
# Write the mask of three words on paper first. Row $t$ is the word that asks. Which columns hold words that have been
# read by then? `ops` and NumPy both have a function that cuts a triangle out of a square.
#
# </details>

# %% exercise="causal_mask" points=8
from solutions.captioning.reference import causal_mask

# %%
with demo():
    names = scenes.text_of(captions[0]).split()
    mask = ops.cast(causal_mask(len(names)), "float32")
    ax = plots.heat_map(mask, names, names, title="Row asks, column is read: 1 = may", limits=(0, 1.6))
    ax.tick_params(axis="x", rotation=35)
    plt.show()
    print("ones in the mask of four words:", int(ops.sum(ops.cast(causal_mask(4), "int32"))))

# %% [markdown]
# <details><summary>Answer</summary>
#
# $1 + 2 + 3 + 4 = 10$. A word may look at itself: row $t$ is about to predict the word *behind* $t$, so word $t$ is
# already past. Without the diagonal the model would never know the word that it has just read, and the first word could
# look at nothing at all: its row of the softmax would be empty.
#
# </details>
#
# ### Exercise: `padding_mask`
#
# *Difficulty 1 of 5 · importance 3 of 5 · about 10 minutes · 5 points*
#
# The other mask hides padding, which means nothing. It is a matter of which *tokens are read*, and it is the same for
# all heads and for everyone who asks: hence two axes of length 1, which broadcasting fills.
#
# In our captions padding stands at the right, and the causal mask hides it already from every word that counts. That is
# luck. With padding at the left, or in an encoder, where everybody looks at everybody, you need this mask.
#
# <details><summary>Hint</summary>
#
# A comparison gives $(B, T)$. Scores are $(B, h, T_q, T_k)$: pictures, heads, who asks, who is read. Which of these
# axes does your comparison have, and at which two places does `None` in square brackets put new ones?
#
# </details>

# %% exercise="padding_mask" points=5
from solutions.captioning.reference import padding_mask

# %%
with demo():
    both = [ops.cast(mask, "int32") for mask in (causal_mask(10), padding_mask(captions[:8]))]
    short = int(np.argmin((captions[:8] != 0).sum(axis=1)))
    print("causal", both[0].shape, " padding", both[1].shape, " both, multiplied", (both[0] * both[1]).shape)
    print(scenes.text_of(captions[short]), ops.convert_to_numpy(both[1])[short, 0, 0])

# %% [markdown]
# ## 3 · The decoder block
#
# Here is the lecture's drawing, by code. Read it from the bottom to the top. On the left stand the words, on the right
# the memory: what the encoder has made of the picture.

# %%
INK, STEP = "#1f2430", 0.62
BOXES = [  # height, text, colour, the lecture's words
    (0.0, "x   x   x   x", "#ffffff", "Inputs: set of vectors x"),
    (1.1, "masked self-attention", "#cfe3f5", "Only interacts with past inputs"),
    (2.1, "+", "#ffffff", ""),
    (2.9, "LayerNorm", "#fbe3cf", ""),
    (4.1, "multi-head attention", "#f3d3e4", "NOT self-attention: attends over encoder outputs"),
    (5.1, "+", "#ffffff", ""),
    (5.9, "LayerNorm", "#fbe3cf", ""),
    (7.1, "MLP   MLP   MLP   MLP", "#d5eee3", "Each vector individually"),
    (8.1, "+", "#ffffff", ""),
    (8.9, "LayerNorm", "#fbe3cf", ""),
    (10.0, "y   y   y   y", "#ffffff", "Outputs: set of vectors y"),
]

ax = plt.subplots(figsize=(9, 7), layout="constrained")[1]
for i, (height, text, colour, words) in enumerate(BOXES):
    if i > 0:
        ax.annotate("", (0, height), (0, BOXES[i - 1][0] + STEP), arrowprops={"arrowstyle": "->", "color": INK})
    half = 0.3 if text == "+" else 1.6
    ax.add_patch(plt.Rectangle((-half, height), 2 * half, STEP, facecolor=colour, edgecolor=INK, zorder=2))
    ax.text(0, height + STEP / 2, text, ha="center", va="center", color=INK, zorder=3)
    ax.text(-3.0, height + STEP / 2, words, ha="right", va="center", color="#0072b2")
for start, end in ((0.85, 2.1), (3.8, 5.1), (6.8, 8.1)):
    line = [(0, start), (-2.1, start), (-2.1, end + STEP / 2), (-0.3, end + STEP / 2)]
    ax.plot(*zip(*line, strict=True), color="#d55e00", linewidth=2, zorder=1)
ax.add_patch(plt.Rectangle((3.3, 4.1), 2.6, STEP, facecolor="#f0f0f0", edgecolor=INK))
ax.text(4.6, 4.1 + STEP / 2, "c   c   c   c   c", ha="center", va="center", color=INK)
ax.text(4.6, 4.95, "memory", ha="center", va="bottom", color="#0072b2")
ax.annotate("", (1.6, 4.1 + STEP / 2), (3.3, 4.1 + STEP / 2), arrowprops={"arrowstyle": "->", "color": INK})
ax.text(2.45, 4.3, "k, v", ha="center", va="top", color=INK)
ax.add_patch(plt.Rectangle((-2.6, 0.75), 4.6, 8.95, fill=False, edgecolor="#8b93a3", linestyle="--"))
ax.set(xlim=(-10.5, 6.2), ylim=(-0.2, 10.8), title="The Transformer decoder block")
ax.axis("off")
plt.show()

# %% [markdown]
# In formulas, with `x` the words and `memory` the vectors that the lecture calls $c$:
#
# $$h_1 = \mathrm{norm}_1(x + \mathrm{self}(x)), \qquad
# h_2 = \mathrm{norm}_2(h_1 + \mathrm{cross}(h_1, c)), \qquad
# y = \mathrm{norm}_3(h_2 + \mathrm{mlp}(h_2))$$
#
# The second attention is the new thing. In **cross-attention** the words ask, and the picture answers: queries come
# from $h_1$, keys and values from the memory. Each word gets an average of what the picture's tokens hold, with weights
# of its own.

# %% [markdown]
# **Predict.** There are $T = 5$ words and $S = 7$ memory tokens, three heads and $D = 12$. What are the shapes of the
# weights of the two attentions, and what is the shape of $y$? Does cross-attention need a causal mask?

# %% [markdown]
# <details><summary>Answer</summary>
#
# $(B, 3, 5, 5)$ and $(B, 3, 5, 7)$; $y$ is $(B, 5, 12)$, one row for each word. And no: the picture is there from the
# start, all of it. The first word may look at the bottom right corner.
#
# </details>
#
# ### Exercise: `DecoderBlock`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 40 minutes · 25 points*
#
# Two places to fill in. The norms come after the plus, as drawn. The block makes no mask by itself: who calls it says
# what is hidden. Hand masks over **by name**, to your block and to Keras's layers: `MultiHeadAttention` has four
# arguments whose names end in `_mask`, and by position you would hit the wrong one. Whether a mask holds True and False
# or ones and zeros is all the same to Keras.
#
# Dropout belongs in the MLP, or on what comes out of it, and in the attentions if you like. What it never touches is
# the orange line, and the sum behind it.
#
# <details><summary>Hint</summary>
#
# Three lines of code for three formulas. Keras's `MultiHeadAttention` is called with a query and a value, and takes its
# keys from the value if you give none. In which of your two attentions are they the same?
#
# It returns weights, too, if you ask for them. You may always ask, and hand them on only when they are wanted.
#
# Count what you make in `__init__`: the drawing has two attentions, three norms and one MLP, and no two of them are the
# same layer. `key_dim` is the width of one head.
#
# </details>

# %% exercise="DecoderBlock" points=25
from solutions.captioning.reference import DecoderBlock

# %% [markdown]
# **Predict.** Six words, five memory tokens. We change one thing and look at which of the six outputs move: word 2,
# with the causal mask; word 2, without any mask; and token 2 of the memory.

# %%
with demo():
    random = np.random.RandomState(1)
    words, memory = (random.normal(size=(1, count, 12)).astype("float32") for count in (6, 5))
    other_words, other_memory = words.copy(), memory.copy()
    other_words[0, 2] += 1 + np.arange(12) % 3
    other_memory[0, 2] += 1 + np.arange(12) % 3
    block, mask = DecoderBlock(dim=12, num_heads=3, mlp_dim=24), causal_mask(6)
    for name, changed, past in (
        ("word 2, with the mask", (other_words, memory), mask),
        ("word 2, without", (other_words, memory), None),
        ("token 2 of the memory", (words, other_memory), mask),
    ):
        moved = np.abs(block(*changed, self_mask=past) - block(words, memory, self_mask=past))[0].max(axis=-1)
        print(f"{name:22s} changed: {np.flatnonzero(moved).tolist()}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# With the mask, the words 2 to 5: the news travels to the right only. Without it, all six. And a change in the picture
# reaches every word, as it should.
#
# </details>

# %% [markdown]
# ## 4 · A caption becomes a task
#
# How do you train a model to write the next word? You show it the true caption up to some word, and ask for the word
# that follows. For the caption "a red circle":
#
# | what goes in | what should come out |
# |---|---|
# | `<start>` | a |
# | `<start>` a | red |
# | `<start>` a red | circle |
# | `<start>` a red circle | `<end>` |
#
# Thanks to the causal mask these four tasks are one: put `<start> a red circle` in, and ask for `a red circle <end>`.
# The targets are the inputs, **shifted by one**. It is called *teacher forcing*, because at every place the model reads
# the true words, whatever it would have written itself.

# %% [markdown]
# **Predict.** A friend forgets the shift: what goes in is also what should come out. After one minute her loss is 0.01,
# and she is delighted. What has her model learned? What will it write when it is asked for a caption?

# %% [markdown]
# ### Exercise: `shift_captions`
#
# *Difficulty 2 of 5 · importance 5 of 5 · about 15 minutes · 10 points*
#
# Besides inputs and targets, your function returns **weights**: 1 where the target is a word that counts, 0 where it is
# padding.
#
# <details><summary>Hint</summary>
#
# Take the row `1 3 4 8 2 0 0`, that is `<start> a red circle <end>` and two pads, and write all three results below
# each other. Which target belongs to the input `circle`? Which to the input `<end>`, and does it count?
#
# </details>

# %% exercise="shift_captions" points=10
from solutions.captioning.reference import shift_captions

# %%
with demo():
    row = np.array([scenes.numbers_of("a red circle")])
    print("caption", row[0])
    for name, result in zip(("inputs ", "targets", "weights"), shift_captions(row), strict=True):
        print(name, ops.convert_to_numpy(result)[0].astype(int))

# %% [markdown]
# The answer about your friend comes in section 8, as an experiment.

# %% [markdown]
# ## 5 · A loss that counts words
#
# For every place the model gives $V$ logits, and the cross-entropy says how surprised it is by the true word: $-\log
# p$. Over a batch we want the mean, over all words that count:
#
# $$\mathrm{loss} = \frac{\sum_{b,t} w_{bt}\, \left(-\log p_{bt}[\mathrm{target}]\right)}{\sum_{b,t} w_{bt}}$$
#
# That sounds like a trifle. By hand, with a short caption of 2 words, on each of which the model pays 3, a long one of
# 6 words that cost 1 each, and rows of 10 places:
#
# | what is computed | | |
# |---|---|---|
# | mean over the words that count | (2 · 3 + 6 · 1) / 8 | 1.5 |
# | mean of the captions' means | (3 + 1) / 2 | 2.0 |
# | mean over all places, pads as 0 | (2 · 3 + 6 · 1) / 20 | 0.6 |
#
# The second lets a word in a short caption count three times as much as one in a long caption. The third changes when
# somebody adds padding, and it looks better the more there is of it. The first is what we want.

# %% [markdown]
# **Predict.** A model that knows nothing gives the same logit to each of our 16 words. What is its loss?

# %%
print(f"log 16 = {np.log(16):.3f}")

# %% [markdown]
# ### Exercise: `masked_token_loss`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 25 minutes · 12 points*
#
# Training will use your function, so build it from `ops` and `keras.losses`: gradients run through these, and not
# through NumPy. Targets are numbers from 0 to $V - 1$ everywhere, also where the weight is 0.
#
# <details><summary>Hint</summary>
#
# `keras.losses` has a function that takes class numbers in place of one-hot rows, and an option that tells it that it
# gets logits. It returns one number for each place, $(B, T)$. The rest is one fraction.
#
# Weights may come as True and False, or as whole numbers. And what is 0 divided by 0? What may you put in place of a
# sum that is 0, so that the result is 0, and no other sum changes? (The weights are zeros and ones.)
#
# </details>

# %% exercise="masked_token_loss" points=12
from solutions.captioning.reference import masked_token_loss

# %% [markdown]
# Two trials with your loss: ten more pads, which must not change it; and a logit that grows, once at a word and once at
# padding.

# %%
with demo():
    random = np.random.RandomState(2)
    targets, weights = (ops.convert_to_numpy(part)[:4] for part in shift_captions(captions)[1:])
    logits = random.normal(size=(*targets.shape, 16)).astype("float32")
    padded = [np.pad(part, [(0, 0), (0, 10)] + [(0, 0)] * (part.ndim - 2)) for part in (logits, targets, weights)]
    print(f"loss {float(masked_token_loss(logits, targets, weights)):.4f}", end=", ")
    print(f"with ten more pads {float(masked_token_loss(*padded)):.4f}")
    row = int(np.argmin(weights.sum(axis=1)))  # the shortest caption
    for name, place in (("a word", 0), ("padding", int(weights[row].sum()))):
        moved = logits.copy()
        moved[row, place, 5] += 0.1
        change = float(masked_token_loss(moved, targets, weights)) - float(masked_token_loss(logits, targets, weights))
        print(f"a logit at {name} grows by 0.1: the loss changes by {change:.5f}")

# %% [markdown]
# ## 6 · The transformer!
#
# Now everything comes together, as on the slide of that name. On the left the encoder: it is given, and it is your
# Vision Transformer of lesson 4 without CLS and without a head, because the decoder wants *all* tokens and no label.
# (It takes the table of positions from lesson 3.)

# %% given="LearnedPositionEmbedding"
from solutions.captioning.reference import LearnedPositionEmbedding

# %% given="vit_trunk"
from solutions.captioning.reference import vit_trunk

# %% [markdown]
# On the right the decoder, which is yours:
#
# | Step | Shape |
# |---|---|
# | word numbers | $(B, T)$ |
# | each word becomes a learned vector | $(B, T, D)$ |
# | plus the first $T$ rows of a table of positions | $(B, T, D)$ |
# | `decoder_depth` blocks, each with the causal mask and the memory | $(B, T, D)$ |
# | the head: a logit for each word of the vocabulary | $(B, T, V)$ |
#
# ### Exercise: `CaptioningTransformer`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 35 minutes · 10 points*
#
# The decoder's table of positions is a weight of your own, `pos_embed`, made by `add_weight`: it has an axis more than
# the encoder's, whose layer you cannot use for it. Its first numbers are up to you; small random ones, as in that
# layer, do well. `max_length` says how many rows it has.
#
# If `DecoderBlock` or `causal_mask` still fails its check, write this exercise all the same: the grader tries it again
# with right versions of them.
#
# <details><summary>Hint</summary>
#
# The encoder works once for each picture; every block gets the same memory. The number of words is
# `token_ids.shape[1]`, which is known, and the table of positions usually has more rows than that.
#
# In `__init__`: what does `mlp_dim=None` mean, and for whom? What if somebody hands over an encoder?
#
# </details>

# %% exercise="CaptioningTransformer" points=10
from solutions.captioning.reference import CaptioningTransformer

# %% [markdown]
# A fresh model, of the size that you will train. **Predict** its loss, roughly.

# %%
with demo():
    keras.utils.set_random_seed(0)
    fresh = CaptioningTransformer(**training.budget(dataset="scenes").model)
    inputs, targets, weights = shift_captions(told[:200])
    logits = fresh(unseen[:200], ops.convert_to_tensor(inputs))
    print("words", inputs.shape, " logits", logits.shape, f" weights {fresh.count_params():,}")
    print(f"loss {float(masked_token_loss(logits, targets, weights)):.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Above $\log 16 = 2.77$, by half a nat or more (3.6 in our run): the fresh head does not give equal logits, but random
# ones. A guess that is made with conviction is more surprised, on average, than one that admits to knowing nothing.
#
# </details>

# %% [markdown]
# ## 7 · Writing
#
# In training the true words were there. Now nothing is there but the picture. The model gets `<start>`, and says which
# word it thinks likeliest. That word is appended, and it is asked again:
#
# | written so far | the likeliest next word |
# |---|---|
# | `<start>` | a |
# | `<start>` a | red |
# | `<start>` a red | circle |
# | `<start>` a red circle | `<end>` |
#
# Always the likeliest word: this is **greedy decoding**, or *free running*. Nobody corrects the model now. If it writes
# a wrong word, it has to go on from there.

# %% [markdown]
# **Predict.** In training, one pass through the model was enough for a whole caption. How many passes does it take to
# write one of eight words? Why can they not be done at once?

# %% [markdown]
# <details><summary>Answer</summary>
#
# Nine: eight words and the end. Each pass needs the word that the one before it has brought out. That is why a language
# model reads fast and writes slowly.
#
# </details>
#
# ### Exercise: `greedy_decode`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 25 minutes · 10 points*
#
# All pictures of a batch are written at the same time, and some captions end earlier than others. You may pad the words
# to a fixed width, or let them grow, or do one picture after the other. Here `max_length` counts the columns of the
# result, with `<start>`: ten in our captions, so at most nine words ever go in.
#
# (At the first step Keras may warn of a softmax over a single number, which is always 1. It is right: the first word
# can only look at itself.)
#
# <details><summary>Hint</summary>
#
# Begin with a column of `start_id`. The model returns logits for every place: which of them belongs to the newest word,
# if you let the row grow? And which, if you have padded it?
#
# For every picture, ask whether `end_id` has been written yet. What is appended then? Test it on a caption that ends at
# once, and on one that never ends.
#
# </details>

# %% exercise="greedy_decode" points=10
from solutions.captioning.reference import greedy_decode

# %% [markdown]
# What does the fresh model write?


# %%
def write(model, pictures):
    """Captions that a model writes by itself, in portions of 250 pictures: (n, 10) numbers."""
    parts = [pictures[i : i + 250] for i in range(0, len(pictures), 250)]
    found = [greedy_decode(model, part, scenes.START, scenes.END, scenes.LENGTH) for part in parts]
    return np.concatenate([ops.convert_to_numpy(part) for part in found])


def in_words(row):
    """All numbers of a caption in words, even where they make no sense."""
    return " ".join(scenes.WORDS[number] for number in row)


with demo():
    for row in write(fresh, unseen[:3]):
        print(in_words(row))

# %% [markdown]
# ## 8 · Train it
#
# `fit` wants a model with a single input, a list. This wraps yours, for nine words that go in; all weights are shared:

# %% given="wrapped"
from solutions.captioning.reference import wrapped

# %% [markdown]
# ### First: can it learn 32 scenes by heart?
#
# As in lesson 4: a few seconds that show whether the machinery works at all.

# %%
with demo():

    def loss(targets, logits):
        """Your loss, as fit calls it: in our captions padding is 0."""
        targets = ops.cast(targets, "int32")  # fit hands them over as floats
        return masked_token_loss(logits, targets, ops.cast(ops.not_equal(targets, 0), "float32"))

    def exact(model, pictures, true):
        """The share of pictures whose caption is written without any error."""
        return float((write(model, pictures) == true).all(axis=1).mean())

    keras.utils.set_random_seed(1)
    few = CaptioningTransformer(**training.budget(dataset="scenes").model)
    model = wrapped(few)
    model.compile(keras.optimizers.Adam(0.002), loss, jit_compile=False)  # to compile takes longer than to train
    model.optimizer.build(model.trainable_variables)
    state = model.variables + model.optimizer.variables
    fresh_state = [ops.convert_to_numpy(variable) for variable in state]
    given, wanted, _ = shift_captions(captions[:32])
    history = model.fit([images[:32], given], wanted, batch_size=32, epochs=120, verbose=0).history["loss"]
    print(f"loss {history[0]:.2f} at first, {history[-1]:.3f} in the end")
    print(f"written without error: {exact(few, images[:32], captions[:32]):.0%} of the 32 scenes that it has learned,")
    print(f"{exact(few, unseen[:250], told[:250]):.1%} of 250 others")

# %% [markdown]
# ### Your friend, who forgot the shift
#
# The same model once more, made fresh, and the same 32 scenes. But what goes in is also what should come out.

# %%
with demo():
    for variable, value in zip(state, fresh_state, strict=True):
        variable.assign(value)  # it forgets all that it has learned
    history = model.fit([images[:32], given], given, batch_size=32, epochs=40, verbose=0).history["loss"]
    others = ops.convert_to_tensor(shift_captions(told)[0])
    print(f"loss {history[-1]:.4f}, and on 1,000 other scenes {float(loss(others, few(unseen, others))):.4f}")
    for row in write(few, images[:2]):
        print("it writes:", in_words(row))

# %% [markdown]
# <details><summary>What has it learned?</summary>
#
# To copy. At place $t$ it reads the word that it is asked for, so it need look neither at the picture nor at the words
# before. The loss is lower than that of any honest model, and it is so on other scenes as well: this is no overfitting,
# and no validation set will ever show it. But when it writes, it gets `<start>`, and what does a copier make of
# `<start>`?
#
# It happens to professionals, in many forms: a mask that lets the future through does the same. Whenever a loss looks
# too good, let the model write.
#
# </details>

# %% [markdown]
# ### Then: all scenes
#
# The recipe is again a **budget**:

# %%
print(training.budget(dataset="scenes"))

# %% [markdown]
# ### Exercise: `train_captioner`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 30 minutes, with the training · 15 points*
#
# The seed, the budget, the model, the task, the fit. `training.compile_for(model, budget, steps, loss=...)` compiles
# the wrapped model with the budget's optimizer and schedule; `steps` is the number of batches in the whole training,
# and `loss` a function like the one above. Everything else is `fit` as you know it, with `epochs` and `batch_size` from
# the budget, and `verbose=2` for a line after each epoch.
#
# The grader lets your weights write captions for 2,000 scenes that nobody has seen, and counts those without any error.
# How many points a share is worth is measured from trainings of our own model, over several seeds, with this budget.
#
# The grader looks at your classes and at the two files that the cell below saves, not at this function. Another model
# is fine, within limits (`dim` from 16 to 128, up to 4 blocks each, `mlp_dim` up to 512, `patch_size` from 4): then
# change the arguments that are saved with it in the cell below, too.
#
# <details><summary>Hint</summary>
#
# The seed comes before the model, since a model draws its first weights when it is made. What is compiled and fitted is
# the wrapped model; what is returned is yours, and it has learned, because the two share all weights.
#
# Which of the three results of `shift_captions` goes in, and which does `fit` call `y`? What does the loss above do in
# place of the third? In one epoch there are `ceil(len(images) / batch_size)` steps; here it comes out even.
#
# If your loss falls below 0.01 in the first epoch, read the paragraph about your friend again.
#
# </details>

# %% trained="train_captioner"
from solutions.captioning.reference import train_captioner

# %%
with demo():
    captioner, history = train_captioner(((images, captions), (unseen, told)), seed=1)
    written = write(captioner, unseen)
    print(f"written without any error, scenes never seen: {(written == told).all(axis=1).mean():.1%}")
    save_trained("train_captioner", captioner, training.budget(dataset="scenes").model)

# %% check_trained="train_captioner" points=15
check_trained("train_captioner")

# %% [markdown]
# ### Does it look?
#
# **Predict.** We give the same model white paper in place of every picture. Which share of its words is right, if it
# gets the true words before each of them? Which share of its captions is right, if it writes by itself?

# %%
with demo():

    def places_right(model, pictures, true):
        """For each target of each caption: whether it is right with the true words given, and whether it counts."""
        given, wanted, counts = (ops.convert_to_numpy(part) for part in shift_captions(true))
        parts = [slice(i, i + 250) for i in range(0, len(pictures), 250)]
        logits = [ops.convert_to_numpy(model(pictures[part], given[part])) for part in parts]
        return np.concatenate(logits).argmax(axis=-1) == wanted, counts == 1

    white = np.ones_like(unseen)
    of_white = write(captioner, white[:1])  # the same paper, so the same caption each time
    for name, pictures, found in (("pictures", unseen, written), ("white paper", white, of_white)):
        right, counts = places_right(captioner, pictures, told)
        share = (found == told).all(axis=1).mean()
        print(f"{name:12s} {right[counts].mean():6.1%} of the words, given the true ones; {share:6.1%} of the captions")
    print("of white paper it writes:", in_words(of_white[0]))

# %% [markdown]
# <details><summary>Answer</summary>
#
# More than half of the words are right without any picture. Every caption begins with "a"; "left" and "right" are
# followed by "of"; after a shape comes a relation or the end. That is grammar, and the decoder has learned it from the
# words alone. Of whole captions it gets what chance gives: one caption for all, right in 1 % of the cases at best.
#
# So the share of right words, with the true ones given, is a poor measure of whether a model looks. This is why the
# grader counts whole captions, which the model has written by itself, and why you should always try it with the picture
# taken away.
#
# </details>

# %% [markdown]
# ## 9 · Look at it
#
# ### Sorted as on the slide
#
# A caption has *no errors* if it agrees with the true one at all ten places, *minor errors* if it differs at one of
# them, and is *somewhat related* if it differs at more.
#
# **Predict.** Which word will be wrong most often: the colour, the shape or the relation? Of the large shape, or of the
# small one?

# %%
with demo():
    wrong = (written != told).sum(axis=1)
    grades = {"No errors": wrong == 0, "Minor errors": wrong == 1, "Somewhat related": wrong > 1}
    _, axes = plt.subplots(3, 1, figsize=(9, 8.5), layout="constrained")
    for ax, (name, chosen) in zip(axes, grades.items(), strict=True):
        print(f"{name:17s} {chosen.mean():6.1%}")
        ax.axis("off")
        if chosen.any():
            shown = np.flatnonzero(chosen)[:4]
            names = [in_lines(scenes.text_of(row)) for row in written[shown]]
            plots.pictures(unseen[shown], names, columns=4, gap=0.6, title=name, ax=ax)
    plt.show()

# %%
with demo():
    KINDS = {"colour": scenes.COLOURS, "shape": scenes.SHAPES, "relation": ("left", "right", "above", "below")}
    right, counts = places_right(captioner, unseen, told)
    wanted = told[:, 1:]
    for kind, its_words in KINDS.items():
        numbers = [scenes.NUMBER[word] for word in its_words]
        there = np.isin(wanted, numbers)
        first = there & (np.cumsum(there, axis=1) == 1)
        of_two = (told != 0).sum(axis=1, keepdims=True) > 5
        shares = [right[place & of_two].mean() for place in (first, there & ~first) if (place & of_two).any()]
        whose = ("between them",) if len(shares) == 1 else ("of the first", "of the second")
        print(f"{kind:9s}", ", ".join(f"{name} {share:.1%}" for name, share in zip(whose, shares, strict=True)))

# %% [markdown]
# ### Where each word looks
#
# The cross-attention of the last block has, for every word, weights over the 16 patches of the picture. The plots show
# them for two scenes of two shapes, averaged over the heads: bright is what the model looks at **when it is about to
# write the word below**.
#
# **Predict.** Where will it look before it writes the first colour? Before the second shape? Before "of"?

# %%
with demo():
    best_first = np.argsort(wrong, kind="stable")
    chosen = [n for n in best_first if (told[n] != 0).all()][:2]
    given = ops.convert_to_tensor(shift_captions(told[chosen])[0])
    (looks,) = attention_of([captioner.blocks[-1].cross_attn], lambda: captioner(unseen[chosen], given))
    side = int(np.sqrt(looks.shape[-1]))
    _, axes = plt.subplots(len(chosen), 1, figsize=(9, 5 * len(chosen)), layout="constrained", squeeze=False)
    for ax, n, weights in zip(axes[:, 0], chosen, looks.mean(axis=1), strict=True):
        maps = weights.reshape(-1, side, side) / weights.max(axis=-1)[:, None, None]
        bright = np.kron(maps, np.ones((1, 32 // side, 32 // side)))[..., None]
        shown = np.concatenate([unseen[n][None], unseen[n] * (0.12 + 0.88 * bright)])
        plots.pictures(shown, ["the picture", *(scenes.WORDS[word] for word in told[n][1:])], columns=5, ax=ax)
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# For the words of the first shape the bright patches lie on the large shape, and for those of the second on the small
# one: the words decide where to look, and they know by their position and by the words before them whose turn it is.
# For "of" and "a" the model need not look anywhere, and attention has to go somewhere all the same.
#
# Do not read too much into it. There is a block before this one, which has looked, too, and the encoder has mixed the
# patches already: a bright patch says where something was read, not what it held.
#
# </details>

# %% [markdown]
# ### With the true words, and without
#
# **Predict.** One curve for teacher forcing: at each place, how often is the word right, given the true words before
# it? One for free running: how often is the word right that the model has written by itself? Which of them is lower,
# and does the gap grow along the sentence?

# %%
with demo():
    right, counts = places_right(captioner, unseen, told)
    by_itself = written[:, 1:] == told[:, 1:]
    curves = {
        name: [found[counts[:, t], t].mean() for t in range(9)]
        for name, found in (("with the true words given", right), ("by itself", by_itself))
    }
    plots.curves(range(1, 10), curves, "place in the caption", "share of right words", title="Two kinds of accuracy")
    plt.show()
    all_right = (right | ~counts).all(axis=1)
    print(f"all words of a caption right, with the true ones given: {all_right.mean():.1%}")
    print(f"captions written without any error:                     {(written == told).all(axis=1).mean():.1%}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Behind a wrong word, free running is worse off: a model that has written "above" where "left of" was right is one
# place off from there on. In longer texts a single slip can spoil all that follows.
#
# But look at the two lines below the plot. They are equal (unless two words are equally likely to the last digit).
# Think about why: if every word is right when the true words before it are given, what does the model read when it
# writes by itself?
#
# </details>

# %% [markdown]
# ### Extra, without points: beam search
#
# Greedy decoding takes the likeliest *word* each time. The likeliest *caption* may begin with a word that is not.
# **Beam search** keeps the best few beginnings, say three, extends each of them by every word, and keeps the best three
# of all again, by the sum of their log-probabilities. A beginning that has ended is kept as it is.
#
# Write it for a single picture, if you like, and see how often it finds another caption than greedy decoding does, and
# how often the other one is right. (With one beam the two must agree. That is a good first test.)


# %%
def beam_decode(model, image, beams=3):
    """The likeliest caption that beam search finds: image (H, W, 3) -> (10,) numbers, laid out like captions."""
    # your code, if you like


with demo():
    found = [beam_decode(captioner, image) for image in unseen[:50]]
    if found[0] is None:
        print("No beam search yet.")
    else:
        same, right = ((np.array(found) == rows[:50]).all(axis=1) for rows in (written, told))
        print(
            f"another caption than by greedy decoding: {(~same).sum()} of 50, of which {right[~same].sum()} are right"
        )

# %% [markdown]
# ## 10 · Two questions on paper
#
# You enter the answers in `figure()` below. The check says only that they have arrived; the grader judges them.
#
# **`answer_1`.** The decoder of Vaswani et al. has six blocks, $D = 512$ and an MLP with 2048 hidden numbers. How many
# numbers are trained in these six blocks of yours? All kernels and biases, all gammas and betas; no embedding, no head.
# Give the exact number. (You have counted an attention and an MLP of this size before, in lessons 2 and 4.)
#
# **`answer_2`.** Five statements about a decoder with a causal mask. For each, write 1 if it is true, and 0 if not: a
# list of five numbers.
#
# 1. In training, all places of a caption can be computed in one pass.
# 2. Within one pass of training, the logits at place $t$ depend on the target of place $t$.
# 3. The causal mask also hides a part of the picture from the first words.
# 4. To write, the model must be asked again for each word, after the word before it is known.
# 5. If the likeliest word is the target at every place of a caption when the true words are given, then greedy decoding
#    writes exactly this caption.

# %% [markdown]
# ## 11 · The figure
#
# ### Exercise: `figure`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 30 minutes, with the questions · 3 points*
#
# `scenes.EXAMPLES` holds six true captions, each with what some model told:

# %%
for true, other in scenes.EXAMPLES:
    print(f"{true:40s} | {other}")

# %% [markdown]
# <details><summary>Hint</summary>
#
# `reach` is the experiment of section 3 with three counts in place of three lists. `whole`: if all nine must be right,
# how do nine probabilities combine? For the last two, make two arrays of the examples, $(6, 10)$ each, and compare them
# place by place.
#
# </details>

# %% exercise="figure" points=3
from solutions.captioning.reference import figure

# %%
with demo():
    numbers = {name: ops.convert_to_numpy(value) for name, value in figure().items()}
    _, (left, middle, right_side) = plt.subplots(1, 3, figsize=(14, 4), layout="constrained")
    left.bar(["word 2,\nmask", "word 2,\nno mask", "memory 2,\nmask"], numbers["reach"], color=plots.COLOURS[:3])
    left.bar_label(left.containers[0])
    left.set(ylabel="words that change", ylim=(0, 7))
    plots.dress(left, "One token of six words is changed", frame=plots.INK)
    probabilities = {"nine targets": numbers["whole"]}
    plots.curves([0.9, 0.95, 0.99], probabilities, "one word is right", "the whole caption is right", ax=middle,
                 title="Every word must be right")  # fmt: skip
    right_side.bar(range(6), numbers["wrong_words"], color=[plots.COLOURS[grade] for grade in numbers["grades"]])
    right_side.set(xlabel="example", ylabel="places that differ")
    plots.dress(right_side, "No errors, minor errors, somewhat related", frame=plots.INK)
    plt.show()

# %% [markdown]
# **What to look for**
#
# - Words that are right in 95 of 100 cases: how many whole captions are?
# - Read the last example aloud. Is its caption wrong? What would a person say, and what does our measure say?

# %% [markdown]
# ## 12 · In your own words
#
# **Question 1** (2 points, about 120 words, read by a person)
#
# Somebody shows you a captioning model: "97 % of the words are right on pictures that it has never seen." Which two
# things do you ask for, or try, before you believe that it describes pictures?
#
# The grader looks for two things:
#
# - You say what "97 % of the words" may leave out, with a number from your own notebook (white paper, the friend
#   without a shift, or the middle plot of the figure).
# - You name two trials that would settle it, and what you would expect to see from a model that looks, and from one
#   that does not.
#
# Full sentences, please. Write your text into the next cell, in place of the words that stand there.

# %% [markdown] question="question_1" points=2
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# The transformer of the lecture, encoder and decoder, and with it a model that looks at a picture and writes a
# sentence.
#
# 1. The causal mask makes one pass out of many tasks: every word practises, and none sees the answer.
# 2. A decoder block asks twice: the words before, and then the picture. Queries from the words, keys and values from
#    the memory.
# 3. Targets are inputs shifted by one. Without the shift the loss is best, and the model is worth nothing.
# 4. A mean over words counts words. Padding has neither a part in the sum nor in the divisor.
# 5. Measure what the model does on its own: whole captions, unseen pictures, and once without the picture.
#
# **What comes next.** Your models are often sure, and sometimes wrong. Lesson 6 asks how sure they should be.
#
# **Further reading**
#
# - Vaswani et al. 2017, "Attention Is All You Need", sections 3.1 to 3.3: the decoder, and its mask.
# - Vinyals et al. 2015, "Show and Tell", and Karpathy and Fei-Fei 2015: the captions of the lecture's slides.
# - Xu et al. 2015, "Show, Attend and Tell": where each word looks, before there were transformers.
# - Ranzato et al. 2016, "Sequence Level Training with Recurrent Neural Networks", on teacher forcing and its price.

# %% [markdown]
# ## Handing in
#
# 1. Choose "Restart and run all" once, and look through the checks. It trains again and saves again, and the last saved
#    files count.
# 2. Save the notebook.
# 3. Run the cell below. `submit()` puts three files into one zip: the notebook, the weights of your model, and the
#    arguments that rebuild it. It says what it has found and what is missing. In Colab your browser downloads the zip;
#    elsewhere it lies beside the notebook.
# 4. Hand in this one zip, in the way your course tells you.
#
# (By hand it is the same: `05_captioning.ipynb`, and the folder `artifacts` with its two files.)

# %%
submit()
