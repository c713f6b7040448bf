"""The same network in PyTorch: built, run, compared. The only room that imports torch."""
