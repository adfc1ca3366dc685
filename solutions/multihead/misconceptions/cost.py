"""Mistakes in attention_cost."""

from __future__ import annotations

from solutions.multihead import reference
from solutions.registry import Registry

KNOWN = Registry("attention_cost")


def cost_variant(name, hint, **changes):
    """Register a cost in which some entries are replaced: key=function of (N, D, h)."""

    def cost(num_tokens, dim, num_heads):
        right = reference.attention_cost(num_tokens, dim, num_heads)
        return right | {key: change(num_tokens, dim, num_heads) for key, change in changes.items()}

    cost.__name__ = name
    return KNOWN.wrong(hint)(cost)


cost_variant(
    "biases_forgotten",
    "The kernels are counted. What else does Dense(dim) train?",
    params=lambda n, d, h: 4 * d * d,
)
cost_variant(
    "three_matrices",
    "Count the names in your layer: wq, wk, wv, and?",
    params=lambda n, d, h: 3 * d * d + 3 * d,
)
cost_variant(
    "one_bias",
    "Each of the four layers has a bias of its own.",
    params=lambda n, d, h: 4 * d * d + d,
)
cost_variant(
    "weights_for_each_head",
    "Does your own layer get more weights when h grows? The heads are pieces of one (D, D) kernel.",
    params=lambda n, d, h: h * (4 * d * d + 4 * d),
)
cost_variant(
    "three_matrices_for_each_head",
    "If every head were D wide, this would be right. How wide is a head?",
    params=lambda n, d, h: h * (3 * d * d + 3 * d) + h * d * d + d,
)
cost_variant(
    "weights_of_one_head",
    "This is one head's share. The text asks for the whole layer.",
    params=lambda n, d, h: 4 * d * (d // h) + 4 * (d // h),
)
cost_variant(
    "one_head_counted",
    "Every head has a score matrix of its own. How many heads are there?",
    score_entries=lambda n, d, h: n * n,
)
cost_variant(
    "scores_times_width",
    "A score is one number for a pair of tokens: the width has been summed over.",
    score_entries=lambda n, d, h: n * n * d,
)
cost_variant(
    "scores_of_one_query",
    "This is one row of scores for each head. How many queries are there?",
    score_entries=lambda n, d, h: h * n,
)
cost_variant(
    "bytes_instead_of_entries",
    "The text asks how many numbers there are, not how many bytes they take.",
    score_entries=lambda n, d, h: 4 * h * n * n,
)
cost_variant(
    "each_pair_once",
    "Token 0 asks token 1, and token 1 asks token 0: are these two scores one number?",
    score_entries=lambda n, d, h: h * n * (n - 1) // 2,
)
cost_variant(
    "multiply_and_add_apart",
    "Your number is twice Swin's. How does the text count one multiply-add?",
    flops=lambda n, d, h: 2 * (4 * n * d * d + 2 * n * n * d),
)
cost_variant(
    "no_output_projection",
    "Walk through the layer: which product comes after the heads were merged?",
    flops=lambda n, d, h: 3 * n * d * d + 2 * n * n * d,
)
cost_variant(
    "no_projections",
    "The heads are counted. But who made the queries, keys and values, and what comes after the heads?",
    flops=lambda n, d, h: 2 * n * n * d,
)
cost_variant(
    "projections_only",
    "The four projections are counted. Which two products happen inside the heads?",
    flops=lambda n, d, h: 4 * n * d * d,
)
cost_variant(
    "one_product_in_the_heads",
    "Each head multiplies two pairs of matrices: one before the softmax, and one after it.",
    flops=lambda n, d, h: 4 * n * d * d + n * n * d,
)
cost_variant(
    "heads_cost_more",
    "h heads, each D/h wide: what does one head's product cost, and h of them?",
    flops=lambda n, d, h: 4 * n * d * d + 2 * h * n * n * d,
)
cost_variant(
    "cost_of_one_head",
    "This is one head's share of the score products. All h heads work.",
    flops=lambda n, d, h: 4 * n * d * d + 2 * n * n * (d // h),
)
cost_variant(
    "biases_counted",
    "Biases are not counted here: only the multiply-adds of the matrix products.",
    flops=lambda n, d, h: 4 * n * d * d + 2 * n * n * d + 4 * n * d,
)
cost_variant(
    "one_token",
    "Every token is projected. How many are there?",
    flops=lambda n, d, h: 4 * d * d + 2 * n * n * d,
)
cost_variant(
    "linear_in_tokens",
    "Twice as many tokens: how many pairs are there then? Yours only doubles.",
    score_entries=lambda n, d, h: h * n * d,
    flops=lambda n, d, h: 4 * n * d * d + 2 * n * d * d,
)


@KNOWN.wrong("The three numbers are there. The text asks for a dict, so that each has its name.")
def tuple_of_three(num_tokens, dim, num_heads):
    return tuple(reference.attention_cost(num_tokens, dim, num_heads).values())


@KNOWN.right("Whole numbers as floats are the same numbers.")
def as_floats(num_tokens, dim, num_heads):
    return {key: float(value) for key, value in reference.attention_cost(num_tokens, dim, num_heads).items()}


@KNOWN.right("Counted head by head, and product by product, it is the same.")
def head_by_head(num_tokens, dim, num_heads):
    width = dim // num_heads
    inside = sum(2 * num_tokens * num_tokens * width for _ in range(num_heads))
    projected = sum(3 * num_tokens * dim * width for _ in range(num_heads))
    return {
        "params": num_heads * 3 * (dim * width + width) + dim * dim + dim,
        "score_entries": sum(num_tokens**2 for _ in range(num_heads)),
        "flops": inside + projected + num_tokens * dim * dim,
    }
