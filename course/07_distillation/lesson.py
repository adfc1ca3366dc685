# %% [markdown]
# # Lesson 7 · Learning from a teacher: distillation and DeiT
#
# "Need more data", says the lecture of the Vision Transformer. In lesson 4 you saw what becomes of one that has only
# 400 pictures. This lesson is about a way out that needs no further label: a **teacher**. Somebody has trained a
# network already. It knows more of a picture than a label says, and it can be asked about pictures that nobody has
# labelled. A small student may listen to it.
#
# **When you are done, you can**
#
# - read a teacher's opinion of all classes, and make it audible with a temperature;
# - write the loss of a student that learns from labels and from a teacher, and say where each factor in it comes from;
# - make Keras train with it, and be sure that the teacher stays what it was;
# - show that label smoothing is a teacher, too: one that knows nothing;
# - build DeiT, a ViT with a token of its own for the teacher;
# - compare two trainings without being fooled by luck.
#
# Plan three to four hours. You need the Vision Transformer of lesson 4 and label smoothing from lesson 6.

# %% [markdown]
# ## How this notebook works
#
# - Write your code in place of `raise NotImplementedError()`, and run the `check(...)` below it as often as you like.
#   Where it says **Predict**, write down your guess before you run the cell. "Run all" works from the first minute.
# - Here the check also asks for **gradients**, and it trains your `Distiller` for a few steps. So what you write has to
#   work inside a training step, where tensors have no numbers yet: use `ops` and `keras.losses`, not NumPy.
# - You train a student, for a minute or so, and hand in its weights as two files in the folder `artifacts`.
# - Keras has a `keras.distillation` of its own. It is what you build here, so it is switched off in the checks. (In
#   section 3 you compare it with yours.)

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `soft_targets` | 8 | 10 |
# | `distillation_loss` | 25 | 35 |
# | `Distiller` | 15 | 25 |
# | `train_distilled`, a student that you train | 12 | 25 |
# | `DistilledViT` | 20 | 35 |
# | `hard_distillation_loss` | 12 | 15 |
# | `figure`, with two answers | 5 | 30 |
# | `question_1`, a short text | 3 | 15 |
# | **Sum** | **100** | **190** |

# %%
import contextlib
import dataclasses
import io

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, check_trained, data, demo, plots, save_trained, submit, teachers, training
from vitlab.looking import attention_of

# %% [markdown]
# ## Conventions
#
# | Letter | Meaning |
# |---|---|
# | $B$ | images in a batch |
# | $K$ | classes |
# | $z$ | logits, $(B, K)$: what a model returns, before any softmax |
# | $T$ | temperature |
# | $p$, $q$ | softened probabilities of the teacher, and of the student |
# | $N$, $D$ | patches of an image, width of a token |
#
# Images are $(B, H, W, 3)$, float32 in $[0, 1]$. Labels are whole numbers $(B,)$. All logarithms are natural ones.

# %% [markdown]
# ## 1 · What a label does not say
#
# A label says "dog", and nothing else: of a picture of a dog, a cat and a car are equally wrong. A network that has
# seen many dogs knows better. Suppose that a teacher gives the logits 14 to the dog, 12 to the cat and 6 to the car.
# (You know the first two numbers from lesson 1: their softmax is 0.88 and 0.12.) So it thinks that this dog looks a
# little like a cat, and hardly like a car. Geoffrey Hinton called this **dark knowledge**: it is there in every output,
# and hard to see, because next to 0.88 nothing else seems to count.
#
# A **temperature** brings it to light. All logits are divided by $T$ before the softmax:
#
# $$p_k = \frac{\exp(z_k / T)}{\sum_j \exp(z_j / T)}$$
#
# By hand:
#
# | | dog | cat | car |
# |---|---|---|---|
# | logits | 14 | 12 | 6 |
# | $T = 1$ | 0.881 | 0.119 | 0.0003 |
# | divided by 2 | 7 | 6 | 3 |
# | $T = 2$ | 0.721 | 0.265 | 0.013 |

# %% [markdown]
# **Predict.** What are the three numbers at a very high temperature? And at a very low one, say $T = 0.1$? Does the
# order of the classes ever change?

# %%
for t in (0.1, 1, 2, 4, 8, 1000):
    powers = np.exp((np.array([14.0, 12, 6]) - 14) / t)
    print(f"T = {t:6g}:", "  ".join(f"{share:.4f}" for share in powers / powers.sum()))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Towards a third each, and towards (1, 0, 0): from "anything may be" to "this, and nothing else". The order never
# changes, so a temperature changes no decision. It changes how loudly the second and the third are heard.
#
# </details>
#
# ### Exercise: `soft_targets`
#
# *Difficulty 1 of 5 · importance 4 of 5 · about 10 minutes · 8 points*
#
# <details><summary>Hint</summary>
#
# From now on you may use `ops.softmax`, which is safe for large logits. Test it on the table above, and look whether
# each row sums to 1. If only its first row comes out right: what did you divide, the logits or the probabilities?
#
# </details>

# %% exercise="soft_targets" points=8
from solutions.distillation.reference import soft_targets

# %% [markdown]
# Here is a real teacher. It is a small network of convolutions, and it comes with `vitlab`. It was trained on 1,437
# digits, grey ones of 8 by 8 pixels, with all their labels. Below are four test digits, and what it thinks of them at
# four temperatures.
#
# **Predict.** Which digits will it find similar to a 7? To a 3?

