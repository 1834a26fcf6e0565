using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <content>What a module computes on the way from the values to the ones that replace them.</content>
public abstract partial class InterventionModule
{
    /// <summary>Returns whether the module computes such a thing.</summary>
    internal bool Has(Inside part) => part == Inside.Space ? this is IInnerSpace : this is IGate;

    /// <summary>Returns what the module computes inside for values.</summary>
    /// <param name="part">What is asked for; the module has it.</param>
    /// <param name="values">The values, never written into: [batch, …, width].</param>
    /// <param name="features">The dimensions that are chosen: int64 [1 or batch, dimension]; <see langword="null"/> = all.</param>
    /// <returns>A tensor of the values' dtype with gradients to them and to the parameters: [batch, …, dimension].</returns>
    /// <exception cref="InterventionException">The values are not <see cref="Width"/> wide, or the module returns another shape.</exception>
    internal Tensor ComputeInside(Inside part, Tensor values, Tensor? features)
    {
        if (values.ndim < 2 || values.shape[^1] != Width)
        {
            throw new InterventionException(
                "width", $"'{Type}' is for values that are {Width} wide: [batch, …, {Width}]; those at the place are [{string.Join(", ", values.shape)}].");
        }

        using var scope = NewDisposeScope();
        var own = OwnTensor ?? values;
        RequireDevice(values, own, "base");
        var taken = values.to(own.dtype);
        var inside = part == Inside.Space ? ((IInnerSpace)this).ToSpace(taken) : ((IGate)this).ComputeGate(taken); // [batch, ..., dimension]
        if (inside.ndim != values.ndim || !inside.shape[..^1].SequenceEqual(values.shape[..^1]))
        {
            var method = part == Inside.Space ? nameof(IInnerSpace.ToSpace) : nameof(IGate.ComputeGate);
            throw new InterventionException(
                "intervention",
                $"'{Type}' returned [{string.Join(", ", inside.shape)}] from {method} "
                    + $"for values of [{string.Join(", ", values.shape)}]; it must keep all axes but the last.");
        }

        if (features is not null)
        {
            long[] units = [.. inside.shape[1..^1]];
            var chosen = features.view([features.shape[0], .. units.Select(_ => 1L), features.shape[1]]);
            inside = inside.gather(-1, chosen.expand([inside.shape[0], .. units, features.shape[1]])); // [batch, ..., chosen]
        }

        return inside.to(values.dtype).clone().MoveToOuterDisposeScope();
    }
}
