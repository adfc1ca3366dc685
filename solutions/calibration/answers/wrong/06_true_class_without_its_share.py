# exercise: optimal_smoothed_logit_gap
# mistake: the target of the true class is taken as 1 - epsilon, without its own epsilon / K
# %%
import math


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    return math.log((1 - epsilon) / (epsilon / num_classes))
