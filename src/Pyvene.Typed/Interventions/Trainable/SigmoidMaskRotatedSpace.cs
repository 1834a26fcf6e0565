using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Rotates the values and replaces every rotated dimension by a learned share σ(masks / T) (pyvene's <c>SigmoidMaskRotatedSpaceIntervention</c>).
/// </summary>
public sealed class SigmoidMaskRotatedSpace : RotatingModule, IGate
{
    [ComponentName(Name = "masks")]
    private readonly Parameter masks; // [width]

    [ComponentName(Name = "temperature")]
    private readonly Parameter temperature = Keep(tensor(50f));

    /// <summary>Initialises it with a random rotation, every mask 100 and the temperature 50.</summary>
    /// <param name="width">How wide the values are: dModel, times the positions unless each is treated by itself.</param>
    public SigmoidMaskRotatedSpace(int width)
        : base("sigmoid_mask_rotated_space", width, width, choosesDimensions: false)
    {
        masks = Keep(full([width], Scalars.Of(100f), dtype: float32));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public Tensor ComputeGate(Tensor values) => Share().expand(values.shape); // [batch, ..., width]

    /// <inheritdoc/>
    protected override Tensor Replace(Tensor @base, Tensor source, Tensor? swapped)
    {
        var rotation = Rotation; // [width, width]
        var share = Share(); // [width]
        // [batch, ..., width]
        var rotated = share.neg().add(Scalars.Of(1), Scalars.Of(1)).mul(@base.matmul(rotation)).add(share.mul(source.matmul(rotation)), Scalars.Of(1));
        return rotated.matmul(rotation.mT); // [batch, ..., width]
    }

    private protected override IEnumerable<StateEntry> OwnEntries() => [StateEntry.Of("masks", masks), StateEntry.Of("temperature", temperature)];

    private Tensor Share() => sigmoid(masks.div(temperature)); // [width]
}
