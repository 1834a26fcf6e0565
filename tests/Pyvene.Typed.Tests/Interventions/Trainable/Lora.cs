using System.Text.Json.Nodes;
using Pyvene.Typed.Interventions.Trainable;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions.Trainable;

/// <summary>Is LoRA (Hu et al. 2021) as a user writes it: a module's output plus B A of its input.</summary>
internal sealed class Lora : AdaptorModule
{
    private readonly int rank;
    private readonly Parameter down; // A: [input width, rank]
    private readonly Parameter up; // B: [rank, width], zeros at first

    public Lora(int inputWidth, int width, int rank)
        : base("lora", width)
    {
        this.rank = rank;
        down = Keep(randn(inputWidth, rank).div_(Math.Sqrt(inputWidth)));
        up = Keep(zeros(rank, width));
        RegisterComponents();
    }

    public override JsonObject ToParameters()
    {
        var parameters = base.ToParameters();
        (parameters["input_width"], parameters["rank"]) = (down.shape[0], rank);
        return parameters;
    }

    protected override Tensor Adapt(Tensor output, Tensor input) => output + input.matmul(down).matmul(up);
}
