using Pyvene.Typed.Tests.Conformance;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Runs recorded checkpoints (forward passes, values inside, gradients, generation): the subset of the repository always, more where they lie beside the checkout.</summary>
public sealed class GoldenModelTests
{
    [Theory]
    [InlineData("gpt2-lm")]
    [InlineData("gpt2-cls")]
    public void EveryKeptCaseGivesWhatPyTorchGave(string checkpoint) => RecordedCases.Pass(Path.Combine(RecordedCases.Kept, "models", checkpoint));

    [Theory]
    [InlineData("gpt2-lm")]
    [InlineData("gpt2-base")]
    [InlineData("gpt2-cls")]
    [InlineData("gpt2-lm-sharded")]
    public void EverySharedCaseGivesWhatPyTorchGave(string checkpoint)
    {
        var folder = Path.Combine(RecordedCases.Shared, "models", checkpoint);
        if (Directory.Exists(folder)) RecordedCases.Pass(folder);
    }
}
