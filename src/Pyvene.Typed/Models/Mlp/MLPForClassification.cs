using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Mlp;

/// <summary>Is pyvene's MLP as a classifier of vectors (its <c>MLPForClassification</c>): a score for every label at every position.</summary>
public sealed class MLPForClassification : BlockwiseModel
{
    private readonly MLPModel mlp;
    private readonly Linear score;

    internal MLPForClassification(ModelConfig config, Device device)
        : base(nameof(MLPForClassification), config)
    {
        mlp = new MLPModel(config, device);
        score = new Linear(Settings.Width, Settings.LabelCount, Settings.HasBias, device);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public MLPConfig Settings => mlp.Settings;

    /// <inheritdoc/>
    public override int BlockCount => mlp.BlockCount;

    /// <inheritdoc/>
    public override string BlocksPath => "mlp.h";

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; } = ["mlp.wte", "mlp.wpe", "mlp.dropout"];

    /// <inheritdoc/>
    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "mlp." };

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs) => mlp.CheckArguments(inputs);

    /// <inheritdoc/>
    public override BlockwisePass Begin(ModelInputs inputs) => mlp.Begin(inputs);

    /// <inheritdoc/>
    public override void RunBlock(BlockwisePass pass, int block) => mlp.RunBlock(pass, block);

    /// <inheritdoc/>
    public override ModelOutput Finish(BlockwisePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        using var scope = NewDisposeScope();
        var scores = score.call(pass.Hidden); // [row, position, label]
        var logits = Settings.SqueezesOutput && scores.shape[1] == 1 ? scores.squeeze(1) : scores; // [row, label]
        var loss = pass.Inputs.Labels is { } labels ? Losses.Classification(logits.reshape(-1, logits.shape[^1]), labels, Settings.ProblemType) : null; // [row · position, label]
        return scope.HandOut(new ModelOutput { Logits = logits, Loss = loss, HiddenStates = MLPModel.HiddenStates(pass) });
    }
}
