using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is a decoder's block: attention and MLP, each behind a norm, each added to the residual stream, after a second norm (Gemma 2) or a dropout (GPT-NeoX) where
/// the architecture has one. The MLP reads what attention left or, in parallel, what enters the block.
/// </summary>
internal sealed class DecoderBlock : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> attentionNorm;
    private readonly nn.Module<Tensor, AttentionContext, Tensor> attention;
    private readonly nn.Module<Tensor, Tensor>? attentionEnd;
    private readonly nn.Module<Tensor, Tensor> mlpNorm;
    private readonly nn.Module<Tensor, Tensor> mlp;
    private readonly nn.Module<Tensor, Tensor>? mlpEnd;
    private readonly bool isParallel;

    public DecoderBlock(DecoderArchitecture architecture, DecoderSettings settings, int layer, Device device)
        : base(nameof(DecoderBlock))
    {
        var parts = architecture.Parts;
        isParallel = settings.IsParallel;
        attentionNorm = Part(parts.AttentionNorm, settings.CreateNorm(device));
        attention = Part(parts.Attention, architecture.CreateAttention(settings, layer, device));
        attentionEnd = End(parts.AttentionEndNorm, parts.AttentionEndDropout);
        mlpNorm = Part(parts.MlpNorm, settings.CreateNorm(device));
        mlp = Part(parts.Mlp, architecture.CreateMlp(settings, device));
        mlpEnd = End(parts.MlpEndNorm, parts.MlpEndDropout);

        TModule Part<TModule>(string name, TModule part)
            where TModule : nn.Module
        {
            register_module(name, part);
            return part;
        }

        nn.Module<Tensor, Tensor>? End(string? norm, string? dropout) =>
            norm is not null ? Part(norm, settings.CreateNorm(device))
            : dropout is not null ? Part(dropout, nn.Dropout(settings.HiddenDropout))
            : null;
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var attended = attention.call(attentionNorm.call(hidden), context); // [row, position, dModel]
        attended = attentionEnd is null ? attended : attentionEnd.call(attended); // [row, position, dModel]
        var middle = isParallel ? hidden : hidden.add(attended, Scalars.Of(1)); // [row, position, dModel]
        var made = mlp.call(mlpNorm.call(middle)); // [row, position, dModel]
        made = mlpEnd is null ? made : mlpEnd.call(made); // [row, position, dModel]
        return isParallel ? made.add(attended, Scalars.Of(1)).add(hidden, Scalars.Of(1)) : middle.add(made, Scalars.Of(1)); // [row, position, dModel]
    }

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
