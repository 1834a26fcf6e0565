using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>
/// Is the base of interventions that compute what a module returns anew from it and from the module's input in the same run (pyvene's <c>as_adaptor</c>), such
/// as one of low rank beside a linear layer. Make one of a function with <see cref="Of"/>, or derive from it for one that configurations can name.
/// </summary>
/// <remarks>
/// It acts at the output of a module, or at a part of it, and not at heads. One that learns derives from <see cref="Trainable.AdaptorModule"/>.
/// </remarks>
public abstract record Adaptor : SourcelessIntervention
{
    /// <inheritdoc/>
    public sealed override bool ReadsModuleInput => true;

    /// <summary>Makes an adaptor of a function; it cannot be written to JSON.</summary>
    /// <param name="function">
    /// Takes the values at the place, [batch, unit …, width], and the module's input at the same positions, at its own whole width, and returns the new values.
    /// </param>
    public static Adaptor Of(Func<Tensor, Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new FunctionAdaptor(function);
    }

    /// <summary>Returns the values that replace the ones at the place.</summary>
    /// <param name="output">The values at the place: [batch, unit …, width]; they must not be written into.</param>
    /// <param name="input">The module's first argument at the same positions, as the interventions before it left it: [batch, unit …, its own width].</param>
    /// <param name="features">The features of the place: int64 [1 or batch, feature], or <see langword="null"/> when it has all.</param>
    /// <returns>The new values, of the shape of <paramref name="output"/>; <see langword="null"/> = nothing is written.</returns>
    public abstract Tensor? Adapt(Tensor output, Tensor input, Tensor? features);

    /// <summary>Calls <see cref="Adapt"/>.</summary>
    /// <inheritdoc/>
    public sealed override Tensor? Apply(Tensor @base, Tensor? source, Tensor? features)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Adapt(@base, source, features);
    }
}
