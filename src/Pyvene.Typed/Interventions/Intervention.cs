using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Is what is done to the values at a place. Derive from it for an intervention of your own; a few lines are enough.</summary>
/// <remarks>
/// An intervention is a value: it must not keep a state between calls. Records give it the comparison that configurations need. One of your own, with a
/// parameter that configurations keep:
/// <code>
/// sealed record AddScaled(double Scale) : Intervention
/// {
///     public override string Type => "add_scaled";
///     public override SourceNeed Source => SourceNeed.Required;
///     public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => @base + source! * Scale;
///     public override JsonObject ToParameters() => new() { ["scale"] = Scale };
/// }
///
/// InterventionTypes.Register("add_scaled", parameters => new AddScaled(parameters.Number("scale")));
/// </code>
/// </remarks>
public abstract record Intervention
{
    /// <summary>Gets the name that configurations use, such as <c>interchange</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Gets whether a source is read.</summary>
    public virtual SourceNeed Source => SourceNeed.None;

    /// <summary>Gets whether values are written back; a collecting intervention only looks.</summary>
    public virtual bool Writes => true;

    /// <summary>
    /// Gets whether it is given, in the source's place, the input of the module whose output is written: that of the source run, as skipping a module does, or,
    /// when no source is read, that of the run itself, as an <see cref="Adaptor"/> does.
    /// </summary>
    public virtual bool ReadsModuleInput => false;

    /// <summary>
    /// Gets whether the features of a place are dimensions of a space that the intervention makes itself, such as a rotated one; it then gets the values at
    /// their whole width.
    /// </summary>
    public virtual bool HasOwnSpace => false;

    /// <summary>
    /// Gets whether changing nothing is no fault of an experiment, as at a scale of 0 or for what has yet to learn; otherwise a run in which it changes nothing
    /// throws.
    /// </summary>
    public virtual bool MayChangeNothing => false;

    /// <summary>Gets whether the source's values are added or subtracted, so that zeros change nothing.</summary>
    internal virtual bool IsAdditive => false;

    /// <summary>Gets whether it is one that a program brings: a function, or a type of its own.</summary>
    internal bool IsOwn => this is CustomIntervention or FunctionAdaptor || GetType().Assembly != typeof(Intervention).Assembly;

    /// <summary>Gets whether it is given the input that the module at whose output it writes has in the same run.</summary>
    internal bool Adapts => ReadsModuleInput && Writes && Source == SourceNeed.None;

    /// <summary>Returns the values that replace the ones at the place.</summary>
    /// <param name="base">The values at the place: [batch, unit …, width]. An intervention of your own gets a copy; one that it writes into, or disposes, is
    /// refused.</param>
    /// <param name="source">The values read in the source, of the same shape, or <see langword="null"/>.</param>
    /// <param name="features">
    /// The features of the place: int64 [1 or batch, feature], or <see langword="null"/> when it has all. The values hold these features only, unless
    /// <see cref="HasOwnSpace"/>.
    /// </param>
    /// <returns>The new values, of the shape of <paramref name="base"/>; <see langword="null"/> = nothing is written. They are disposed with the run.</returns>
    public abstract Tensor? Apply(Tensor @base, Tensor? source, Tensor? features);

    /// <summary>
    /// Returns the field <c>parameters</c> of a configuration, for interventions that have any;
    /// <see cref="InterventionTypes.Register(string, Func{InterventionParameters, Intervention})"/> reads it.
    /// </summary>
    /// <returns>A new object, such as <c>new() { ["scale"] = Scale }</c>; <see langword="null"/> = there are none.</returns>
    /// <exception cref="Errors.InterventionException">The intervention cannot be written.</exception>
    public virtual JsonObject? ToParameters() => null;

    /// <summary>Returns the field and the fact for which the intervention cannot act on values of the base, or null; asked before anything runs.</summary>
    /// <param name="positions">How many positions they have; <see langword="null"/> = not known.</param>
    /// <param name="width">How wide they are; <see langword="null"/> = not known.</param>
    internal virtual (string Field, string Fact)? ProblemWith(long? positions, long? width) => null;
}
