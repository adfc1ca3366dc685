# Tries to let TensorFlow's gRPC code make the connection: a profiler client, a tf.data service, a server of its own.
import threading
import tensorflow as tf


def monitor():
    tf.profiler.experimental.client.monitor("grpc://127.0.0.1:@PORT@", 100)


def service():
    distribute = tf.data.experimental.service.distribute("parallel_epochs", "grpc://127.0.0.1:@PORT@")
    list(tf.data.Dataset.range(3).apply(distribute))


def serve():
    tf.distribute.Server({"local": ["127.0.0.1:0"]}, start=True)


def quietly(work):
    try:
        work()
    except Exception:
        pass


# %%
def softmax_rows(scores, axis=-1):
    for work in (monitor, service, serve):
        thread = threading.Thread(target=quietly, args=(work,), daemon=True)
        thread.start()
        thread.join(4)
    return scores * 0.0
