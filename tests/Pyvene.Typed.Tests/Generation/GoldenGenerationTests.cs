using Pyvene.Typed.Tests.Conformance;

namespace Pyvene.Typed.Tests.Generation;

/// <summary>Runs recorded cases of what chooses the next token; those of generation run with their checkpoint in <see cref="Models.GoldenModelTests"/>.</summary>
public sealed class GoldenGenerationTests
{
    [Fact]
    public void EveryProcessorGivesTheRecordedScores() => RecordedCases.Pass(Path.Combine(RecordedCases.Kept, "models", "_processors"));
}
