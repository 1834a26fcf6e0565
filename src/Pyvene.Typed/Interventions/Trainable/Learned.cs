using System.Text.Json.Nodes;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Is an intervention whose parameters a module holds. Two are equal when they share the module and do the same with it.</summary>
/// <param name="Module">The module; it stays the caller's.</param>
public sealed record Learned(InterventionModule Module) : Intervention, IStatefulIntervention
{
    /// <summary>Gets the module; it stays the caller's.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public InterventionModule Module { get; init => field = Given(value); } = Given(Module);

    /// <summary>
    /// Gets what is collected of that which the module computes inside for the values at the place, which then stay as they are and need no source.
    /// </summary>
    /// <value><see langword="null"/> = nothing is collected: the values are replaced.</value>
    /// <exception cref="InterventionException">The module computes no such thing.</exception>
    public Inside? Collects { get; init => field = Has(value); }

    /// <inheritdoc/>
    public override string Type => Module.Type;

    /// <inheritdoc/>
    public override SourceNeed Source => Module is SourcelessModule || Collects is not null ? SourceNeed.None : SourceNeed.Required;

    /// <inheritdoc/>
    public override bool Writes => Collects is null;

    /// <inheritdoc/>
    public override bool ReadsModuleInput => Module is AdaptorModule && Collects is null;

    /// <inheritdoc/>
    public override bool HasOwnSpace => true;

    /// <inheritdoc/>
    public override bool MayChangeNothing => true;

    /// <inheritdoc/>
    public object StateOwner => Module;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features)
    {
        if (Collects is not null) return @base;
        if (Module.IsPerUnit || @base.ndim is not (3 or 4))
        {
            return Module.Apply(@base, source, features);
        }

        using var scope = NewDisposeScope();
        var replaced = Module.Apply(Concatenated(@base), source?.ndim == @base.ndim ? Concatenated(source) : source, features);
        return Separated(replaced, @base.shape).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override JsonObject ToParameters() => Module.ToParameters();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> CopyState() => Module.CopyState();

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state) => Module.LoadState(state);

    /// <summary>Returns what is collected, for the values at the place: of each unit by itself, or of all that are concatenated.</summary>
    /// <param name="values">[batch, …, position, width].</param>
    /// <param name="features">The dimensions that the place chooses: int64 [1 or batch, dimension]; <see langword="null"/> = all.</param>
    /// <returns>[batch, …, position, dimension]; of concatenated units the axis of positions, or of heads, has length 1.</returns>
    internal Tensor ComputeInside(Tensor values, Tensor? features)
    {
        if (Module.IsPerUnit || values.ndim is not (3 or 4)) return Module.ComputeInside(Collects!.Value, values, features);
        using var scope = NewDisposeScope();
        return Module.ComputeInside(Collects!.Value, Concatenated(values), features).unsqueeze(1).MoveToOuterDisposeScope(); // [batch, 1, ..., dimension]
    }

    private Inside? Has(Inside? part)
    {
        if (part is not { } asked || Module.Has(asked)) return part;
        var isSpace = asked == Inside.Space;
        var other = Module.Has(isSpace ? Inside.Gate : Inside.Space) ? isSpace ? " It has a gate: CollectGate." : " It has a space: CollectInside." : "";
        throw new InterventionException(
            "collects",
            $"'{Type}' computes no {(isSpace ? "coordinates in a space of its own" : "gate")}, so there is nothing inside of it to collect.{other} "
                + $"One of your own has it where it is an {(isSpace ? nameof(IInnerSpace) : nameof(IGate))}.");
    }

    private static InterventionModule Given(InterventionModule? module) => module ?? throw new ArgumentNullException(nameof(Module));

    private static Tensor Concatenated(Tensor values) => values.ndim == 3
        ? values.flatten(1) // [batch, position · width]
        : values.transpose(1, 2).flatten(2); // [batch, position, head · width]

    private static Tensor Separated(Tensor values, long[] shape) => shape.Length == 3
        ? values.reshape(shape) // [batch, position, width]
        : values.reshape(shape[0], shape[2], shape[1], shape[3]).transpose(1, 2); // [batch, head, position, width]
}
