# %% [markdown]
# # Lesson 1 · Attention by hand
#
# The lecture explains attention with one small table: a query, two keys, and the scores 112 and 96.
# In this lesson you build everything in that table yourself, first on paper, then in code.
# At the end you have a working attention layer, and you know what each line of it is for.
#
# **When you are done, you can**
#
# - compute the lecture's weights 0.88 and 0.12 from 112 and 96, by hand and in code;
# - say what queries, keys and values are, and which shape each table has;
# - write a softmax that stays right when scores are large;
# - close forbidden keys with a mask;
# - explain with numbers why the scores are divided by $\sqrt{d}$;
# - find a mistake in a printed formula and prove that it is one.
#
# Plan two to three hours. You need Python, NumPy and a little Keras.

# %% [markdown]
# ## How this notebook works
#
# - In an exercise cell, write your code below the marker `# YOUR CODE HERE`, in place of the line
#   `raise NotImplementedError()`. Leave the name and the arguments of the function as they are.
# - Below each exercise there is a cell with `check(...)`. Run it. It says what is right. Where something is off, it
#   names the first wrong number, and where it recognises the mistake it gives you a hint.
# - You can run a check as often as you like. It costs nothing.
# - The grader uses the same kind of cases, with other numbers and other shapes. Code that fits only the example will
#   not pass there.
# - Your code is graded in a sandbox without a network, with 20 seconds for each exercise. That is plenty.
# - Helper functions are welcome. They may stand in any cell.
# - If only part of an exercise is right, you get part of its points.
# - Cells that begin with `with demo():` use your functions. As long as a function is not written yet, they say so in
#   one line and go on. So "Run all" works from the first minute.
# - Before some cells there is a question. Please write down your guess *before* you run the cell, even if you are
#   unsure. A wrong guess is where you learn most.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `attention_scores` | 15 | 15 |
# | `softmax_rows` | 15 | 15 |
# | `masked_scores` | 15 | 10 |
# | `scaled_dot_product_attention` | 25 | 20 |
# | `SelfAttention` | 15 | 20 |
# | `figure`, with two answers about the slides | 10 | 30 |
# | `question_1`, a short text | 5 | 10 |
# | **Sum** | **100** | **120** |

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, demo, plots

# %% [markdown]
# ## Conventions
#
# The same letters stand for the same things in the whole course.
#
# | Letter | Meaning |
# |---|---|
# | $B$ | images (or sentences) in a batch |
# | $N$ | tokens |
# | $T_q$, $T_k$ | number of queries, number of keys |
# | $D$ | width of a token: how many numbers it has |
# | $d$ | width of a query, and of a key |
# | $d_v$ | width of a value |
#
# A **token** is one piece of the input, turned into a vector. In the lecture's worked example the tokens are the words
# "Thinking" and "Machines". In a vision transformer they are patches of an image. The arithmetic is the same.
#
# - **Inputs** are float32 Keras tensors. Where a cell hands you NumPy arrays, `ops` takes them too.
# - **Use `ops`** for your computations: `ops.matmul`, `ops.exp`, `ops.sum` and so on. They look like NumPy, and they
#   work on TensorFlow, JAX and PyTorch alike.
# - **Three dots**, as in `(..., Tq, d)`, stand for any number of leading axes: none, a batch, or a batch and something
#   more. Count the axes you need from the end, and the leading ones take care of themselves.
# - **Masks**: 1 means *may attend*, 0 means *forbidden*, as in Keras's own `MultiHeadAttention`. Some other libraries
#   and papers use it the other way round. Here it is always this way. A mask may be bool, int or
#   float; `ops.cast` changes the type of a tensor.

# %% [markdown]
# ## 1 · Scores: how well does a key fit a query?
#
# Imagine a library with an unusual librarian. You bring a question, the **query**. On the spine of each book there is
# a label, the **key**. Inside is the content, the **value**. The librarian does not hand you one book. She compares
# your query with every label, and then she gives you a blend of all the books: a lot of those that fit, a little of
# the rest.
#
# This exercise is the first step, the comparing. Query and key are vectors of the same width $d$. Their **score** is
# their dot product:
#
# $$q \cdot k = q_1 k_1 + q_2 k_2 + \dots + q_d k_d$$
#
# Before you go on, a question.

