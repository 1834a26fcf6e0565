using Pyvene.Typed.Checkpoints;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of pyvene's models with a head on a bare model of vectors: its beginning and its blocks are those of the bare one.</summary>
internal abstract class VectorHead : BlockwiseModel
{
    private readonly Func<BlockwiseModel> body; // a field that holds the module itself would register it under a second name

    /// <summary>Registers the bare model.</summary>
    /// <param name="name">The class name.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="bodyName">What the bare model is called.</param>
    /// <param name="body">The bare model.</param>
    private protected VectorHead(string name, ModelConfig config, string bodyName, BlockwiseModel body)
        : base(name, config)
    {
        this.body = () => body;
        BlockPaths = [.. body.BlockPaths.Select(path => $"{bodyName}.{path}")];
        BeginPaths = [.. body.BeginPaths.Select(path => $"{bodyName}.{path}")];
        CheckpointLayout = new() { BasePrefix = bodyName + "." };
        register_module(bodyName, body);
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> BlockPaths { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> BeginPaths { get; }

    /// <inheritdoc/>
    internal sealed override CheckpointLayout CheckpointLayout { get; }

    /// <inheritdoc/>
    public sealed override BlockwisePass Begin(ModelInputs inputs)
    {
        CheckArguments(inputs);
        return body().Begin(inputs);
    }

    /// <inheritdoc/>
    public sealed override void RunBlock(BlockwisePass pass, int block) => body().RunBlock(pass, block);

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs) => body().CheckArguments(inputs);
}
