using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors.OwnModule;

/// <summary>
/// Has one module of every kind that a view, an item or a gate is about: [batch, position, 4] to the results of all, side by side: [batch, position, 32].
/// </summary>
internal sealed class MixedNet : nn.Module<Tensor, Tensor>
{
    private const int Width = 4;
    private readonly Linear fused = nn.Linear(Width, 3 * Width);
    private readonly Conv1d conv = nn.Conv1d(Width, Width, 3L, padding: 2L);
    private readonly PairModule pair = new();
    private readonly Linear router = nn.Linear(Width, Width);
    private readonly ModuleList<ModuleList<Linear>> rows = nn.ModuleList(Row(), Row());

    public MixedNet()
        : base(nameof(MixedNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (batch, positions) = (input.shape[0], input.shape[1]);
        var convolved = conv.call(input.transpose(1, 2)).narrow(2, 0, positions).transpose(1, 2);
        var (first, second) = pair.call(input, input);
        var routed = router.call(input.reshape(batch * positions, Width)).view(batch, positions, Width);
        var last = rows[1][2].call(input);
        return cat([fused.call(input), convolved, first, second, routed, last], -1).MoveToOuterDisposeScope(); // [batch, position, 32]
    }

    private static ModuleList<Linear> Row() => nn.ModuleList(nn.Linear(Width, Width), nn.Linear(Width, Width), nn.Linear(Width, Width));
}
