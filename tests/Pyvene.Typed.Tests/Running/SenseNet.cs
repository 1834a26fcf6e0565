using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>
/// A module with units of its own: [batch, position, width] to three senses of every position, [batch, sense, position, width], and their sum.
/// </summary>
[InterventionModel]
internal sealed partial class SenseNet : nn.Module<Tensor, Tensor>
{
    public const int Senses = 3;
    private readonly Linear fc = nn.Linear(4, Senses * 4);
    [Component(Axes = "batch, position, sense, dModel")]
    private readonly Identity split = nn.Identity();
    [Component(Axes = "batch, sense, position, dModel")]
    private readonly Identity senses = nn.Identity();
    [Component(Axes = "batch, position, dModel")]
    private readonly Identity sum = nn.Identity();

    public SenseNet()
        : base("senses") => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var parts = split.call(fc.call(input).unflatten(2, [Senses, 4])); // [batch, position, sense, width]
        return sum.call(senses.call(parts.transpose(1, 2)).sum(1)).MoveToOuterDisposeScope(); // [batch, position, width]
    }
}
