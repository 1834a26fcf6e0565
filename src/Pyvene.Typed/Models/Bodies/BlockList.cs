using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds blocks, and the norm behind them where it is theirs, under Hugging Face's names; the model calls them one by one.</summary>
internal sealed class BlockList : nn.Module
{
    /// <summary>Registers them.</summary>
    /// <param name="name">What the list of the blocks is called.</param>
    /// <param name="blocks">The blocks.</param>
    public BlockList(string name, IEnumerable<nn.Module<Tensor, Layers.AttentionContext, Tensor>> blocks)
        : base(nameof(BlockList))
    {
        Layers = nn.ModuleList([.. blocks]);
        register_module(name, Layers);
    }

    /// <summary>Gets the blocks, each of which moves the residual stream, [row, position, dModel].</summary>
    public ModuleList<nn.Module<Tensor, Layers.AttentionContext, Tensor>> Layers { get; }

    /// <summary>Gets the norm behind them, or <see langword="null"/>.</summary>
    public nn.Module<Tensor, Tensor>? Norm { get; private set; }

    /// <summary>Registers a norm behind the blocks, and returns this.</summary>
    public BlockList With(string name, nn.Module<Tensor, Tensor> norm)
    {
        Norm = norm;
        register_module(name, norm);
        return this;
    }

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
