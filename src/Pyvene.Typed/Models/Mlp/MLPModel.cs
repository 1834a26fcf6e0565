using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Mlp;

/// <summary>Is pyvene's MLP without a head (its <c>MLPModel</c>): blocks of a linear map and an activation function, applied to every position by itself.</summary>
/// <remarks>Position embeddings are added only when position ids are given, as in pyvene.</remarks>
public sealed class MLPModel : BlockwiseModel
{
    private readonly Layers.Embedding? wte;
    private readonly Layers.Embedding? wpe;
    private readonly Dropout dropout;
    private readonly ModuleList<MLPBlock> h;

    internal MLPModel(ModelConfig config, Device device)
        : base(nameof(MLPModel), config)
    {
        Settings = new MLPConfig(config);
        wte = Settings.HasEmbedding ? new Layers.Embedding(Settings.VocabSize, Settings.Width, device) : null;
        wpe = Settings.HasEmbedding ? new Layers.Embedding(Settings.PositionCount, Settings.Width, device) : null;
        dropout = nn.Dropout(Settings.Dropout);
        h = nn.ModuleList([.. Enumerable.Range(0, Settings.LayerCount).Select(_ => new MLPBlock(Settings, config, device))]);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public MLPConfig Settings { get; }

    /// <inheritdoc/>
    public override int BlockCount => h.Count;

    /// <inheritdoc/>
    public override string BlocksPath => "h";

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; } = ["wte", "wpe", "dropout"];

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs) => VectorInputs.Check(inputs, wte, wpe, Settings.Width, takesMask: false);

    /// <inheritdoc/>
    public override BlockwisePass Begin(ModelInputs inputs)
    {
        CheckArguments(inputs);
        using var scope = NewDisposeScope();
        return new MLPPass(inputs, scope.HandOut(dropout.call(VectorInputs.Embed(inputs, wte, wpe))));
    }

    /// <inheritdoc/>
    public override void RunBlock(BlockwisePass pass, int block)
    {
        ((MLPPass)pass).HiddenStates?.Add(pass.Hidden.alias());
        using var scope = NewDisposeScope();
        pass.Hidden = scope.HandOut(h[block].call(pass.Hidden)); // [row, position, dModel]
    }

    /// <inheritdoc/>
    public override ModelOutput Finish(BlockwisePass pass) => new() { LastHiddenState = pass.Hidden.alias(), HiddenStates = HiddenStates(pass) };

    /// <summary>Returns the input of every block and, last, the output of the last one; null when they were not asked for.</summary>
    internal static IReadOnlyList<Tensor>? HiddenStates(BlockwisePass pass) => ((MLPPass)pass).HiddenStates is { } states ? [.. states, pass.Hidden.alias()] : null;
}
