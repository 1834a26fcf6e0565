namespace Pyvene.Typed.Conformance.Groups.Tokenizers;

/// <summary>Chat templates one by one.</summary>
internal static class ChatTemplateCases
{
    /// <summary>Says that the library has no chat templates yet.</summary>
    public static void Check(GoldenCase golden, Comparison comparison) =>
        throw new UnsupportedCaseException("chat templates are not supported yet");
}
