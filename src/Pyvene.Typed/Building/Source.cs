namespace Pyvene.Typed;

/// <summary>Names the sources of an experiment: which one a step reads, and the source that is left out on purpose.</summary>
public static class Source
{
    /// <summary>Gets the first source; steps read it unless they say otherwise.</summary>
    public static FirstSource First => default;

    /// <summary>Gets the second source.</summary>
    public static SecondSource Second => default;

    /// <summary>Gets the third source.</summary>
    public static ThirdSource Third => default;

    /// <summary>Gets the fourth source.</summary>
    public static FourthSource Fourth => default;

    /// <summary>Returns a source by its index, for experiments that read many, see <see cref="ManySources"/>.</summary>
    /// <param name="index">The index of the source, from 0.</param>
    public static NumberedSource At(int index) => new(index);

    /// <summary>Gets the source that is left out on purpose: the steps that read it do nothing in this run.</summary>
    public static SourceInput Skip => SourceInput.Skipped;
}
