namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a rule for descriptors.</summary>
/// <param name="Id">The id, which is never used again.</param>
/// <param name="Title">The title.</param>
/// <param name="Message">The message; what ends it says what to do.</param>
internal sealed record DescriptorRule(string Id, string Title, string Message)
{
    /// <summary>Gets whether it is about what a descriptor means, and not about its form.</summary>
    public bool IsAboutMeaning => Id[3] == '1';
}
