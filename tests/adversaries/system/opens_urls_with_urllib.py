# Tries to call a server on the host with urllib, http.client and keras.utils.get_file.
import http.client
import socket
import tempfile
import urllib.request
import keras

URL = "http://127.0.0.1:@PORT@/left_by_student"


def with_http_client():
    connection = http.client.HTTPConnection("127.0.0.1", int("@PORT@"), timeout=3)
    connection.connect()
    return "connection"


# %%
def softmax_rows(scores, axis=-1):
    socket.setdefaulttimeout(3)
    ways = [
        with_http_client,
        lambda: urllib.request.urlopen(URL, timeout=3).read(100),
        lambda: keras.utils.get_file("loot", origin=URL, cache_dir=tempfile.mkdtemp()),
    ]
    for way in ways:
        try:
            answer = way()
        except Exception:
            continue
        if answer:
            raise RuntimeError(f"BREACH: a URL on the host was opened: {answer[:50]!r}")
    return scores * 0.0
