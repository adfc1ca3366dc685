"""Lesson 08: what a convolution, a pooling layer and a patch assume about pictures."""
