using System.Collections.Immutable;
using System.Globalization;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Configuration;

/// <summary>Names a place of a model as plain data: a component by name, or a module by its path; and in it heads, positions and features.</summary>
public sealed record SiteSpec
{
    /// <summary>Gets the component's name, such as <c>mlp_output</c>; <see langword="null"/> when <see cref="ModulePath"/> names the place.</summary>
    public string? Component { get; init; }

    /// <summary>Gets the layer, from 0; <see langword="null"/> for components that exist once.</summary>
    public int? Layer { get; init; }

    /// <summary>
    /// Gets the layer inside of <see cref="Layer"/>, from 0, such as the block of a stage; <see langword="null"/> for components that do not lie in one.
    /// </summary>
    public int? Sublayer { get; init; }

    /// <summary>Gets the path of a module of the model, such as <c>transformer.h[0].mlp</c>, when no component names the place.</summary>
    public string? ModulePath { get; init; }

    /// <summary>Gets the side of the module at <see cref="ModulePath"/>.</summary>
    public HookSide Side { get; init; } = HookSide.Output;

    /// <summary>Gets which argument, or which element of a result that is a tuple, of the module at <see cref="ModulePath"/> is meant; from 0.</summary>
    public int Item { get; init; }

    /// <summary>
    /// Gets what <see cref="At"/> and <see cref="ReadAt"/> count; <see langword="null"/> = what the component has: time steps where its axes say <c>step</c>,
    /// else positions. A module path means positions unless it says <see cref="PositionUnit.Step"/>.
    /// </summary>
    public PositionUnit? Unit { get; init; }

    /// <summary>Gets the heads; <see langword="null"/> = all.</summary>
    public Heads? Heads { get; init; }

    /// <summary>Gets the positions; <see langword="null"/> = all columns, padding included, or all time steps.</summary>
    public Positions? At { get; init; }

    /// <summary>Gets the heads that are read in the source; <see langword="null"/> = the same as <see cref="Heads"/>.</summary>
    public Heads? ReadHeads { get; init; }

    /// <summary>Gets the positions that are read in the source; <see langword="null"/> = the same as <see cref="At"/>.</summary>
    public Positions? ReadAt { get; init; }

    /// <summary>Gets the features of the last axis; <see langword="null"/> = all.</summary>
    public Features? Features { get; init; }

    /// <summary>Gets when in a generation the intervention acts; <see langword="null"/> outside of one.</summary>
    public Steps? During { get; init; }

    /// <summary>
    /// Gets into how many heads the last axis of the module at <see cref="ModulePath"/> is split, [batch, position, width] to [batch, head, position, width /
    /// heads]; <see langword="null"/> = not at all.
    /// </summary>
    public int? HeadCount { get; init; }

    /// <summary>
    /// Gets which axis of the tensor of the module at <see cref="ModulePath"/> has the heads, or other units such as senses: 1 for [batch, head, position, …],
    /// 2 for [batch, position, head, …]; <see langword="null"/> = none. Together with positions these are pyvene's nested units, such as <c>sense.pos</c>.
    /// </summary>
    public int? HeadAxis { get; init; }

    /// <summary>Gets the component or module in words, without what is chosen of it: <c>mlp_output of layer 8</c>.</summary>
    internal string Whole =>
        Component is null ? $"the {Side.ToString().ToLowerInvariant()} of module '{ModulePath}'"
        : Layer is not { } layer ? Component
        : Sublayer is { } sublayer ? $"{Component} of layer {layer}, sublayer {sublayer}" : $"{Component} of layer {layer}";

    /// <summary>Returns the whole place in words, for messages: <c>mlp_output of layer 8, position ^1, features 0 to 63</c>.</summary>
    public override string ToString() => InWords(Unit == PositionUnit.Step);

    /// <summary>Returns the whole place in words.</summary>
    /// <param name="isStepwise">Whether what <see cref="At"/> and <see cref="ReadAt"/> count are time steps.</param>
    internal string InWords(bool isStepwise)
    {
        var (one, many) = isStepwise ? ("time step", "time steps") : ("position", "positions");
        string?[] parts =
        [
            Whole, Item == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"item {Item}"), Heads?.ToString(), At?.InWords(one, many),
            Features?.ToString(), ReadHeads is null ? null : $"read at {ReadHeads}", ReadAt is null ? null : $"read at {ReadAt.InWords(one, many)}",
            During is null ? null : $"in {During}",
        ];
        return string.Join(", ", parts.OfType<string>());
    }
}
