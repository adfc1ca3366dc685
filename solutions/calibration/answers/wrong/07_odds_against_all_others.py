# exercise: optimal_smoothed_logit_gap
# mistake: logit of the true class's probability: p / (1 - p), all others together in place of one of them
# %%
import numpy as np


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    p = 1 - epsilon + epsilon / num_classes
    return np.log(p / (1 - p))
