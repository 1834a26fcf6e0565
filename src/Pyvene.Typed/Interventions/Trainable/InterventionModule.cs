using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Holds the parameters of an intervention that learns, and computes with them. Put it into a configuration as <see cref="Learned"/>, to which it converts by
/// itself; the same module in several places is shared.
/// </summary>
/// <remarks>
/// Derive from it for one of your own: keep parameters in fields, call <c>RegisterComponents()</c> at the end of the constructor, and compute in
/// <see cref="Replace"/>; derive from <see cref="SourcelessModule"/> for one without a source, and from <see cref="AdaptorModule"/> for one that computes with
/// its module's input. Its state then has the names of the fields. Binding a plan moves a module to the model's device, which replaces its parameters: make
/// optimisers afterwards. Not thread-safe: plans that share a module must not run at the same time. The creator disposes it.
/// </remarks>
public abstract partial class InterventionModule : nn.Module
{
    private readonly ImmutableArray<int>? initialDimensions;
    private readonly bool isInitiallyPerUnit;
    private ImmutableArray<int>? dimensions;
    private bool isPerUnit;

    /// <summary>Initialises the base.</summary>
    /// <param name="type">The name that configurations use, such as <c>rotated_space</c>.</param>
    /// <param name="width">How wide the values are that it takes, at least 1; pyvene's <c>embed_dim</c>.</param>
    /// <param name="spaceWidth">How many dimensions of its own space a place can choose; <see langword="null"/> = it always acts on all.</param>
    /// <param name="isPerUnit">What <see cref="IsPerUnit"/> is unless it is set.</param>
    /// <param name="dimensions">What <see cref="Dimensions"/> is unless it is set.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1 or above 2³⁰.</exception>
    protected InterventionModule(string type, int width, int? spaceWidth, bool isPerUnit = false, ImmutableArray<int>? dimensions = null)
        : base(type)
    {
        CheckSize(width, nameof(width));
        CheckSize(spaceWidth ?? 1, nameof(spaceWidth));
        SizeLimit.Charge((long)width + (spaceWidth ?? 0), nameof(width));
        (Width, SpaceWidth) = (width, spaceWidth);
        this.isPerUnit = isInitiallyPerUnit = isPerUnit;
        this.dimensions = initialDimensions = Checked(dimensions);
    }

    /// <summary>Gets the name that configurations use.</summary>
    public string Type => GetName();

    /// <summary>Gets how wide the values are: the place's width, times its units unless <see cref="IsPerUnit"/>.</summary>
    public int Width { get; }

    /// <summary>
    /// Gets how many dimensions of its own space (rotated, projected, latent) a place can choose with its features; <see langword="null"/> = it always acts on
    /// all.
    /// </summary>
    public int? SpaceWidth { get; }

    /// <summary>Gets whether every unit, such as a position, is treated by itself with the same parameters (pyvene's <c>keep_last_dim</c>).</summary>
    /// <value>False unless the type says otherwise: the values of all positions are concatenated into one vector.</value>
    public bool IsPerUnit
    {
        get => isPerUnit;
        init => isPerUnit = value;
    }

    /// <summary>Gets the dimensions of its own space that are replaced where the place chooses none (pyvene's <c>interchange_dim</c>).</summary>
    /// <value><see langword="null"/> = all.</value>
    /// <exception cref="ArgumentException">A dimension is out of range, or none can be chosen.</exception>
    public ImmutableArray<int>? Dimensions
    {
        get => dimensions;
        init => dimensions = Checked(value);
    }

    /// <summary>Gets a tensor of the module, whose dtype and device it computes with.</summary>
    private Tensor? OwnTensor => parameters().Concat(buffers()).FirstOrDefault(tensor => tensor.is_floating_point());

    /// <summary>Makes the intervention that a configuration holds.</summary>
    /// <param name="module">The module.</param>
    public static implicit operator Intervention(InterventionModule module) => new Learned(module);

