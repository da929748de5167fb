"""A small transformer over the night: epochs are embedded one by one, four in a row make a token, tokens look at one another."""

import torch
from torch import nn
from torch.nn import functional

from features import FINE, LEVEL, MOVEMENT, NAMES

PATCH = 4
GROUPS = ((LEVEL, "knows_level"), (FINE, "knows_fine"), (MOVEMENT, "knows_movement"))


class Attention(nn.Module):
    """Written by hand: it exports as plain matrix products. Each head learns how fast its interest fades with distance."""

    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads = heads
        self.norm, self.norm_after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value, self.joined = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.fading = nn.Parameter(torch.linspace(-6, -1, heads).reshape(heads, 1, 1))
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens, distance, hidden):
        batch, count, width = tokens.shape
        each = (batch, count, self.heads, width // self.heads)
        query, key, value = (part.reshape(each).transpose(1, 2) for part in self.query_key_value(self.norm(tokens)).chunk(3, -1))
        interest = query @ key.transpose(-1, -2) / each[-1] ** 0.5 - distance * self.fading.exp() + hidden
        seen = (interest.softmax(-1) @ value).transpose(1, 2).reshape(batch, count, width)
        tokens = tokens + self.dropout(self.joined(seen))
        return tokens + self.dropout(self.narrow(self.dropout(functional.gelu(self.wide(self.norm_after(tokens))))))


class Stager(nn.Module):
    """Features [nights, epochs, NAMES] and what is of the night [nights, epochs] to logits [nights, epochs, 4]; epochs a multiple of PATCH."""

    def __init__(self, width=64, heads=4, layers=2, dropout=0.25, epoch_width=32, feature_dropout=0.15):
        super().__init__()
        count = len(NAMES)
        self.register_buffer("mean", torch.zeros(count))
        self.register_buffer("deviation", torch.ones(count))
        self.register_buffer("mask_of", mask_places())
        self.epoch = nn.Linear(count, epoch_width)
        self.beside = nn.Conv1d(epoch_width, epoch_width, 5, padding=2)
        self.token = nn.Linear(epoch_width * PATCH, width)
        self.neighbours = nn.Conv1d(width, width, 3, padding=1)
        self.norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(Attention(width, heads, dropout) for _ in range(layers))
        self.spread = nn.Linear(width, PATCH * epoch_width)
        self.norm_both, self.mixed, self.stage = nn.LayerNorm(2 * epoch_width), nn.Linear(2 * epoch_width, epoch_width), nn.Linear(epoch_width, 4)
        self.dropout, self.feature_dropout = nn.Dropout(dropout), nn.Dropout(feature_dropout)

    def forward(self, features, inside):
        batch, epochs = features.shape[0], features.shape[1]
        seen = functional.gelu(self.epoch(self.feature_dropout(self.scaled(features)))) * inside.unsqueeze(-1)
        seen = (seen + functional.gelu(self.beside(seen.transpose(1, 2)).transpose(1, 2))) * inside.unsqueeze(-1)
        tokens = self.token(seen.reshape(batch, epochs // PATCH, -1))
        around = functional.gelu(self.neighbours(tokens.transpose(1, 2)).transpose(1, 2))
        tokens = self.norm(tokens + self.dropout(around))
        place = torch.arange(epochs // PATCH, device=features.device)
        distance = (place.unsqueeze(0) - place.unsqueeze(1)).abs().float()
        hidden = (inside.reshape(batch, 1, 1, -1, PATCH).amax(-1) - 1) * 1e4
        for layer in self.layers:
            tokens = layer(tokens, distance, hidden)
        both = torch.cat([seen, self.spread(tokens).reshape(batch, epochs, -1)], -1)
        return self.stage(self.dropout(functional.gelu(self.mixed(self.norm_both(both)))))

    def scaled(self, features):
        """Standard scores, 0 where the group of a feature is not known."""
        known = torch.cat([features, torch.ones_like(features[..., :1])], -1)[..., self.mask_of]
        return ((features - self.mean) / self.deviation).clamp(-5, 5) * known

    def take_scale(self, features):
        self.mean.copy_(features.mean(0))
        self.deviation.copy_(features.std(0).clamp_min(1e-3))


def mask_places():
    """Of each feature the column that says whether it is known; one past the end for those that always are."""
    mask_of = {name: NAMES.index(mask) for group, mask in GROUPS for name in group}
    return torch.tensor([mask_of.get(name, len(NAMES)) for name in NAMES])
