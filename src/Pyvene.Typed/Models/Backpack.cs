// Reproduces pyvene's own models/backpack_gpt2/modelings_backpack_gpt2.py.
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Is the block of a Backpack's senses, which reads one position alone.</summary>
internal sealed class BackpackNoMixBlock : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> ln_1;
    private readonly nn.Module<Tensor, Tensor> ln_2;
    private readonly GPT2MLP mlp;
    private readonly Dropout resid_dropout1;
    private readonly Dropout resid_dropout2;

    public BackpackNoMixBlock(DecoderSettings settings, Weights weights)
        : base(nameof(BackpackNoMixBlock))
    {
        (ln_1, ln_2) = (settings.CreateNorm(weights), settings.CreateNorm(weights));
        mlp = new GPT2MLP(settings, 4 * settings.Width, settings.Width, weights);
        (resid_dropout1, resid_dropout2) = (nn.Dropout(settings.HiddenDropout), nn.Dropout(settings.HiddenDropout));
        RegisterComponents();
    }

    /// <summary>Adds the normed embeddings and an MLP to the embeddings, each [row, position, dModel], and returns the sum's norm.</summary>
    public override Tensor forward(Tensor hidden, Tensor embeddings)
    {
        var sum = resid_dropout1.call(hidden).add(embeddings, Scalars.Of(1)); // [row, position, dModel]
        return ln_2.call(resid_dropout2.call(mlp.call(ln_1.call(sum))).add(sum, Scalars.Of(1))); // [row, position, dModel]
    }
}

/// <summary>Makes the senses of every token of its embedding alone.</summary>
internal sealed class BackpackSenseNetwork : nn.Module<Tensor, Tensor>
{
    private readonly Dropout dropout;
    private readonly BackpackNoMixBlock block;
    private readonly nn.Module<Tensor, Tensor> ln;
    private readonly GPT2MLP final_mlp;
    private readonly long senses;

    public BackpackSenseNetwork(DecoderSettings settings, long senses, Weights weights)
        : base(nameof(BackpackSenseNetwork))
    {
        this.senses = senses;
        dropout = nn.Dropout(settings.EmbeddingDropout);
        block = new BackpackNoMixBlock(settings, weights);
        ln = settings.CreateNorm(weights);
        final_mlp = new GPT2MLP(settings, settings.Source.Size("sense_intermediate_scale") * settings.Width, senses * settings.Width, weights);
        RegisterComponents();
    }

    /// <summary>Maps embeddings [row, position, dModel] to senses [row, sense, position, dModel].</summary>
    public override Tensor forward(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var residual = dropout.call(embeddings); // [row, position, dModel]
        var made = final_mlp.call(block.call(ln.call(residual), residual)); // [row, position, sense·dModel]
        return scope.HandOut(made.view(made.shape[0], made.shape[1], senses, -1).transpose(1, 2));
    }
}

/// <summary>Says how much every position takes of each sense of itself and of the positions before it.</summary>
internal sealed class BackpackWeightNetwork : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Linear c_attn;
    private readonly AttentionRule rule;
    private readonly long senses;
    private readonly int layer;

    /// <summary>Builds the network.</summary>
    /// <param name="settings">The sizes.</param>
    /// <param name="senses">How many senses a token has.</param>
    /// <param name="layer">Under which number its keys are kept, behind those of the blocks.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    public BackpackWeightNetwork(DecoderSettings settings, long senses, int layer, Weights weights)
        : base(nameof(BackpackWeightNetwork))
    {
        (this.senses, this.layer) = (senses, layer);
        var each = settings.Width / senses;
        rule = new AttentionRule(1 / Math.Sqrt(each));
        c_attn = new Linear(settings.Width, 2 * senses * each, hasBias: true, weights);
        RegisterComponents();
    }

    /// <summary>Maps the output of the GPT-2, [row, position, dModel], to the contextualisation, [row, sense, query, key].</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var projected = c_attn.call(hidden).view(hidden.shape[0], hidden.shape[1], 2, senses, -1); // [row, position, query or key, sense, part]
        var (query, key) = (projected.select(2, 0).transpose(1, 2), projected.select(2, 1).transpose(1, 2)); // [row, sense, position, part]
        var mask = context.MaskOf();
        return scope.HandOut(Attention.Weights(mask.Scored(query), context.Seen(layer, key), rule, mask).to(hidden.dtype));
    }
}

