"""Trains an RNN to say what it heard 6 steps ago, and dumps its weights every 50 steps into weights/.

    python3 train_echo.py

The same files each time on one machine. What the network is asked for lies further back than a fresh network reaches.
"""

import pathlib

import torch

from dump_weights import dump_weights

DELAY, T, B, H = 6, 40, 32, 16
WEIGHTS = pathlib.Path(__file__).parent / "weights"

torch.manual_seed(4)
torch.set_num_threads(1)
rnn, readout = torch.nn.RNN(1, H), torch.nn.Linear(H, 1)
optimiser = torch.optim.Adam([*rnn.parameters(), *readout.parameters()], lr=3e-3)
for step in range(501):
    if step % 50 == 0:
        dump_weights(WEIGHTS / f"step-{step:04}.npz", rnn=rnn, readout=readout)
    x = torch.randn(T, B, 1)
    said = readout(rnn(x)[0])
    loss = torch.nn.functional.mse_loss(said[DELAY:], x[:-DELAY])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    if step % 50 == 0:
        print(f"step {step}: loss {loss.item():.4f}")
