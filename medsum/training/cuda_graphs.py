"""Run training steps as CUDA graphs. A graph starts all GPU kernels of a step at once, which saves time."""

from collections.abc import Callable
from typing import NamedTuple

import torch

from medsum.core.errors import UserError, first_line
from medsum.model import processes
from medsum.params.train import TrainParams
from medsum.training.memory import is_out_of_memory

LENGTHS = 32  # pad prompts and notes to multiples of 32 tokens, because each shape of a batch needs its own graph
Inputs = dict[str, torch.Tensor]


def usable(params: TrainParams, quantized: bool) -> bool:
    """Return whether this training run can use graphs.

    Graphs need a single process with a GPU, and they do not support all parameters.
    """
    plain = not (quantized or params.gradient_checkpointing or params.precision.startswith("fp16"))
    alone = processes.world_size() == 1 and not processes.sharded()
    return params.cuda_graphs and torch.cuda.is_available() and plain and alone


class GraphedSteps:
    """Runs forward and backward passes as graphs.

    For the first batch of each shape, a graph is captured (recorded). Later batches of this shape replay the graph.
    """

    def __init__(
        self, loss: Callable[[Inputs, torch.Tensor], torch.Tensor], parameters: list[torch.nn.Parameter]
    ) -> None:
        """Prepare the gradients. The arguments of `loss` are a batch and the step's number of label tokens."""
        self.loss = loss
        self.parameters = parameters
        self.gradients = [torch.zeros_like(parameter) for parameter in parameters]
        self.captured: dict[tuple[tuple[str, torch.Size], ...], _Captured] = {}
        self.pool = torch.cuda.graph_pool_handle()  # graphs never run at the same time, so they can share memory

    def __call__(self, inputs: Inputs, tokens: torch.Tensor) -> torch.Tensor:
        """Return the loss of a batch, and add the gradients of the batch to the gradients of the parameters.

        Raise UserError if the model cannot be captured.
        """
        shape = tuple((name, tensor.shape) for name, tensor in inputs.items())
        if shape not in self.captured:
            self.captured[shape] = self._capture(inputs, tokens)
        if self.parameters[0].grad is None:  # a new optimizer step
            torch._foreach_zero_(self.gradients)
            for parameter, gradient in zip(self.parameters, self.gradients, strict=True):
                parameter.grad = gradient
        return self.captured[shape].replay(inputs, tokens)

    def _capture(self, inputs: Inputs, tokens: torch.Tensor) -> "_Captured":
        inputs, tokens = {name: tensor.clone() for name, tensor in inputs.items()}, tokens.clone()
        random = torch.cuda.get_rng_state()
        torch.autograd.grad(
            self.loss(inputs, tokens), self.parameters
        )  # the first call loads libraries, which is not allowed during a capture
        torch.cuda.set_rng_state(random)
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph, pool=self.pool):
                loss = self.loss(inputs, tokens)
                torch._foreach_add_(self.gradients, torch.autograd.grad(loss, self.parameters))
        except RuntimeError as error:
            if is_out_of_memory(error):
                raise
            first: BaseException = error  # find the first error, because later errors are less helpful
            while first.__context__:
                first = first.__context__
            raise UserError(
                f"train.cuda_graphs is true, but this model cannot be captured in a graph ({first_line(first)});"
                " set it to false"
            ) from None
        return _Captured(graph, inputs, tokens, loss.detach())


class _Captured(NamedTuple):
    """A captured graph, its input tensors and its loss."""

    graph: torch.cuda.CUDAGraph
    inputs: Inputs
    tokens: torch.Tensor
    loss: torch.Tensor

    def replay(self, inputs: Inputs, tokens: torch.Tensor) -> torch.Tensor:
        for name, tensor in inputs.items():
            self.inputs[name].copy_(tensor)
        self.tokens.copy_(tokens)
        self.graph.replay()
        return self.loss.clone()
