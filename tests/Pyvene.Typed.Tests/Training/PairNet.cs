using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>
/// Computes whether W = X is the same as whether Y = Z, as <see cref="Pairs"/> does: behind <c>Differ</c> the two are apart, behind <c>Held</c> they lie in a
/// rotated plane.
/// </summary>
[InterventionModel]
internal sealed partial class PairNet : nn.Module<Tensor, Tensor>
{
    [Component(Axes = "batch, width", Summary = "W − X, X − W, Y − Z, Z − Y.")]
    private readonly Linear differ = nn.Linear(4, 4, hasBias: false);

    [Component(Axes = "batch, width", Summary = "|W − X| and |Y − Z|, rotated.")]
    private readonly Linear held = nn.Linear(4, 4, hasBias: false);
    private readonly Linear read = nn.Linear(4, 2, hasBias: false);
    private readonly Linear head = nn.Linear(2, 2);

    public PairNet()
        : base("pairs")
    {
        RegisterComponents();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var rotation = linalg.qr(randn([4, 4], generator: generator)).Q; // [width, width]
        differ.weight!.copy_(tensor(new float[,] { { 1, -1, 0, 0 }, { -1, 1, 0, 0 }, { 0, 0, 1, -1 }, { 0, 0, -1, 1 } }));
        held.weight!.copy_(rotation.matmul(tensor(new float[,] { { 1, 1, 0, 0 }, { 0, 0, 1, 1 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 } })));
        read.weight!.copy_(tensor(new float[,] { { 1, -1, 0, 0 }, { -1, 1, 0, 0 } }).matmul(rotation.mT));
        head.weight!.copy_(tensor(new float[,] { { 6, 6 }, { -6, -6 } }));
        head.bias!.copy_(tensor(new float[] { -3, 3 }));
    }

    public override Tensor forward(Tensor input) => head.call(read.call(held.call(differ.call(input).relu())).relu());
}
