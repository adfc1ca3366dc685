# %% [markdown]
# # Lesson 6 · How sure is sure?
#
# "Parsed an image of myself through the animal network and it's 98% confident I'm a dog." So it stands on one of the
# lecture's slides. Your models of lessons 4 and 5 would do the same: ask them about something that they have never
# seen, and they answer, and mostly they are very sure. In this lesson you find out where this comes from, measure it,
# and do two things about it: one during training, **label smoothing**, and one afterwards, a **temperature**.
#
# **When you are done, you can**
#
# - explain why a loss with hard labels is never content, and where a smoothed one comes to rest;
# - compute that place on paper, for any number of classes;
# - say what "80 % sure" is worth: draw a reliability diagram, and put it into one number;
# - repair a trained model with a single number, without a change to any of its answers;
# - and say what none of this repairs: the 98 % dog.
#
# Plan two to three hours. You need softmax and cross-entropy, and the training from lesson 4.

# %% [markdown]
# ## How this notebook works
#
# - Write your code in place of `raise NotImplementedError()`, and run the `check(...)` below it as often as you like.
#   Where it says **Predict**, write down your guess before you run the cell. "Run all" works from the first minute.
# - You train two small models, for a minute or two in all, and hand in their weights as two files in the folder
#   `artifacts`. The grader asks them about pictures that they know and about some that they do not.
# - Of `smoothed_cross_entropy` the check also asks the slope, the gradient with respect to the logits, because training
#   lives on it.
# - Where an exercise builds on one that is still wrong, `check` is red for both. The grader tries the later one again
#   with a right version of the earlier one.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `smooth_labels` | 15 | 15 |
# | `smoothed_cross_entropy` | 15 | 20 |
# | `optimal_smoothed_logit_gap` | 10 | 15 |
# | `expected_calibration_error` | 20 | 30 |
# | `reliability_curve` | 10 | 15 |
# | `fit_temperature` | 10 | 20 |
# | `train_smoothed`, two models that you train | 10 | 20 |
# | `figure`, with two answers | 5 | 25 |
# | `question_1`, a short text | 5 | 15 |
# | **Sum** | **100** | **175** |

# %%
import dataclasses
import math

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
# | $B$ | images in a batch; $N$ images on which a model is measured |
# | $K$ | classes |
# | $\varepsilon$ or `epsilon` | how much the labels are softened |
# | $M$ | bins of a reliability diagram |
# | $T$ | temperature |
#
# **Logits** are any numbers, $(B, K)$. **Probabilities** (`probs`) are what a softmax makes of them: rows that sum to
# 1. The largest number of such a row is the model's **confidence**. Labels are whole numbers, $(B,)$, from 0 to $K -
# 1$.

# %% [markdown]
# ## 1 · 98 % dog
#
# Here is a network of the simplest kind. It learns the grey digits 0 to 7. It will never see an 8 or a 9 until it has
# been trained: for this network, they are what the lecturer was for the animal network.

# %%
((grey, grey_labels), (grey_test, grey_test_labels)) = ((data.as_floats(x), y) for x, y in data.load("digits"))
known, known_test = grey_labels < 8, grey_test_labels < 8

keras.utils.set_random_seed(0)
simple = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(64, "relu"), keras.layers.Dense(8)])
simple.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
simple.fit(grey[known], grey_labels[known], batch_size=64, epochs=60, verbose=0)


def softmax_of(model, images):
    """What a model says of images: probabilities (n, K), as an array."""
    logits = [ops.convert_to_numpy(model(images[i : i + 256])) for i in range(0, len(images), 256)]
    return ops.convert_to_numpy(ops.softmax(np.concatenate(logits), axis=-1))


said = softmax_of(simple, grey_test[known_test])
is_right = said.argmax(axis=-1) == grey_test_labels[known_test]
print(f"test digits 0 to 7: {is_right.mean():.1%} right, {said.max(axis=-1).mean():.1%} sure on average")

# %% [markdown]
# **Predict.** How sure will it be, on average, of test digits that are an 8 or a 9? Of pictures that are nothing but
# random grey pixels? It has eight answers. If it were honest, what would it say?

# %%
noise = np.random.RandomState(1).uniform(size=(300, 8, 8, 1)).astype("float32")
strangers = {"digits 8 and 9": grey_test[~known_test], "random pixels": noise}
shown, names = [], []
for name, images in strangers.items():
    said = softmax_of(simple, images)
    confidence, choice = said.max(axis=-1), said.argmax(axis=-1)
    share = (confidence > 0.98).mean()
    print(f"{name:15s} {confidence.mean():.1%} sure on average; more than 98 % sure of {share:.0%} of them")
    first = np.argsort(-confidence)[:40:8]
    shown += [images[first]]
    names += [f"{confidence[i]:.0%} a {choice[i]}" for i in first]
