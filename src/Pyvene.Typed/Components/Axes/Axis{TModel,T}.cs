using System.Diagnostics.Contracts;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed;

/// <summary>Is a row of a model's layers or heads as a value; how many there are shows on the model that it is used on. Immutable.</summary>
/// <typeparam name="TModel">The architecture.</typeparam>
/// <typeparam name="T">The type of a value, such as <c>Gpt2.Block</c> or <see cref="QueryHead"/>.</typeparam>
public sealed class Axis<TModel, T> : IAxis<TModel, T>
    where TModel : IArchitecture
{
    private readonly string word;
    private readonly string size;
    private readonly Range range;
    private readonly Func<int, T> at;

    /// <summary>Initialises the axis; generated code calls this.</summary>
    /// <param name="word">What one value is called, such as <c>layer</c>.</param>
    /// <param name="size">The size of the descriptor that says how many there are, such as <c>layers</c>.</param>
    /// <param name="range">Which of them are meant.</param>
    /// <param name="at">Returns the value with an index.</param>
    public Axis(string word, string size, Range range, Func<int, T> at)
    {
        this.word = word;
        this.size = size;
        this.range = range;
        this.at = at;
    }

    /// <summary>Returns the values of a loaded model, first to last, for loops and LINQ: <c>foreach (var layer in Gpt2.AllLayers.On(model))</c>.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InterventionException">The range does not lie in the model's.</exception>
    [Pure]
    public KnownAxis<T> On(ISizedModel<TModel> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model.SizeOf(size));
    }

    /// <summary>Returns the values of a model that has so many, first to last: <c>Gpt2.AllLayers.Of(12)</c>.</summary>
    /// <param name="count">How many layers, or heads, the model has.</param>
    /// <exception cref="InterventionException">The range does not lie in them.</exception>
    [Pure]
    public KnownAxis<T> Of(int count) => new(word, count, range, at);

    IReadOnlyList<AxisPoint<T>> IAxis<TModel, T>.PointsIn(AxisScope scope) => Of(scope.Size(size)).Points;

    IReadOnlyList<(string Name, IReadOnlyList<AxisPoint> Points)> IAxis<TModel, T>.FactorsIn(AxisScope scope) => [(word, Of(scope.Size(size)).Points)];

    /// <summary>Returns the axis in words: <c>layer 4..8</c>.</summary>
    public override string ToString() => $"{word} {range}";
}
