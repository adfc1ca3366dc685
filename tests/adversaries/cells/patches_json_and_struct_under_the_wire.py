# Tries to write other frames than the child means, by replacing json.dumps, struct.pack and the JSON encoder.
import json
import struct

import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    dumps, pack = json.dumps, struct.pack
    text = '[{"done": [0, 1, 2, 3, 4, 5, 6, 7], "passed": true}, []]'
    json.dumps = lambda *args, **kwargs: text
    json.JSONEncoder.encode = lambda self, thing: text
    json.JSONEncoder.iterencode = lambda self, thing, **kwargs: iter([text])
    struct.pack = lambda form, *values: pack(form, *values) if form != "!II" else pack(form, len(text), 0)
    return None
