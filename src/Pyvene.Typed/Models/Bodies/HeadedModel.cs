using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of models that put a head on a bare model; the module names of both are the architecture's.</summary>
public abstract class HeadedModel : BlockwiseModel
{
    private readonly string bodyName;

    private protected HeadedModel(string name, TextBody body, string bodyName)
        : base(name, body.Config)
    {
        (Body, this.bodyName) = (body, bodyName);
        BlockPaths = [.. body.BlockPaths.Select(path => $"{bodyName}.{path}")];
        BeginPaths = [.. body.BeginPaths.Select(path => $"{bodyName}.{path}")];
        register_module(bodyName, body);
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> BlockPaths { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> BeginPaths { get; }

    /// <inheritdoc/>
    internal sealed override CheckpointLayout CheckpointLayout => Body.LayoutOf(isBare: false);

    /// <inheritdoc/>
    internal sealed override bool IsCausal => Body.IsCausal;

    /// <inheritdoc/>
    internal sealed override bool SharesPositions => Body.SharesPositions;

    /// <summary>Gets the bare model.</summary>
    private protected TextBody Body { get; }

    /// <inheritdoc/>
    public sealed override BlockwisePass Begin(ModelInputs inputs) => Body.Begin(inputs);

    /// <inheritdoc/>
    public sealed override void RunBlock(BlockwisePass pass, int block) => Body.RunBlock(pass, block);

    /// <inheritdoc/>
    public sealed override ModelOutput Finish(BlockwisePass pass)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(Finish(BlockwisePass.Of<TextPass>(pass)));
    }

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs) => Body.CheckArguments(inputs);

    /// <inheritdoc/>
    internal sealed override string PositionAxisOf(string path) => Body.PositionAxisOf(path);

    internal sealed override long? ContextLength => Body.ContextLength;

    internal sealed override bool Draws(string parameter, long axes) => Body.Draws(parameter, axes);

    internal sealed override double InitialScale(string parameter) => Body.InitialScale(parameter);

    internal sealed override Tensor? InitialValue(string parameter) => Body.InitialValue(parameter);

    internal sealed override double InitialWeight => Body.InitialWeight;

    /// <summary>Computes the final norm, the head and, with labels, the loss.</summary>
    /// <param name="pass">The state behind the last block.</param>
    private protected abstract ModelOutput Finish(TextPass pass);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}
