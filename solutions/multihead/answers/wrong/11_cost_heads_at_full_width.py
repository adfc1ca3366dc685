# exercise: attention_cost
# mistake: every head's two products are counted at the full width D, not at D/h, so flops grow with h
# %%
def attention_cost(num_tokens, dim, num_heads):
    projections = 4 * num_tokens * dim**2
    one_head = 2 * num_tokens**2 * dim
    return {
        "params": 4 * dim**2 + 4 * dim,
        "score_entries": num_heads * num_tokens**2,
        "flops": projections + num_heads * one_head,
    }
