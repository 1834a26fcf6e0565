using Pyvene.Typed.Analysis;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;

namespace Pyvene.Typed.Tests.Running;

/// <summary>What is said of prompts that are missing or too long, before anything runs.</summary>
public sealed class PromptMessageTests
{
    private const string Missing = "There is no prompt for the base. Give a text, or Prompt.Of(…) for several, or Prompt.OfTokens(…). (Parameter 'base')";

    private static readonly Experiment<Gpt2, OneSource> Swap = Gpt2.Experiment.Interchange(Gpt2.Layer(1).BlockOutput.At(^1));

    private static LanguageModel<Gpt2> Model => Primer.Model;

    private static Prompt Long => Prompt.OfTokens([1, 2], [.. Enumerable.Repeat(5, 97)]);

    public static TheoryData<Action> WithoutBase => new(
        () => Model.Run(Gpt2.Experiment, (Prompt)null!).Dispose(),
        () => Model.Run((Prompt)null!).Dispose(),
        () => Model.Run(Swap, null!, "a").Dispose(),
        () => Model.Generate((Prompt)null!),
        () => Model.Generate(Gpt2.Experiment, null!),
        () => _ = Model.Sweep(Gpt2.AllLayers, layer => Gpt2.Experiment.Interchange(layer.BlockOutput), null!, "a", Metric.Probability(" Madrid")),
        () => Explained(null!));

    public static TheoryData<Action> WithLongBase => new(
        () => Model.Run(Gpt2.Experiment, Long).Dispose(),
        () => Model.Run(Swap, Long, "a").Dispose(),
        () => Model.Generate(Long, new GenerationOptions { MaxNewTokens = 1 }),
        () => Model.Generate(Long),
        () => _ = Model.Sweep(Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.BlockOutput), Long, Metric.Probability(" Madrid")),
        () => Explained(Long));

    [Theory]
    [MemberData(nameof(WithoutBase))]
    public void RunWithoutAPromptSaysWhatToGive(Action run) => Assert.Equal(Missing, Assert.Throws<ArgumentNullException>(run).Message);

    [Fact]
    public async Task StreamWithoutAPromptSaysWhatToGive() => Assert.Equal(
        Missing, (await Assert.ThrowsAsync<ArgumentNullException>(async () => await Model.StreamAsync((Prompt)null!))).Message);

    [Fact]
    public void RunWithoutASourceSaysHowToLeaveOneOut() => Assert.Equal(
        "There is no source 0. Give a text or a Prompt, or leave it out on purpose with Source.Skip. (Parameter 'source 0')",
        Assert.Throws<ArgumentNullException>(() => Model.Run(Swap, "a", (SourceInput)null!)).Message);

    [Theory]
    [MemberData(nameof(WithLongBase))]
    public void PromptBeyondTheContextIsRefusedBeforeTheModelRuns(Action run) => Assert.Equal(
        "Example 1 of the base has 97 tokens, but the model reads at most 96. Shorten it, or take a model with a longer context.",
        Assert.Throws<InterventionException>(run).Message);

    [Fact]
    public void SourceBeyondTheContextIsNamedByItsNumber() => Assert.Equal(
        "Example 1 of the source 0 has 97 tokens, but the model reads at most 96. Shorten it, or take a model with a longer context.",
        Assert.Throws<InterventionException>(() => Model.Run(Swap, (string[])["a", "b"], Long)).Message);

    [Fact]
    public void PromptThatFillsTheContextRuns()
    {
        using var run = Model.Run(Prompt.OfTokens([.. Enumerable.Repeat(5, 96)]));
        Assert.Equal(96, run.Logits.shape[1]);
    }

    private static void Explained(Prompt prompt)
    {
        using var plan = Model.Bind(Gpt2.Experiment);
        plan.Explain(prompt);
    }
}
