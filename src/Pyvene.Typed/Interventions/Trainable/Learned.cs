using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Is an intervention whose parameters a module holds. Two are equal when they share the module.</summary>
/// <param name="Module">The module; it stays the caller's.</param>
public sealed record Learned(InterventionModule Module) : Intervention, IStatefulIntervention
{
    /// <summary>Gets the module; it stays the caller's.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public InterventionModule Module { get; init => field = Given(value); } = Given(Module);

    /// <inheritdoc/>
    public override string Type => Module.Type;

    /// <inheritdoc/>
    public override SourceNeed Source => Module is SourcelessModule ? SourceNeed.None : SourceNeed.Required;

    /// <inheritdoc/>
    public override bool ReadsModuleInput => Module is AdaptorModule;

    /// <inheritdoc/>
    public override bool HasOwnSpace => true;

    /// <inheritdoc/>
    public override bool MayChangeNothing => true;

    /// <inheritdoc/>
    public object StateOwner => Module;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features)
    {
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

    private static InterventionModule Given(InterventionModule? module) => module ?? throw new ArgumentNullException(nameof(Module));

    private static Tensor Concatenated(Tensor values) => values.ndim == 3
        ? values.flatten(1) // [batch, position · width]
        : values.transpose(1, 2).flatten(2); // [batch, position, head · width]

    private static Tensor Separated(Tensor values, long[] shape) => shape.Length == 3
        ? values.reshape(shape) // [batch, position, width]
        : values.reshape(shape[0], shape[2], shape[1], shape[3]).transpose(1, 2); // [batch, head, position, width]
}
