using System.Collections.Immutable;

namespace Pyvene.Typed.Training;

/// <summary>Says how parameters follow their gradients, with PyTorch's formulas and defaults. Immutable.</summary>
public sealed record Optimiser
{
    private Optimiser(OptimiserKind kind, double learningRate)
    {
        Kind = kind;
        LearningRate = learningRate;
    }

    /// <summary>Gets the rule.</summary>
    public OptimiserKind Kind { get; }

    /// <summary>Gets the learning rate of parameters that no group names, at least 0.</summary>
    public double LearningRate { get; init; }

    /// <summary>Gets the weight decay of parameters whose group has none. Default: 0, and 0.01 for <see cref="OptimiserKind.AdamW"/>.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Gets how much Adam keeps of the mean of gradients and of their squares, each in 0 to 1. Default: 0.9 and 0.999.</summary>
    public (double First, double Second) Betas { get; init; } = (0.9, 0.999);

    /// <summary>Gets what Adam adds to its denominator. Default: 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gets the momentum of gradient descent, 0 to 1. Default: 0.</summary>
    public double Momentum { get; init; }

    /// <summary>Gets parameters with rates of their own; the first group whose name fits counts.</summary>
    /// <remarks>Temperatures learn only where a group names them: schedules set them.</remarks>
    public ImmutableArray<ParameterGroup> Groups { get; init; } = [];

    /// <summary>Returns Adam.</summary>
    /// <param name="learningRate">The learning rate.</param>
    public static Optimiser Adam(double learningRate = 1e-3) => new(OptimiserKind.Adam, learningRate);

    /// <summary>Returns Adam with decoupled weight decay of 0.01.</summary>
    /// <param name="learningRate">The learning rate.</param>
    public static Optimiser AdamW(double learningRate = 1e-3) => new(OptimiserKind.AdamW, learningRate) { WeightDecay = 0.01 };

    /// <summary>Returns gradient descent.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="momentum">The momentum, 0 to 1.</param>
    public static Optimiser Sgd(double learningRate, double momentum = 0) => new(OptimiserKind.Sgd, learningRate) { Momentum = momentum };

    /// <summary>Returns a copy with a group of parameters that learn at another rate.</summary>
    /// <param name="name">The end of the parameters' names.</param>
    /// <param name="learningRate">The learning rate; 0 keeps them as they are.</param>
    /// <param name="weightDecay">The weight decay; <see langword="null"/> = the optimiser's.</param>
    public Optimiser With(string name, double learningRate, double? weightDecay = null) =>
        this with { Groups = Groups.Add(new ParameterGroup(name, learningRate, weightDecay)) };

    /// <inheritdoc/>
    public bool Equals(Optimiser? other) =>
        other is not null
        && (Kind, LearningRate, WeightDecay, Betas, Epsilon, Momentum)
            == (other.Kind, other.LearningRate, other.WeightDecay, other.Betas, other.Epsilon, other.Momentum)
        && Groups.SequenceEqual(other.Groups);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, LearningRate, WeightDecay, Betas, Epsilon, Momentum, Groups.Length);

    /// <summary>Refuses numbers out of range.</summary>
    /// <exception cref="ArgumentException">One is.</exception>
    internal void Check()
    {
        Require(LearningRate, nameof(LearningRate), 0, double.MaxValue);
        Require(WeightDecay, nameof(WeightDecay), 0, double.MaxValue);
        Require(Betas.First, nameof(Betas), 0, 1);
        Require(Betas.Second, nameof(Betas), 0, 1);
        Require(Epsilon, nameof(Epsilon), 0, double.MaxValue);
        Require(Momentum, nameof(Momentum), 0, 1);
        foreach (var group in Groups)
        {
            ArgumentException.ThrowIfNullOrEmpty(group?.Name);
            Require(group.LearningRate, $"{group.Name}.{nameof(LearningRate)}", 0, double.MaxValue);
            Require(group.WeightDecay ?? 0, $"{group.Name}.{nameof(WeightDecay)}", 0, double.MaxValue);
        }
    }

    private static void Require(double value, string name, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant(
                $"{name} is {value}; it must be {(most == 1 ? "in 0 to 1" : "a number of at least 0")}."));
        }
    }
}
