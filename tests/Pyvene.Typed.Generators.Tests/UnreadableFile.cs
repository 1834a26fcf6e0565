using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>A file that throws when it is read, as no file should.</summary>
internal sealed class UnreadableFile(string name) : AdditionalText
{
    public override string Path => name;

    public override SourceText GetText(CancellationToken cancellationToken = default) => throw new NotSupportedException("No text.");
}
