namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is why a descriptor has nothing to be like.</summary>
/// <param name="Id">The rule's id; empty when another file tells it.</param>
/// <param name="Key">The architecture.</param>
/// <param name="Detail">What ends the message.</param>
internal sealed record LikeProblem(string Id, string Key, string Detail)
{
    /// <summary>Gets what is told in another file.</summary>
    public static LikeProblem ToldElsewhere { get; } = new("", "", "");
}
