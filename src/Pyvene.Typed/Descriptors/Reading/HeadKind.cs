using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a kind of head, or of unit like it, of which a place chooses some.</summary>
/// <param name="Axis">The word for its axis.</param>
/// <param name="Index">The type that counts them.</param>
/// <param name="One">The step that chooses one: <c>Head</c>.</param>
/// <param name="Word">What one is called; several have an s behind it.</param>
internal sealed record HeadKind(string Axis, string Index, string One, string Word)
{
    /// <summary>Gets all kinds, those that ask first: key/value heads are those that several query heads share.</summary>
    public static IReadOnlyList<HeadKind> All { get; } =
    [
        new("head", "QueryHead", "Head", "head"),
        new("kvHead", "KeyValueHead", "KeyValueHead", "key/value head"),
        new("sense", "Sense", "Sense", "sense"),
    ];

    /// <summary>Gets the step that chooses several.</summary>
    public string Many => One + "s";

    /// <summary>Gets the list of those of a model, for sweeps.</summary>
    public string List => "All" + Many;

    /// <summary>Gets whether they are the heads of which components speak without saying the kind.</summary>
    public bool IsQuery => Axis == "head";

    /// <summary>Returns the kind of an axis, or <see langword="null"/> when it is not one of heads.</summary>
    /// <param name="axis">The word for the axis.</param>
    public static HeadKind? Of(string axis) => All.FirstOrDefault(kind => kind.Axis == axis);
}
