using System.Collections.Immutable;

namespace Pyvene.Typed.Training;

/// <summary>Is how well an experiment does on counterfactual examples.</summary>
/// <param name="Accuracy">
/// The share of examples whose likeliest output under the interventions is the label, 0 to 1: interchange intervention accuracy (Geiger et al. 2021).
/// </param>
/// <param name="Loss">The mean loss of the examples, in nats where it is the cross entropy.</param>
/// <param name="Outputs">The likeliest output of every example, a class or a token, in the order of the set.</param>
public sealed record AlignmentScore(double Accuracy, double Loss, ImmutableArray<int> Outputs)
{
    /// <summary>Gets the metric by which tables of probes and of grids of trainings show the accuracy; nothing else reads it.</summary>
    public static Metric AccuracyMetric { get; } = Metric.Of("interchange intervention accuracy", ProbeScore.Refuse);

    /// <summary>Gets how the examples did under the controls that were asked for.</summary>
    public IReadOnlyList<ControlScore> Controls { get; init; } = [];

    /// <summary>Returns accuracy and loss in words, and the accuracy under every control.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"accuracy {Accuracy:F4}, loss {Loss:F4}, {(Outputs.IsDefault ? 0 : Outputs.Length)} examples")
            + (Controls.Count == 0 ? "" : $"; controls: {string.Join(", ", Controls)}");

    /// <summary>Returns whether each output is right: 1 or 0.</summary>
    internal Analysis.Sample Hits(long[] labels) => Analysis.Sample.Of([.. Outputs.Zip(labels, (output, label) => output == label ? 1.0 : 0.0)]);
}
