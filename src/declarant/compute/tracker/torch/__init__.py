"""The tracker for PyTorch: one line in a training script.

Nothing here is imported before somebody tracks a model: these modules import torch.
"""
