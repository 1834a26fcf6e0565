using System.Text.Json.Nodes;
using Pyvene.Typed.Interventions.Trainable;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions.Trainable;

/// <summary>Is LoReFT (Wu et al. 2024) as a user writes it: h + Rᵀ(W h + b − R h), where the rows of R are orthonormal.</summary>
internal sealed class LoReft : SourcelessModule
{
    private readonly int rank;
    private readonly Parameter rotation; // [width, rank]; R is its orthonormal columns, transposed
    private readonly Parameter weight; // [width, rank]
    private readonly Parameter bias; // [rank]

    public LoReft(int width, int rank)
        : base("loreft", width)
    {
        this.rank = rank;
        rotation = Keep(randn(width, rank));
        weight = Keep(randn(width, rank).div_(Math.Sqrt(width)));
        bias = Keep(zeros(rank));
        RegisterComponents();
    }

    public override JsonObject ToParameters()
    {
        var parameters = base.ToParameters();
        parameters["rank"] = rank;
        return parameters;
    }

    protected override Tensor Replace(Tensor @base, Tensor? chosen)
    {
        var columns = linalg.qr(rotation).Q; // [width, rank]
        return @base + (@base.matmul(weight) + bias - @base.matmul(columns)).matmul(columns.mT);
    }
}
