"""Writes networks that were fitted as one ONNX graph: features of one night in, the mean of their probabilities out."""

import hashlib
import json

import numpy as np
import onnx
import torch
from torch import nn

from features import NAMES
from network import PATCH


class Ensemble(nn.Module):
    """Features [1, epochs, NAMES] to probabilities [1, epochs, 4]; nights of any length, filled up to whole tokens inside."""

    def __init__(self, networks):
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, features):
        epochs = features.shape[1]
        filled = torch.cat([features, features.new_zeros(1, PATCH - 1, len(NAMES))], 1)
        inside = torch.cat([torch.ones_like(features[..., 0]), features.new_zeros(1, PATCH - 1)], 1)
        whole = (epochs + PATCH - 1) // PATCH * PATCH
        filled, inside = filled[:, :whole], inside[:, :whole]
        told = [network(filled, inside).softmax(-1) for network in self.networks]
        return torch.stack(told).mean(0)[:, :epochs]


def write_weights(networks, path):
    """Returns the SHA-256 of the file."""
    ensemble = Ensemble(networks).eval()
    example = torch.zeros(1, 401, len(NAMES))
    torch.onnx.export(
        ensemble,
        (example,),
        path,
        input_names=["features"],
        output_names=["probabilities"],
        dynamic_shapes={"features": {1: torch.export.Dim("epochs", min=8, max=100_000)}},
        dynamo=True,
        external_data=False,
    )
    model = onnx.load(path)
    del model.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    onnx.save(model, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def staged_by(path):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda features: session.run(None, {"features": features[None].astype(np.float32)})[0][0]


def written(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
