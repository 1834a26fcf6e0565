using System.Linq;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a checkpoint whose sizes are known.</summary>
/// <param name="Name">The name of the generated class.</param>
/// <param name="Hub">Where it is published.</param>
/// <param name="Sizes">Its sizes, those that follow from others included.</param>
internal sealed record CheckpointSpec(string Name, string Hub, EquatableArray<KnownSize> Sizes)
{
    /// <summary>Returns an expression's value, or <see langword="null"/> when the checkpoint does not tell it.</summary>
    /// <param name="expression">The expression, such as <c>heads*dHead</c>.</param>
    public long? Evaluate(string expression) => SizeExpression.Evaluate(expression, name => Sizes.FirstOrDefault(size => size.Name == name)?.Value);
}
