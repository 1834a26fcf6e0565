namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>
/// Is everything the emitters need to know about one descriptor. It and all it holds must stay immutable and equal by value, and must hold no place in a file:
/// the compiler compares it with the last one to decide whether code is emitted again, so that a changed layout of the descriptor emits nothing.
/// </summary>
/// <param name="File">The descriptor's file name, for the documentation.</param>
/// <param name="Architecture">The key, such as <c>gpt2</c>.</param>
/// <param name="Type">The name of the generated class.</param>
/// <param name="Namespace">The namespace that the descriptor asks for, or <see langword="null"/> for the project's own.</param>
/// <param name="Summary">One sentence about the architecture.</param>
/// <param name="Family">The kind of model.</param>
/// <param name="Classes">The classes that the descriptor serves, with their module prefixes.</param>
/// <param name="Sizes">The named sizes.</param>
/// <param name="Rows">The rows of layers.</param>
/// <param name="Components">The components, in the order of the file.</param>
/// <param name="Residuals">The sums that hold in every run.</param>
/// <param name="Checkpoints">The checkpoints whose sizes are known.</param>
internal sealed record ModelSpec(
    string File,
    string Architecture,
    string Type,
    string? Namespace,
    string Summary,
    ModelFamily Family,
    EquatableArray<ClassSpec> Classes,
    EquatableArray<SizeSpec> Sizes,
    EquatableArray<LayerRowSpec> Rows,
    EquatableArray<ComponentSpec> Components,
    EquatableArray<ResidualSpec> Residuals,
    EquatableArray<CheckpointSpec> Checkpoints);
