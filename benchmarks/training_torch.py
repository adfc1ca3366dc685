"""One training of the same vision transformer in plain PyTorch, eager or compiled.

benchmarks/training.py runs it in a process of its own, under a Python that has torch and NumPy; nothing of ours is
imported. Batches are made by indexing a tensor, which is faster than a DataLoader with a dataset of single images.
"""

import json
import math
import os
import sys
import time

import numpy as np
import torch
from torch import nn


class VisionTransformer(nn.Module):
    """Images (B, 3, H, W) -> logits (B, K), over nn.TransformerEncoderLayer."""

    def __init__(self, image_size, patch_size, num_classes, dim, depth, num_heads, mlp_dim, dropout, pool):
        super().__init__()
        if pool != "cls":
            raise ValueError(f"Expected pool cls. Received: {pool}.")
        self.patch_embed = nn.Conv2d(3, dim, patch_size, patch_size)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(0.02 * torch.randn(1, 1 + (image_size // patch_size) ** 2, dim))
        layers = [
            nn.TransformerEncoderLayer(
                dim, num_heads, mlp_dim, dropout, "gelu", layer_norm_eps=1e-6, batch_first=True, norm_first=True
            )
            for _ in range(depth)
        ]
        self.blocks = nn.Sequential(*layers)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.head = nn.Linear(dim, num_classes)

    def forward(self, images):
        """The logits."""
        x = self.patch_embed(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


def main(task):
    """Train once; accuracy, seconds of each epoch, parameters."""
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(task["seed"])
    with np.load(task["data"]) as stored:
        x, x_test = (torch.from_numpy(stored[f"x_{part}"]).permute(0, 3, 1, 2).float() / 255 for part in PARTS)
        y, y_test = (torch.from_numpy(stored[f"y_{part}"]).long() for part in PARTS)
    budget = task["budget"]
    model = VisionTransformer(**budget["model"])
    run = torch.compile(model) if task["side"] == "torch compiled" else model
    decayed = [p for name, p in model.named_parameters() if kernel(name)]
    spared = [p for name, p in model.named_parameters() if not kernel(name)]
    groups = [{"params": decayed, "weight_decay": budget["weight_decay"]}, {"params": spared, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=budget["learning_rate"], eps=1e-7)
    steps = len(x) // budget["batch_size"] * budget["epochs"]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, warmup_cosine(round(budget["warmup_share"] * steps), steps))
    seconds, began = [], time.perf_counter()
    for _ in range(budget["epochs"]):
        train_epoch(run, model, x, y, budget["batch_size"], optimizer, schedule)
        accuracy = measure(run, x_test, y_test, 240)
        seconds.append(time.perf_counter() - began)
        began = time.perf_counter()
    count = sum(p.numel() for p in model.parameters())
    return {"seconds": seconds, "accuracy": accuracy, "parameters": count, "versions": {"torch": torch.__version__}}


PARTS = ("train", "test")


def kernel(name):
    """Whether a parameter is the kernel of a layer: what the course decays."""
    return name.endswith("weight") and "norm" not in name


def warmup_cosine(warmup, steps):
    """Step -> share of the highest rate."""
    return lambda step: (
        step / warmup if step < warmup else (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup))) / 2
    )


def train_epoch(run, model, x, y, size, optimizer, schedule):
    """One epoch of full batches in a new order."""
    model.train()
    order = torch.randperm(len(x))
    for begin in range(0, len(x) - size + 1, size):
        chosen = order[begin : begin + size]
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(run(x[chosen]), y[chosen]).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()


@torch.no_grad()
def measure(run, x, y, size):
    """Accuracy on test images."""
    run.eval()
    right = [(run(x[i : i + size]).argmax(-1) == y[i : i + size]).sum().item() for i in range(0, len(x), size)]
    return sum(right) / len(x)


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
