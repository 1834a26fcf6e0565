using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>
/// Is one step of a search: it asks for a forward pass, which its owner runs, so that nothing of a search stands between them. What the pass makes is gone when
/// the step is disposed. Begin and end it on one thread.
/// </summary>
internal sealed class SearchStep : IDisposable
{
    private readonly TokenSearch search;
    private readonly IDisposable untracked = no_grad();
    private readonly DisposeScope step = NewDisposeScope();
    private readonly Tensor rows; // [row, position]
    private DisposeScope? pass;

    /// <summary>Begins a step.</summary>
    public SearchStep(TokenSearch search)
    {
        this.search = search;
        try
        {
            (rows, var filling) = search.Asked();
            pass = NewDisposeScope();
            Inputs = search.Decoder.Ask(rows, filling);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets the arguments of the forward pass.</summary>
    public ModelInputs Inputs { get; }

    /// <summary>Goes on with what the model returned.</summary>
    /// <exception cref="InvalidOperationException">It has no logits, or no cache where the prompt is embeddings.</exception>
    public void Take(ModelOutput output)
    {
        var logits = pass!.HandOut(search.Decoder.Next(output)); // [row, vocab]
        pass!.Dispose();
        pass = null;
        search.Take(rows, logits);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pass?.Dispose();
        step.Dispose();
        untracked.Dispose();
    }
}
