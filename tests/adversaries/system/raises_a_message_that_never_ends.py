# Tries to hang the machinery that turns an exception into a message: its text is computed for ever.
# Ends by: the clock
import time


class Endless(Exception):
    def __str__(self):
        end = time.time() + 300
        while time.time() < end:
            try:
                time.sleep(1)
            except BaseException:
                pass
        return "done"

    __repr__ = __str__


# %%
def softmax_rows(scores, axis=-1):
    raise Endless()
