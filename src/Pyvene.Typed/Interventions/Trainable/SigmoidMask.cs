using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Replaces every feature by a learned share m = σ(mask / T): (1 − m) b + m s (pyvene's <c>SigmoidMaskIntervention</c>). The temperature has no gradient, and
/// every unit is treated by itself.
/// </summary>
public sealed class SigmoidMask : InterventionModule, IGate
{
    [ComponentName(Name = "mask")]
    private readonly Parameter mask; // [width]

    [ComponentName(Name = "temperature")]
    private readonly Parameter temperature = Keep(tensor(0.01f));

    /// <summary>Initialises it with every mask 0 and the temperature 0.01.</summary>
    /// <param name="width">How wide the values of one unit are.</param>
    public SigmoidMask(int width)
        : base("sigmoid_mask", width, spaceWidth: null, isPerUnit: true)
    {
        mask = Keep(zeros(width, dtype: float32));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public Tensor ComputeGate(Tensor values) => Share().expand(values.shape); // [batch, ..., width]

    /// <inheritdoc/>
    protected override Tensor Replace(Tensor @base, Tensor source, Tensor? swapped) =>
        @base.add(source.sub(@base).mul(Share()), Scalars.Of(1)); // [batch, ..., width]

    private Tensor Share() => sigmoid(mask.div(temperature.detach())); // [width]
}
