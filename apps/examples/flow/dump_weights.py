"""Writes the weights of a network to a file while it trains, for `npx gradproof flow --weights FILES`.

Copy this file next to your training code; it needs torch and numpy. No hooks: call it between two steps.
"""

import numpy as np


def dump_weights(path, **modules):
    """dump_weights("step-0100.npz", rnn=rnn, readout=readout) writes every parameter, named as in a state dict."""
    tensors = {}
    for name, module in modules.items():
        for key, value in module.state_dict().items():
            tensors[f"{name}.{key}"] = value.detach().cpu().numpy()
        if hasattr(module, "nonlinearity"):
            tensors["nonlinearity"] = np.array(module.nonlinearity)
    np.savez(path, **tensors)
