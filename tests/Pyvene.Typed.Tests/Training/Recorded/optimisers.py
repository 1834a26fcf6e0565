"""Records trajectories of PyTorch's optimisers, transformers' schedules and clip_grad_norm_ as optimisers.json, in float64 on one thread.

A network of 3 x 4 x 2 is trained in 10 steps on 5 examples, all in every step: the same as OptimiserTests trains.
"""
import json
import pathlib
import sys

import torch
import transformers
from transformers import get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
STEPS = 10


def numbers(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def network():
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
    with torch.no_grad():
        for index, parameter in enumerate(net.parameters()):
            parameter.copy_(numbers(index + 1, *parameter.shape))
    return net


INPUTS = numbers(7, 5, 3)
LABELS = torch.tensor([0, 1, 1, 0, 1])
SCHEDULES = {
    "constant": None,
    "linear": lambda o: get_linear_schedule_with_warmup(o, 3, STEPS),
    "linear_short": lambda o: get_linear_schedule_with_warmup(o, 2, 6),
    "linear_warmup_only": lambda o: get_linear_schedule_with_warmup(o, 5, 3),
    "cosine": lambda o: get_cosine_schedule_with_warmup(o, 3, STEPS),
    "cosine_short": lambda o: get_cosine_schedule_with_warmup(o, 0, 7),
}
CASES = [
    ("adam", dict(lr=0.05), {}, "constant", None),
    ("adam", dict(lr=0.05, weight_decay=0.1, betas=(0.8, 0.95), eps=1e-4), {}, "linear", 0.3),
    ("adam", dict(lr=0.05), {"0.weight": dict(lr=0.2, weight_decay=0.3), "2.bias": dict(lr=0.01)}, "cosine", None),
    ("adamw", dict(lr=0.05, weight_decay=0.01), {}, "constant", 100.0),
    ("adamw", dict(lr=0.05, weight_decay=0.2), {"2.weight": dict(lr=0.1, weight_decay=0.0)}, "linear_short", 0.1),
    ("sgd", dict(lr=0.1), {}, "cosine_short", None),
    ("sgd", dict(lr=0.1, momentum=0.9), {}, "linear_warmup_only", None),
    ("sgd", dict(lr=0.1, momentum=0.9, weight_decay=0.05), {"0.bias": dict(lr=0.3)}, "linear", 0.2),
]


def run(kind, settings, groups, schedule, clip):
    net = network()
    named = dict(net.named_parameters())
    parts = [dict(params=[named[name]], **own) for name, own in groups.items()]
    parts.append(dict(params=[p for name, p in named.items() if name not in groups]))
    optimiser = dict(adam=torch.optim.Adam, adamw=torch.optim.AdamW, sgd=torch.optim.SGD)[kind](parts, **settings)
    scheduler = SCHEDULES[schedule] and SCHEDULES[schedule](optimiser)
    losses, states = [], []
    for _ in range(STEPS):
        loss = torch.nn.functional.cross_entropy(net(INPUTS), LABELS)
        loss.backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(net.parameters(), clip)
        optimiser.step()
        if scheduler:
            scheduler.step()
        optimiser.zero_grad()
        losses.append(loss.item())
        states.append([value for p in net.parameters() for value in p.flatten().tolist()])
    return dict(kind=kind, settings=settings, groups=groups, schedule=schedule, clip=clip, losses=losses, parameters=states)


net = network()
pathlib.Path(sys.argv[1]).write_text(json.dumps(dict(
    torch=torch.__version__,
    transformers=transformers.__version__,
    inputs=INPUTS.tolist(),
    labels=LABELS.tolist(),
    start=[value for p in net.parameters() for value in p.flatten().tolist()],
    cases=[run(*case) for case in CASES],
)) + "\n")
