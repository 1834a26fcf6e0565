using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Compares a generation with the same one without interventions, logits by logits, up to the first difference.</summary>
/// <param name="keep">Moves a tensor into the scope of the generation.</param>
internal sealed class CleanText(DisposeScopeKeeper keep)
{
    private readonly List<Tensor> logits = []; // [row, vocab] a pass

    /// <summary>Notes the logits of a pass under intervention.</summary>
    public void Note(ModelOutput output)
    {
        using var quiet = no_grad();
        if (Last(output) is { } last)
        {
            logits.Add(keep(last.clone()));
        }
    }

    /// <summary>Generates without interventions, and returns whether the logits of every pass are the same up to rounding.</summary>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public bool IsSame(PretrainedModel model, ModelInputs prompt, GenerationOptions options, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (pass, isSame) = (0, true);
        try
        {
            TextGeneration.Generate(Forward, model.Config, prompt, options, stop.Token).Dispose();
        }
        catch (OperationCanceledException) when (!isSame)
        {
        }

        return isSame && pass == logits.Count;

        ModelOutput Forward(ModelInputs inputs)
        {
            var output = model.call(inputs);
            isSame = pass < logits.Count && Last(output) is { } last && IsKept(last, logits[pass++]);
            if (!isSame)
            {
                stop.Cancel();
            }

            return output;
        }
    }

    private static Tensor? Last(ModelOutput output) => output.Logits?.select(1, -1).detach(); // [row, vocab]

    private static bool IsKept(Tensor clean, Tensor intervened)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return clean.shape.AsSpan().SequenceEqual(intervened.shape) && !Rounding.IsExceeded(clean, intervened - clean).any().cpu().item<bool>();
    }
}
