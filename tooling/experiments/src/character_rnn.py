"""One training step of a character RNN, time step by time step in NumPy, as in Karpathy's min-char-rnn (2015).

Reads counts from standard input, a line each; takes that many steps, and answers the seconds they took and the last loss.
"""

import sys
import time

import numpy as np

HIDDEN, STEPS, RATE, LIMIT = 100, 25, 0.1, 5.0
VOCABULARY = int(sys.argv[1])
CLASSES = np.array(sys.stdin.readline().split(), dtype=int)

random = np.random.default_rng(1)
Wxh = random.normal(size=(HIDDEN, VOCABULARY)) * 0.01
Whh = random.normal(size=(HIDDEN, HIDDEN)) * 0.01
Why = random.normal(size=(VOCABULARY, HIDDEN)) * 0.01
bh, by = np.zeros((HIDDEN, 1)), np.zeros((VOCABULARY, 1))
parameters = [Wxh, Whh, Why, bh, by]
squares = [np.zeros_like(w) for w in parameters]
state = np.zeros((HIDDEN, 1))
place = 0


def gradient(inputs, targets, before):
    xs, hs, ps, loss = {}, {-1: before}, {}, 0.0
    for t, label in enumerate(inputs):
        xs[t] = np.zeros((VOCABULARY, 1))
        xs[t][label] = 1
        hs[t] = np.tanh(Wxh @ xs[t] + Whh @ hs[t - 1] + bh)
        scores = Why @ hs[t] + by
        ps[t] = np.exp(scores) / np.sum(np.exp(scores))
        loss -= np.log(ps[t][targets[t], 0])
    dWxh, dWhh, dWhy, dbh, dby = gradients = [np.zeros_like(w) for w in parameters]
    carried = np.zeros_like(before)
    for t in reversed(range(len(inputs))):
        error = ps[t].copy()
        error[targets[t]] -= 1
        dWhy += error @ hs[t].T
        dby += error
        delta = (1 - hs[t] * hs[t]) * (Why.T @ error + carried)
        dbh += delta
        dWxh += delta @ xs[t].T
        dWhh += delta @ hs[t - 1].T
        carried = Whh.T @ delta
    for d in gradients:
        np.clip(d, -LIMIT, LIMIT, out=d)
    return loss, gradients, hs[len(inputs) - 1]


def step():
    global place, state
    if place + STEPS + 1 >= len(CLASSES):
        place, state = 0, np.zeros((HIDDEN, 1))
    loss, gradients, state = gradient(CLASSES[place : place + STEPS], CLASSES[place + 1 : place + STEPS + 1], state)
    for w, d, s in zip(parameters, gradients, squares):
        s += d * d
        w -= RATE * d / np.sqrt(s + 1e-8)
    place += STEPS
    return loss / STEPS


for line in sys.stdin:
    began = time.perf_counter()
    for _ in range(int(line)):
        loss = step()
    print(time.perf_counter() - began, loss, flush=True)