    /// <summary>Returns the values with the chosen part of them replaced by the source's.</summary>
    /// <param name="base">The base's values, never written into: [batch, …, width].</param>
    /// <param name="source">
    /// The source's values, of the same shape; <see langword="null"/> for a <see cref="SourcelessModule"/>, and the module's input for an
    /// <see cref="AdaptorModule"/>.
    /// </param>
    /// <param name="features">The dimensions that are replaced: int64 [1 or batch, dimension]; <see langword="null"/> = <see cref="Dimensions"/>.</param>
    /// <returns>
    /// A fresh tensor of the shape and the dtype of <paramref name="base"/>, with gradients to both and to the parameters; the arithmetic is done in the
    /// parameters' dtype.
    /// </returns>
    /// <exception cref="InterventionException">The shapes or the devices differ, or the last axis is not <see cref="Width"/> wide.</exception>
    public Tensor Apply(Tensor @base, Tensor? source, Tensor? features)
    {
        if (@base.ndim < 2 || @base.shape[^1] != Width || !Takes(@base, source))
        {
            var read = this is AdaptorModule ? "module's input" : "source";
            throw new InterventionException(
                "width",
                $"'{Type}' is for values that are {Width} wide: [batch, …, {Width}]; the base's are [{string.Join(", ", @base.shape)}] and the {read}'s "
                    + $"{(source is null ? "are not given" : $"[{string.Join(", ", source.shape)}]")}.");
        }

        using var scope = NewDisposeScope();
        var own = OwnTensor ?? @base;
        RequireDevice(@base, own, "base");
        if (source is not null) RequireDevice(source, own, "source");
        var dtype = own.dtype;
        var replaced = ReplaceChosen(@base.to(dtype), source?.to(dtype)!, ChosenOf(features, @base)); // [batch, ..., width]
        return replaced.to(@base.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Returns the field <c>parameters</c> of a configuration: the sizes and settings, not the tensors.</summary>
    public virtual JsonObject ToParameters()
    {
        var parameters = new JsonObject { ["width"] = Width };
        if (!(Dimensions ?? []).SequenceEqual(initialDimensions ?? []))
        {
            parameters["dimensions"] =
                new JsonArray([.. (Dimensions ?? [.. Enumerable.Range(0, SpaceWidth!.Value)]).Select(dimension => JsonValue.Create(dimension))]);
        }

        if (IsPerUnit != isInitiallyPerUnit)
        {
            parameters["per_unit"] = IsPerUnit;
        }

        return parameters;
    }

    /// <summary>Computes the new values.</summary>
    /// <param name="base">The base's values in the parameters' dtype: [batch, …, width].</param>
    /// <param name="source">The source's values, of the same shape.</param>
    /// <param name="swapped">Which dimensions of its own space are replaced: bool [1 or batch, 1 …, space]; <see langword="null"/> = all.</param>
    /// <returns>[batch, …, width], in the current dispose scope.</returns>
    protected abstract Tensor Replace(Tensor @base, Tensor source, Tensor? swapped);

    /// <summary>Computes the new values; where the choice is the same for all examples there may be a shorter way.</summary>
    /// <param name="base">The base's values in the parameters' dtype: [batch, …, width].</param>
    /// <param name="source">The source's values, of the same shape.</param>
    /// <param name="chosen">The dimensions of its own space that are replaced: int64 [1 or batch, dimension]; <see langword="null"/> = all.</param>
    /// <returns>[batch, …, width], in the current dispose scope.</returns>
    private protected virtual Tensor ReplaceChosen(Tensor @base, Tensor source, Tensor? chosen) => Replace(@base, source, MaskOf(chosen, @base));

    /// <summary>Returns whether the source's values fit the base's.</summary>
    private protected virtual bool Takes(Tensor @base, Tensor? source) => source is not null && source.shape.SequenceEqual(@base.shape);

    /// <summary>Refuses values that lie elsewhere: a product over two devices is a native error that ends the process.</summary>
    private void RequireDevice(Tensor values, Tensor own, string role)
    {
        if (values.device_type != own.device_type || values.device_index != own.device_index)
        {
            throw new InterventionException(
                "device", $"'{Type}' lies on {own.device}, but the {role}'s values on {values.device}. Move the intervention with to(device), or the values.");
        }
    }

    /// <summary>Makes a parameter that no dispose scope disposes.</summary>
    /// <param name="value">The first value; it is consumed.</param>
    /// <param name="trains">Whether it has a gradient.</param>
    protected static Parameter Keep(Tensor value, bool trains = true)
    {
        var parameter = new Parameter(value, trains);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <summary>Draws a weight as PyTorch's linear layer does.</summary>
    private protected static Tensor Uniform(long[] shape, int read) =>
        rand(shape, dtype: float32).mul(Scalars.Of(2)).sub(Scalars.Of(1)).mul(Scalars.Of(1 / Math.Sqrt(read)));

    /// <summary>Refuses a number of elements that no memory holds, before it is asked for: a configuration may say anything.</summary>
    private protected static void CheckSize(long elements, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elements, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elements, 1L << 30, name);
    }

    /// <summary>Refuses a matrix that is too large, before it is made.</summary>
    private protected static void CheckMatrix(int rows, int columns, string name)
    {
        var elements = (long)rows * columns;
        CheckSize(elements, name);
        SizeLimit.Charge(elements, name);
    }

    /// <summary>Reads the settings that <see cref="ToParameters"/> writes for every type.</summary>
    internal void Configure(InterventionParameters parameters)
    {
        dimensions = SpaceWidth is null ? null : Checked(parameters.Integers("dimensions")) ?? initialDimensions;
        isPerUnit = parameters.Flag("per_unit", isInitiallyPerUnit);
    }

    /// <summary>Starts a step, in which what depends on the parameters alone is computed at most once.</summary>
    internal virtual IDisposable? BeginStep() => null;

    private ImmutableArray<int>? Checked(ImmutableArray<int>? chosen) => chosen switch
    {
        null => null,
        _ when SpaceWidth is null => throw new ArgumentException($"'{Type}' always acts on all dimensions, so none can be chosen."),
        { IsEmpty: true } => throw new ArgumentException($"'{Type}' needs at least one of its {SpaceWidth} dimensions."),
        { } some => some.FirstOrDefault(dimension => dimension < 0 || dimension >= SpaceWidth, -1) is var wrong
            && some.Any(dimension => dimension < 0 || dimension >= SpaceWidth)
            ? throw new ArgumentException($"Dimension {wrong} is out of range; '{Type}' has {SpaceWidth} (0 to {SpaceWidth - 1}).")
            : some,
    };

    private Tensor? ChosenOf(Tensor? features, Tensor @base)
    {
        var chosen = features ?? (Dimensions is { } own
            ? tensor(own.Select(dimension => (long)dimension).ToArray(), [1, own.Length], device: @base.device)
            : null); // [1 or batch, dimension]
        if (chosen is null || (SpaceWidth is not null && chosen.ndim == 2 && (chosen.shape[0] == 1 || chosen.shape[0] == @base.shape[0])))
        {
            return chosen;
        }

        var taken = SpaceWidth is null
            ? "no features: it always acts on all"
            : $"features as [1 or {@base.shape[0]}, dimension], not [{string.Join(", ", chosen.shape)}]";
        throw new InterventionException("features", $"'{Type}' takes {taken}.");
    }

    private Tensor? MaskOf(Tensor? chosen, Tensor @base)
    {
        if (chosen is null || SpaceWidth is not { } space) return null;
        // [1 or batch, space]
        var mask = zeros([chosen.shape[0], space], dtype: @bool, device: @base.device).scatter(1, chosen, ones_like(chosen, dtype: @bool));
        return mask.view([chosen.shape[0], .. Enumerable.Repeat(1L, (int)@base.ndim - 2), space]); // [1 or batch, 1 ..., space]
    }
}
