using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Reads metrics off the cells of a sweep; made before anything runs, so that a token that is none is refused then.</summary>
internal sealed class MetricReader
{
    private readonly Func<Tensor, Tensor, Tensor>[] functions;

    /// <summary>Initialises the reader.</summary>
    /// <exception cref="InterventionException">A token's text is not one token, or there are not as many tokens as examples.</exception>
    public MetricReader(IReadOnlyList<Metric> metrics, TextTokenizer? tokenizer, int examples)
    {
        Metrics = metrics;
        functions = [.. metrics.Select(metric => metric.For(tokenizer, examples))];
        Names = [.. metrics.Select(metric => metric.NameFor(tokenizer))];
    }

    /// <summary>Gets the metrics.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Gets the names that results show.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Returns what the metrics read off logits: one sample a metric.</summary>
    /// <param name="logits">The logits, [batch, vocab].</param>
    /// <param name="clean">Those of the clean run, of the same shape.</param>
    public Sample[] Read(Tensor logits, Tensor clean)
    {
        using var scope = NewDisposeScope();
        var (after, before) = (logits.to(float32), clean.to(float32));
        return [.. functions.Select(measure => Sample.Of(measure(after, before).to(float64).cpu().contiguous().data<double>().ToArray()))];
    }

    /// <summary>Refuses what is no number.</summary>
    /// <param name="values">What was read off a cell.</param>
    /// <param name="cell">The cell in words.</param>
    /// <exception cref="InterventionException">A metric is not a number.</exception>
    public void RefuseNotANumber(IReadOnlyList<Sample> values, string cell)
    {
        for (var index = 0; index < values.Count; index++)
        {
            if (double.IsNaN(values[index].Mean))
            {
                throw new InterventionException(
                    "metric",
                    $"'{Names[index]}' is not a number (NaN) in the cell of {cell}: look at its logits and at the metric. "
                    + "If that is a result, run with EffectCheck.Report.");
            }
        }
    }
}
