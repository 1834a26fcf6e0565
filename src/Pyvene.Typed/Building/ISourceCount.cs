namespace Pyvene.Typed;

/// <summary>Is the number of sources that an experiment reads, as a type; a run of the experiment takes exactly so many.</summary>
public interface ISourceCount
{
    /// <summary>Gets the number of sources, as far as the type tells it.</summary>
    static abstract int Count { get; }
}

/// <summary>Is implemented by the counts that include a source, so that a step which reads it keeps the experiment's type.</summary>
/// <typeparam name="TOrdinal">The source that is included.</typeparam>
public interface IIncludes<TOrdinal> : ISourceCount
    where TOrdinal : struct, ISourceOrdinal;

/// <summary>Is the count of an experiment without a source.</summary>
public sealed class NoSource : ISourceCount
{
    private NoSource()
    {
    }

    /// <inheritdoc/>
    public static int Count => 0;
}

/// <summary>Is the count of an experiment with one source.</summary>
public sealed class OneSource : IIncludes<FirstSource>
{
    private OneSource()
    {
    }

    /// <inheritdoc/>
    public static int Count => 1;
}

/// <summary>Is the count of an experiment with two sources.</summary>
public sealed class TwoSources : IIncludes<FirstSource>, IIncludes<SecondSource>
{
    private TwoSources()
    {
    }

    /// <inheritdoc/>
    public static int Count => 2;
}

/// <summary>Is the count of an experiment with three sources.</summary>
public sealed class ThreeSources : IIncludes<FirstSource>, IIncludes<SecondSource>, IIncludes<ThirdSource>
{
    private ThreeSources()
    {
    }

    /// <inheritdoc/>
    public static int Count => 3;
}

/// <summary>Is the count of an experiment with four sources.</summary>
public sealed class FourSources : IIncludes<FirstSource>, IIncludes<SecondSource>, IIncludes<ThirdSource>, IIncludes<FourthSource>
{
    private FourSources()
    {
    }

    /// <inheritdoc/>
    public static int Count => 4;
}

/// <summary>
/// Is the count of an experiment with more sources than have a type, or with a number that a program computes; it is said with <c>WithSources</c> and checked
/// before a run.
/// </summary>
public sealed class ManySources : IIncludes<FirstSource>, IIncludes<SecondSource>, IIncludes<ThirdSource>, IIncludes<FourthSource>, IIncludes<NumberedSource>
{
    private ManySources()
    {
    }

    /// <inheritdoc/>
    public static int Count => 0;
}
