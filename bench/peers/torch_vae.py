"""PyTorch: arguments are the model as JSON, the number of threads, and "fused" or "eager" for its Adam."""
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

spec = json.loads(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
torch.manual_seed(1)
batch, latent, pixels = spec["batch"], spec["latent"], spec["pixels"]


def dense_stack(widths):
    return [part for a, b in zip(widths, widths[1:]) for part in (nn.Linear(a, b), nn.ReLU())]


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        if spec["kind"] == "conv":
            width = 16
            self.encoder = nn.Sequential(
                nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(),
                nn.Flatten(), nn.Linear(3136, 16), nn.ReLU(),
            )
            self.decoder = nn.Sequential(
                nn.Linear(latent, 3136), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
                nn.ConvTranspose2d(64, 64, 3, 2, 1, output_padding=1), nn.ReLU(),
                nn.ConvTranspose2d(64, 32, 3, 2, 1, output_padding=1), nn.ReLU(),
                nn.ConvTranspose2d(32, 1, 3, 1, 1),
            )
        else:
            widths = [pixels, *spec["hidden"]]
            width = widths[-1]
            self.encoder = nn.Sequential(*dense_stack(widths))
            self.decoder = nn.Sequential(*dense_stack([latent, *reversed(spec["hidden"])]), nn.Linear(widths[1], pixels))
        self.mean, self.log_variance = nn.Linear(width, latent), nn.Linear(width, latent)
        self.pixel_log_variance = nn.Parameter(torch.zeros(())) if spec["likelihood"] == "gaussian" else None

    def loss(self, x):
        h = self.encoder(x)
        mean, log_variance = self.mean(h), self.log_variance(h)
        out = self.decoder(mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance))
        if self.pixel_log_variance is None:
            reconstruction = F.binary_cross_entropy_with_logits(out, x, reduction="sum")
        else:
            v = self.pixel_log_variance
            reconstruction = 0.5 * ((x - out).square() / v.exp() + v + math.log(2 * math.pi)).sum()
        kl = -0.5 * torch.sum(1 + log_variance - mean.square() - log_variance.exp())
        return (reconstruction + kl) / len(x)


model = Vae()
optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=sys.argv[3] == "fused")
shape = (1, 28, 28) if spec["kind"] == "conv" else (pixels,)
data = torch.rand(spec["examples"], *shape)


def batches():
    while True:
        yield from (data[chosen] for chosen in torch.randperm(len(data)).split(batch))


source = batches()


def step():
    loss = model.loss(next(source))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(10):
    step()
print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    limit = float(line) / 1000
    began, steps = time.perf_counter(), 0
    while True:
        step()
        steps += 1
        elapsed = time.perf_counter() - began
        if elapsed >= limit:
            break
    print(json.dumps(1000 * elapsed / steps), flush=True)
