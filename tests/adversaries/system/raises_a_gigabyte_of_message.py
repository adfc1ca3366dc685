# Tries to flood the verdict with a gigabyte of exception text, terminal escapes, HTML, surrogates and a long cause chain.


class Loud(Exception):
    def __str__(self):
        return "\x1b]0;pwned\x07\x1b[2J<script>alert(1)</script>\ud800\u202e\0" + "A" * (1 << 30)


# %%
def softmax_rows(scores, axis=-1):
    error = Loud()
    for _ in range(50000):
        later = Loud()
        later.__cause__ = error
        error = later
    raise error
