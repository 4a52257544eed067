"""Writes weights/pytorch-float32.safetensors and -float64: networks that PyTorch made, a batch, and PyTorch's loss on it."""

import pathlib

import torch

from pytorch import loss_of, weights, write

folder = pathlib.Path(__file__).parent / "weights"
for name, kind in ("float32", torch.float32), ("float64", torch.float64):
    torch.manual_seed(11)
    torch.set_default_dtype(kind)
    rnn, readout = torch.nn.RNN(2, 16), torch.nn.Linear(16, 1)
    x = torch.rand(10, 6, 2)
    batch = {"x": x, "target": torch.rand(6, 1)}
    tensors = weights(rnn, readout) | batch | {"loss": loss_of(rnn, readout, batch)}
    write(folder / f"pytorch-{name}.safetensors", tensors, {"torch": torch.__version__})
