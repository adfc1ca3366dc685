# exercise: figure
# mistake: "after" and its error divide by the fitted temperature in place of exactly 2
# %%
import numpy as np
from keras import ops


# %%
def figure():
    gaps = [optimal_smoothed_logit_gap(k, 0.1) for k in (10, 100, 1000)]
    floors = []
    for gap, k in zip(gaps, (10, 100, 1000)):
        row = gap * np.eye(1, k, dtype="float32")
        floors.append(float(smoothed_cross_entropy(row, np.array([0]), 0.1)))
    logits, labels = forecaster()
    temperature = float(fit_temperature(logits, labels))
    before = ops.convert_to_numpy(ops.softmax(logits, axis=-1))
    after = ops.convert_to_numpy(ops.softmax(logits / temperature, axis=-1))
    return {
        "gaps": np.array(gaps),
        "floors": np.array(floors),
        "temperature": temperature,
        "errors": np.array([float(expected_calibration_error(p, labels)) for p in (before, after)]),
        "before": reliability_curve(before, labels)[1],
        "after": reliability_curve(after, labels)[1],
        "answer_1": 0.02222,
        "answer_2": [1, 0, 0, 1, 0],
    }
