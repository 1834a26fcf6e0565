using Pyvene.Typed.Descriptors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is one side of one module at which a plan looks or writes.</summary>
/// <param name="Path">The module's path in TorchSharp's form.</param>
/// <param name="Module">The module.</param>
/// <param name="Side">The side.</param>
/// <param name="Item">Which argument, or which element of a result that is a tuple; from 0.</param>
/// <param name="Stage">
/// The stage of the forward pass that calls the module: −1 the beginning, 0 … the blocks, then the end; <see cref="Stages.Spanning"/> when it spans several.
/// </param>
internal sealed record HookPoint(string Path, nn.Module Module, HookSide Side, int Item, int Stage)
{
    /// <summary>Tells whether a value that is seen here is there before something happens at another point of the same pass.</summary>
    public bool IsSeenBefore(HookPoint other) =>
        (Path == other.Path && (Side == other.Side || Side == HookSide.Input))
        || (Stage != Stages.Spanning && other.Stage != Stages.Spanning && Stage < other.Stage);

    /// <summary>Gets the module in words, for messages: <c>module 'blocks.0.fc1' (Linear)</c>.</summary>
    public string Words => $"module '{Path}' ({Module.GetType().Name})";

    public bool Equals(HookPoint? other) => other is not null && Path == other.Path && Side == other.Side && Item == other.Item;

    public override int GetHashCode() => HashCode.Combine(Path, Side, Item);

    public override string ToString() => $"{Path} ({Side.ToString().ToLowerInvariant()}{(Item == 0 ? "" : $" {Item}")})";
}
