using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Is text that was generated under an experiment, and what its steps collected. It owns the collected tensors: disposing it disposes them; the rest stays.
/// </summary>
/// <typeparam name="TModel">The architecture.</typeparam>
public sealed record GeneratedText<TModel> : GeneratedText
    where TModel : IArchitecture
{
    private readonly Func<Collected<TModel>, string> nameOf;

    internal GeneratedText(GeneratedText text, Func<Collected<TModel>, string> nameOf)
        : base(text) => this.nameOf = nameOf;

    /// <summary>
    /// Gets the values that a step collected while the text was made, one tensor a forward pass in which it acted, in order: [row, position, width], with
    /// heads, queries or other units as in a run. The text owns them.
    /// </summary>
    /// <inheritdoc cref="GeneratedText.this[string]" path="/remarks"/>
    /// <param name="handle">The handle that the step gave.</param>
    /// <exception cref="InterventionException">The handle is another experiment's.</exception>
    public IReadOnlyList<Tensor> this[Collected<TModel> handle] => this[nameOf(handle)];
}
