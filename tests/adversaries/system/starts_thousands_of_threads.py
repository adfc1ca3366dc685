# Tries to hold more threads than allowed: up to 2000; 400 of them alive for five seconds is the breach.
import threading
import time


# %%
def softmax_rows(scores, axis=-1):
    threading.stack_size(65536)
    stop = threading.Event()
    threads = []
    for _ in range(2000):
        thread = threading.Thread(target=stop.wait, args=(60,), daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError):
            break
        threads.append(thread)
    time.sleep(5)
    alive = sum(t.is_alive() for t in threads)
    stop.set()
    threading.stack_size(0)
    if alive >= 400:
        raise RuntimeError(f"BREACH: {alive} threads lived for five seconds")
    return scores * 0.0
