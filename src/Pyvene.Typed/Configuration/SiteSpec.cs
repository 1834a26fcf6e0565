using System.Collections.Immutable;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Configuration;

/// <summary>Names a place of a model as plain data: a component by name, or a module by its path; and in it heads, positions and features.</summary>
public sealed record SiteSpec
{
    /// <summary>Gets the component's name, such as <c>mlp_output</c>; <see langword="null"/> when <see cref="ModulePath"/> names the place.</summary>
    public string? Component { get; init; }

    /// <summary>Gets the layer, from 0; <see langword="null"/> for components that exist once.</summary>
    public int? Layer { get; init; }

    /// <summary>Gets the path of a module of the model, such as <c>transformer.h[0].mlp</c>, when no component names the place.</summary>
    public string? ModulePath { get; init; }

    /// <summary>Gets the side of the module at <see cref="ModulePath"/>.</summary>
    public HookSide Side { get; init; } = HookSide.Output;

    /// <summary>Gets the heads; <see langword="null"/> = all.</summary>
    public Heads? Heads { get; init; }

    /// <summary>Gets the positions; <see langword="null"/> = all columns, padding included.</summary>
    public Positions? At { get; init; }

    /// <summary>Gets the heads that are read in the source; <see langword="null"/> = the same as <see cref="Heads"/>.</summary>
    public Heads? ReadHeads { get; init; }

    /// <summary>Gets the positions that are read in the source; <see langword="null"/> = the same as <see cref="At"/>.</summary>
    public Positions? ReadAt { get; init; }

    /// <summary>Gets the features of the last axis; <see langword="null"/> = all.</summary>
    public Features? Features { get; init; }

    /// <summary>Returns the place in words, for messages: <c>mlp_output of layer 8</c>.</summary>
    public override string ToString() =>
        Component is null ? $"the {Side.ToString().ToLowerInvariant()} of module '{ModulePath}'" : Layer is { } layer ? $"{Component} of layer {layer}" : Component;
}
