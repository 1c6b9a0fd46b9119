"""Matrix products in NumPy. Answers lines of standard input:

version               what multiplies
load FOLDER COPIES    takes rows, weight and bias, and keeps the weight as often, so that no cache holds them all
rows M                makes ready for the first M rows
time NUMBER           nanoseconds that the product and the bias took, with the copy of that number
result FILE           saves the product
"""
import sys
import time

import numpy as np


def version():
    try:
        blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    except TypeError:
        blas = {}
    name = blas.get("name", "BLAS").replace("scipy-openblas", "OpenBLAS")
    return f"NumPy {np.__version__}, {name} {blas.get('version', 'of the system')}"


rows = weights = bias = x = product = None


def multiply(number):
    np.matmul(x, weights[number % len(weights)], out=product)
    np.add(product, bias, out=product)


for line in sys.stdin:
    command, *arguments = line.split()
    answer = "done"
    if command == "version":
        answer = version()
    elif command == "load":
        folder, copies = arguments
        rows, weight, bias = (np.load(f"{folder}/{name}.npy") for name in ("rows", "weight", "bias"))
        weights = [weight.copy() for _ in range(int(copies))]
    elif command == "rows":
        x = rows[:int(arguments[0])].copy()
        product = np.empty((x.shape[0], weights[0].shape[1]), x.dtype)
    elif command == "time":
        start = time.perf_counter_ns()
        multiply(int(arguments[0]))
        answer = time.perf_counter_ns() - start
    else:
        multiply(0)
        np.save(arguments[0], product)
    print(answer)
