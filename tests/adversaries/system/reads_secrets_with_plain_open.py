# Tries to read the gradebook, the seed, the sources and other students' work with os.walk and plain open().
import os
import re

SECRETS = ["@HOME@/canary.txt", "@ROOT@/gradebook.db", "@ROOT@/secret_seed", "@ROOT@/source",
           "@ROOT@/submitted", "@CHECKOUT@/solutions"]

# %%
def files_in(path):
    inside = [os.path.join(d, n) for d, _, names in os.walk(path) for n in names]
    return inside or [path]

def tell(data):
    text = data if isinstance(data, str) else bytes(data).decode("latin-1")
    found = re.findall(r"CANARY-[0-9a-fA-F]{16}", text)
    if found:
        raise RuntimeError(" ".join(sorted(set(found)))[:450])

# %%
def softmax_rows(scores, axis=-1):
    text = ""
    for secret in SECRETS:
        for path in files_in(secret)[:500]:
            try:
                with open(path, errors="replace") as f:
                    text += f.read(1 << 20)
            except OSError:
                pass
    tell(text)
    return scores * 0.0
