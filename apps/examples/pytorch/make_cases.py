"""Writes the case files in cases/ and their index.json, the same bytes each time.

    python3 make_cases.py

Eight hold gradients that torch.autograd computed; two hold gradients of a BPTT written by hand below, with a mistake.
"""

import json
import pathlib

import torch

from export_case import export_case

CASES = pathlib.Path(__file__).parent / "cases"


def problem(seed, dtype, T, B, I, H, O, nonlinearity="tanh", bias=True, gain=1.0, values=False):
    """A random RNN, readout, input, initial state, and target: classes, or values for a squared error."""
    torch.manual_seed(seed)
    rnn = torch.nn.RNN(I, H, nonlinearity=nonlinearity, bias=bias, dtype=dtype)
    readout = torch.nn.Linear(H, O, bias=bias, dtype=dtype)
    with torch.no_grad():
        rnn.weight_hh_l0 *= gain
    x, h0 = torch.randn(T, B, I, dtype=dtype), torch.randn(B, H, dtype=dtype) / 2
    target = torch.randn(T, B, O, dtype=dtype) if values else torch.randint(0, O, (T, B))
    return dict(rnn=rnn, readout=readout, x=x, target=target, h0=h0)


def bptt(rnn, readout, x, target, h0, transposed=True, window=None):
    """The gradient of the summed cross entropy of a tanh RNN, by hand: each step's loss is sent back through time.

    Mistakes to be made on purpose: W_hh for its transpose in the way back; only the last `window` steps of it.
    """
    Wxh, Whh, bxh, bhh = (weight.detach() for weight in rnn.parameters())
    Why, by = readout.weight.detach(), readout.bias.detach()
    h = [h0]
    for x_t in x:
        h.append(torch.tanh(x_t @ Wxh.T + bxh + h[-1] @ Whh.T + bhh))  # [B, H]
    names = ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "readout.weight", "readout.bias"]
    d = {name: torch.zeros_like(weight) for name, weight in zip(names, (Wxh, Whh, bxh, bhh, Why, by))}
    d["x"], d["h0"] = torch.zeros_like(x), torch.zeros_like(h0)
    for t in range(len(x)):
        error = torch.softmax(h[t + 1] @ Why.T + by, dim=-1)  # [B, O]
        error[torch.arange(len(error)), target[t]] -= 1
        d["readout.weight"] += error.T @ h[t + 1]
        d["readout.bias"] += error.sum(0)
        dh = error @ Why  # [B, H], of this step's loss alone
        oldest = 0 if window is None else max(0, t + 1 - window)
        for k in range(t, oldest - 1, -1):
            delta = (1 - h[k + 1] ** 2) * dh
            d["rnn.weight_ih_l0"] += delta.T @ x[k]
            d["rnn.weight_hh_l0"] += delta.T @ h[k]
            d["rnn.bias_ih_l0"] += delta.sum(0)
            d["rnn.bias_hh_l0"] += delta.sum(0)
            d["x"][k] += delta @ Wxh
            dh = delta @ (Whh if transposed else Whh.T)  # rows: the notes' transpose of W_hh, times delta
        if oldest == 0:
            d["h0"] += dh
    return d


def autograd(rnn, readout, x, target, h0):
    """The same gradient by torch.autograd, to hold the hand-written one against."""
    x, h0 = x.clone().requires_grad_(), h0.clone().requires_grad_()
    outputs = readout(rnn(x, h0.unsqueeze(0))[0])
    loss = torch.nn.functional.cross_entropy(outputs.flatten(0, 1), target.flatten(), reduction="sum")
    wanted = [*rnn.parameters(), *readout.parameters(), x, h0]
    return torch.autograd.grad(loss, wanted)


def largest_difference(gradients, others):
    return max((a - b).abs().max().item() for a, b in zip(gradients, others))


def main():
    CASES.mkdir(exist_ok=True)
    index = []

    def right(file, given, **how):
        export_case(CASES / file, **given, **how)
        index.append({"file": file, "expect": "match"})

    f64, f32 = torch.float64, torch.float32
    right("cross-entropy-f64.safetensors", problem(1, f64, 6, 2, 3, 5, 4), reduction="sum")
    right("cross-entropy-mean-f32.npz", problem(2, f32, 9, 3, 4, 6, 5), reduction="mean")
    right("mse-mean-f64.npz", problem(3, f64, 7, 2, 2, 4, 3, values=True), loss="mse", reduction="mean")
    right("mse-f32.safetensors", problem(4, f32, 8, 3, 3, 7, 2, values=True), loss="mse", reduction="sum")
    right("relu-f64.safetensors", problem(5, f64, 6, 3, 5, 8, 3, nonlinearity="relu"), reduction="mean")
    right("relu-mse-f32.npz", problem(6, f32, 5, 2, 4, 7, 3, nonlinearity="relu", values=True), loss="mse", reduction="sum")
    right("no-bias-f32.safetensors", problem(7, f32, 10, 2, 3, 6, 4, bias=False), reduction="sum")
    mask = (torch.arange(8)[:, None] < torch.tensor([8, 5, 3])).to(f64)  # [T, B]: sequences of 8, 5 and 3 steps
    right("mask-f64.safetensors", problem(8, f64, 8, 3, 4, 5, 6), mask=mask, reduction="mean")

    def wrong(file, given, mistake, **options):
        correct = autograd(**given)
        by_hand = bptt(**given)
        assert largest_difference(by_hand.values(), correct) < 1e-12, "without a mistake the BPTT above is right"
        gradients = bptt(**given, **options)
        difference = largest_difference(gradients.values(), correct)
        export_case(CASES / file, **given, reduction="sum", gradients=gradients)
        index.append({"file": file, "expect": "mismatch", "mistake": mistake, "largest_difference": float(f"{difference:.2g}")})

    wrong("recurrent-not-transposed-f64.safetensors", problem(9, f64, 6, 2, 3, 5, 4), "recurrent-not-transposed", transposed=False)
    vanishing = problem(10, f64, 40, 2, 2, 6, 3, gain=0.35)
    wrong("window-12-hidden-by-vanishing-f64.npz", vanishing, "window", window=12)

    (CASES / "index.json").write_text(json.dumps(index, indent=2) + "\n")


if __name__ == "__main__":
    main()
