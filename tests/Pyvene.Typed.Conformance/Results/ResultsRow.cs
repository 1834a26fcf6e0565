namespace Pyvene.Typed.Conformance.Results;

/// <summary>Counts the cases of one file that are of one thing.</summary>
/// <param name="Folder">The folder below its root of golden data, such as <c>models/gpt2-lm</c>.</param>
/// <param name="File">The file of the cases.</param>
/// <param name="Of">What they are of: a model class, or the kind of a tokenizer; empty = neither.</param>
/// <param name="Dtype">The dtype of the weights.</param>
/// <param name="Passed">How many passed.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Unsupported">How many the library has no way to run.</param>
internal sealed record ResultsRow(string Folder, string File, string Of, string Dtype, int Passed, int Failed, int Unsupported)
{
    /// <summary>The group of the folder.</summary>
    public string Group => Folder.Split('/')[0];
}
