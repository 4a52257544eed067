"""One training step of the vanilla RNN in PyTorch or NumPy, timed on request.

Reads one JSON object per line and answers with one: {"prepare": FILE, "library": NAME} loads a problem and answers with
its gradient; {"step": true} runs a step and answers with its milliseconds.
"""

import json
import os
import sys
import time

import min_char_rnn
import numpy


def load(path):
    with open(path) as file:
        problem = json.load(file)
    arrays = {name: numpy.array(part["data"], numpy.float32).reshape(part["shape"]) for name, part in problem["arrays"].items()}
    return problem["loss"], arrays, numpy.array(problem["classes"], numpy.int64)


def torch_step(loss, arrays, classes):
    import torch

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    hidden, inputs = arrays["Wxh"].shape
    rnn = torch.nn.RNN(inputs, hidden)
    linear = torch.nn.Linear(hidden, arrays["Why"].shape[0])
    parameters = {
        "Wxh": rnn.weight_ih_l0,
        "Whh": rnn.weight_hh_l0,
        "bxh": rnn.bias_ih_l0,
        "bhh": rnn.bias_hh_l0,
        "Why": linear.weight,
        "by": linear.bias,
    }
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(torch.from_numpy(arrays[name]))
    x, h0 = torch.from_numpy(arrays["x"]), torch.from_numpy(arrays["h0"])[None]
    target = torch.from_numpy(classes if loss == "cross_entropy" else arrays["target"])

    def step():
        for parameter in parameters.values():
            parameter.grad = None
        states, _ = rnn(x, h0)
        outputs = linear(states)
        if loss == "cross_entropy":
            value = torch.nn.functional.cross_entropy(outputs.flatten(0, 1), target)
        else:
            value = torch.nn.functional.mse_loss(outputs, target)
        value.backward()

    return step, lambda: {name: parameter.grad.flatten().tolist() for name, parameter in parameters.items()}


def numpy_step(loss, arrays, classes):
    Wxh, Whh, Why, bxh, bhh, by = (arrays[name] for name in ("Wxh", "Whh", "Why", "bxh", "bhh", "by"))
    x, h0 = arrays["x"], arrays["h0"]
    (T, B, I), (O, H) = x.shape, Why.shape
    gradient = {}

    def step():
        projected = (x.reshape(T * B, I) @ Wxh.T + (bxh + bhh)).reshape(T, B, H)
        states = numpy.empty((T + 1, B, H), numpy.float32)
        states[0] = h0
        for t in range(T):
            numpy.tanh(projected[t] + states[t] @ Whh.T, out=states[t + 1])
        after = states[1:].reshape(T * B, H)
        outputs = after @ Why.T + by
        if loss == "cross_entropy":
            error = numpy.exp(outputs - outputs.max(1, keepdims=True))
            error /= error.sum(1, keepdims=True)
            error[numpy.arange(T * B), classes] -= 1
            error /= numpy.float32(T * B)
        else:
            error = (outputs - arrays["target"].reshape(T * B, O)) * numpy.float32(2 / (T * B * O))
        upstream = (error @ Why).reshape(T, B, H)
        delta = numpy.empty((T, B, H), numpy.float32)
        for t in range(T - 1, -1, -1):
            if t < T - 1:
                upstream[t] += delta[t + 1] @ Whh
            numpy.multiply(1 - states[t + 1] ** 2, upstream[t], out=delta[t])
        rows = delta.reshape(T * B, H)
        gradient.update(
            Wxh=rows.T @ x.reshape(T * B, I),
            Whh=rows.T @ states[:-1].reshape(T * B, H),
            Why=error.T @ after,
            bxh=rows.sum(0),
            bhh=rows.sum(0),
            by=error.sum(0),
        )

    return step, lambda: {name: value.flatten().tolist() for name, value in gradient.items()}


def main():
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        if "prepare" in request:
            make = {"torch": torch_step, "numpy": numpy_step, "min-char-rnn": min_char_rnn.training_step}[request["library"]]
            step, gradient = make(*load(request["prepare"]))
            step()
            answer = gradient()
        else:
            start = time.perf_counter()
            step()
            answer = (time.perf_counter() - start) * 1000
        print(json.dumps(answer), flush=True)


main()
