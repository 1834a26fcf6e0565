using Pyvene.Typed.Analysis;
using Pyvene.Typed.Causal;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Is how well a linear probe tells classes apart on examples that it was not fitted to, with its controls. Immutable.</summary>
/// <remarks>
/// Each is a sample of 0 and 1, whether a held-out example is told right: <c>Mean</c> is the accuracy, <c>StandardError</c> how sure it is. That a class can be
/// read off a place does not say that the model uses it; interventions do.
/// </remarks>
/// <param name="Accuracy">The probe's.</param>
/// <param name="Control">
/// That of a probe for labels that were shuffled among all examples: what a probe of this kind makes of chance (after Hewitt and Liang 2019).
/// </param>
/// <param name="Majority">That of the guess that is the commonest label of the examples that the probe was fitted to.</param>
public sealed record ProbeScore(Sample Accuracy, Sample Control, Sample Majority)
{
    /// <summary>Gets the metric by which a table of probes shows the accuracy; nothing else reads it.</summary>
    public static Metric AccuracyMetric { get; } = Metric.Of("probe accuracy", Refuse);

    /// <summary>Gets the metric by which a table of probes shows the accuracy of the shuffled-label control; nothing else reads it.</summary>
    public static Metric ControlMetric { get; } = Metric.Of("probe accuracy, labels shuffled", Refuse);

    /// <summary>Fits a linear probe, a multinomial logistic regression on standardised values, and judges it on what was held out.</summary>
    /// <param name="values">The values that it reads, floating-point [example, width]; they stay the caller's.</param>
    /// <param name="labels">The class of each, from 0: int64 [example].</param>
    /// <param name="options">The settings; <see langword="null"/> = the defaults.</param>
    /// <exception cref="ArgumentException">
    /// Shapes do not fit, a value is no finite number, there is one class only, or a class has one example, so that none of it could be held out.
    /// </exception>
    public static ProbeScore Of(Tensor values, Tensor labels, ProbeOptions? options = null)
    {
        options ??= new ProbeOptions();
        options.Check();
        using var scope = NewDisposeScope();
        var examples = LabelledValues.Of(values, labels);
        var random = new CausalRandom(options.Seed);
        var (fitted, held) = Split(examples.Labels, options.HeldOut, random);
        var shuffled = examples with { Labels = Shuffled(examples.Labels, random) };
        var majority = fitted.CountBy(row => examples.Labels[row]).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;
        return new(
            Right(examples), Right(shuffled), Sample.Of([.. held.Select(row => examples.Labels[row] == majority ? 1.0 : 0.0)]));

        Sample Right(LabelledValues all)
        {
            var found = LogisticRegression.Fit(all.Rows(fitted), examples.Classes, options.Penalty).Classify(all.Rows(held).Values);
            return Sample.Of([.. held.Zip(found, (row, label) => all.Labels[row] == label ? 1.0 : 0.0)]);
        }
    }

    /// <summary>Returns the accuracies in words.</summary>
    public override string ToString() => Accuracy is null ? "no probe" : FormattableString.Invariant(
        $"accuracy {Accuracy.Mean:F4}, labels shuffled {Control?.Mean:F4}, majority {Majority?.Mean:F4}, {Accuracy.Count} held out");

    // Of every class alike, so that none is missing on a side.
    private static (int[] Fitted, int[] Held) Split(int[] labels, double share, CausalRandom random)
    {
        var (fitted, held) = (new List<int>(), new List<int>());
        foreach (var rows in Enumerable.Range(0, labels.Length).GroupBy(row => labels[row]).OrderBy(rows => rows.Key))
        {
            int[] order = Shuffled([.. rows], random);
            if (order.Length < 2)
            {
                throw new ArgumentException(
                    $"The label {rows.Key} has one example, so that none could be held out; every label needs two at least.", nameof(labels));
            }

            var count = Math.Clamp((int)Math.Round(share * order.Length), 1, order.Length - 1);
            held.AddRange(order[..count]);
            fitted.AddRange(order[count..]);
        }

        return ([.. fitted.Order()], [.. held.Order()]);
    }

    private static int[] Shuffled(int[] items, CausalRandom random)
    {
        int[] copy = [.. items];
        for (var left = copy.Length - 1; left > 0; left--)
        {
            var other = random.Next(left + 1);
            (copy[left], copy[other]) = (copy[other], copy[left]);
        }

        return copy;
    }

    /// <summary>Is the function of metrics that a table shows and no logits tell.</summary>
    internal static Tensor Refuse(Tensor logits) => throw new InterventionException(
        "metric", "The accuracy of a probe or an alignment is not read off logits; it stands in the tables that model.Probe(…) returns.");
}
