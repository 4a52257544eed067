"""Takes weights from `gradproof train --save` to PyTorch and back; needs torch and numpy.

python3 pytorch.py CHECKPOINT.safetensors           prints the network that is in it
python3 pytorch.py CHECKPOINT.safetensors OUT.safetensors [BATCH.safetensors]
                                                    writes its weights as PyTorch holds them, and the loss on a batch

With the package safetensors, `read` is safetensors.torch.load_file and `write` is safetensors.torch.save_file.
"""

import json
import pathlib
import struct
import sys

import numpy as np
import torch

TYPES = {"F64": np.float64, "F32": np.float32, "I64": np.int64, "I32": np.int32}


def read(path):
    """The tensors of a .safetensors file, and its metadata."""
    contents = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", contents[:8])
    header = json.loads(contents[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        array = np.frombuffer(contents[start:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(array.copy())
    return tensors, metadata


def write(path, tensors, metadata=None):
    codes = {np.dtype(kind): code for code, kind in TYPES.items()}
    header, data = {"__metadata__": {"format": "pt", **(metadata or {})}}, b""
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor.detach().cpu().numpy()).reshape(tensor.shape)
        header[name] = {
            "dtype": codes[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + array.nbytes],
        }
        data += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def network(tensors, nonlinearity="tanh"):
    """torch.nn.RNN and torch.nn.Linear with the weights, which load as they are."""
    hidden, inputs = tensors["rnn.weight_ih_l0"].shape
    outputs = tensors["readout.weight"].shape[0]
    kind = tensors["rnn.weight_hh_l0"].dtype
    rnn = torch.nn.RNN(inputs, hidden, nonlinearity=nonlinearity, bias="rnn.bias_ih_l0" in tensors, dtype=kind)
    readout = torch.nn.Linear(hidden, outputs, bias="readout.bias" in tensors, dtype=kind)
    for name, module in ("rnn", rnn), ("readout", readout):
        prefix = name + "."
        module.load_state_dict({key[len(prefix) :]: w for key, w in tensors.items() if key.startswith(prefix)})
    return rnn, readout


def weights(rnn, readout):
    """What gradproof reads: `gradproof train TASK --weights FILE`."""
    named = {f"rnn.{name}": w for name, w in rnn.named_parameters()}
    return named | {f"readout.{name}": w for name, w in readout.named_parameters()}


def loss_of(rnn, readout, batch):
    """Mean squared error at the last step of x [T, B, I] against target [B, O]; the state begins at 0."""
    states, _ = rnn(batch["x"])
    return torch.nn.functional.mse_loss(readout(states[-1]), batch["target"])


if __name__ == "__main__":
    tensors, metadata = read(sys.argv[1])
    rnn, readout = network(tensors, metadata.get("run.nonlinearity", "tanh"))
    print(rnn, readout)
    if len(sys.argv) > 2:
        extra = {}
        if len(sys.argv) > 3:
            batch, _ = read(sys.argv[3])
            extra = batch | {"loss": loss_of(rnn, readout, batch)}
        write(sys.argv[2], weights(rnn, readout) | extra)
