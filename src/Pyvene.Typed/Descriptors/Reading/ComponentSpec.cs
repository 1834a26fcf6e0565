using System;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a component.</summary>
/// <param name="Name">The name, such as <c>mlp_output</c> or <c>encoder.mlp_output</c>.</param>
/// <param name="Member">The name of the generated property.</param>
/// <param name="Path">The module path.</param>
/// <param name="IsInput">Whether it is the module's input; else its output.</param>
/// <param name="Item">Which argument of the call, or which element of a result that is a tuple.</param>
/// <param name="Argument">The name of the argument where its place does not say which it is, or <see langword="null"/>.</param>
/// <param name="View">The steps from the module's tensor to the component.</param>
/// <param name="Axes">The axes: words or sizes.</param>
/// <param name="Width">The size of the last axis as an expression, or <see langword="null"/> when it depends on the input.</param>
/// <param name="Heads">The number of heads as an expression, or <see langword="null"/> when there is no head axis.</param>
/// <param name="Classes">The classes that have it; empty = all.</param>
/// <param name="Conditions">The fields of the configuration on which it depends whether it exists; all must fit.</param>
/// <param name="OnlyLayers">The field that lists the layers that have it, or <see langword="null"/>.</param>
/// <param name="ExceptLayers">The field that lists the layers that lack it, or <see langword="null"/>.</param>
/// <param name="Pyvene">The name that pyvene has for it, or <see langword="null"/>.</param>
/// <param name="Summary">One sentence about it.</param>
internal sealed record ComponentSpec(
    string Name,
    string Member,
    string Path,
    bool IsInput,
    int Item,
    string? Argument,
    EquatableArray<ViewStepSpec> View,
    EquatableArray<string> Axes,
    string? Width,
    string? Heads,
    EquatableArray<string> Classes,
    EquatableArray<ConditionSpec> Conditions,
    string? OnlyLayers,
    string? ExceptLayers,
    string? Pyvene,
    string Summary)
{
    /// <summary>Gets the stack that the component belongs to, such as <c>encoder</c>; empty for the main one.</summary>
    public string Stack => Name.IndexOf('.') is > 0 and var dot ? Name.Substring(0, dot) : "";

    /// <summary>Gets whether the component exists once a layer.</summary>
    public bool IsPerLayer => Path.Contains("[layer]");

    /// <summary>Gets whether it exists once a layer inside of a layer.</summary>
    public bool IsPerSublayer => Path.Contains("[sublayer]");

    /// <summary>Gets what the component's axes allow, which decides its type.</summary>
    public ComponentShape Shape => Axes.Skip(1).Take(Axes.Count - 2).ToArray() switch
    {
        [var only] when Reading.Axes.IsPosition(only) => Axes[2] == "dMlp" ? ComponentShape.Neuron : ComponentShape.Position,
        ["step"] => ComponentShape.Step,
        [var first, var second] when Reading.Axes.IsHead(first) && Reading.Axes.IsPosition(second) => ComponentShape.Head,
        [var first, "query"] when Reading.Axes.IsHead(first) && Axes[3] == "key" => ComponentShape.Attention,
        _ => ComponentShape.Whole,
    };
}
