"""PyTorch on the CPU, by the protocol of protocol.mjs."""

import json
import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

job = json.loads(sys.argv[1])
torch.set_num_threads(job["threads"])


def check_blas():
    """
    Debian's PyTorch takes any BLAS that is installed, and the one that comes with it is a slow reference: a peer that
    limps is not a comparison.
    """
    if "BLAS_INFO=generic" not in torch.__config__.show() or not os.path.exists("/proc/self/maps"):
        return
    with open("/proc/self/maps", encoding="utf-8") as maps:
        loaded = maps.read()
    if not any(name in loaded for name in ("openblas", "libblis", "libmkl")):
        sys.exit("PyTorch runs on the reference BLAS, eight times too slow: apt-get install libopenblas0-pthread")


def read(source, length):
    data = torch.from_file(source["path"], size=source["header"] + length, dtype=torch.uint8)
    return data[source["header"] :].clone()


def pixels():
    """The pixels in [0, 1]: prepared before the time is taken."""
    rows, width = job["rows"], job["layers"][0]
    return read(job["images"], rows * width).reshape(rows, width).float() / 255


def network(hidden):
    """The job's network without its last activation, with the initial weights that all systems have."""
    with open(job["weights"], "rb") as file:
        weights = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
    parts, offset = [], 0
    for inputs, units in zip(job["layers"], job["layers"][1:]):
        layer = nn.Linear(inputs, units)
        kernel = weights[offset : offset + inputs * units].reshape(inputs, units)
        offset += inputs * units
        with torch.no_grad():
            layer.weight.copy_(kernel.T)
            layer.bias.copy_(weights[offset : offset + units])
        offset += units
        parts += [layer, hidden()]
    return nn.Sequential(*parts[:-1])


def step(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def train():
    x, y = pixels(), read(job["labels"], job["rows"]).long()
    net = network(nn.ReLU)
    optimizer = torch.optim.SGD(net.parameters(), lr=job["learningRate"])

    def epoch(rows):
        total = torch.zeros(())
        for batch in torch.randperm(rows).split(job["batch"]):
            loss = F.cross_entropy(net(x.index_select(0, batch)), y.index_select(0, batch))
            step(optimizer, loss)
            total += loss.detach() * len(batch)
        return {"loss": total.item() / rows}

    return epoch


def xor():
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    net = network(nn.Tanh)
    optimizer = torch.optim.SGD(net.parameters(), lr=job["learningRate"])

    def steps(count):
        for _ in range(count):
            loss = F.binary_cross_entropy_with_logits(net(x), y)
            step(optimizer, loss)
        return {"loss": loss.item()}

    return steps


def predict():
    x = pixels()
    net = nn.Sequential(*network(nn.ReLU), nn.Softmax(dim=1)).eval()
    # Three times as fast as calling the module as it is.
    net = torch.jit.optimize_for_inference(torch.jit.trace(net, x))

    def calls(count):
        with torch.inference_mode():
            for _ in range(count):
                output = net(x)
        return {"output": output[-1].tolist()}

    return calls


check_blas()
blas = os.environ["OPENBLAS_NUM_THREADS"]
about = f"torch {torch.__version__}, threads: {torch.get_num_threads()}, OPENBLAS_NUM_THREADS={blas}"
answer = {"train": train, "xor": xor, "predict": predict}[job["kind"]]()
print(json.dumps({"about": about}), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    result = answer(int(line.split()[1]))
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, **result}), flush=True)
