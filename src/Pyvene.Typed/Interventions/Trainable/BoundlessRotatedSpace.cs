using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Rotates the values and replaces the first rotated dimensions, as many as a learned soft boundary says: m = σ(i / T) · σ((e − i) / T) for dimension i, where
/// e is the boundary, clamped to [0.001, 1], times the width (pyvene's <c>BoundlessRotatedSpaceIntervention</c>; Wu et al. 2023). The mask is the same for
/// every example.
/// </summary>
public sealed class BoundlessRotatedSpace : RotatingModule, IGate
{
    [ComponentName(Name = "intervention_boundaries")]
    private readonly Parameter boundary = Keep(full([1], Scalars.Of(0.5f), dtype: float32)); // [1]

    [ComponentName(Name = "temperature")]
    private readonly Parameter temperature = Keep(tensor(50f));

    [ComponentName(Name = "intervention_population")]
    private readonly Tensor population; // [width], int64

    /// <summary>Initialises it with a random rotation, the boundary 0.5 and the temperature 50.</summary>
    /// <param name="width">How wide the values are: dModel, times the positions unless each is treated by itself.</param>
    public BoundlessRotatedSpace(int width)
        : base("boundless_rotated_space", width, width, choosesDimensions: false)
    {
        population = arange(Scalars.Of(0), Scalars.Of(width), Scalars.Of(1), dtype: int64).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public Tensor ComputeGate(Tensor values) => Share().expand(values.shape); // [batch, ..., width]

    /// <inheritdoc/>
    protected override Tensor Replace(Tensor @base, Tensor source, Tensor? swapped)
    {
        var mask = Share(); // [width]
        // [batch, ..., width]
        var rotated = mask.neg().add(Scalars.Of(1), Scalars.Of(1)).mul(@base.matmul(Rotation)).add(mask.mul(source.matmul(Rotation)), Scalars.Of(1));
        return rotated.matmul(Rotation.mT); // [batch, ..., width]
    }

    private protected override IEnumerable<StateEntry> OwnEntries() =>
        [StateEntry.Of("intervention_boundaries", boundary), StateEntry.Of("temperature", temperature), StateEntry.Of("intervention_population", population)];

    private Tensor Share()
    {
        var end = boundary.clamp(Scalars.Of(1e-3), Scalars.Of(1)).mul(Scalars.Of(Width)); // [1]
        return SoftBoundary.Product(population, end.sub(population), temperature); // [width]
    }
}
