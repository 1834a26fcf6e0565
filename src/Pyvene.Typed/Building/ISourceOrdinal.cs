namespace Pyvene.Typed;

/// <summary>Is which source a step reads, as a type; see <see cref="Source"/>.</summary>
public interface ISourceOrdinal
{
    /// <summary>Gets the index of the source, from 0.</summary>
    static abstract int Index { get; }
}

/// <summary>Is the first source as a type.</summary>
public readonly record struct FirstSource : ISourceOrdinal
{
    /// <inheritdoc/>
    public static int Index => 0;
}

/// <summary>Is the second source as a type.</summary>
public readonly record struct SecondSource : ISourceOrdinal
{
    /// <inheritdoc/>
    public static int Index => 1;
}

/// <summary>Is the third source as a type.</summary>
public readonly record struct ThirdSource : ISourceOrdinal
{
    /// <inheritdoc/>
    public static int Index => 2;
}

/// <summary>Is the fourth source as a type.</summary>
public readonly record struct FourthSource : ISourceOrdinal
{
    /// <inheritdoc/>
    public static int Index => 3;
}
