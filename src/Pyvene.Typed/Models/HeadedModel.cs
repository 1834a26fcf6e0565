using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of models that put a head on a bare decoder; the module names of both are the architecture's.</summary>
public abstract class HeadedModel : BlockwiseModel
{
    private readonly DecoderArchitecture architecture;

    private protected HeadedModel(string name, ModelConfig config, DecoderArchitecture architecture, Device device)
        : base(name, config)
    {
        this.architecture = architecture;
        Body = architecture.CreateBody(architecture, config, device);
        BeginPaths = [.. Body.BeginPaths.Select(path => $"{architecture.BodyName}.{path}")];
        register_module(architecture.BodyName, Body);
    }

    /// <inheritdoc/>
    public sealed override int BlockCount => Body.BlockCount;

    /// <inheritdoc/>
    public sealed override string BlocksPath => $"{architecture.BodyName}.{Body.BlocksPath}";

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> BeginPaths { get; }

    /// <inheritdoc/>
    internal sealed override CheckpointLayout CheckpointLayout => Body.LayoutOf(isBare: false);

    /// <summary>Gets the bare model.</summary>
    private protected DecoderModel Body { get; }

    /// <inheritdoc/>
    public sealed override BlockwisePass Begin(ModelInputs inputs) => Body.Begin(inputs);

    /// <inheritdoc/>
    public sealed override void RunBlock(BlockwisePass pass, int block) => Body.RunBlock(pass, block);

    /// <inheritdoc/>
    public sealed override ModelOutput Finish(BlockwisePass pass)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(Finish((DecoderPass)pass));
    }

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs) => Body.CheckArguments(inputs);

    internal sealed override double InitialScale(string parameter) => Body.InitialScale(parameter);

    internal sealed override double InitialWeight => Body.InitialWeight;

    /// <summary>Computes the final norm, the head and, with labels, the loss.</summary>
    /// <param name="pass">The state behind the last block.</param>
    private protected abstract ModelOutput Finish(DecoderPass pass);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}
