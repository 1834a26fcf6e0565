using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Is one of the MLP's blocks: a linear map and an activation function, nothing else.</summary>
internal sealed class MLPBlock : nn.Module<Tensor, Tensor>
{
    private readonly Linear ff1;
    private readonly nn.Module<Tensor, Tensor> act;
    private readonly Dropout dropout;

    public MLPBlock(VectorSettings settings, ModelConfig source, Weights weights)
        : base(nameof(MLPBlock))
    {
        ff1 = new Linear(settings.Width, settings.Width, settings.HasBias, weights);
        act = Activations.Create(source.Text("activation_function"), source);
        dropout = nn.Dropout(settings.Dropout);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, dModel] to [row, position, dModel].</summary>
    public override Tensor forward(Tensor hidden) => dropout.call(act.call(ff1.call(hidden)));
}

/// <summary>
/// Is pyvene's MLP without a head (its <c>MLPModel</c>): blocks of a linear map and an activation function, applied to every position by itself.
/// </summary>
/// <remarks>Position embeddings are added only when position ids are given, as in pyvene.</remarks>
internal sealed class MLPModel : BlockwiseModel
{
    private readonly Embedding? wte;
    private readonly Embedding? wpe;
    private readonly Dropout dropout;
    private readonly ModuleList<MLPBlock> h;

    internal MLPModel(ModelConfig config, Weights weights)
        : base(nameof(MLPModel), config)
    {
        Settings = new VectorSettings(config, "num_classes");
        wte = Settings.HasEmbedding ? new Embedding(Settings.VocabSize, Settings.Width, weights) : null;
        wpe = Settings.HasEmbedding ? new Embedding(Settings.PositionCount, Settings.Width, weights) : null;
        dropout = nn.Dropout(Settings.Dropout);
        h = nn.ModuleList([.. Enumerable.Range(0, Settings.LayerCount).Select(_ => new MLPBlock(Settings, config, weights))]);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public VectorSettings Settings { get; }

    public override IReadOnlyList<string> BlockPaths => PathsIn("h", h.Count);

    public override IReadOnlyList<string> BeginPaths { get; } = ["wte", "wpe", "dropout"];

    internal override void CheckArguments(ModelInputs inputs) => VectorInputs.Check(inputs, wte, wpe, Settings.Width, takesMask: false);

    public override BlockwisePass Begin(ModelInputs inputs)
    {
        CheckArguments(inputs);
        using var scope = NewDisposeScope();
        return new MLPPass(inputs, scope.HandOut(dropout.call(VectorInputs.Embed(inputs, wte, wpe))));
    }

    public override void RunBlock(BlockwisePass pass, int block)
    {
        BlockwisePass.Of<MLPPass>(pass).HiddenStates?.Add(pass.Hidden.alias());
        using var scope = NewDisposeScope();
        pass.Hidden = scope.HandOut(h[block].call(pass.Hidden)); // [row, position, dModel]
    }

    public override ModelOutput Finish(BlockwisePass pass) => new() { HiddenStates = HiddenStates(pass), LastHiddenState = pass.Hidden.alias() };

    /// <summary>Returns the input of every block and, last, the output of the last one; null when they were not asked for.</summary>
    internal static IReadOnlyList<Tensor>? HiddenStates(BlockwisePass pass) =>
        BlockwisePass.Of<MLPPass>(pass).HiddenStates is { } states ? [.. states, pass.Hidden.alias()] : null;
}

/// <summary>Is pyvene's MLP as a classifier of vectors (its <c>MLPForClassification</c>): a score for every label at every position.</summary>
internal sealed class MLPForClassification : VectorHead
{
    private readonly VectorSettings settings;
    private readonly Linear score;

    internal MLPForClassification(ModelConfig config, Weights weights)
        : this(config, new MLPModel(config, weights), weights)
    {
    }

    private MLPForClassification(ModelConfig config, MLPModel mlp, Weights weights)
        : base(nameof(MLPForClassification), config, nameof(mlp), mlp)
    {
        settings = mlp.Settings;
        score = new Linear(settings.Width, settings.LabelCount, settings.HasBias, weights);
        RegisterComponents();
    }

    public override ModelOutput Finish(BlockwisePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        using var scope = NewDisposeScope();
        var scores = score.call(pass.Hidden); // [row, position, label]
        var logits = Config.Flag("squeeze_output") && scores.shape[1] == 1 ? scores.squeeze(1) : scores; // [row, label]
        var loss = pass.Inputs.Labels is { } labels
            ? Losses.Classification(logits.reshape(-1, logits.shape[^1]), labels, settings.ProblemType)
            : null; // [row · position, label]
        return scope.HandOut(new ModelOutput { Logits = logits, Loss = loss, HiddenStates = MLPModel.HiddenStates(pass) });
    }
}

/// <summary>Is a forward pass of the MLP between two blocks.</summary>
internal sealed class MLPPass(ModelInputs inputs, Tensor hidden) : BlockwisePass(inputs, hidden)
{
    /// <summary>Gets the input of every block so far, or null when they are not asked for.</summary>
    public List<Tensor>? HiddenStates { get; } = inputs.OutputHiddenStates ? [] : null;

    public override void SelectRows(Tensor rows)
    {
        Inputs = Inputs.SelectRows(rows);
        Hidden = Hidden.Rows(rows);
        for (var index = 0; index < HiddenStates?.Count; index++)
        {
            HiddenStates[index] = HiddenStates[index].Rows(rows);
        }
    }
}

/// <summary>Lists pyvene's MLP models.</summary>
internal static class MLPArchitecture
{
    private const string ModelType = "mlp";

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } = new(
        [
            .. OfPyvene(ModelType),
            new("num_classes", Size(ArchitectureDescriptor.DefaultOf(ModelType, "num_classes"), MostLabels)),
            new("activation_function", Activation("gelu")),
            new("squeeze_output", Flag(true)),
        ])
    { LayerField = "n_layer" };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(MLPModel), ModelType, Fields, (config, weights) => new MLPModel(config, weights)),
        new(nameof(MLPForClassification), ModelType, Fields, (config, weights) => new MLPForClassification(config, weights)),
    ];
}
