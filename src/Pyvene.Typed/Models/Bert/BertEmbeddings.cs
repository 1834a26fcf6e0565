using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Adds up the embeddings of tokens, segments and positions, and norms them.</summary>
internal sealed class BertEmbeddings : nn.Module<ModelInputs, Tensor>
{
    private readonly Embedding position_embeddings;
    private readonly Embedding token_type_embeddings;
    private readonly Layers.LayerNorm LayerNorm;
    private readonly Dropout dropout;

    internal readonly Embedding word_embeddings;

    public BertEmbeddings(BertSettings settings, Device device)
        : base(nameof(BertEmbeddings))
    {
        word_embeddings = new Embedding(settings.VocabSize, settings.Width, device);
        position_embeddings = new Embedding(settings.PositionCount, settings.Width, device);
        token_type_embeddings = new Embedding(settings.SegmentCount, settings.Width, device);
        LayerNorm = new Layers.LayerNorm(settings.Width, settings.NormEpsilon, device);
        dropout = nn.Dropout(settings.HiddenDropout);
        RegisterComponents();
    }

    /// <summary>Returns the residual stream before the first block: [batch, position, dModel].</summary>
    public override Tensor forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var tokens = inputs.InputsEmbeds ?? word_embeddings.call(inputs.InputIds!); // [batch, position, dModel]
        var positions = inputs.PositionIds ?? arange(Scalars.Of(0), Scalars.Of(tokens.shape[1]), Scalars.Of(1), ScalarType.Int64, tokens.device).unsqueeze(0); // [batch or 1, position]
        var segments = inputs.TokenTypeIds ?? zeros([1, tokens.shape[1]], ScalarType.Int64, tokens.device); // [batch or 1, position]
        var sum = tokens.add(token_type_embeddings.call(segments), Scalars.Of(1)).add(position_embeddings.call(positions), Scalars.Of(1)); // [batch, position, dModel]
        return scope.HandOut(dropout.call(LayerNorm.call(sum)));
    }
}
