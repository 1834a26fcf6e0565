using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is a row of named parts, each of which reads what the one before it made, with a bias behind the last where it has one.</summary>
internal sealed class Chain : nn.Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor> parts;
    private readonly Parameter? bias; // [out]

    public Chain(params IReadOnlyList<(string? Name, nn.Module<Tensor, Tensor> Part)> parts)
        : this(null, parts)
    {
    }

    public Chain(Parameter? bias, params IReadOnlyList<(string? Name, nn.Module<Tensor, Tensor> Part)> parts)
        : base(nameof(Chain))
    {
        (this.bias, this.parts) = (bias, Join(this, parts));
        RegisterComponents();
    }

    /// <summary>Registers parts under their names and returns what calls them one after another.</summary>
    /// <param name="owner">What they are parts of.</param>
    /// <param name="parts">The parts; one without a name is part of something else already.</param>
    public static Func<Tensor, Tensor> Join(nn.Module owner, IReadOnlyList<(string? Name, nn.Module<Tensor, Tensor> Part)> parts)
    {
        foreach (var (name, part) in parts)
        {
            if (name is not null)
            {
                owner.register_module(name, part);
            }
        }

        return input => parts.Aggregate(input, (value, item) => item.Part.call(value));
    }

    /// <summary>Maps what the first part reads to what the last one makes.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var made = parts(input);
        return scope.HandOut(bias is null ? made : made.add(bias, Scalars.Of(1)));
    }
}