# %% [markdown]
# **Predict.** The query is the arrow $(1, 1)$. There are three keys:
#
# - A is $(1, 1)$, the very same arrow;
# - B is $(4, 0)$, a longer arrow that points 45 degrees away;
# - C is $(-1, -1)$, the opposite of the query.
#
# Which key gets the highest score? Which one gets a negative score?

# %%
query = np.array([1.0, 1.0])
for name, key in {"A": [1.0, 1.0], "B": [4.0, 0.0], "C": [-1.0, -1.0]}.items():
    print(f"key {name}: score {np.dot(query, key):5.1f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# B wins with 4, although A points in exactly the same direction. A dot product rewards direction *and* length.
# C is opposite, so its score is negative. Scores may be any number. They are not yet weights.
#
# </details>

# %% [markdown]
# ### The lecture's numbers
#
# In the lecture, the word "Thinking" asks. Its query $q_1$ is compared with the keys of both words. The width is
# $d = 64$.
#
# | | Thinking | Machines |
# |---|---|---|
# | score | $q_1 \cdot k_1 = 112$ | $q_1 \cdot k_2 = 96$ |
# | divided by $8 = \sqrt{64}$ | 14 | 12 |
#
# The slide does not show the 64 numbers of each vector. Here are some that fit: let $q_1$ be 64 ones, let $k_1$ be
# 1.75 in each place, and $k_2$ be 1.5 in each place. Then $64 \cdot 1.75 = 112$ and $64 \cdot 1.5 = 96$.
#
# Why it is divided at all is the story of section 4. For now, it is a factor: $1/\sqrt{d}$, called the **scale**.

# %% [markdown]
# ### Shapes
#
# One query and one key give one number. A table of queries and a table of keys give a table of numbers: entry
# $(i, j)$ is the score of query $i$ against key $j$, so there is one row for each query and one column for each key.
#
# | | shape | example |
# |---|---|---|
# | queries | $(\dots, T_q, d)$ | $(2, 3, 8)$: a batch of 2, each with 3 queries of width 8 |
# | keys | $(\dots, T_k, d)$ | $(2, 5, 8)$: each with 5 keys of width 8 |
# | scores | $(\dots, T_q, T_k)$ | $(2, 3, 5)$ |
#
# The width 8 is gone: the dot product sums over it. And 3 and 5 need not be equal.

# %% [markdown]
# ### Exercise: `attention_scores`
#
# *Difficulty 2 of 5 · importance 5 of 5 · about 15 minutes · 15 points*
#
# The lecture divides by a number. The function below multiplies by `scale`: dividing by $\sqrt{d}$ is
# multiplying by $1/\sqrt{d}$.
# Most callers leave it at `None`. A caller may also bring a number of their own, and any number is allowed.
#
# <details><summary>Hint</summary>
#
# Write the two shapes below each other, for instance $(3, 8)$ and $(5, 8)$. A matrix product joins the last axis of
# the left table with the last but one of the right table. Do those two agree? What has to happen to one of the tables
# first? Then look at $(2, 3, 8)$ and $(2, 5, 8)$: does your idea leave the 2 where it is?
#
# </details>

# %% exercise="attention_scores" points=15
from solutions.attention.reference import attention_scores

# %% [markdown]
# Now the lecture's example with your function. It should print 14 and 12.

# %%
lecture_query = np.ones((1, 64), "float32")
lecture_keys = np.stack([np.full(64, 1.75), np.full(64, 1.5)]).astype("float32")

with demo():
    found = attention_scores(ops.convert_to_tensor(lecture_query), ops.convert_to_tensor(lecture_keys))
    print(ops.convert_to_numpy(found))

# %% [markdown]
# ## 2 · Softmax: from scores to weights
#
# The librarian now has scores, 14 and 12. She needs **weights**: positive numbers that sum to 1, so that they can
# say how much of each book goes into the mix. The softmax makes them. Take $e$ to the power of each score, then divide
# by the sum:
#
# $$w_j = \frac{e^{s_j}}{\sum_m e^{s_m}}$$
#
# By hand, with the lecture's scores:
#
# | | Thinking | Machines | sum |
# |---|---|---|---|
# | score | 14 | 12 | |
# | $e$ to the score | 1,202,604 | 162,755 | 1,365,359 |
# | weight | **0.88** | **0.12** | 1 |
#
# The difference between the scores is only 2, and yet one weight is more than seven times the other.
#
# Did you notice how large the numbers in the middle row are? 14 is a small score. What about a large one?

# %% [markdown]
# **Predict.** A float32 number can be at most about $3.4 \cdot 10^{38}$. Which of these scores still have a finite
# $e^s$ in float32: 14, 80, 88, 89, 96, 112? The last two are the lecture's scores before they are divided by 8.

# %%
with np.errstate(over="ignore"):
    for score in (14, 80, 88, 89, 96, 112):
        print(f"e to the {score:3d} = {np.exp(np.float32(score)):.3g}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The limit lies at about 88.7, the natural logarithm of the largest float32 number. So 88 is fine, and 89 is already
# infinite. The lecture's own 96 and 112 are both beyond the limit. The formula would then divide infinity by
# infinity, and the result is `nan`, "not a number". From there it spreads through the whole network.
#
# </details>

# %% [markdown]
# So the formula is right, and a program that follows it word for word breaks. Your softmax has to give the right
# weights for scores of 112 and of 10,000 too.
#
# **On paper.** Compute the two weights for the scores 2 and 0. You need only $e^2 \approx 7.389$ and $e^0 = 1$. Put
# your result beside the table above. What do you notice, and what could you do with it?

# %% [markdown]
# ### Along which axis?
#
# In a table of scores, each row belongs to one query. Each query wants weights of its own that sum to 1 over all keys.
# So 3 queries and 5 keys mean 3 separate softmaxes, with 5 weights each. The argument `axis` says along which axis of
# the array the weights sum to 1. For the last axis, which is the usual case, it is $-1$. Yours should work for any
# axis.

# %% [markdown]
# ### Exercise: `softmax_rows`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 15 minutes · 15 points*
#
# <details><summary>Hint</summary>
#
# The two scores on paper were different from 14 and 12, and easier to handle. What did they have in common with 14 and
# 12? Which number in the row is the dangerous one, and where would you like it to be?
#
# If the shapes do not fit afterwards: a sum along an axis removes that axis, unless you ask to keep it.
#
# </details>

# %% exercise="softmax_rows" points=15
from solutions.attention.reference import softmax_rows

# %% [markdown]
# The lecture's row once more, from your two functions. The heat map should show 0.88 and 0.12.

# %%
with demo():
    scores = attention_scores(ops.convert_to_tensor(lecture_query), ops.convert_to_tensor(lecture_keys))
    ax = plots.heat_map(softmax_rows(scores), rows=["Thinking"], columns=["Thinking", "Machines"])
    ax.set(xlabel="keys", ylabel="query", title='Where does "Thinking" look?')
    plt.show()

# %% [markdown]
# ## 3 · Masks: keys that must not be read
#
# Some books are in the closed stacks. There are two common reasons:
#
# - **Padding.** Sentences in a batch have different lengths. The short ones are filled up with empty tokens, and nobody
#   should attend to those.
# - **The future.** The lecture's decoder writes a sentence word by word. Its masked self-attention may only look at
#   what has been written so far.
#
# A **mask** says who may read what. It is a table like the scores: entry $(i, j)$ is 1 if query $i$ may attend to
# key $j$, and 0 if that is forbidden. It may come as `True` and `False`, as whole numbers or as floats.
#
# Often a mask is smaller than the scores, and broadcasting stretches it, just as in NumPy: shapes are compared from
# the last axis backwards, and an axis of length 1 or a missing axis is repeated.
#
# In this course every query may read at least one key, so no row of a mask is all 0.

# %% [markdown]
# **Predict.** There are 3 queries and 4 keys, so the scores have shape $(3, 4)$.
#
# - The first mask is `[1, 1, 1, 0]`, of shape `(4,)`. Does the 0 close a key, or does it silence a query?
# - The second mask has 4 queries and 4 keys, and it is meant for the decoder: a token may see itself and what came
#   before it. How many 1s are in its first row? How many in its last?

# %%
padding = np.array([1, 1, 1, 0])
print("padding, stretched to all queries:")
print(np.broadcast_to(padding, (3, 4)))

past_only = np.tri(4, dtype="int32")
print("the past only:")
print(past_only)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The 0 stands in the last column of every row: key 3 is closed to all queries. (We count from 0.) In the second mask
# the first token sees only itself, so its row has a single 1. The last token sees all 4.
#
# </details>

# %% [markdown]
# ### How do you close a key?
#
# The mask consists of 1s and 0s, so it is tempting to just multiply the scores by it. Think about this first:
#
# - What does it mean for a key to have the score 0? Could an allowed key have a lower score than that?
# - Which weight would the softmax give it?
# - And if you multiplied the weights instead, after the softmax: what would a row of them sum to?
#
# We leave these questions open. Your code is the answer, and the check will put it to the test.

# %% [markdown]
# ### Exercise: `masked_scores`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 10 minutes · 15 points*
#
# <details><summary>Hint</summary>
#
# Work backwards. After the softmax, a forbidden key should have the weight 0. So what should $e$ to its score be? Open
# a new cell and try $e^{-1}$, $e^{-10}$, $e^{-100}$, $e^{-1000}$ in float32. And the allowed scores must come through
# exactly as they were. For each entry, there are two possible outcomes. What decides between them?
#
# </details>

# %% exercise="masked_scores" points=15
from solutions.attention.reference import masked_scores

# %% [markdown]
# A quick look at your result. Row 0 may read its first key only, row 1 the first two, and so on. Which
# entries are closed?

# %%
with demo():
    scores = ops.reshape(ops.arange(16, dtype="float32"), (4, 4))
    closed = ops.convert_to_numpy(masked_scores(scores, ops.convert_to_tensor(past_only)))
    for row in closed:
        print("  ".join(f"{score:6.0f}" if score > -1e8 else "closed" for score in row))

# %% [markdown]
# ## 4 · Attention: the weighted average
#
# The librarian has her weights. Now she mixes the books. The lecture's last row is
#
# $$z_1 = 0.88\, v_1 + 0.12\, v_2$$
#
# Suppose $v_1 = (10, 0)$ and $v_2 = (0, 10)$. Then $z_1 = (8.8,\ 1.2)$: mostly the first book, with a little of the
# second. In general, output $i$ is a weighted average of all values, and row $i$ of the weights says how much of each:
#
# $$z_i = \sum_j w_{ij}\, v_j$$
#
# For all queries at once, the lecture writes it in one line:
#
# $$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d}}\right) V$$
#
# | | shape | example |
# |---|---|---|
# | queries $Q$ | $(\dots, T_q, d)$ | $(2, 3, 8)$ |
# | keys $K$ | $(\dots, T_k, d)$ | $(2, 5, 8)$ |
# | values $V$ | $(\dots, T_k, d_v)$ | $(2, 5, 6)$: one for each key, of another width |
# | weights | $(\dots, T_q, T_k)$ | $(2, 3, 5)$ |
# | output | $(\dots, T_q, d_v)$ | $(2, 3, 6)$: one for each query, as wide as a value |

# %% [markdown]
# ### Why the square root?
#
# You have used $1/\sqrt{d}$ already. Here is where it comes from.
#
# Suppose that all numbers in the queries and keys are random and independent, with mean 0 and variance 1. A dot
# product adds up $d$ products of two such numbers. Each product has mean 0 and variance 1 as well, and the products are
# independent. Variances of independent numbers add up.
#
# **Predict.** We draw 5,000 pairs of random vectors and look at their dot products. When $d$ goes from 16 to 64, what
# happens to the variance of the scores? What happens to their standard deviation, the typical size of a score?

# %%
generator = np.random.default_rng(0)
print("    d   variance   standard deviation")
for d in (4, 16, 64, 256, 1024):
    many_queries, many_keys = generator.standard_normal((2, 5000, d))
    dot_products = np.sum(many_queries * many_keys, axis=1)
    print(f"{d:5d}   {dot_products.var():8.1f}   {dot_products.std():8.1f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The variance of a sum of $d$ such products is $d$. From 16 to 64 it grows four times. The standard deviation is
# $\sqrt{d}$, so it doubles, from 4 to 8.
#
# So wide vectors have large scores for no other reason than being wide. Divided by $\sqrt{d}$, the scores have a
# standard deviation of about 1 at every width, and the softmax always gets numbers of the same size.
#
# </details>

# %% [markdown]
# ### Exercise: `scaled_dot_product_attention`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 20 minutes, with the demos · 25 points*
#
# You have written three of the four steps. Call your functions. If one of them still fails its check, write this
# exercise all the same: where an earlier exercise is wrong, the grader tries this one again with a right version of
# the earlier one, so that a mistake costs you only once.
#
# <details><summary>Hint</summary>
#
# Say the steps in plain words first: compare, close what is forbidden, turn into weights, average. Which table does
# each step take, and which one does it give? The mask is optional, so one step is sometimes left out.
#
# For the last step, look at the formula for $z_i$: it sums over $j$, the keys. Use the example shapes above to see
# which axes must meet.
#
# </details>

# %% exercise="scaled_dot_product_attention" points=25
from solutions.attention.reference import scaled_dot_product_attention

# %% [markdown]
# The lecture's example from start to end, with the values from above. The output should be close to $(8.8,\ 1.2)$.

# %%
lecture_values = np.array([[10.0, 0.0], [0.0, 10.0]], "float32")

with demo():
    example = [ops.convert_to_tensor(array) for array in (lecture_query, lecture_keys, lecture_values)]
    output, weights = scaled_dot_product_attention(*example)
    print("weights", ops.convert_to_numpy(weights))
    print("output ", ops.convert_to_numpy(output))

# %% [markdown]
# **Predict.** Four tokens, and all queries are zero. So every score is the same. The mask lets each token see only
# itself and the past. What will the four rows of the weights look like?

# %%
with demo():
    no_preference, tokens = ops.zeros((4, 8)), ops.ones((4, 8))
    _, weights = scaled_dot_product_attention(no_preference, tokens, tokens, ops.convert_to_tensor(past_only))
    ax = plots.heat_map(weights)
    ax.set(xlabel="keys", ylabel="queries", title="Equal scores, past only")
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Equal scores mean equal weights, but only among the allowed keys. So the rows are 1, then two halves, then three
# thirds, then four quarters. Each row still sums to 1, and everything above the diagonal is exactly 0.
#
# </details>

# %% [markdown]
# ## 5 · Self-attention: tokens that ask each other
#
# So far, somebody handed you queries, keys and values. Where do they come from?
#
# In **self-attention** they all come from the same tokens. Think of a seminar. Every student has something to ask (a
# query), a name badge that says what they know about (a key), and something to tell (a value). Everybody listens to
# everybody, most to those whose badge fits their question. Nobody is only a reader and nobody is only a book.
#
# Each role is a learned matrix, as the lecture draws it:
#
# $$X W^Q = Q, \qquad X W^K = K, \qquad X W^V = V$$
#
# | | shape |
# |---|---|
# | tokens $X$ | $(B, N, D)$ |
# | each matrix $W$ | $(D, \mathrm{dim})$ |
# | $Q$, $K$, $V$ and the output | $(B, N, \mathrm{dim})$ |
# | weights | $(B, N, N)$: every token against every token |
#
# `dim` is the width $d$ of the queries here, and of the keys and values as well. It need not be the width $D$ of the
# tokens.

# %% [markdown]
# **Predict.** The next cell sends 2 sentences of 5 tokens, each of width 6, through one `Dense` layer with 4 units.
#
# - Which shape does the output have, and which shape the matrix (Keras calls it `kernel`)?
# - Then we change the last token of the first sentence. Which rows of the output change?

# %%
dense = keras.layers.Dense(4)
before = np.random.default_rng(1).standard_normal((2, 5, 6)).astype("float32")
after = before.copy()
after[0, 4] += 1.0

change = ops.convert_to_numpy(dense(after) - dense(before))
print("output", change.shape, " kernel", dense.kernel.shape)
print("largest change at each token of the first sentence:", np.abs(change[0]).max(axis=-1).round(2))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The output is $(2, 5, 4)$ and the matrix is $(6, 4)$. The number of tokens appears nowhere in the matrix, so it works
# for any number of them. Only the output of the last token changes. A matrix like this treats each token alone.
# What tokens tell each other, they tell through attention.
#
# </details>

# %% [markdown]
# ### Exercise: `SelfAttention`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 20 minutes · 15 points*
#
# A Keras layer has two parts. In `__init__` you make the sublayers and keep them as attributes of `self`. In `call`
# you use them. So there are **two** places to fill in here. The names `wq`, `wk` and `wv` matter: the check writes its
# own numbers into these three and then compares the output.
#
# (If Keras warns that a layer "does not support masking", go on calmly. It means another kind of mask, one that travels
# along with the tensors by itself.)
#
# <details><summary>Hint</summary>
#
# Count the weights on paper. With $D = 6$ and `dim` 4, three matrices hold $3 \cdot 6 \cdot 4 = 72$ numbers. With
# biases there are $72 + 3 \cdot 4 = 84$. Does your layer have exactly that many, in both cases?
#
# In `call`, ask of each tensor: whose role is this? You have already written everything that happens after the three
# projections.
#
# </details>

# %% exercise="SelfAttention" points=15
from solutions.attention.reference import SelfAttention

# %% [markdown]
# Here is your layer at work on five random tokens: once without a mask, once with the past only. The numbers mean
# nothing yet, because nothing has been trained. Look at the rows. What does the first token attend to on the right?

# %%
with demo():
    keras.utils.set_random_seed(1)
    layer = SelfAttention(dim=4)
    five_tokens = keras.random.normal((1, 5, 6))
    _, free = layer(five_tokens, return_weights=True)
    _, closed = layer(five_tokens, mask=ops.convert_to_tensor(np.tri(5, dtype="bool")), return_weights=True)

    _, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    plots.heat_map(free[0], ax=left).set(xlabel="keys", ylabel="queries", title="No mask")
    plots.heat_map(closed[0], ax=right).set(xlabel="keys", title="Past only")
    plt.show()

# %% [markdown]
# Nothing changes when the tokens are patches of an image. A picture of 224 by 224 pixels, cut into patches of 16 by 16,
# gives $14 \cdot 14 = 196$ tokens. The weights are then a table of 196 by 196, that is 38,416 numbers, for each image.
# The layer has exactly as many weights as before.

# %% [markdown]
# ## 6 · A soft dictionary
#
# Attention with good keys works like a Python dictionary: look up a key, get its value. Below is a tiny memory with six
# slots. Each slot holds one letter of A E I N O T. Its value is the letter's number in the alphabet (A is 1, T is 20).
# Each query carries the key of the letter that we want to read.

# %% given="letter_memory"
from solutions.attention.reference import letter_memory

# %% [markdown]
# Let us read the word ATTENTION, letter by letter, with your attention. The heat map has one row for each letter we
# ask for, and one column for each slot.

# %%
with demo():
    word = "ATTENTION"
    q, k, v = (ops.convert_to_tensor(array) for array in letter_memory(word))
    copied, weights = scaled_dot_product_attention(q, k, v)
    print("".join(chr(ord("A") - 1 + round(float(number[0]))) for number in ops.convert_to_numpy(copied)))

    ax = plots.heat_map(weights, rows=list(word), columns=list("AEINOT"))
    ax.set(xlabel="memory slots", ylabel="queries", title="Which slot does each query read?")
    plt.show()

# %% [markdown]
# Each row has a single 1. Here attention really is a lookup: with the scale, the matching key scores about 318 and
# every other key scores 0. (A softmax that breaks at 88.7 cannot read this memory.)
#
# A Python dictionary raises a `KeyError` for a key it does not have. What does attention do?
#
# **Predict.** We ask with a query that lies halfway between the keys of A and E. The values are 1 and 5. Which letter
# comes out?

# %%
with demo():
    q, k, v = (ops.convert_to_tensor(array) for array in letter_memory("AE"))
    halfway = (q[:1] + q[1:]) / 2
    copied, weights = scaled_dot_product_attention(halfway, k, v)
    number = float(ops.convert_to_numpy(copied)[0, 0])
    print(f"value {number:.1f}, the letter {chr(ord('A') - 1 + round(number))}")

    plots.heat_map(weights, rows=["halfway"], columns=list("AEINOT"), title="A query between two keys")
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Both keys fit equally well, so each has the weight 0.5, and the output is $0.5 \cdot 1 + 0.5 \cdot 5 = 3$: the letter
# C. It is in none of the slots. Attention never fails to answer. It blends. That is why people call it a *soft*
# dictionary, and it is also why it can be trained: a small change of the query gives a small change of the answer.
#
# </details>

# %% [markdown]
# ## 7 · Find the mistakes on the slides
#
# Slides are written by people, and formulas are easy to mistype. A few slides of the lecture need a second look, and
# you know enough now to check them. Work on paper. You will enter your answers in `figure()` below, as `answer_1` and
# `answer_2`.
#
# ### First find: the slide "Self-Attention with Queries, Keys, Values"
#
# It prints the weight of position $j$ for the output at position $i$ like this:
#
# $$w_j^{(i)} = \frac{\exp(q^{(i)} k^{(j)}) \,/\, \sqrt{k}}{\sum_j \left(\exp(q^{(i)} k^{(j)}) \,/\, \sqrt{k}\right)}$$
#
# The $k$ under the root is the width of a key, our $d$. Read the brackets with care. What exactly does the exponential
# apply to, and what is divided by $\sqrt{k}$?
#
# **`answer_1`.** Take the worked example: one query, two keys, the scores $q_1 \cdot k_1 = 112$ and
# $q_1 \cdot k_2 = 96$, and $k = 64$. Call the weights of the two keys $w_1$ and $w_2$, and use the formula *exactly as
# it is printed*. What is $\ln(w_1 / w_2)$, the natural logarithm of the ratio of the two weights? Give one number.
#
# For comparison, take the same logarithm of the ratio of the lecture's weights 0.88 and 0.12. Do the two agree? If
# not, where did the slide go wrong? (A calculator may overflow. Paper does not.)

# %% [markdown]
# ### Second find: the two slides "Attention in ViT"
#
# They look alike, but one line differs. (Their $D$ is the width of a query, our $d$.)
#
# | | first slide | second slide |
# |---|---|---|
# | alignment | $e_{i,j} = q_j \cdot k_i / \sqrt{D}$ | $e_{i,j} = q_i \cdot k_j / \sqrt{D}$ |
# | attention | $a = \mathrm{softmax}(e)$ | $a = \mathrm{softmax}(e)$ |
# | output | $y_j = \sum_i a_{i,j}\, v_i$ | $y_j = \sum_i a_{i,j}\, v_i$ |
#
# Neither slide says along which axis the softmax runs. Let $E$ be the array with `E[i, j]` $= e_{i,j}$. The index $i$
# is axis 0, and the index $j$ is axis 1. *Along axis 0* means that $i$ runs while $j$ stays fixed. *Along axis 1* means
# that $j$ runs while $i$ stays fixed. It is the same meaning as in `softmax_rows` and in `ops.sum`.
#
# **`answer_2`** is a list of two numbers. Each of them is an axis, 0 or 1.
#
# 1. **First slide**, exactly as printed. Each output $y_j$ should be an average of the values, so the weights that
#    appear in its sum must sum to 1. Along which axis of $E$ must the softmax run?
# 2. **Second slide.** Keep its $e_{i,j}$. Let the softmax run so that, for each query, the weights over all keys sum
#    to 1. Now put the printed sum aside and write one yourself: row $r$ of the output is a sum over all tokens, of
#    query $r$'s weight for a token's key, times that token's value. Along which axis of the weights does this sum run?
#
# If you get lost, write everything out for two tokens. There are only four entries in $E$. And when you have your
# answers: which of the two slides can stay as it is printed? You learn after grading whether you were right.

# %% [markdown]
# ### Third find, for the next lesson
#
# The slide "Self-attention" calls it a set operation, "permutation-invariant". Swap two tokens in your head. Do the
# outputs stay where they are? Keep your thought. Lesson 2 settles it.

# %% [markdown]
# ## 8 · What the scale does to the weights
#
# You will now measure how sharp the weights are, with and without the scale. A good measure is their **entropy**:
#
# $$H(w) = -\sum_j w_j \ln w_j, \qquad \text{with } 0 \ln 0 = 0$$
#
# With the natural logarithm, its unit is the **nat**. Two extremes help to read it:
#
# - **All 37 keys alike**, each with the weight $1/37$: $H = \ln 37 \approx 3.61$. More is not possible with 37 keys.
# - **One key has everything**, the weight 1, and all others 0: $H = 0$.
#
# The lecture's 0.88 and 0.12 have 0.37 nats. A handy way to read such a number: $e^H$ is about the number of keys that
# are really being read. For 37 equal weights it is 37, for a single 1 it is 1, and for the lecture's weights it is 1.4.

# %% given="random_vectors"
from solutions.attention.reference import random_vectors

# %% [markdown]
# **Predict.** There are 31 random queries and 37 random keys, of widths 4, 16, 64, 256 and 1024. Sketch two curves of
# the average entropy against $d$:
#
# - with the scale $1/\sqrt{d}$,
# - without it, that is with the scale 1.
#
# Do they rise, fall, or stay level? Where do they lie between 0 and 3.61? The table of standard deviations in
# section 4 tells you all you need. You will see the curves after the exercise.

# %% [markdown]
# ### Exercise: `figure`
#
# *Difficulty 3 of 5 · importance 4 of 5 · about 30 minutes, with the slides above · 10 points*
#
# The function returns the numbers behind two plots, and your two answers. A cell after the check draws the plots from
# them, so only the numbers are your job.
#
# - `worked_weights`: there is a single query here, "Thinking". Each row holds its weights for the two keys: first
#   for the scores 14 and 12, then for 112 and 96.
# - The entropies: one number for each $d$, the mean over the 31 queries.
# - `retrieved`: the nine numbers that attention copies from the letter memory, as a flat array.
# - `answer_1` is one number, and `answer_2` is a list of two. For these, the check only says that they have arrived.
#   Whether they are right, the grader decides.
# - The names in the dict must be spelt exactly as in the text of the function.
#
# `random_vectors` and `letter_memory` give NumPy arrays. If your functions want tensors, `ops.convert_to_tensor` makes
# them.
#
# <details><summary>Hint</summary>
#
# Everything you need is above, in your own functions. Two things are worth a thought. The entropy sums over one axis
# and averages over another: which is which? And some weights are so small that float32 stores them as exactly 0. What
# does your computer say about the logarithm of 0, and about 0 times that?
#
# </details>

# %% exercise="figure" points=10
from solutions.attention.reference import figure

# %% [markdown]
# Your figure. On the left are the lecture's weights, on the right the two entropy curves. The width $d$ has a
# logarithmic axis: each step to the right is four times wider.

# %%
with demo():
    numbers = figure()
    widths = [4, 16, 64, 256, 1024]
    entropies = {"with the scale": numbers["entropy_scaled"], "without the scale": numbers["entropy_unscaled"]}
    worked = numbers["worked_weights"]

    _, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained", width_ratios=(1, 1.3))
    rows, columns = ["with the scale", "without"], ["Thinking", "Machines"]
    plots.heat_map(worked, rows, columns, 'Weights of the query "Thinking"', left)
    plots.curves(
        widths,
        entropies,
        "width d of queries and keys",
        "entropy of the weights (nats)",
        log_x=True,
        level=float(np.log(37)),
        level_name="ln 37: all keys alike",
        title="How many keys are read?",
        ax=right,
    )
    plt.show()

# %% [markdown]
# **What to look for**
#
# - On the left: how much of "Machines" is left in the second row?
# - On the right: which curve depends on the width, and which one hardly does? Compare them with your sketch.
#
# <details><summary>Answer to the prediction</summary>
#
# With the scale, the scores have a standard deviation of about 1 at every width. So the curve is almost level, not far
# below $\ln 37$. Without it, the standard deviation is $\sqrt{d}$, the largest score runs away from the others, and the
# entropy falls towards 0: nearly all the weight lies on one key.
#
# </details>
#
# **To think about.** The curve with the scale stays level, but it does not touch the line at $\ln 37$. Why not? What
# would the scores have to be for that? And would you want it?

# %% [markdown]
# ## 9 · In your own words
#
# **Question 1** (5 points, about 120 words, read by a person)
#
# Suppose somebody forgets the scale in a transformer with $d = 1024$ and starts to train it. What would go wrong, and
# why? Use your entropy plot and one of the lecture's numbers.
#
# The grader looks for three things:
#
# - You read a value from your plot at $d = 1024$, and you say what it means for the weights.
# - You use one of the lecture's numbers to support your argument. It does not just stand there.
# - You get from the weights to the *training*: what the network can or cannot learn from them, with a reason.
#
# Full sentences, please. Clear and short is better than long. Write your text into the next cell, in place of the
# words that stand there.

# %% [markdown] question="question_1" points=5
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# Five parts, from the dot product to a Keras layer. They are the core of every transformer, and they fit on one page.
#
# 1. Attention is a weighted average of values. The weights come from comparing queries with keys.
# 2. The scale $1/\sqrt{d}$ keeps the scores at the same size for every width, so that the weights stay soft.
# 3. The details decide: the axis of the softmax, the place of the mask, the index of the sum. A wrong version often
#    has the right shape, so compare numbers.
#
# **What comes next.** One attention layer makes one kind of comparison. In lesson 2 you let many heads look at once,
# compare your layer with Keras's own, and settle the question of the swapped tokens.
#
# **Further reading**
#
# - Vaswani et al. 2017, "Attention Is All You Need", section 3.2. Its footnote on the square root is your simulation.
# - Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", appendix A, for self-attention as a vision transformer
#   uses it.
# - The Keras documentation of `keras.ops`, and in it `ops.einsum` and `ops.dot_product_attention`; and of the layer
#   `keras.layers.MultiHeadAttention`. Compare their words for shapes and masks with yours.
#
# **Handing in.** Choose "Restart and run all" once, and look through the checks. Then save the notebook and submit the
# one file `01_attention.ipynb`, in the way your course tells you.
