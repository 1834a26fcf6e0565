using System.Text.Json.Nodes;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Encodes the values with a threshold a latent, replaces latents and decodes: enc(x) = z · [z &gt; θ] · [z &gt; 0] with z = x W_enc + b_enc, dec(l) = l W_dec
/// + b_dec (pyvene's <c>JumpReLUAutoencoderIntervention</c>; Rajamanoharan et al. 2024). The threshold has no gradient; what the autoencoder cannot say is lost
/// from the output.
/// </summary>
public sealed class JumpReluAutoencoder : InterventionModule, IInnerSpace
{
    [ComponentName(Name = "W_enc")]
    private readonly Parameter encoder; // [width, latent]

    [ComponentName(Name = "W_dec")]
    private readonly Parameter decoder; // [latent, width]

    [ComponentName(Name = "threshold")]
    private readonly Parameter threshold; // [latent]

    [ComponentName(Name = "b_enc")]
    private readonly Parameter encoderBias; // [latent]

    [ComponentName(Name = "b_dec")]
    private readonly Parameter decoderBias; // [width]

    /// <summary>
    /// Initialises it with random weights, and thresholds and biases of 0. Every unit is treated by itself, and as in pyvene the first <paramref name="width"/>
    /// latents are replaced where none are chosen.
    /// </summary>
    /// <param name="width">How wide the values are: dModel, times the positions unless each is treated by itself.</param>
    /// <param name="latents">The number of latents.</param>
    public JumpReluAutoencoder(int width, int latents)
        : base("jump_relu_autoencoder", width, latents, isPerUnit: true, latents > width ? [.. Enumerable.Range(0, width)] : null)
    {
        CheckMatrix(width, latents, nameof(latents));
        encoder = Keep(Uniform([width, latents], width));
        decoder = Keep(Uniform([latents, width], latents));
        threshold = Keep(zeros(latents, dtype: float32));
        encoderBias = Keep(zeros(latents, dtype: float32));
        decoderBias = Keep(zeros(width, dtype: float32));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override JsonObject ToParameters()
    {
        var parameters = base.ToParameters();
        parameters["latents"] = SpaceWidth;
        return parameters;
    }

    /// <inheritdoc/>
    public Tensor ToSpace(Tensor values)
    {
        var before = values.matmul(encoder).add(encoderBias, Scalars.Of(1)); // [batch, ..., latent]
        return before.relu().mul(before.gt(threshold)); // [batch, ..., latent]
    }

    /// <summary>Decodes latents: l W_dec + b_dec. With <see cref="ToSpace"/> it is what a training on collected values needs.</summary>
    /// <param name="latents">The latents, in the dtype and on the device of the parameters: [batch, …, latent]. They are not written into.</param>
    /// <returns>A fresh tensor with gradients, in the current dispose scope: [batch, …, width].</returns>
    public Tensor FromSpace(Tensor latents) => latents.matmul(decoder).add(decoderBias, Scalars.Of(1));

    /// <inheritdoc/>
    protected override Tensor Replace(Tensor @base, Tensor source, Tensor? swapped)
    {
        var encoded = ToSpace(source); // [batch, ..., latent]
        var replaced = swapped is null ? encoded : where(swapped, encoded, ToSpace(@base)); // [batch, ..., latent]
        return FromSpace(replaced);
    }
}
