namespace Pyvene.Typed.Training;

/// <summary>Is what one batch of a training told.</summary>
/// <param name="Step">The number of the batch, from 1.</param>
/// <param name="Steps">How many there will be at most.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">The loss, regularisers included, before it is divided by the number of accumulated batches.</param>
/// <param name="Accuracy">The share of examples of the batch whose likeliest output was right, 0 to 1, before the update.</param>
/// <param name="LearningRates">The rates of the update, by parameter; empty where the batch makes none.</param>
/// <param name="GradientNorms">
/// The norms of the gradients that have been added up behind this batch, by parameter; empty unless <see cref="TrainingOptions.TellGradients"/> asks.
/// </param>
/// <param name="Evaluation">How the held-out examples did behind this batch; <see langword="null"/> where they were not evaluated.</param>
public sealed record TrainingStep(
    long Step,
    long Steps,
    int Epoch,
    double Loss,
    double Accuracy,
    IReadOnlyDictionary<string, double> LearningRates,
    IReadOnlyDictionary<string, double> GradientNorms,
    AlignmentScore? Evaluation);
