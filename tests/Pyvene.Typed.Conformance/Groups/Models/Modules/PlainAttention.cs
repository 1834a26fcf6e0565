using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>Is the self-attention of torch.nn's encoder layer, of modules that can be seen: TorchSharp's own is one native call.</summary>
internal sealed class PlainAttention : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly Parameter in_proj_weight; // [3·width, width]
    private readonly Parameter? in_proj_bias; // [3·width]
    private readonly Linear out_proj;
    private readonly long heads;

    public PlainAttention(long width, long heads, bool hasBias)
        : base(nameof(PlainAttention))
    {
        this.heads = heads;
        in_proj_weight = new Parameter(zeros(3 * width, width));
        in_proj_bias = hasBias ? new Parameter(zeros(3 * width)) : null;
        out_proj = nn.Linear(width, width, hasBias);
        RegisterComponents();
    }

    /// <summary>Maps [batch, position, width] to what attention mixes, of the same shape.</summary>
    /// <param name="x">The values.</param>
    /// <param name="mask">[query, key] or [batch·head, query, key]: true = not seen, or what is added to the scores; null = all are seen.</param>
    /// <param name="padding">[batch, key], likewise.</param>
    public override Tensor forward(Tensor x, Tensor? mask = null, Tensor? padding = null)
    {
        var (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var parts = nn.functional.linear(x, in_proj_weight, in_proj_bias).chunk(3, -1);
        var (query, key, value) = (Heads(parts[0]), Heads(parts[1]), Heads(parts[2])); // [batch, head, position, width / head]
        var scores = query.matmul(key.transpose(2, 3)).mul(Scalars.Of(1 / Math.Sqrt(width / heads))); // [batch, head, query, key]
        if (mask is not null) scores = Masked(scores, mask.ndim == 3 ? mask.view(batch, heads, length, length) : mask);
        if (padding is not null) scores = Masked(scores, padding.view(batch, 1, 1, length));
        return out_proj.call(scores.softmax(-1).matmul(value).transpose(1, 2).reshape(batch, length, width));
    }

    private Tensor Heads(Tensor part) => part.view(part.shape[0], part.shape[1], heads, part.shape[2] / heads).transpose(1, 2);

    private static Tensor Masked(Tensor scores, Tensor mask) => mask.dtype == ScalarType.Bool
        ? scores.masked_fill(mask, Scalars.Of(double.NegativeInfinity)) : scores.add(mask, Scalars.Of(1));
}
