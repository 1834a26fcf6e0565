using System.Text.Json.Nodes;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>
/// Removes directions from the values: x − ((x − m) Rᵀ) D, where R reads how much of each direction is there. A concept is removed by the directions that
/// <c>ConceptErasure</c> finds.
/// </summary>
/// <param name="Directions">D, what is taken away: [direction, width].</param>
/// <param name="Readers">R, by which it is read how much: [direction, width]; equal to <paramref name="Directions"/> for an orthogonal projection.</param>
/// <param name="Mean">m, the values of which nothing is taken away: [width].</param>
public sealed record Erasure(ConstantSource Directions, ConstantSource Readers, ConstantSource Mean) : SourcelessIntervention
{
    /// <summary>Gets what is taken away: [direction, width].</summary>
    public ConstantSource Directions { get; init => field = Given(value); } = Given(Directions);

    /// <summary>Gets what reads how much of each direction is there: [direction, width].</summary>
    public ConstantSource Readers { get; init => field = Given(value); } = Given(Readers);

    /// <summary>Gets the values of which nothing is taken away: [width].</summary>
    public ConstantSource Mean { get; init => field = Given(value); } = Given(Mean);

    /// <inheritdoc/>
    public override string Type => "erasure";

    /// <inheritdoc/>
    public override bool MayChangeNothing => Directions.Values.All(value => value == 0);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features)
    {
        var width = @base.shape[^1];
        if (ProblemWith(null, width) is { } problem) throw new InterventionException(problem.Field, $"The erasure cannot act: {problem.Fact}");
        using var scope = NewDisposeScope();
        var values = @base.dtype == ScalarType.Float64 ? @base : @base.to(float32);
        var (directions, readers, mean) = (Of(Directions, values), Of(Readers, values), Of(Mean, values));
        var amounts = values.sub(mean).matmul(readers.mT); // [batch, ..., direction]
        return values.sub(amounts.matmul(directions)).to(@base.dtype).MoveToOuterDisposeScope(); // [batch, ..., width]
    }

    /// <inheritdoc/>
    internal override (string Field, string Fact)? ProblemWith(long? positions, long? width) =>
        Directions.Shape.Length != 2 || !Directions.Shape.SequenceEqual(Readers.Shape) || Mean.Shape.Length != 1 || Mean.Shape[0] != Directions.Shape[1]
            ? ("parameters", $"the directions are [{string.Join(", ", Directions.Shape)}], their readers [{string.Join(", ", Readers.Shape)}] and the mean "
                + $"[{string.Join(", ", Mean.Shape)}]; expected [direction, width] twice and [width].")
        : Directions.Values.Concat(Readers.Values).Concat(Mean.Values).Any(value => !float.IsFinite(value))
            ? ("parameters", "a number of the erasure is NaN or infinite; every one must be finite.")
        : width is { } values && values != Mean.Shape[0]
            ? ("parameters", $"the erasure is {Mean.Shape[0]} wide, but the values at its place {values}; fit it to values of that place.")
        : null;

    /// <inheritdoc/>
    public override JsonObject ToParameters() => new()
    {
        ["width"] = Mean.Values.Length,
        ["directions"] = Written(Directions),
        ["readers"] = Written(Readers),
        ["mean"] = Written(Mean),
    };

    /// <summary>Reads what <see cref="ToParameters"/> writes.</summary>
    internal static Erasure Read(InterventionParameters parameters)
    {
        long width = parameters.Integer("width");
        return new(Rows("directions"), Rows("readers"), new ConstantSource([width], parameters.Numbers("mean")));

        ConstantSource Rows(string name)
        {
            var values = parameters.Numbers(name);
            return width > 0 && values.Length > 0 && values.Length % width == 0
                ? new ConstantSource([values.Length / width, width], values)
                : throw new ArgumentException($"The erasure's \"{name}\" are not whole rows of \"width\" {width} numbers.");
        }
    }

    private static ConstantSource Given(ConstantSource? constant) => constant ?? throw new ArgumentNullException(nameof(constant));

    private static JsonArray Written(ConstantSource constant) => new([.. constant.Values.Select(value => JsonValue.Create(value))]);

    private static Tensor Of(ConstantSource constant, Tensor like) =>
        tensor([.. constant.Values], [.. constant.Shape], dtype: float32).to(like.dtype).to(like.device);
}
