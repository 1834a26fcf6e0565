using System.ComponentModel;
using System.Diagnostics.Contracts;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is the result of one run of an experiment on a language model. It owns its tensors: disposing it disposes them.</summary>
/// <typeparam name="TModel">The architecture.</typeparam>
public sealed class ExperimentRun<TModel> : ExperimentRun
    where TModel : IArchitecture
{
    private readonly Func<Collected<TModel>, string> nameOf;

    internal ExperimentRun(ExperimentRun run, Func<Collected<TModel>, string> nameOf)
        : base(run) => this.nameOf = nameOf;

    /// <summary>Gets the values that a step collected: [batch, unit …, width]. The run owns them.</summary>
    /// <param name="handle">The handle that the step gave.</param>
    /// <exception cref="InterventionException">The handle is another experiment's.</exception>
    public Tensor this[Collected<TModel> handle] => base[nameOf(handle)];

    /// <summary>Is refused: what a step collected is read with its handle, which is checked when the program is written.</summary>
    /// <param name="name">A name.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("What a step collected is read with its handle: write Collect(place, out var handle), and then run[handle].", error: true)]
    public new Tensor this[string name] => base[name];

    /// <summary>
    /// Returns the gradient of a score with respect to what a step collected, as in attribution patching (Nanda, 2023): [batch, unit …, width]; the caller
    /// disposes it.
    /// </summary>
    /// <remarks>
    /// The run must have been made with <see cref="RunOptions.Gradients"/>; no parameter has to learn. The <c>grad</c> of other tensors stays as it is, nothing
    /// is added up, and the graph is kept until the run is disposed, so that further calls give their own right answers.
    /// </remarks>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="handle">The handle that the step gave.</param>
    /// <exception cref="InterventionException">The handle is another experiment's.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on the values.</exception>
    [Pure]
    public Tensor Gradient(Tensor score, Collected<TModel> handle) => Gradient(score, nameOf(handle));

    /// <summary>
    /// Returns the gradients of a score with respect to what several steps collected, in the order of the handles, in one backward pass; otherwise as
    /// <see cref="Gradient"/>.
    /// </summary>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="handles">The handles that the steps gave.</param>
    /// <exception cref="InterventionException">A handle is another experiment's.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on one of the values.</exception>
    [Pure]
    public IReadOnlyList<Tensor> Gradients(Tensor score, params IEnumerable<Collected<TModel>> handles) => Gradients(score, handles.Select(nameOf));
}
