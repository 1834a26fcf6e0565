using System.Text.Json.Nodes;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Centres and scales the values, projects them on given principal components, replaces dimensions there and goes back (pyvene's
/// <c>PCARotatedSpaceIntervention</c>). What lies outside of the components is lost; nothing of it is trained.
/// </summary>
public sealed class PcaRotatedSpace : InterventionModule, IInnerSpace
{
    [ComponentName(Name = "pca_components")]
    private readonly Parameter components; // [component, width]

    [ComponentName(Name = "pca_mean")]
    private readonly Parameter mean; // [width]

    [ComponentName(Name = "pca_std")]
    private readonly Parameter deviation; // [width]

    /// <summary>
    /// Initialises it with the first unit vectors as components, mean 0 and deviation 1; <see cref="InterventionModule.LoadState"/> fills in others.
    /// </summary>
    /// <param name="width">How wide the values are: dModel, times the positions unless each is treated by itself.</param>
    /// <param name="components">The number of components, 1 to <paramref name="width"/>.</param>
    public PcaRotatedSpace(int width, int components)
        : base("pca_rotated_space", width, components)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(components, width);
        CheckMatrix(width, components, nameof(components));
        this.components = Keep(eye(components, width, dtype: float32), trains: false);
        mean = Keep(zeros(width, dtype: float32), trains: false);
        deviation = Keep(ones(width, dtype: float32), trains: false);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override JsonObject ToParameters()
    {
        var parameters = base.ToParameters();
        parameters["components"] = SpaceWidth;
        return parameters;
    }

    /// <inheritdoc/>
    public Tensor ToSpace(Tensor values) => values.sub(mean).div(deviation).matmul(components.mT); // [batch, ..., component]

    /// <inheritdoc/>
    protected override Tensor Replace(Tensor @base, Tensor source, Tensor? swapped)
    {
        var projected = ToSpace(source); // [batch, ..., component]
        var replaced = swapped is null ? projected : where(swapped, projected, ToSpace(@base)); // [batch, ..., component]
        return replaced.matmul(components).mul(deviation).add(mean, Scalars.Of(1)); // [batch, ..., width]
    }
}