plots.pictures(np.concatenate(shown), names, columns=5, title="Pictures of what it has never seen, and what it says")
plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Of the digits that it knows, it is 99 % sure, and that is how often it is right: an honest network. Of an 8 or a 9 it
# is nearly 80 % sure on average, and of random pixels still more; one in three of these gets over the 98 % of the
# slide. An honest answer does not exist for it. A softmax shares out 100 % among the classes that it knows, and "none
# of these" is not among them. The best that it could do is to say one eighth of each.
#
# </details>
#
# Two things come together here. Softmax **must** choose, and training has taught the network to choose **loudly**. We
# begin with the second.

# %% [markdown]
# ## 2 · A loss that is never content
#
# Ten classes from here on. Suppose that the true class has the logit $g$ and the nine others have 0.
# The cross-entropy is $-\log p$ of the true class, so it is $\log(1 + 9 e^{-g})$.
#
# **Predict.** At $g = 5$ the answer is right, and already 94 % sure. From which $g$ on is the loss 0, so that training
# may stop to push?

# %%
for gap in (0, 2, 5, 10, 20):
    loss = math.log(1 + 9 * math.exp(-gap))
    print(f"logit {gap:2d}: {math.exp(-loss):.6%} sure, loss {loss:.9f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Never. However large the logit is, a larger one costs less. On pictures that it knows by heart, a network has nothing
# else left to gain, so it goes on making its logits larger. The answers stay the same; only their loudness grows.
#
# </details>
#
# ### Softer labels
#
# "To overcome overconfidence", says the lecture, and names **label smoothing**. (The formula is not on its slides; it
# is below.) The idea is to ask for less. In place of "this is a dog, 100 %", the target says "a dog, and I may be
# mistaken". Label smoothing takes a share $\varepsilon$ away from the true class and spreads it evenly over all $K$
# classes, the true one included:
#
# $$\mathrm{target}_k = (1 - \varepsilon)\, [k = \mathrm{true}] + \frac{\varepsilon}{K}$$
#
# By hand, for $K = 10$ and $\varepsilon = 0.1$: every class gets 0.01. The true one has 0.9 of its own besides, which
# makes 0.91. The row sums to $0.91 + 9 \cdot 0.01 = 1$.
#
# There are two customs, and both are called label smoothing. Some share $\varepsilon$ among the nine *other* classes.
# Keras, the paper, and this course share it among all ten.
#
# ### Exercise: `smooth_labels`
#
# *Difficulty 1 of 5 · importance 4 of 5 · about 15 minutes · 15 points*
#
# The checks call it with arrays, and training with tensors that have no numbers yet: so compute with `ops`, and not
# with NumPy.
#
# **Predict.** What are the two numbers for 4 classes and $\varepsilon = 0.2$?
#
# <details><summary>Hint</summary>
#
# `ops.one_hot` makes $(B, K)$ rows of a 1 and zeros. The formula above has two terms; which of them is the same for all
# classes? Add up a row of your result before you run the check.
#
# </details>

# %% exercise="smooth_labels" points=15
from solutions.calibration.reference import smooth_labels

# %%
with demo():
    soft = ops.convert_to_numpy(smooth_labels(np.array([2, 0, 3]), 4, 0.2))
    plots.heat_map(soft, ["label 2", "label 0", "label 3"], title="Four classes, epsilon 0.2")
    plt.show()
    print("the rows sum to", soft.sum(axis=1).round(6))

# %% [markdown]
# ### Exercise: `smoothed_cross_entropy`
#
# *Difficulty 2 of 5 · importance 5 of 5 · about 20 minutes · 15 points*
#
# The loss that goes with it: $-\sum_k \mathrm{target}_k \log p_k$, a sum over the classes and a mean over the batch.
# Training will use it, so it has to have a slope: build it from `ops` or `keras.losses`. (Keras has an argument that
# does all of it at once. It is switched off here, and you will be allowed to use it for the rest of your life.)
#
# If `smooth_labels` still fails its check, write this exercise all the same: the grader tries it again with a right
# one.
#
# <details><summary>Hint</summary>
#
# Softmax first and a logarithm afterwards is two steps, and between them a very unlikely class becomes exactly 0. What
# is the logarithm of that? (To add a tiny number first saves the loss, and not its slope: there the number is all that
# is left.) `ops` has one function for both steps.
#
# How do you know $K$, which is not an argument? And over which of the two axes of $(B, K)$ do you sum, over which do
# you take the mean?
#
# </details>

# %% exercise="smoothed_cross_entropy" points=15
from solutions.calibration.reference import smoothed_cross_entropy

# %% [markdown]
# The experiment from above once more, now with your loss: the true logit grows, the nine others stay 0.
#
# **Predict.** How does the curve for $\varepsilon = 0.1$ go on, where the one for $\varepsilon = 0$ falls and falls?

# %%
with demo():
    logit = np.arange(0, 12.1, 0.5)
    rows = logit[:, None, None] * np.eye(1, 10)
    losses = {
        f"epsilon {epsilon:g}": [
            float(smoothed_cross_entropy(row.astype("float32"), np.array([0]), epsilon)) for row in rows
        ]
        for epsilon in (0.0, 0.1, 0.3)
    }
    plots.curves(logit, losses, "logit of the true class", "loss", title="Ten classes: where is the valley?")
    plt.show()
    for name, values in losses.items():
        print(f"{name:12s} smallest loss {min(values):.3f} at logit {logit[int(np.argmin(values))]:g}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It has a **valley**. Up to there it pays to be surer; beyond, it costs. The loss at the bottom is not 0: targets that
# leave something open cannot be met without surprise. So do not be alarmed by a training that stops at 0.5.
#
# </details>

# %% [markdown]
# ## 3 · Where the valley lies
#
# Where is the bottom, exactly? A cross-entropy is smallest when the model says what the targets say: the softmax of
# the logits is then 0.91 for the true class, and 0.01 for each of the others. Only *differences* of logits matter to
# a softmax, since adding 5 to all of them changes nothing. So there is one number to find: the gap between the true
# logit and the others, which are all alike.
#
# ### Exercise: `optimal_smoothed_logit_gap`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 15 minutes · 10 points*
#
# **Predict.** A network with 1000 classes, the same $\varepsilon$: is its gap larger or smaller than with 10?
#
# <details><summary>Hint</summary>
#
# Write the softmax of the true class and that of another one below each other, as fractions. They have the same
# bottom. What is left if you divide one by the other?
#
# </details>

# %% exercise="optimal_smoothed_logit_gap" points=10
from solutions.calibration.reference import optimal_smoothed_logit_gap

# %% [markdown]
# Three ways to the same place: your formula; the softmax of its logits, which should be the targets; and a descent
# that knows nothing of the formula. It starts with random logits and follows the slope of your loss.

# %%
with demo():
    for classes in (10, 100, 1000):
        gap = float(optimal_smoothed_logit_gap(classes, 0.1))
        row = gap * np.eye(1, classes, dtype="float32")
        probs = ops.convert_to_numpy(ops.softmax(row))[0]
        loss = float(smoothed_cross_entropy(row, np.array([0]), 0.1))
        print(f"{classes:4d} classes: gap {gap:.5f}, softmax {probs[0]:.5f} and {probs[1]:.5f}, loss {loss:.5f}")

    keras.utils.set_random_seed(1)
    bare = keras.Sequential([keras.Input((1,)), keras.layers.Dense(10, use_bias=False)])  # ten logits, and nothing else
    bare.compile(keras.optimizers.Adam(0.1), lambda y, z: smoothed_cross_entropy(z, ops.cast(y[:, 0], "int32"), 0.1))
    bare.fit(np.ones((250, 1)), np.full((250, 1), 3), batch_size=1, verbose=0)  # the same picture, 250 times
    settled = ops.convert_to_numpy(bare(np.ones((1, 1))))[0]
    above = (settled[3] - np.delete(settled, 3)).round(3)
    print("after 250 steps downhill: the true logit lies", above, "above the others")

# %% [markdown]
# <details><summary>Answer to the prediction</summary>
#
# Larger: 9.1 with 1000 classes, and 4.5 with ten. The true class is to have about 90 % in both cases, but what is left
# is shared by 999 others in place of 9.
#
# </details>
#
# Smoothing gives the logits a place to stay. That is all it promises: about pictures that are trained on. What happens
# on others, we have to measure.

# %% [markdown]
# ## 4 · What is "80 % sure" worth?
#
# A weather forecast says "80 % rain" on ten days. If it rains on eight of them, the forecast was honest, though it was
# mistaken twice. It is called **calibrated**: of everything that it says with 80 %, 80 % comes true. You cannot see
# that from a single day. You need many, in **bins** by what was said.
#
# | bin | images | mean confidence | right | gap |
# |---|---|---|---|---|
# | 0.5 to 0.6 | 2 | 0.55 | 1 of 2 = 0.50 | 0.05 |
# | 0.8 to 0.9 | 3 | 0.85 | 2 of 3 = 0.67 | 0.18 |
# | 0.9 to 1.0 | 5 | 0.98 | 4 of 5 = 0.80 | 0.18 |
#
# The gap here lies between what is said and what comes true; with the gap between logits it shares only the name. The
# **expected calibration error** is the mean gap, where each bin counts by its share of the images:
# $0.2 \cdot 0.05 + 0.3 \cdot 0.183 + 0.5 \cdot 0.18 = 0.155$.
#
# Three things are easy to get wrong. The confidence is the largest number of the row, the one that belongs to the
# model's *own* choice. A gap has no sign: too sure here and not sure enough there must not cancel. And bins have an
# end that belongs to them: ours are $(lo, hi]$, so that a confidence of exactly 1 lies in the last one.
#
# ### Exercise: `expected_calibration_error`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 30 minutes · 20 points*
#
# Nothing is trained with it, so NumPy is welcome. Graded with several numbers of bins, and with confidences that lie on
# an edge, where that edge is a number that computers hold exactly, such as 0.5 or 0.75. Of two equally large numbers in
# a row the first one is the choice, as for `argmax`.
#
# <details><summary>Hint</summary>
#
# Begin with two arrays of length $N$: how sure, and whether right. Then a loop over the bins is fine. Which comparison
# of each edge says that the upper end belongs to the bin and the lower one does not? Or compute the number of each
# image's bin: with four bins, 0.6 belongs to bin 2 and so does 0.75, counted from 0. Which of `floor` and `ceil` takes
# both to one number?
#
# The mean of an empty array is nan, and nan plus anything is nan.
#
# </details>

# %% exercise="expected_calibration_error" points=20
from solutions.calibration.reference import expected_calibration_error

# %% [markdown]
# The table from above as ten rows of probabilities, and two models without any talent:
#
# **Predict.** A model ignores the picture and says 10 % of each of ten classes, each time; all classes are equally
# frequent. It is right in one of ten cases. What is its calibration error? And that of a model that is always right,
# but only says 60 %?

# %%
with demo():
    confidence = np.array([0.55] * 2 + [0.85] * 3 + [0.98] * 5)
    ten = np.stack([confidence, 1 - confidence], axis=1)
    print(f"the table: {float(expected_calibration_error(ten, np.array([0, 1, 0, 0, 1, 0, 0, 0, 0, 1]))):.3f}")
    ignorant, modest = np.full((1000, 10), 0.1), np.tile([0.6, 0.4], (1000, 1))
    print(f"says 10 % of everything: {float(expected_calibration_error(ignorant, np.arange(1000) % 10)):.3f}")
    print(f"always right, 60 % sure: {float(expected_calibration_error(modest, np.zeros(1000, int))):.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 0 and 0.4. A calibrated model need not be good, and a good one need not be calibrated. Accuracy asks how often it is
# right. Calibration asks whether it knows how often that is.
#
# </details>
#
# ### Exercise: `reliability_curve`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 15 minutes · 10 points*
#
# One number does not say *where* a model errs. The picture that does is the **reliability diagram**: for every bin,
# how sure the model was, and how often it was right. You have computed all of it already. Here you return it, bin by
# bin. The counts may be whole numbers or floats.
#
# <details><summary>Hint</summary>
#
# What do you know of a bin in which there is nothing? Not that the accuracy is 0. `np.nan` says "no number", and plots
# leave it out.
#
# </details>

# %% exercise="reliability_curve" points=10
from solutions.calibration.reference import reliability_curve

# %% [markdown]
# To practise, a model that is made up, so that we know the truth about it. It knows exactly how likely each class is,
# and then it speaks twice as loudly: its logits are doubled.

# %% given="forecaster"
from solutions.calibration.reference import forecaster

# %% [markdown]
# **Predict.** On which side of the diagonal will the bars end? Where will most of the images be?

# %%
with demo():
    logits, labels = forecaster()
    probs = ops.convert_to_numpy(ops.softmax(logits, axis=-1))
    error = float(expected_calibration_error(probs, labels))
    plots.reliability(reliability_curve(probs, labels), f"Speaks twice as loudly: error {error:.3f}")
    plt.show()

# %% [markdown]
# <details><summary>How to read it</summary>
#
# A blue bar is as high as the share of right answers in its bin, and the number at its foot says how many images are
# in it. On the dashed diagonal, saying and doing agree. The orange part is the gap: it reaches from what came true to
# what was said. Bars below the diagonal mean *too sure*, and ours are below it nearly everywhere. The last bin is the
# fullest. In bins with few images, the bar is as much chance as truth.
#
# </details>

# %% [markdown]
# ## 5 · One number afterwards: temperature
#
# The forecaster knows a lot. It only speaks too loudly. So divide all its logits by one number, the **temperature**
# $T$, before the softmax:
#
# $$p = \mathrm{softmax}(\mathrm{logits} / T)$$
#
# $T > 1$ softens, $T < 1$ sharpens, and whatever it is, the largest logit stays the largest. Not one answer changes,
# and neither does the accuracy. By hand, logits 4 and 0: 98 % sure. Divided by 2 they are 2 and 0: 88 %. (These are
# your old friends, the 0.88 and 0.12 of lesson 1. There, too, somebody divided before the softmax.)
#
# Which $T$ is best? The one at which the labels are least surprising: the smallest mean of $-\log p$ of the label, on
# pictures that were *not* trained on. Those that it was trained on, a model often knows by heart: it is always right
# there, and they would ask it to be louder still.
#
# ### Exercise: `fit_temperature`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 20 minutes · 10 points*
#
# The grader calls your function seven times, and has 20 seconds for all of them. A search in a table needs far less
# than one. A Keras model that is trained for hundreds of epochs, each time anew, may need more than there is.
#
# **Predict.** The forecaster's logits were doubled. Will your function find exactly 2 for it, from 400 pictures?
#
# <details><summary>Hint</summary>
#
# It is a search for one number, and as a function of $T$ the loss has one valley. A table of a few hundred
# temperatures between 0.3 and 10 is enough, if they lie closely: 1 % apart, so each is a fixed *multiple* of the one
# before. You have written a loss that does the rest. Which epsilon?
#
# (A number out of a NumPy table has 64 bits and makes 64-bit logits out of 32-bit ones, which `ops` does not mix with
# others. `float(t)` is harmless, and so are logits that you cast to `"float32"`.)
#
# </details>

# %% exercise="fit_temperature" points=10
from solutions.calibration.reference import fit_temperature

# %%
with demo():
    best = float(fit_temperature(logits, labels))
    tried = np.geomspace(0.5, 8, 25)
    losses = [float(smoothed_cross_entropy(logits / np.float32(t), labels, 0.0)) for t in tried]
    _, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.6), layout="constrained")
    plots.curves(tried, {"mean of -log p": losses}, "temperature", "loss", ax=left, title=f"Best: T = {best:.2f}")
    calm = ops.convert_to_numpy(ops.softmax(logits / best, axis=-1))
    error = float(expected_calibration_error(calm, labels))
    plots.reliability(reliability_curve(calm, labels), f"Divided by {best:.2f}: error {error:.3f}", ax=right)
    plt.show()
    print("answers that changed:", int((calm.argmax(axis=-1) != logits.argmax(axis=-1)).sum()))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Close to 2, and not exactly: 400 pictures are a sample. The error does not become 0 either, and it would not do so for
# the perfect forecaster: in bins of a few images, chance alone makes gaps.
#
# </details>

# %% [markdown]
# ## 6 · Train two models
#
# Now real ones. The pictures are the colour digits of lesson 4, and again only those from 0 to 7. The model is the
# Vision Transformer of lesson 4, made of Keras's layers. It gets 2,000 pictures, as often as it takes to know them by
# heart: this is where a model becomes loud.
#
# With `"cifar10"` you get photographs instead, after a download of 170 MB. Class 8 is then the ship and 9 the truck,
# and among the eight that are trained are a cat, a horse and, at last, a dog. What you hand in are models for the
# digits.

# %%
PICTURES = "colour_digits"  # or "cifar10"

words = data.class_names(PICTURES)
everything = [(data.as_floats(x), y) for x, y in data.load(PICTURES)]
(x_train, y_train), (x_test, y_test) = ((x[y < 8], y[y < 8]) for x, y in everything)
unknown = everything[1][0][everything[1][1] >= 8]
print("to train on:", x_train.shape, " to test:", x_test.shape, " never to be seen in training:", unknown.shape)

# %% given="LearnedPositionEmbedding"
from solutions.calibration.reference import LearnedPositionEmbedding

# %% given="small_vit"
from solutions.calibration.reference import small_vit

# %% given="by_heart"
from solutions.calibration.reference import by_heart

# %%
recipe, sizes = by_heart(((x_train, y_train), (x_test, y_test)))
print(f"{recipe.images} pictures, {recipe.epochs} epochs, batches of {recipe.batch_size}; the model:", sizes)

# %% [markdown]
# ### Exercise: `train_smoothed`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 20 minutes, with the training · 10 points*
#
# The same training, once with $\varepsilon = 0$ and once with $\varepsilon = 0.1$. The seed, the recipe, the model,
# the loss, the fit. `training.compile_for(model, recipe, steps, loss=...)` compiles a model with the recipe's
# optimizer and schedule: `steps` is the number of batches in the whole training, and `loss` a function of labels and
# logits, in this order. Keras hands it the labels as *floats*, $(B,)$: `ops.cast` makes class numbers of them again.
# All else is `fit` as you know it, with `epochs` and `batch_size` from the recipe. (In this function `data` is the
# argument, not the module of the same name.)
#
# The grader rebuilds both models. Points are for the share of right answers on digits in colours that nobody has seen.
# There are none if the models are not what they should be: both know their training pictures by heart, the plain one is
# sure of them, the smoothed one is as sure of them as its targets, and a temperature, fitted on half of the unseen
# pictures, does not raise either one's calibration error on the other half.
#
# The numbers come from five trainings of our own, which got 90 % right on average; what nearly all trainings reach is
# enough. Full marks begin at 70 %, none are given at 12 %, where a model is that has not learned anything, and between
# the two they grow evenly. Of 1,000 training pictures, both models have at least 99 % right; the plain one is at least
# 98 % sure of them on average, the smoothed one from 89 % to 93 %; and the calibration error rises by at most 3 %. If a
# model of yours is outside of a range, you are told its number.
#
# **Predict.** There are eight classes. How sure will the smoothed model be of a picture that it knows by heart?
#
# <details><summary>Hint</summary>
#
# The loss that `compile_for` wants has two arguments, and yours has three. A small function inside `train_smoothed` can
# fill in the third, and it may change the order of the others. The seed comes before the model, since a model draws its
# first weights when it is made. `fit` makes `ceil(n / batch_size)` batches of the `n` pictures that the recipe takes.
#
# </details>

# %% trained="train_smoothed"
from solutions.calibration.reference import train_smoothed

# %%
with demo():
    pictures, done = ((x_train, y_train), (x_test, y_test)), {}
    for name, epsilon in (("plain", 0.0), ("smoothed", 0.1)):
        done[name], history = train_smoothed(pictures, seed=1, epsilon=epsilon)
        said = softmax_of(done[name], x_train[: recipe.images])
        seen = (said.argmax(axis=-1) == y_train[: recipe.images]).mean()
        unseen = (softmax_of(done[name], x_test).argmax(axis=-1) == y_test).mean()
        print(f"{name:9s} loss {history.history['loss'][-1]:.3f}; right on training pictures {seen:.1%}", end=", ")
        print(f"on test pictures {unseen:.1%}; sure of training pictures {said.max(axis=-1).mean():.1%}")
    models = done

# %% [markdown]
# <details><summary>Answer</summary>
#
# As sure as its target: $0.9 + 0.1 / 8 = 0.9125$. The loss stops near 0.467, the bottom of the valley for eight
# classes. The plain model went on to 100 %. On test pictures the two are about equally often right: smoothing is not
# about that.
#
# </details>
#
# Both go into one file, with a model that holds the two side by side. (Only models for the digits: with photographs
# nothing is saved.)

# %% given="Pair"
from solutions.calibration.reference import Pair

# %%
with demo():
    pair = Pair(**sizes)
    pair(x_test[:1])
    pair.plain.set_weights(models["plain"].get_weights())
    pair.smoothed.set_weights(models["smoothed"].get_weights())
    if PICTURES == "colour_digits":  # what is handed in
        save_trained("train_smoothed", pair, sizes)

# %% check_trained="train_smoothed" points=10
check_trained("train_smoothed")

# %% [markdown]
# ## 7 · Look at it
#
# ### How sure are they?
#
# **Predict.** Two histograms of confidence on *test* pictures, plain and smoothed. Where will the plain model have its
# peak? Will the smoothed one have any picture above 95 %?

# %%
with demo():
    tested = {name: softmax_of(model, x_test) for name, model in models.items()}
    _, axes = plt.subplots(1, 2, figsize=(10.5, 3.6), layout="constrained", sharey=True)
    for ax, (name, said), colour in zip(axes, tested.items(), plots.COLOURS, strict=False):
        ax.hist(said.max(axis=-1), bins=np.linspace(0, 1, 41), color=colour)
        ax.set(xlabel="confidence", ylabel="test pictures", xlim=(0, 1))
        plots.dress(ax, f"{name}: {said.max(axis=-1).mean():.1%} sure on average", frame=plots.INK)
    plt.show()

# %% [markdown]
# ### Three reliability diagrams
#
# The plain model, the smoothed one, and the plain one with a temperature. The temperature is fitted on one half of the
# test pictures, and all three are drawn from the other half: a number that was fitted on pictures looks better on them
# than it is.
#
# **Predict.** Which of the three lies closest to the diagonal? On which side of it is the smoothed model?

# %%
with demo():
    fitted, drawn = np.arange(len(x_test)) % 2 == 0, np.arange(len(x_test)) % 2 == 1
    # the logarithm of a softmax is its logits, less one number per row, which makes no difference
    loud = np.log(np.maximum(tested["plain"], 1e-30))
    right_t = float(fit_temperature(loud[fitted], y_test[fitted]))
    cooled = ops.convert_to_numpy(ops.softmax(loud / np.float32(right_t), axis=-1))
    _, axes = plt.subplots(1, 3, figsize=(14, 4.8), layout="constrained")
    for ax, (name, probs) in zip(axes, {**tested, f"plain, T = {right_t:.2f}": cooled}.items(), strict=True):
        error = float(expected_calibration_error(probs[drawn], y_test[drawn]))
        plots.reliability(reliability_curve(probs[drawn], y_test[drawn]), f"{name}: error {error:.3f}", ax=ax)
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# The plain model puts nearly everything into the last bin, and its bars end below the diagonal: too sure, and most of
# all where it hesitates. The smoothed one lies on the *other* side in most bins: its bars reach above the diagonal.
# Smoothing has pushed everything below the target of the training, also what the model knows very well, and now it is
# too modest. In our runs its error is not always smaller than the plain one's. The temperature is fitted to how often
# the model was right, and for a single number it is hard to beat. (What would it do to the smoothed model?
# Try it: above 1, or below?)
#
# </details>
#
# ### And the dog?
#
# **Predict.** The digits 8 and 9, and pictures that are random pixels. How sure will the three be of those? Which of
# the three would you trust to say "I do not know this"?

# %%
with demo():
    random = np.random.RandomState(3)
    strangers = {
        "unknown classes": unknown,
        "random pixels": random.uniform(size=(300, 32, 32, 3)).astype("float32"),
        "one random colour": np.broadcast_to(random.uniform(size=(300, 1, 1, 3)), (300, 32, 32, 3)).astype("float32"),
    }
    print(f"{'mean confidence':18s} {'plain':>9s} {'smoothed':>9s} {f'T = {right_t:.2f}':>9s}")
    for name, images in {"test pictures": x_test, **strangers}.items():
        raw = softmax_of(models["plain"], images)
        soft = softmax_of(models["smoothed"], images)
        warm = ops.convert_to_numpy(ops.softmax(np.log(np.maximum(raw, 1e-30)) / np.float32(right_t), axis=-1))
        print(f"{name:18s} " + " ".join(f"{said.max(axis=-1).mean():9.1%}" for said in (raw, soft, warm)))

    raw, soft = (softmax_of(model, unknown) for model in models.values())
    loudest = np.argsort(-raw.max(axis=-1))[:80:10]
    names = [
        f"plain: {raw[i].max():.0%} {words[raw[i].argmax()]}\nsmoothed: {soft[i].max():.0%} {words[soft[i].argmax()]}"
        for i in loudest
    ]
    plots.pictures(unknown[loudest], names, columns=4, gap=0.45, title="Classes that neither model has ever seen")
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# All numbers have come down, and none of them has become honest: an eighth would be 12.5 %. The best calibrated model
# is still sure of things that it cannot know. Calibration is a promise about pictures **like those it was measured
# on**. Smoothing and temperature turn down the volume; they do not add the answer "none of these". Whoever needs that
# has to look for it in other ways, and to measure it on strangers.
#
# </details>

# %% [markdown]
# ## 8 · Two questions on paper
#
# You enter the answers in `figure()` below. The check says only that they have arrived; the grader judges them.
#
# **`answer_1`.** The animal network knows ten animals, and was trained with label smoothing until it sat at the
# bottom of the valley. Of a picture that it knows by heart it says exactly "98 % dog". What was $\varepsilon$? Give
# four digits after the point, or more.
#
# **`answer_2`.** Five statements. For each, write 1 if it is true, and 0 if not: a list of five numbers.
#
# 1. Dividing all logits by the same $T > 0$ never changes which class is the largest.
# 2. A model with a calibration error of 0 is always right.
# 3. Two models that choose the same class for every picture have the same calibration error.
# 4. With $\varepsilon = 0.1$, there are logits at which the slope of the loss of a picture is 0.
# 5. With $\varepsilon = 0.1$, the loss of a picture can come as close to 0 as you like.

# %% [markdown]
# ## 9 · The figure
#
# ### Exercise: `figure`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 25 minutes, with the questions · 5 points*
#
# Everything is there already; you put it together. For `gaps` and `floors`, $\varepsilon$ is 0.1. The forecaster's
# true temperature is 2, because its logits were doubled: so `after` divides by exactly 2, whatever you have fitted.
#
# <details><summary>Hint</summary>
#
# A row of logits whose true one is the gap and whose others are 0 was made in section 3. `reliability_curve` returns
# three things; which of them are the accuracies?
#
# </details>

# %% exercise="figure" points=5
from solutions.calibration.reference import figure

# %% [markdown]
# Your figure. It is made to be printed.

# %%
with demo():
    numbers = {name: ops.convert_to_numpy(value) for name, value in figure().items()}
    _, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 4.2), layout="constrained")
    best_places = {"gap of the logits": numbers["gaps"], "smallest loss": numbers["floors"]}
    plots.curves([10, 100, 1000], best_places, "classes", "", log_x=True, title="The valley, epsilon 0.1", ax=left)
    centres = (np.arange(10) + 0.5) / 10
    for ax, key, place in ((middle, "before", 0), (right, "after", 1)):
        ax.bar(centres, numbers[key], width=0.09, color=plots.COLOURS[place])
        ax.plot([0, 1], [0, 1], color=plots.INK, linestyle="--", linewidth=1)
        ax.set(xlabel="confidence", ylabel="accuracy", xlim=(0, 1), ylim=(0, 1))
        plots.dress(ax, f"{key} dividing by 2: error {numbers['errors'][place]:.3f}", frame=plots.INK)
    plt.show()
    print(f"fitted temperature: {float(numbers['temperature']):.3f}")

