# exercise: recipe_gain
# mistake: rounds the gain to one decimal, to be rid of 4.300000000000011
# %%
import math

import keras
import numpy as np
from keras import ops

# %%
def recipe_gain(table):
    gains = {}
    for model, a1, a2, a3, org in table:
        if org is not None:
            gains[model] = round(a1 - org, 1)
    return gains
