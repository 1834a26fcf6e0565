using System.Text.Json.Nodes;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Encodes the values, replaces latents and decodes: enc(x) = relu(We (x − bd) + be), dec(l) = Wd l + bd (pyvene's <c>AutoencoderIntervention</c>). What the
/// autoencoder cannot say is lost from the output.
/// </summary>
public sealed class Autoencoder : InterventionModule, IInnerSpace
{
    [ComponentName(Name = "encoder_weight")]
    private readonly Parameter encoder; // [latent, width]

    [ComponentName(Name = "encoder_bias")]
    private readonly Parameter encoderBias; // [latent]

    [ComponentName(Name = "decoder_weight")]
    private readonly Parameter decoder; // [width, latent]

    [ComponentName(Name = "decoder_bias")]
    private readonly Parameter decoderBias; // [width]

    /// <summary>Initialises it with random weights, uniform within one over the square root of what each reads.</summary>
    /// <param name="width">How wide the values are: dModel, times the positions unless each is treated by itself.</param>
    /// <param name="latents">The number of latents.</param>
    public Autoencoder(int width, int latents)
        : base("autoencoder", width, latents)
    {
        CheckMatrix(width, latents, nameof(latents));
        encoder = Keep(Uniform([latents, width], width));
        encoderBias = Keep(Uniform([latents], width));
        decoder = Keep(Uniform([width, latents], latents));
        decoderBias = Keep(Uniform([width], latents));
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
    public Tensor ToSpace(Tensor values) => values.sub(decoderBias).matmul(encoder.mT).add(encoderBias, Scalars.Of(1)).relu(); // [batch, ..., latent]

    /// <summary>Decodes latents: Wd l + bd. With <see cref="ToSpace"/> it is what a training on collected values needs.</summary>
    /// <param name="latents">The latents, in the dtype and on the device of the parameters: [batch, …, latent]. They are not written into.</param>
    /// <returns>A fresh tensor with gradients, in the current dispose scope: [batch, …, width].</returns>
    public Tensor FromSpace(Tensor latents) => latents.matmul(decoder.mT).add(decoderBias, Scalars.Of(1));

    /// <inheritdoc/>
    protected override Tensor Replace(Tensor @base, Tensor source, Tensor? swapped)
    {
        var encoded = ToSpace(source); // [batch, ..., latent]
        var replaced = swapped is null ? encoded : where(swapped, encoded, ToSpace(@base)); // [batch, ..., latent]
        return FromSpace(replaced);
    }

    private protected override bool CountsLeading => false;

    private protected override IEnumerable<StateEntry> StateEntries() =>
    [
        StateEntry.Of("autoencoder.encoder.0.weight", encoder),
        StateEntry.Of("autoencoder.encoder.0.bias", encoderBias),
        StateEntry.Of("autoencoder.decoder.0.weight", decoder),
        StateEntry.Of("autoencoder.decoder.0.bias", decoderBias),
    ];
}
