using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>Is torch.nn's <c>TransformerEncoderLayer</c> of modules that can be seen: TorchSharp's own is one native call.</summary>
internal sealed class PlainEncoderLayer : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly PlainAttention self_attn;
    private readonly Linear linear1;
    private readonly Dropout dropout;
    private readonly Linear linear2;
    private readonly LayerNorm norm1;
    private readonly LayerNorm norm2;
    private readonly Dropout dropout1;
    private readonly Dropout dropout2;
    private readonly bool normsFirst;
    private readonly Func<Tensor, Tensor> activation;

    public PlainEncoderLayer(ModuleNode node)
        : base(nameof(PlainEncoderLayer))
    {
        ModuleBuilder.BatchFirst(node);
        var (width, inner, rate, epsilon) =
            (node.Size("d_model"), node.Size("dim_feedforward", 2048), node.Number("dropout", 0.1), node.Number("layer_norm_eps", 1e-5));
        var hasBias = node.Flag("bias", true);
        activation = node.Text("activation", "relu") switch
        {
            "relu" => x => x.relu(),
            "gelu" => x => x.gelu(),
            var name => throw new UnsupportedCaseException($"{node.Type}: activation {name} is not supported yet"),
        };
        normsFirst = node.Flag("norm_first", false);
        self_attn = new PlainAttention(width, node.Size("nhead"), hasBias);
        (linear1, linear2) = (nn.Linear(width, inner, hasBias), nn.Linear(inner, width, hasBias));
        (norm1, norm2) = (nn.LayerNorm([width], epsilon, true, hasBias), nn.LayerNorm([width], epsilon, true, hasBias));
        (dropout, dropout1, dropout2) = (nn.Dropout(rate), nn.Dropout(rate), nn.Dropout(rate));
        node.CheckRead();
        RegisterComponents();
    }

    /// <summary>Maps [batch, position, width] to the same shape; the masks are those of <see cref="PlainAttention"/>.</summary>
    public override Tensor forward(Tensor src, Tensor? mask = null, Tensor? src_key_padding_mask = null)
    {
        if (normsFirst)
        {
            src = src.add(Attended(norm1.call(src)), Scalars.Of(1));
            return src.add(Fed(norm2.call(src)), Scalars.Of(1));
        }

        src = norm1.call(src.add(Attended(src), Scalars.Of(1)));
        return norm2.call(src.add(Fed(src), Scalars.Of(1)));

        Tensor Attended(Tensor x) => dropout1.call(self_attn.call(x, mask!, src_key_padding_mask!));

        Tensor Fed(Tensor x) => dropout2.call(linear2.call(dropout.call(activation(linear1.call(x)))));
    }
}
