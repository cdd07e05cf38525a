"""The queue: when and where steps run; no rules of its own."""
