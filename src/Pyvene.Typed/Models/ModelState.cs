using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is what a model keeps of the positions that it has seen, so that a next call computes new ones only: keys and values, states of recurrences, what an encoder
/// made. Disposing it disposes every tensor in it.
/// </summary>
/// <remarks>Not thread-safe: one state belongs to one sequence of calls.</remarks>
public abstract class ModelState : IDisposable
{
    /// <summary>Gets how many positions the model has seen.</summary>
    public abstract long Length { get; }

    /// <summary>Replaces the rows of the state by a selection of them, as beam search does.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new batch].</param>
    public abstract void SelectRows(Tensor rows);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Returns a state that was given as the kind that a model keeps.</summary>
    /// <exception cref="ArgumentException">A model of another kind made it.</exception>
    internal static T? Of<T>(ModelState? given)
        where T : ModelState => given is null ? null : given as T ?? throw new ArgumentException(
            $"Past is a {given.GetType().Name}, which another kind of model made; this one goes on from a {typeof(T).Name}, which its own call returns.",
            nameof(ModelInputs.Past));
}
