using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;

namespace Pyvene.Typed.Models;

/// <summary>Adds up the embeddings of tokens, positions and, where the model has them, segments, and norms them.</summary>
internal sealed class EncoderEmbeddings : nn.Module<ModelInputs, Tensor>
{
    private readonly EncoderSettings settings;
    private readonly Embedding positions;
    private readonly Embedding? segments;
    private readonly nn.Module<Tensor, Tensor> norm;
    private readonly Dropout dropout;

    public EncoderEmbeddings(EncoderSettings settings, EncoderParts parts, Embedding tokens, Weights weights)
        : base(nameof(EncoderEmbeddings))
    {
        this.settings = settings;
        Tokens = tokens;
        positions = new Embedding(settings.PositionCount!.Value, settings.Width, weights);
        segments = parts.Segments is null ? null : new Embedding(settings.SegmentCount, settings.Width, weights);
        norm = settings.CreateNorm(weights);
        dropout = nn.Dropout(settings.HiddenDropout);
        register_module(parts.Positions, positions);
        if (segments is not null)
        {
            register_module(parts.Segments!, segments);
        }

        register_module(parts.EmbeddingNorm, norm);
        register_module("dropout", dropout);
        register_module(parts.Tokens, tokens); // behind the others: random weights are drawn in this order
    }

    /// <summary>Gets the token embedding.</summary>
    private Embedding Tokens { get; }

    /// <summary>Returns the residual stream before the first block: [batch, position, dModel].</summary>
    public override Tensor forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var sum = inputs.InputsEmbeds ?? Tokens.call(inputs.InputIds!); // [batch, position, dModel]
        if (segments is not null)
        {
            var ids = inputs.TokenTypeIds ?? zeros([1, sum.shape[1]], ScalarType.Int64, sum.device); // [batch or 1, position]
            sum = sum.add(segments.call(ids), Scalars.Of(1)); // [batch, position, dModel]
        }

        var places = inputs.PositionIds
            ?? (settings.PaddingToken is { } padding ? PaddedPositions.Of(inputs, padding) : Counted(sum)); // [batch or 1, position]
        return scope.HandOut(dropout.call(norm.call(sum.add(positions.call(places), Scalars.Of(1)))));
    }

    // [1, position]
    private static Tensor Counted(Tensor embeds) =>
        arange(Scalars.Of(0), Scalars.Of(embeds.shape[1]), Scalars.Of(1), ScalarType.Int64, embeds.device).unsqueeze(0);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