# %% [markdown]
# **What to look for**
#
# - The gap grows with the number of classes, and so does the smallest loss. Is there a limit to either?
# - In which bins does the diagram on the right leave the diagonal? How many images are in these, and what follows?
#   (`reliability_curve` of the forecaster's logits, divided by 2, counts them.)

# %% [markdown]
# ## 10 · In your own words
#
# **Question 1** (5 points, about 150 words, read by a person)
#
# A hospital wants to use a network that sorts X-rays into eight diseases. It will act on its own where the network is
# more than 95 % sure, and call a doctor otherwise. The network was trained with hard labels, is right in 90 % of all
# test cases, and is 99 % sure on average. What do you tell them?
#
# The grader looks for three things:
#
# - You say what is wrong with the two numbers 90 % and 99 %, and which plot of this notebook shows the same.
# - You propose one remedy of this lesson, say on which pictures it has to be fitted or measured, and what becomes of
#   the 90 %, and of the rule with its 95 %.
# - You say what your remedy does not help against, with a number from your own notebook, and what they should do about
#   it.
#
# Full sentences, please. Write your text into the next cell, in place of the words that stand there.

# %% [markdown] question="question_1" points=5
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# 1. With hard labels, larger logits always pay. That is how a model learns to shout.
# 2. Label smoothing gives the loss a valley. At its bottom the model says what its targets say: 0.91, not 1.
# 3. A model is calibrated if 80 % of what it says with 80 % is true. The diagram shows it, and the error sums it up.
# 4. A temperature is one number, fitted on pictures that were not trained on. It changes no answer.
# 5. None of it knows what a stranger is. Calibration holds for pictures like those it was measured on.
#
# **What comes next.** Smoothing makes targets softer by saying nothing in particular. In lesson 7 another model says
# something: a teacher.
#
# **Further reading**
#
# - Szegedy et al. 2016, "Rethinking the Inception Architecture", section 7: label smoothing.
# - Guo et al. 2017, "On Calibration of Modern Neural Networks": the diagrams, the error and the temperature.
# - Müller et al. 2019, "When Does Label Smoothing Help?", and when it hurts: section 4, which lesson 7 will need.
# - Hendrycks and Gimpel 2017, on telling strangers by how sure a model is; Minderer et al. 2021, on how well vision
#   transformers are calibrated.
# - The page of the lecture's 98 % dog: https://jramkiss.github.io/2020/07/29/overconfident-nn/

# %% [markdown]
# ## Handing in
#
# 1. Choose "Restart and run all" once, and look through the checks. It trains again and saves again, and the last
#    saved files count.
# 2. Save the notebook.
# 3. Run the cell below. `submit()` puts three files into one zip: the notebook, the weights of your two models, and
#    the arguments that rebuild them. It says what it has found and what is missing. In Colab your browser downloads
#    the zip; elsewhere it lies beside the notebook.
# 4. Hand in this one zip, in the way your course tells you.
#
# (By hand it is the same: `06_calibration.ipynb`, and the folder `artifacts` with its two files.)

# %%
submit()
