namespace Pyvene.Typed;

/// <summary>Is which source a step reads, as a type; see <c>Source</c>.</summary>
public interface ISourceOrdinal
{
    /// <summary>Gets the index of the source, from 0.</summary>
    int Index { get; }
}

/// <summary>Is the first source as a type.</summary>
public readonly record struct FirstSource : ISourceOrdinal
{
    /// <inheritdoc/>
    public int Index => 0;
}

/// <summary>Is the second source as a type.</summary>
public readonly record struct SecondSource : ISourceOrdinal
{
    /// <inheritdoc/>
    public int Index => 1;
}

/// <summary>Is the third source as a type.</summary>
public readonly record struct ThirdSource : ISourceOrdinal
{
    /// <inheritdoc/>
    public int Index => 2;
}

/// <summary>Is the fourth source as a type.</summary>
public readonly record struct FourthSource : ISourceOrdinal
{
    /// <inheritdoc/>
    public int Index => 3;
}

/// <summary>Is a source by its index, for experiments that read more than four.</summary>
/// <param name="Index">The index of the source, from 0.</param>
public readonly record struct NumberedSource(int Index) : ISourceOrdinal;