# %%
(x_train, y_train), (x_test, y_test) = digits = teachers.digits()
teacher = teachers.load("digits")
taught = teacher.predict(x_test, verbose=0)
print(f"the teacher: {teacher.count_params():,} numbers, {(taught.argmax(-1) == y_test).mean():.1%} of the test digits")

with demo():
    TEMPERATURES = (1, 2, 4, 8)
    wanted = (3, 7, 8, 1)
    shown = [int(np.argmax((y_test == digit) & (taught.argmax(-1) == digit))) for digit in wanted]
    _, axes = plt.subplots(4, 5, figsize=(12, 7), layout="constrained", width_ratios=(1, 2, 2, 2, 2))
    for row, n in zip(axes, shown, strict=True):
        row[0].imshow(x_test[n])
        row[0].axis("off")
        for ax, t in zip(row[1:], TEMPERATURES, strict=True):
            colours = [plots.COLOURS[1] if digit == y_test[n] else plots.COLOURS[0] for digit in range(10)]
            ax.bar(range(10), ops.convert_to_numpy(soft_targets(taught[n], t)), color=colours)
            ax.set(ylim=(0, 1), xticks=range(10))
            plots.dress(ax, f"T = {t}" if n == shown[0] else "", frame=plots.PALE)
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Not to the ones that come to mind first. Of the 40 test digits that are a 7, the second choice is a 2 for 16, a 9, a 4
# or a 3 for most of the others, and never a 1. Of the 33 threes, it is a 9 for 23. It is not your eye that the teacher
# reports, but what these 8 by 8 pixels have in common.
#
# </details>
#
# ## 2 · Learn from both
#
# The student should do two things. It should give the label a high probability, as always: that is the cross-entropy.
# And it should think of *all* classes as the teacher does. How far a distribution $q$ is from a target $p$ is measured
# by the **Kullback-Leibler divergence**:
#
# $$\mathrm{KL}(p \,\|\, q) = \sum_k p_k (\log p_k - \log q_k)$$
#
# It is 0 where the two agree, and larger than 0 everywhere else. The $p$ in front of the bracket says whose opinion
# weighs: what the teacher finds likely, the student must not miss.
#
# By hand, for two classes, $p = (0.8, 0.2)$ and $q = (0.5, 0.5)$:
#
# | | |
# |---|---|
# | $\mathrm{KL}(p \,\|\, q)$ | 0.8 log(0.8/0.5) + 0.2 log(0.2/0.5) = 0.376 - 0.183 = 0.193 |
# | the other way round, $\mathrm{KL}(q \,\|\, p)$ | 0.5 log(0.5/0.8) + 0.5 log(0.5/0.2) = -0.235 + 0.458 = 0.223 |
# | cross-entropy, $-\sum_k p_k \log q_k$ | log 2 = 0.693 |
# | cross-entropy of $p$ with itself | 0.500 |
#
# The last two lines differ by 0.193 again: a cross-entropy is the KL plus the teacher's own doubt. That part does not
# depend on the student. So both have the same gradient, but only the KL says by its value how well a student agrees.

# %% [markdown]
# ### A factor that nobody expects
#
# The loss of the paper has a $T^2$ in it:
#
# $$(1 - \alpha)\, \mathrm{CE}(y, z_s) + \alpha\, T^2\, \mathrm{KL}(p \,\|\, q), \qquad
# p = \mathrm{softmax}(z_t / T), \quad q = \mathrm{softmax}(z_s / T)$$
#
# Why? The derivative of the KL with respect to a student's logit is $(q_k - p_k) / T$. It has a $T$ in the denominator,
# and that is not all: at a high temperature $p$ and $q$ are both nearly flat, so their difference is small as well.
#
# **Predict.** The teacher says (14, 12, 6), the student (0, 0, 0). At $T = 8$, how strong is the pull
# $(p_0 - q_0) / T$ on the student's first logit, compared with $T = 4$: about the same, a half, a quarter?

