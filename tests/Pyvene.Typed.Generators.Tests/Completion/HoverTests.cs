namespace Pyvene.Typed.Generators.Tests.Completion;

/// <summary>What an editor shows for a name of the example when the mouse rests on it.</summary>
public sealed class HoverTests
{
    [Theory]
    [InlineData("Gpt2.Layer(3).BlockOutput", "PositionComponent<Gpt2> Gpt2.Block.BlockOutput { get; }", "The residual stream as it leaves the layer.",
        "Shape: [batch, position, dModel].", "In pyvene: block_output.")]
    [InlineData("Gpt2.Layer(5).AttentionWeight", "AttentionComponent<Gpt2> Gpt2.Block.AttentionWeight { get; }", "behind the softmax.",
        "Shape: [batch, head, query, key].", "In pyvene: attention_weight.")]
    [InlineData("AttentionWeight.Head", "AttentionHeads<Gpt2, QueryHead> IHeaded<QueryHead, AttentionHeads<Gpt2, QueryHead>>.Head<", "(QueryHead head)",
        "Returns this component limited to one head.")]
    [InlineData("    .Interchange", "Experiment<Gpt2, OneSource>", "replaces the values at a place by those of a source.")]
    [InlineData("model.Run", "ExperimentRun<Gpt2> LanguageModel<Gpt2>.Run(", "Runs an experiment that reads one source.", "InterventionException")]
    [InlineData("out var pattern", "Collected<Gpt2>", "pattern")]
    public async Task AHoverIsTheManual(string behind, params string[] expected)
    {
        var shown = await EditedProgram.Example("01-first-intervention", behind).Hover();
        Assert.All(expected, text => Assert.Contains(text, shown, StringComparison.Ordinal));
    }
}
