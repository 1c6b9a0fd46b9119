"""The layer in NumPy, all rows of an expert in one product. Answers lines of standard input:

time FROM TO          nanoseconds that rows FROM to TO took
result FROM TO FILE   saves what comes of them
"""
import sys
import time

import numpy as np

folder, experts, top_k = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def load(name):
    return np.load(f"{folder}/{name}.weight.npy"), np.load(f"{folder}/{name}.bias.npy")


rows = np.load(f"{folder}/rows.npy")
router, router_bias = load("router")
layers = [(*load(f"expert{e}.fc1"), *load(f"expert{e}.fc2")) for e in range(experts)]


def route(x):
    logits = x @ router + router_bias
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    chosen = np.argsort(-logits, axis=1, kind="stable")[:, :top_k]
    gates = np.take_along_axis(logits, chosen, axis=1)
    gates /= gates.sum(axis=1, keepdims=True)
    return chosen, gates


def forward(x):
    chosen, gates = route(x)
    y = np.zeros((x.shape[0], layers[0][2].shape[1]), x.dtype)
    for e in np.unique(chosen):
        weight1, bias1, weight2, bias2 = layers[e]
        row, slot = np.nonzero(chosen == e)
        hidden = x[row] @ weight1
        hidden += bias1
        np.maximum(hidden, 0, out=hidden)
        out = hidden @ weight2
        out += bias2
        out *= gates[row, slot, None]
        y[row] += out
    return y


for line in sys.stdin:
    command, first, last, *file = line.split(maxsplit=3)
    x = rows[int(first):int(last)]
    start = time.perf_counter_ns()
    y = forward(x)
    taken = time.perf_counter_ns() - start
    if command == "result":
        np.save(file[0].rstrip("\n"), y)
    print(taken)
