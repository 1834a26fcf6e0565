namespace Pyvene.Typed.Engine;

/// <summary>Is an axis that positions are counted along: the tokens of a batch, or dimension 1 of a tensor.</summary>
internal interface IPositionAxis
{
    /// <summary>Gets the number of examples.</summary>
    long Rows { get; }

    /// <summary>Gets the number of columns, padding included; null when it is not known, so that only positions from the start can be resolved.</summary>
    long? Columns { get; }

    /// <summary>Gets the text of every example with the span of every real token in it; null when only numbers are known.</summary>
    IReadOnlyList<TokenizedText>? Texts { get; }

    /// <summary>Gets what the examples mark: a name, and one entry for all of them or one an example.</summary>
    IReadOnlyDictionary<string, IReadOnlyList<Positions>> Marks { get; }

    /// <summary>Returns the number of real columns of an example; null when it is not known.</summary>
    long? Length(int row);

    /// <summary>Returns the column of the <paramref name="index"/>-th real position of an example.</summary>
    long Column(int row, long index);
}