/// <summary>
/// Is a bare Backpack: the output of a position is a weighted sum of the senses of the positions up to it; the weights are those of a GPT-2's output, in which
/// a position sees no later one.
/// </summary>
internal sealed class BackpackGPT2Model : TextBody
{
    private readonly Decoder gpt2_model;
    private readonly BackpackSenseNetwork sense_network;
    private readonly BackpackWeightNetwork sense_weight_net;

    public BackpackGPT2Model(ModelConfig config, Weights weights)
        : base(nameof(BackpackGPT2Model), config)
    {
        var (settings, senses) = (GPT2Architecture.Read(config), config.Size("num_senses"));
        if (senses > settings.Width)
        {
            throw new CheckpointException(config.Origin, $"'num_senses' is {senses}, but 'n_embd' is {settings.Width}: a sense is weighed by at least one "
                + "number of them.");
        }

        gpt2_model = new Decoder(GPT2Architecture.Instance, config, weights);
        sense_network = new BackpackSenseNetwork(settings, senses, weights);
        sense_weight_net = new BackpackWeightNetwork(settings, senses, settings.LayerCount + 1, weights);
        BlockPaths = [.. gpt2_model.BlockPaths.Select(path => $"{nameof(gpt2_model)}.{path}")];
        BeginPaths = [.. gpt2_model.BeginPaths.Select(path => $"{nameof(gpt2_model)}.{path}")];
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BlockPaths { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; }

    internal override bool IsCausal => true;

    // Positions apart would need the senses of those before them, too.
    internal override bool SharesPositions => false;

    internal override long Width => gpt2_model.Width;

    internal override long VocabSize => gpt2_model.VocabSize;

    internal override Embedding Tokens => gpt2_model.Tokens;

    /// <inheritdoc/>
    public override BlockwisePass Begin(ModelInputs inputs) => gpt2_model.Begin(inputs);

    /// <inheritdoc/>
    public override void RunBlock(BlockwisePass pass, int block) => gpt2_model.RunBlock(pass, block);

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare) => new()
    {
        BasePrefix = "backpack.",
        IsBare = isBare,
        IgnoredEndings = GPT2Architecture.Instance.IgnoredEndings,
        RenamedEndings = new Dictionary<string, string> // the embeddings have a second name
        {
            ["word_embeddings.weight"] = "gpt2_model.wte.weight",
            ["position_embeddings.weight"] = "gpt2_model.wpe.weight",
        },
        Tied = new Dictionary<string, string> { ["lm_head.weight"] = "backpack.gpt2_model.wte.weight" },
    };

    internal override void CheckArguments(ModelInputs inputs) => gpt2_model.CheckArguments(inputs);

    internal override double InitialScale(string parameter) => gpt2_model.InitialScale(parameter);

    internal override Tensor Normalize(Tensor hidden) => gpt2_model.Normalize(hidden);

    /// <inheritdoc/>
    internal override Tensor? Read(TextPass pass, LogitsSelection positions)
    {
        var (inputs, context) = (pass.Inputs, BlockwisePass.Of<TransformerPass>(pass).Attention);
        // a hook on the embeddings sees what the GPT-2 reads
        var senses = sense_network.call(inputs.InputsEmbeds ?? Tokens.RowsOf(inputs.InputIds!)); // [row, sense, position, dModel]
        senses = context.Seen(BlockPaths.Count, senses); // [row, sense, key, dModel]
        var weights = sense_weight_net.call(Normalize(pass.Hidden), context); // [row, sense, query, key]
        pass.Named["contextualization"] = weights;
        var mixed = weights.transpose(1, 2).flatten(2).matmul(senses.flatten(1, 2)); // [row, query, dModel]
        return positions.Select(mixed);
    }
}

/// <summary>Describes the Backpack. Source: Hewitt et al., Backpack Language Models, 2023.</summary>
internal static class BackpackArchitecture
{
    private const string Key = "backpack_gpt2";

    /// <summary>Gets the architecture, whose configurations say that they are a GPT-2's.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gpt2",
        ClassPrefix = "BackpackGPT2",
        LanguageModelClass = "BackpackGPT2LMHeadModel",
        Parts = new() { Body = "backpack" },
        CreateBody = (_, config, weights) => new BackpackGPT2Model(config, weights),
        HasClassifier = false,
        Read = GPT2Architecture.Read,
        Fields = GPT2Architecture.Table(Key, dividesScoresByLayer: true, new()
        {
            ["num_senses"] = Size(ArchitectureDescriptor.DefaultOf(Key, "num_senses"), Widest),
            ["sense_intermediate_scale"] = Size(4, Widest),
            ["tie_word_embeddings"] = Unsaid(true), // the class ties them whatever the field says
        }),
    };
}
