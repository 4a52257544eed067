"""Exports the gradients of a vanilla RNN as a case file for `npx gradproof check FILE`.

Copy this file next to your training code; it needs torch and numpy.
"""

import json
import struct

import numpy as np
import torch
import torch.nn.functional as F


def export_case(path, rnn, readout, x, target, h0=None, mask=None, loss="cross_entropy", reduction="mean", gradients=None):
    """Runs forward and backward once, and writes the problem with the gradients to `path` (.npz or .safetensors).

    rnn        torch.nn.RNN(I, H), tanh or relu, one layer, one direction, batch_first=False
    readout    torch.nn.Linear(H, O)
    x          [T, B, I]
    target     [T, B] classes for "cross_entropy", or [T, B, O] values for "mse"
    h0         [B, H], or None for zeros
    mask       [T, B] of 0 and 1: which steps count in the loss, or None for all
    reduction  "sum", or "mean" over T*B (cross_entropy) or T*B*O (mse), masked steps included
    gradients  {"rnn.weight_hh_l0": tensor, ...}: your own, to be judged in place of autograd's
    """
    assert rnn.num_layers == 1 and not rnn.bidirectional and not rnn.batch_first, "one layer, one direction, time first"
    x = x.detach().requires_grad_()
    h0 = (x.new_zeros(x.shape[1], rnn.hidden_size) if h0 is None else h0.detach()).requires_grad_()
    problem = {"x": x, "h0": h0}
    problem |= {f"rnn.{name}": weight for name, weight in rnn.named_parameters()}
    problem |= {f"readout.{name}": weight for name, weight in readout.named_parameters()}

    if gradients is None:
        outputs = readout(rnn(x, h0.unsqueeze(0))[0])  # [T, B, O]
        if loss == "cross_entropy":
            errors = F.cross_entropy(outputs.flatten(0, 1), target.flatten(), reduction="none").view(target.shape)
            weights = mask
        else:
            errors = F.mse_loss(outputs, target, reduction="none")
            weights = None if mask is None else mask.unsqueeze(-1)
        total = errors.sum() if weights is None else (errors * weights).sum()
        if reduction == "mean":
            total = total / errors.numel()
        gradients = dict(zip(problem, torch.autograd.grad(total, problem.values())))  # total.backward(), keeping .grad

    tensors = problem | {"target": target} | ({} if mask is None else {"mask": mask})
    tensors |= {f"grad.{name}": gradient for name, gradient in gradients.items()}
    save(path, tensors, {"nonlinearity": rnn.nonlinearity, "loss": loss, "reduction": reduction})


def save(path, tensors, settings):
    arrays = {name: tensor.detach().cpu().numpy() for name, tensor in tensors.items()}
    if str(path).endswith(".npz"):
        np.savez(path, **arrays, **settings)
        return
    # What safetensors.torch.save_file(tensors, path, metadata=settings) writes, without the package.
    codes = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "int32": "I32", "bool": "BOOL"}
    header, data = {"__metadata__": settings}, b""
    for name, array in arrays.items():
        offsets = [len(data), len(data) + array.nbytes]
        header[name] = {"dtype": codes[str(array.dtype)], "shape": list(array.shape), "data_offsets": offsets}
        data += array.tobytes()
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
