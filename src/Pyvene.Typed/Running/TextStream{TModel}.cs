using System.ComponentModel;
using System.Runtime.CompilerServices;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>
/// Is text that comes piece by piece under an experiment, as the model generates it while the stream is read. Reading it again generates again.
/// </summary>
/// <typeparam name="TModel">The architecture.</typeparam>
public sealed class TextStream<TModel> : TextStream
    where TModel : IArchitecture
{
    private readonly Func<Collected<TModel>, string> nameOf;

    internal TextStream(Func<Action<GeneratedText>, IAsyncEnumerable<string>> pieces, Func<Collected<TModel>, string> nameOf)
        : base(pieces) => this.nameOf = nameOf;

    /// <inheritdoc cref="TextStream.Text"/>
    public new GeneratedText<TModel> Text => new(base.Text, nameOf);

    /// <inheritdoc cref="TextStream.GetAwaiter"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public new TaskAwaiter<GeneratedText<TModel>> GetAwaiter() => Whole(() => Text).GetAwaiter();
}