# %%
with demo():
    for t in TEMPERATURES:
        p, q = (ops.convert_to_numpy(soft_targets(np.array(z, "float32"), t)) for z in ([14, 12, 6], [0, 0, 0]))
        pull = (p[0] - q[0]) / t
        print(f"T = {t}: p - q = {p[0] - q[0]:.3f}, the pull {pull:.4f}, times T squared {t**2 * pull:.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# A bit more than a quarter. Without the factor, whoever turns the temperature up turns the teacher's voice down, in the
# end by $T^2$, and $\alpha$ means something else at every temperature. With the factor both terms stay comparable: the
# last column goes from 0.55 to 1.06, and levels off. It is the piece that is most often missing: it was in Keras's own
# example at first, and in the project whose page the lecture links to.
#
# </details>
#
# ### Exercise: `distillation_loss`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 35 minutes · 25 points*
#
# The check asks for values, and for gradients: the student gets one through both terms, the teacher gets none.
#
# If `soft_targets` still fails its check, write this exercise all the same. The grader tries it again with a right one.
#
# <details><summary>Hint</summary>
#
# Write both terms as one number for each image first, $(B,)$, and think about the mean last.
#
# The hard term is in `keras.losses`; which of its functions takes labels as whole numbers, and how does it learn that
# it gets logits? The soft term needs logarithms of softened probabilities. Is there a function that makes them from
# logits at once?
#
# Over the classes of an image, does the formula say sum or mean? And which function of `ops` lets a value through and
# stops its gradient?
#
# </details>

# %% exercise="distillation_loss" points=25
from solutions.distillation.reference import distillation_loss

# %% [markdown]
# Three looks at your loss. A student that agrees with its teacher; $\alpha$ from 0 to 1; and a temperature that rises
# and rises.

# %%
with demo():
    random = np.random.RandomState(4)
    z_s, z_t = (random.normal(scale=1.5, size=(6, 10)).astype("float32") for _ in range(2))
    labels = random.randint(0, 10, 6)
    print(f"the teacher's own logits, alpha = 1: {float(distillation_loss(z_t, z_t, labels, 4.0, 1.0)):.6f}")
    for alpha in (0.0, 0.5, 1.0):
        print(f"alpha = {alpha}: {float(distillation_loss(z_s, z_t, labels, 4.0, alpha)):.4f}")
    gaps = [z - z.mean(axis=-1, keepdims=True) for z in (z_s, z_t)]
    soft = [float(distillation_loss(z_s, z_t, labels, float(t), 1.0)) for t in (1, 2, 4, 8, 16, 32)]
    level = float(((gaps[0] - gaps[1]) ** 2).mean()) / 2
    plots.curves(
        [1, 2, 4, 8, 16, 32], {"T squared times KL": soft}, "temperature", "soft term", log_x=True, level=level,
        title="What the soft term becomes (the dotted line: see below)",
    )  # fmt: skip
    plt.show()

# %% [markdown]
# **What to look for.** At high temperatures the soft term becomes something that you know, the dotted line: half the
# mean square of the difference between two sets of logits (each without its mean). So distillation at a high
# temperature says "give the logits that the teacher gives", all of them, also of classes that neither finds likely. At
# a low one it cares about the likely classes. Hinton's paper derives it in its section 2.1.

# %% [markdown]
# ## 3 · Two short stories
#
# ### A mistake in a library
#
# Keras 3.15 has a `LogitsDistillation(temperature, loss)`. By its documentation it "applies temperature scaling to the
# teacher's logits before computing the loss", and its default loss is KL. We compare it with your function, at
# $\alpha = 1$: once with its default, the text `"kl_divergence"`, and once with a loss object.
#
# **Predict.** Three numbers. Should they agree?

# %%
with demo():
    student_says = np.array([[2.0, 1, 0, -1], [0.5, 0, 3, 1]], "float32")
    teacher_says = np.array([[4.0, 1, -1, 0], [-1, 2, 5, 0]], "float32")
    own = float(distillation_loss(student_says, teacher_says, np.array([0, 2]), 4.0, 1.0))
    print(f"{'yours:':21s} {own:.4f}")
    if hasattr(keras, "distillation"):
        pair = ops.convert_to_tensor(teacher_says), ops.convert_to_tensor(student_says)
        for name, options in (("its default", {}), ("with a loss object", {"loss": keras.losses.KLDivergence()})):
            found = keras.distillation.LogitsDistillation(4.0, **options).compute_loss(*pair)
            print(f"{name + ':':21s} {float(found):.4f}")
    else:
        print("This Keras has no distillation yet. Keras 3.15.1: 4.3467 by default, 0.8800 with an object.")

# %% [markdown]
# <details><summary>What is wrong with the default?</summary>
#
# With a loss object it does what you did. With a text, Keras turns the text into a plain *function*, and then asks
# whether it has a KLDivergence *object* before it. It has not, so it skips the softmax and the $T^2$, and takes the
# "KL" of the divided logits themselves. These are no distributions: they do not sum to 1, and some are negative, or
# above 1. Keras cuts all of them off at 0.0000001 below and at 1 above.
#
# Nothing crashes, and the loss falls while a student trains. You only find it if you know what the number should be.
# (Seen in Keras 3.15.1. If your version prints three equal numbers, it has been mended.)
#
# </details>
#
# ### A teacher that knows nothing
#
# The lecture shows knowledge distillation and label smoothing side by side. Why?
#
# Take a teacher that gives every picture the same logit for every class. Its soft targets are $1/K$, at any
# temperature. Let the student learn from it with $T = 1$ and $\alpha = \varepsilon$. Here is your loss beside the one
# from lesson 6, for students whose true logit grows.
#
# **Predict.** Two curves. Do they touch, cross, or run side by side?

# %%
with demo():
    grown = np.linspace(0, 9, 19)
    logits = np.zeros((19, 10), "float32")
    logits[:, 3] = grown
    smoothing = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    target = np.eye(10, dtype="float32")[[3]]
    smoothed = [float(smoothing(target, row[None])) for row in logits]
    taught_nothing = [
        float(distillation_loss(row[None], np.zeros((1, 10), "float32"), np.array([3]), 1.0, 0.1)) for row in logits
    ]
    plots.curves(
        grown, {"label smoothing, 0.1": smoothed, "a teacher that knows nothing": taught_nothing},
        "logit of the true class (the others are 0)", "loss",
    )  # fmt: skip
    plt.show()
    print("where they are lowest:", [f"{grown[int(np.argmin(curve))]:.1f}" for curve in (smoothed, taught_nothing)])

# %% [markdown]
# <details><summary>Answer</summary>
#
# Side by side, at the same distance everywhere, so their gradients are the same, and so is every training with them.
# Label smoothing *is* distillation, from a teacher without any knowledge. What it still teaches is modesty: "do not be
# too sure". A real teacher says more: *where* not to be sure. How large the distance is, is `answer_1` below.
#
# </details>

# %% [markdown]
# ## 4 · A student in training
#
# `fit` asks a model for a loss by its method `compute_loss(x, y, y_pred, ...)`. So all that we need is a model which
# looks like the student from outside, and which asks the teacher when it is asked for its loss.
#
# Two things must hold for the teacher. It is asked **as after training**: a network with dropout or BatchNormalization
# gives other answers while it is trained. And it **stays as it is**: no gradient, and no statistics of its norms that
# drift along with the batches. It is a measuring rod; if the rod shrinks, all measurements look fine.

# %% [markdown]
# **Predict.** Somebody calls `self.teacher(x, training=True)`, freezes the teacher by `teacher.trainable = False`, and
# trains. Our teacher has BatchNormalization and no dropout. Does its answer to a picture depend on the other pictures
# of the batch?

# %% [markdown]
# <details><summary>Answer</summary>
#
# In Keras, no: a frozen BatchNormalization works as it does after training, with `training=False`, whatever it is told.
# That is a rule of Keras, made for exactly this, and it goes by the `trainable` of the layer: if somebody freezes its
# weights one by one, the answer does depend on the batch. So it does with dropout, or with a layer that is not frozen;
# and in PyTorch, freezing a gradient does not freeze a norm. Say what you mean, and say `training=False`.
#
# </details>
#
# ### Exercise: `Distiller`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 25 minutes · 15 points*
#
# Three places to fill in. The check calls your model, evaluates it, and trains it for one step and for three, with a
# student and a teacher of its own. It looks at both of them afterwards. If you freeze the teacher, set the
# `trainable` of the whole model: a weight that is frozen by itself is taken for a slip, for the reason above.
#
# If `distillation_loss` still fails its check, write this exercise all the same. The grader tries it again with a right
# one.
#
# <details><summary>Hint</summary>
#
# In `compute_loss` you have the images `x`, the labels `y`, and what the student has just said, `y_pred`. What is
# missing for your `distillation_loss`, and who can say it?
#
# A layer, and a whole model, has an attribute that decides whether its weights are trained. Set it once.
#
# </details>

# %% exercise="Distiller" points=15
from solutions.distillation.reference import Distiller

# %% [markdown]
# The student is a Vision Transformer. It is given, and made of Keras's own layers; it is the one that you built in
# lesson 4.

# %% given="Block"
from solutions.distillation.reference import Block

# %% given="VisionTransformer"
from solutions.distillation.reference import VisionTransformer

# %%
with demo():
    keras.utils.set_random_seed(0)
    distiller = Distiller(VisionTransformer(**training.budget(dataset="few_digits").model), teacher, 4.0, 0.5)
    distiller.compile(keras.optimizers.Adam(0.001))
    before = [weight.copy() for weight in teacher.get_weights()]
    found = distiller.fit(x_train[:640], y_train[:640], batch_size=64, epochs=2, verbose=0).history["loss"]
    moved = [np.abs(one - other).max() for one, other in zip(before, teacher.get_weights(), strict=True)]
    print(f"loss in two epochs: {found[0]:.2f}, {found[1]:.2f}; the teacher moved by {max(moved)}")

# %% [markdown]
# In Keras two of your lines would be enough to keep it where it is: your loss stops the gradient, and `training=False`
# stops the norms. A `Distiller` that relies on them passes the check. To freeze the teacher as well says what you mean,
# and spares you Keras's warning about weights that get no gradient. It stays frozen afterwards, wherever it is used.

# %% [markdown]
# ## 5 · Does a teacher help?
#
# Pictures are cheap. Labels are not: somebody has to sit down and look. A teacher looks at every picture for nothing.
# (Ours has seen the labels of these pictures in its own training, and it has got nearly all of them by heart. Take it
# as a stand-in for a large network that has learned elsewhere.)
#
# So this is the experiment: there are 1,437 pictures of digits, and **only the first 200 have a label**. In the data
# that the students get, all other labels are 0, whatever is in the picture. All students are the same small ViT, with
# the same recipe and as many steps. They differ in what they listen to:
#
# | student | pictures | listens to | |
# |---|---|---|---|
# | plain | 200 | the labels | $\alpha = 0$ |
# | smoothed | 200 | the labels, and a teacher that knows nothing | $T = 1$, $\alpha = 0.1$ |
# | distilled | 1,437 | the teacher | your choice |
#
# The recipe is again a **budget**, with a name of its own:

# %%
print(training.budget(dataset="few_digits"))

# %% [markdown]
# How do we compare them? By **accuracy**, of course: how often is a student right? By **agreement**: how often do
# student and teacher choose the same class, right or wrong? And by their **distance**: the mean KL of all that they say
# of a picture, at $T = 1$. We take the 360 test digits, and nothing is ever trained on those: who learns from them,
# even by the teacher alone, has nothing left to measure with.
#
# `training.fit` shifts every picture a little at random. So the teacher has to be asked in every step: kept answers
# would be about other pictures. (It is the most common mistake of those who want to save time.)
#
# **Predict.** Which of the three will have the highest accuracy? Which the highest agreement? Our teacher is right on
# nearly all test digits: which of the two measures can tell you more than the other, and where? What would become of
# the distilled student with $\alpha = 0.5$?

# %% [markdown]
# ### Exercise: `train_distilled`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 25 minutes, with the training · 12 points*
#
# The seed, the budget, the student, the distiller, the fit, which is `training.fit(model, data, budget, seed=seed)` as
# in lesson 4. You choose temperature and $\alpha$. The student has the size that the budget names, and the cell below
# saves this size beside its weights.
#
# Do not trust the lines that `fit` prints. Their accuracy counts how often the student says what the label says, and
# most labels here are a 0 that means nothing: a high number would be a bad sign. And a loss with a $T^2$ in it may well
# begin above 10.
#
# The grader measures your weights on the test digits, shifted at random by a pixel: half of the points are for
# accuracy, half for agreement with the teacher. Both begin at 81 %, which is a student that has only the 200 labels.
# For accuracy they grow to full marks at 88 %, for agreement at 89 %. Those come from five trainings of our own student
# with the teacher (92 % right, and 91 % agreement, on average) and five without:
# nearly all of the first kind exceed the full marks, whatever their seed.
#
# <details><summary>Hint</summary>
#
# The seed comes before the student, since a model draws its first weights when it is made. What is fitted is the
# distiller; what is returned is the student. `training.fit` hands Keras a loss of its own, but Keras asks
# `compute_loss`, and nobody else: does yours look at that other one?
#
# (In this function `data` is the argument, not the module of the same name.)
#
# Which value of $\alpha$ makes it a plain student? How many of the labels are worth listening to?
#
# </details>

# %% trained="train_distilled"
from solutions.distillation.reference import train_distilled

# %%
with demo():
    student, history = train_distilled(teachers.with_few_labels(digits), teacher, seed=1)
    save_trained("train_distilled", student, training.budget(dataset="few_digits").model)

# %% check_trained="train_distilled" points=12
check_trained("train_distilled")

# %% [markdown]
# And the other two, by your `Distiller` as well:

# %%
advised = taught.argmax(-1)


def measured(model, name):
    """Print accuracy, agreement and distance of a model on the test digits: -> all three."""
    logits = model.predict(x_test, verbose=0)
    chosen, distance = logits.argmax(-1), float(distillation_loss(logits, taught, y_test, 1.0, 1.0))
    found = (chosen == y_test).mean(), (chosen == advised).mean(), distance
    print(f"{name:15s} right {found[0]:.1%}, agrees with the teacher {found[1]:.1%}, distance from it {found[2]:.2f}")
    return found


def quietly(beside, t, alpha, given, budget, start=1):
    """A student trained with your Distiller, without a line for each epoch."""
    keras.utils.set_random_seed(start)
    student = VisionTransformer(**budget.model)
    with contextlib.redirect_stdout(io.StringIO()):
        training.fit(Distiller(student, beside, t, alpha), given, budget, seed=start)
    return student


with demo():
    silent = keras.layers.Dense(10, kernel_initializer="zeros")  # the same logit, 0, for every class of every picture
    knows_nothing = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), silent])
    budget = training.budget(dataset="few_digits")
    few = dataclasses.replace(budget, images=200, epochs=budget.epochs * 44 // 6)  # as many steps: 6 an epoch, not 44
    kinds = (("plain", teacher, 1.0, 0.0), ("smoothed", knows_nothing, 1.0, 0.1))
    yours = measured(student, "distilled")
    results = {name: measured(quietly(beside, t, alpha, digits, few), name) for name, beside, t, alpha in kinds}
    results["distilled"] = yours
    measured(teacher, "teacher")

# %%
with demo():
    _, axes = plt.subplots(1, 3, figsize=(13, 3.6), layout="constrained")
    for i, (ax, title) in enumerate(zip(axes, ("Right", "Agree with the teacher", "Distance from it"), strict=True)):
        bars = ax.bar(list(results), [found[i] for found in results.values()], color=plots.COLOURS[:3])
        ax.bar_label(bars, fmt="{:.2f}" if i == 2 else "{:.1%}")
        ax.margins(y=0.15)
        if i < 2:
            ax.set_ylim(0, 1.1)
        plots.dress(ax, title, frame=plots.INK)
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# In our run the plain student was right on a bit more than four of five pictures, and the distilled one on more than
# nine of ten. It has seen no label at all, if you chose $\alpha = 1$. With $\alpha = 0.5$ it would have listened to
# 1,237 labels that say "0", whatever is in the picture. How much that hurts depends on the temperature, since $T^2$
# makes the teacher loud: try it, and count how many pictures it calls a 0.
#
# Agreement says nearly the same as accuracy: our teacher is wrong on 5 of the 360 digits, so the two can differ on
# those alone. The distance says more, since it asks for all ten numbers of every picture and not for the largest only.
# It was 0.66 for our plain student, 0.45 for the smoothed one and 0.23 for the distilled one. Nobody ever told the
# smoothed one what looks like what, so how can it come closer to the teacher than the plain one? (One run each.)
#
# </details>
#
# **What the teacher is worth.** We tried the other experiment, too: 200 pictures for both students, with and without
# the teacher. There the teacher made no difference that two runs could show. It knows its training pictures so well
# that its soft targets are nearly labels, and there the labels were known already. A teacher is worth what it says
# about pictures that you have no label for.
#
# ### A digit that it has never seen
#
# The most surprising experiment of Hinton's paper: a student gets no picture of a 3. None, in the whole training. It
# learns from the teacher alone ($\alpha = 1$), from what this says of all the *other* digits. Then it is shown threes.
#
# It will never call one a 3, since its training has taught it that a 3 is always unlikely. The paper mends that with
# one number, added to the logit of the 3. We take the one by which as many pictures are called a 3 as there are threes.
#
# **Predict.** Are these the right pictures? And for a plain student, with the same pictures and their labels?

# %%
with demo():
    kept = y_train != 3
    without_threes = (x_train[kept], y_train[kept]), (x_test, y_test)
    is_three = y_test == 3
    for name, t, alpha in (("plain", 1.0, 0.0), ("taught", 4.0, 1.0)):
        logits = quietly(teacher, t, alpha, without_threes, budget).predict(x_test, verbose=0)
        behind = np.delete(logits, 3, axis=1).max(axis=1) - logits[:, 3]  # what the 3 lacks, for each picture
        lift = np.sort(behind)[is_three.sum() - 1]
        before, after = (behind < 0)[is_three].mean(), (behind <= lift)[is_three].mean()
        print(f"{name:6s} calls {before:.1%} of the threes a 3; with {lift:.1f} added to this logit, {after:.1%}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# In our run, 70 % of the threes with a teacher, and 21 % without. The student has never seen a 3, but it has been told
# again and again which nines look a little like one, which fives, and which eights. That is knowledge of threes, and it
# came through the small numbers of the soft targets. The plain student was told of every 8 that it is an 8 and nothing
# else.
#
# </details>

# %% [markdown]
# ## 6 · How much is luck?
#
# Each of these students was trained once. With other first weights, and the pictures in another order, it would have
# been right a little more often, or less. And with other test digits it would be yet another number. Before you believe
# in a difference, you need to know how large differences are that mean nothing.
#
# A part of it can be computed. One of 360 pictures is 0.28 %. And whoever counts a share $p$ on $n$ pictures that were
# picked at random is off by about
#
# $$\sqrt{p\, (1 - p) / n}$$
#
# the **standard error**: in two of three cases by less than this, in one of three by more. The rest, the luck of the
# seed, has to be tried.
#
# **Predict.** Three plain students that differ in nothing but their seed. How far apart are the best and the worst of
# them? More than a standard error? And is it more or less than what the teacher was worth?

# %%
with demo():
    shares = [results["plain"][0]]
    for seed in (2, 3):
        shares.append(measured(quietly(teacher, 1.0, 0.0, digits, few, seed), f"plain, seed {seed}")[0])
    error = np.sqrt(shares[0] * (1 - shares[0]) / len(x_test))
    print(f"three plain students: from {min(shares):.1%} to {max(shares):.1%}; standard error of the first {error:.1%}")
    print(f"the distilled one lies {100 * (results['distilled'][0] - np.mean(shares)):.1f} points above their mean")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Ours were right on 81.7, 84.4 and 84.2 % of the digits: nearly 3 points apart, from the seed alone, and a standard
# error is 2 points. Three distilled students, with the same three seeds, reached 92.5, 93.6 and 94.2 %. So the worst
# with a teacher lies 8 points above the best without, at least three times as far as the seeds of either kind are
# apart: that is no luck. Had it been 1 point, no pair of single runs could have told us anything. (The formula is about
# one share on pictures picked at random. All our students are measured on the *same* pictures, so for the difference of
# two of them only those count on which they disagree, and it is a little less uncertain than two shares would be.)
#
# </details>

# %% [markdown]
# ## 7 · DeiT: a token for the teacher
#
# The lecture's table of DeiT has a part with a ⚗. It is a still, in which spirits are distilled: these models had a
# teacher.
#
# | | weights | top-1 on ImageNet | with a teacher | and 1000 epochs |
# |---|---|---|---|---|
# | DeiT-Ti | 5M | 72.2 | 74.5 | 76.6 |
# | DeiT-S | 22M | 79.8 | 81.2 | 82.6 |
# | DeiT-B | 86M | 81.8 | 83.4 | 84.2 |
#
# The teacher was a CNN, a RegNet. And it spoke in another way. A second extra token stands beside CLS, the
# **distillation token**, with a head of its own. CLS learns from the label. The distillation token learns from the
# teacher, and from its *decision* alone: the likeliest class, as if it were a label. This is **hard distillation**: no
# softness, no temperature, nothing to tune.
#
# $$\tfrac{1}{2}\, \mathrm{CE}(y,\, z_{\mathrm{cls}}) + \tfrac{1}{2}\, \mathrm{CE}(\arg\max_k z_t,\,
# z_{\mathrm{dist}})$$
#
# After training nobody has a label to give, and both heads are asked: the answer is the mean of their logits. (Do not
# be surprised when you read the paper. Its text adds the two softmaxes, and its figure 2 draws the new token behind the
# patches. The program that came with it takes the mean of the logits and puts the token behind CLS, and so do we.)

# %% [markdown]
# **Predict.** A table of positions has a row for each token. How many rows has it now, for pictures of 224 by 224
# pixels and patches of 16? How many numbers has DeiT-Ti more with the new token and its head, for $D = 192$ and $K =
# 1000$?

# %%
print(f"{2 + (224 // 16) ** 2} rows; {192} for the token, {192} for its position, {192 * 1000 + 1000:,} for its head")

# %% [markdown]
# ### Exercise: `DistilledViT`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 35 minutes · 20 points*
#
# It inherits from the given `VisionTransformer`, so most of it is there already. Read that class once more: which
# argument of it makes a table of positions with one more row?
#
# <details><summary>Hint</summary>
#
# In `__init__`: call `super().__init__` with all arguments by name, and one more. Then there are two things to make.
#
# `call` is the given one with three changes: which rows stand in front of the patches, what is read from the normed
# tokens, and what is returned. A token is $(1, 1, D)$ and has to become $(B, 1, D)$; the given code shows how.
#
# </details>

# %% exercise="DistilledViT" points=20
from solutions.distillation.reference import DistilledViT

# %% [markdown]
# ### Exercise: `hard_distillation_loss`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 15 minutes · 12 points*
#
# **Predict.** A teacher that is right on every training image: what can the distillation token learn from it that CLS
# does not learn?
#
# <details><summary>Hint</summary>
#
# Each term is a cross-entropy with whole numbers as targets, as in your first loss. Where do the second term's whole
# numbers come from, and over which axis?
#
# </details>

# %% exercise="hard_distillation_loss" points=12
from solutions.distillation.reference import hard_distillation_loss

# %% [markdown]
# <details><summary>Answer</summary>
#
# From such targets nothing: they are the labels once more. But in training, pictures are cropped and shifted, and then
# the teacher may see something else than the label says: where the dog's head is cut off, it says "cat", and that is
# the fairer target. And where the teacher is wrong, it is wrong as CNNs are.
#
# </details>
#
# ### The two heads in action
#
# A DeiT on the 200 digits that have labels. This time the teacher's answers may be kept: your loss looks for nothing in
# them but the likeliest class, and a shift by one pixel hardly ever changes that. The pipeline keeps each answer beside
# its picture, however they are shuffled.

# %%
with demo():
    count = few.images
    keras.utils.set_random_seed(1)
    deit = DistilledViT(**{name: value for name, value in budget.model.items() if name != "pool"})  # it has none

    class Both(keras.Model):
        """A DistilledViT whose two results stand in one array, always: (B, 2, K)."""

        def __init__(self):
            super().__init__()
            self.deit = deit

        def call(self, images, training=None):
            return ops.stack(self.deit(images, training=True), axis=1)  # there is no dropout in it

    def loss(targets, logits):
        """Your loss, as fit calls it. targets (B, 1 + K): the label, and behind it the teacher's logits."""
        label, advice = ops.cast(targets[:, 0], "int32"), targets[:, 1:]
        return hard_distillation_loss(logits[:, 0], logits[:, 1], advice, label)

    advice = teacher.predict(x_train[:count], verbose=0)
    targets = np.concatenate([y_train[:count, None], advice], axis=1).astype("float32")
    batches = data.pipeline(x_train[:count], targets, few.batch_size, shuffle=True, crop=few.crop)
    both = Both()
    training.compile_for(both, few, few.epochs * (count // few.batch_size), loss=loss)
    found = both.fit(batches, epochs=few.epochs, verbose=0).history["loss"]
    print(f"loss {found[0]:.2f} at first, {found[-1]:.3f} in the end")

    heads = both.predict(x_test, verbose=0)
    for name, logits in (("CLS", heads[:, 0]), ("dist", heads[:, 1]), ("both", heads.mean(axis=1))):
        chosen = logits.argmax(axis=-1)
        print(f"{name:5s} right {(chosen == y_test).mean():.1%}, agrees {(chosen == advised).mean():.1%}")
    cls, dist = (ops.convert_to_numpy(token)[0, 0] for token in (deit.cls_token, deit.dist_token))
    print(f"cosine between the two tokens: {cls @ dist / np.linalg.norm(cls) / np.linalg.norm(dist):.2f}")

# %% [markdown]
# What do the two tokens look at? In the first line the digits, in the second the attention of CLS in the last block, in
# the third that of the distillation token, both averaged over the heads.

# %%
with demo():
    shown = x_test[[int(np.argmax(y_test == label)) for label in (0, 3, 4, 7)]]
    (weights,) = attention_of([deit.blocks[-1].attn], lambda: deit(shown))
    side = int(np.sqrt(weights.shape[-1] - 2))
    rows = [shown]
    for token in (0, 1):
        looks = weights[:, :, token, 2:].mean(axis=1)
        maps = (looks / looks.max(axis=1, keepdims=True)).reshape(-1, side, side)
        rows.append(shown * (0.2 + 0.8 * np.kron(maps, np.ones((8 // side, 8 // side)))[..., None]))
    names = [""] * 4 + ["CLS"] * 4 + ["distillation token"] * 4
    plots.pictures(np.concatenate(rows), names, columns=4, title="Where the two tokens look")
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# The two begin as random vectors. CLS and the distillation token get nearly the same targets here, since the teacher is
# almost never wrong on these pictures, so they need not become very different. In the paper they stay different at
# first (a cosine of 0.06) and become similar towards the last block (0.93), but not equal: the targets are not, either.
#
# </details>

# %% [markdown]
# ## 8 · Two questions on paper
#
# You enter the answers in `figure()` below. The check says only that they have arrived; the grader judges them.
#
# **`answer_1`.** In section 3 two curves ran side by side: label smoothing with $\varepsilon = 0.1$ and $K = 10$, and
# your loss with a teacher that knows nothing, $T = 1$ and $\alpha = 0.1$. By how much is the first larger? Find a
# formula (take both losses apart into cross-entropies) and give the number to four decimals.
#
# **`answer_2`.** For each statement, write 1 if it is true, and 0 if not: a list of five numbers.
#
# 1. With $\alpha = 1$ the labels play no part in `distillation_loss`.
# 2. In hard distillation, a teacher at $T = 4$ gives other targets than the same teacher at $T = 1$.
# 3. Without the factor $T^2$, the gradient of the soft term falls to about a quarter when a high temperature is
#    doubled.
# 4. A teacher that gives all classes the same logit leads to the same gradients as label smoothing, if $T = 1$ and
#    $\alpha = \varepsilon$.
# 5. `DistilledViT` returns, after training, the logarithm of the mean of two probabilities.

# %% [markdown]
# ## 9 · The figure
#
# ### Exercise: `figure`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 30 minutes, with the questions · 5 points*
#
# <details><summary>Hint</summary>
#
# `soft` are four calls of one function, one below the other. For `pull` you need them for the student as well; you saw
# the formula, and the numbers, in section 2. `params`: what does `DistilledViT` have that `VisionTransformer` has not?
# Count it for one $D$, then let NumPy do all three at once.
#
# </details>

# %% exercise="figure" points=5
from solutions.distillation.reference import figure

# %%
with demo():
    numbers = {name: ops.convert_to_numpy(value) for name, value in figure().items()}
    _, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 4), layout="constrained")
    soft = dict(zip(("dog", "cat", "car"), numbers["soft"].T, strict=True))
    plots.curves(TEMPERATURES, soft, "temperature", "soft target", log_x=True, title="What the teacher says", ax=left)
    pulls = dict(zip(("without the factor", "with T squared"), numbers["pull"], strict=True))
    plots.curves(TEMPERATURES, pulls, "temperature", "pull", log_x=True, title="How hard it pulls", ax=middle)
    millions = numbers["params"] / 1e6
    gains = {"a teacher": [2.3, 1.4, 1.6], "a teacher and 1000 epochs": [4.4, 2.8, 2.4]}
    plots.curves(
        millions.round(1), gains, "millions of weights", "points more on ImageNet", log_x=True,
        title="What DeiT gained", ax=right,
    )  # fmt: skip
    plt.show()

# %% [markdown]
# **What to look for**
#
# - On the left, at which temperature would you listen to this teacher? Where does the car begin to matter?
# - On the right, the line of the teacher alone: is a teacher worth more to a small model than to a large one? Would you
#   say so after three models, each trained once? (The other line also counts 1000 epochs of training in place of 300.)

# %% [markdown]
# ## 10 · In your own words
#
# **Question 1** (3 points, about 120 words, read by a person)
#
# Your friend has trained one student with a teacher and one without. On her 500 test pictures the first is right in
# 91.0 %, the second in 90.6 %. "Distillation works!", she says. What do you answer?
#
# The grader looks for three things:
#
# - You say what else could explain 0.4 points, and name a number of this notebook that shows how large it may be.
# - You propose a comparison that would convince you: what is repeated, what is kept equal, what is compared.
# - You name a measure that asks the teacher, not the labels, and say why her two students should differ in it if one of
#   them has listened.
#
# Full sentences, please. Write your text into the next cell, in place of the words that stand there.

# %% [markdown] question="question_1" points=3
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have learned
#
# 1. A teacher's output says more than a label. A temperature makes it audible and changes no decision.
# 2. The soft term is a KL with the teacher in front, and $T^2$ keeps its voice from fading at high temperatures.
# 3. Label smoothing is a teacher that knows nothing.
# 4. The teacher is asked as after training, and stays what it was.
# 5. DeiT gives the teacher a token of its own, and listens to its decision alone.
# 6. A teacher is worth what it says about pictures without a label.
# 7. One comparison of two trainings shows little, until you know how much is luck. Whether a student has listened, its
#    distance from the teacher says.
#
# **What comes next.** Why did DeiT take a CNN as a teacher for a transformer? What does a CNN know from the start that
# a ViT must learn? That is lesson 8.
#
# **Further reading**
#
# - Hinton, Vinyals and Dean 2015, "Distilling the Knowledge in a Neural Network": nine pages, easy to read.
# - Touvron et al. 2021, "Training data-efficient image transformers & distillation through attention", sections 4 and
#   5.
# - Stanton et al. 2021, "Does Knowledge Distillation Really Work?", on students that do not agree with their teachers.
# - Müller, Kornblith and Hinton 2019, "When Does Label Smoothing Help?": a smoothed teacher teaches less.
# - The lecture's link: nervanasystems.github.io/distiller/knowledge_distillation.html

# %% [markdown]
# ## Handing in
#
# 1. Choose "Restart and run all" once, and look through the checks. It trains again and saves again, and the last saved
#    files count.
# 2. Save the notebook.
# 3. Run the cell below. `submit()` puts three files into one zip: the notebook, the weights of your student, and the
#    arguments that rebuild it. It says what it has found and what is missing. In Colab your browser downloads the zip;
#    elsewhere it lies beside the notebook.
# 4. Hand in this one zip, in the way your course tells you.
#
# (By hand it is the same: `07_distillation.ipynb`, and the folder `artifacts` with its two files.)

# %%
submit()
