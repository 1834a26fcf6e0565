using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Pyvene.Typed;

/// <summary>Is text that comes piece by piece, as the model generates it while the stream is read. Reading it again generates again.</summary>
public class TextStream : IAsyncEnumerable<string>
{
    private readonly Func<Action<GeneratedText>, IAsyncEnumerable<string>> pieces;
    private GeneratedText? text;

    /// <param name="pieces">Begins a generation that tells its whole text at the end.</param>
    internal TextStream(Func<Action<GeneratedText>, IAsyncEnumerable<string>> pieces) => this.pieces = pieces;

    /// <summary>Gets the whole text with its tokens, its receipts and what was collected, once the stream is read to its end; the caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">The stream was not read to its end.</exception>
    public GeneratedText Text => text ?? throw new InvalidOperationException("The text is whole once its stream is read to its end, which it was not. Read all "
        + "pieces first, or call Generate.");

    /// <inheritdoc/>
    public IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        text = null;
        return pieces(whole => text = whole).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Reads the stream to its end, as <c>await</c> does: its value is <see cref="Text"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public TaskAwaiter<GeneratedText> GetAwaiter() => Whole(() => Text).GetAwaiter();

    /// <summary>Reads the stream to its end, and then the text.</summary>
    private protected async Task<T> Whole<T>(Func<T> read)
    {
        await foreach (var _ in this.ConfigureAwait(false))
        {
        }

        return read();
    }
}
