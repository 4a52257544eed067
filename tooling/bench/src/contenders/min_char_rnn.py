"""One training step of a character RNN, time step by time step in NumPy, as in Karpathy's min-char-rnn (2015)."""

import numpy as np

RATE, LIMIT = 1e-6, 5.0


def training_step(loss, arrays, classes):
    """The step, and the gradient of the mean loss that the last one used before clipping, by its parameters' names."""
    if loss != "cross_entropy":
        raise ValueError(f"min-char-rnn: the loss is {loss}; expected cross_entropy")
    x = arrays["x"][:, 0]
    steps, vocabulary = x.shape
    inputs, targets = x.argmax(1), classes
    # float64, as min-char-rnn has it.
    wide = {name: array.astype(float) for name, array in arrays.items()}
    Wxh, Whh, Why = wide["Wxh"], wide["Whh"], wide["Why"]
    bh, by = (wide["bxh"] + wide["bhh"])[:, None], wide["by"][:, None]
    parameters = [Wxh, Whh, Why, bh, by]
    squares = [np.zeros_like(w) for w in parameters]
    state = wide["h0"].T
    latest = {}

    def gradient_of(before):
        xs, hs, ps, total = {}, {-1: before}, {}, 0.0
        for t in range(steps):
            xs[t] = np.zeros((vocabulary, 1))
            xs[t][inputs[t]] = 1
            hs[t] = np.tanh(Wxh @ xs[t] + Whh @ hs[t - 1] + bh)
            scores = Why @ hs[t] + by
            ps[t] = np.exp(scores) / np.sum(np.exp(scores))
            total -= np.log(ps[t][targets[t], 0])
        dWxh, dWhh, dWhy, dbh, dby = gradients = [np.zeros_like(w) for w in parameters]
        carried = np.zeros_like(before)
        for t in reversed(range(steps)):
            error = ps[t].copy()
            error[targets[t]] -= 1
            dWhy += error @ hs[t].T
            dby += error
            delta = (1 - hs[t] * hs[t]) * (Why.T @ error + carried)
            dbh += delta
            dWxh += delta @ xs[t].T
            dWhh += delta @ hs[t - 1].T
            carried = Whh.T @ delta
        return total, gradients, hs[steps - 1]

    def step():
        nonlocal state
        _, gradients, state = gradient_of(state)
        latest["gradients"] = gradients
        for w, d, s in zip(parameters, gradients, squares):
            np.clip(d, -LIMIT, LIMIT, out=d)
            s += d * d
            w -= RATE * d / np.sqrt(s + 1e-8)

    def gradient():
        Wxh, Whh, Why, bh, by = (d.ravel() / steps for d in latest["gradients"])
        named = {"Wxh": Wxh, "Whh": Whh, "Why": Why, "bxh": bh, "bhh": bh, "by": by}
        return {name: d.tolist() for name, d in named.items()}

    return step, gradient
