using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is a decoder's block: attention and MLP, each added to the residual stream, with a norm before (all but OLMo 2), a norm behind (Gemma 2, OLMo 2) or a
/// dropout behind (GPT-NeoX). The MLP reads what attention left or, in parallel, what enters the block;
/// without a norm of its own it then shares that of attention.
/// </summary>
internal sealed class DecoderBlock : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>? attentionNorm;
    private readonly nn.Module<Tensor, AttentionContext, Tensor> attention;
    private readonly nn.Module<Tensor, Tensor>? attentionEnd;
    private readonly nn.Module<Tensor, Tensor>? mlpNorm;
    private readonly nn.Module<Tensor, Tensor>? plainMlp;
    private readonly nn.Module<Tensor, AttentionContext, Tensor>? expertMlp; // in the place of an MLP
    private readonly nn.Module<Tensor, Tensor>? mlpEnd;
    private readonly bool isParallel;

    public DecoderBlock(DecoderArchitecture architecture, DecoderSettings settings, int layer, Weights weights)
        : base(nameof(DecoderBlock))
    {
        var parts = settings.Parts ?? architecture.Parts;
        isParallel = settings.IsParallel;
        attentionNorm = Norm(parts.AttentionNorm);
        attention = Part(parts.Attention, architecture.CreateAttention(settings, layer, weights));
        attentionEnd = End(parts.AttentionEndNorm, parts.AttentionEndDropout);
        mlpNorm = Norm(parts.MlpNorm);
        if (settings.Experts is null)
        {
            plainMlp = Part(parts.Mlp, architecture.CreateMlp(settings, weights));
        }
        else
        {
            expertMlp = Part(parts.Mlp, architecture.CreateExperts!(settings, weights));
        }

        mlpEnd = End(parts.MlpEndNorm, parts.MlpEndDropout);

        TModule Part<TModule>(string name, TModule part)
            where TModule : nn.Module
        {
            register_module(name, part);
            return part;
        }

        nn.Module<Tensor, Tensor>? Norm(string? name) => name is null ? null : Part(name, settings.CreateNorm(weights));

        nn.Module<Tensor, Tensor>? End(string? norm, string? dropout) =>
            Norm(norm) ?? (dropout is null ? null : Part(dropout, nn.Dropout(settings.HiddenDropout)));
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var normed = Behind(attentionNorm, hidden); // [row, position, dModel]
        var attended = Behind(attentionEnd, attention.call(normed, context)); // [row, position, dModel]
        var middle = isParallel ? hidden : hidden.add(attended, Scalars.Of(1)); // [row, position, dModel]
        var read = isParallel && mlpNorm is null ? normed : Behind(mlpNorm, middle); // [row, position, dModel]
        var made = Behind(mlpEnd, plainMlp is null ? expertMlp!.call(read, context) : plainMlp.call(read)); // [row, position, dModel]
        return isParallel ? made.add(attended, Scalars.Of(1)).add(hidden, Scalars.Of(1)) : middle.add(made, Scalars.Of(1)); // [row, position, dModel]
    }

    private static Tensor Behind(nn.Module<Tensor, Tensor>? part, Tensor values) => part is null ? values : part.call(values);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
