"""What a student hands in."""


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    """The size after a convolution."""
    return (n + padding - dilation * (kernel_size - 1) - 1) // stride + 1


def receptive_field(layers):
    """The receptive field behind a list of (kernel, stride, dilation)."""
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        size += dilation * (kernel - 1) * jump
        jump *= stride
    return size
