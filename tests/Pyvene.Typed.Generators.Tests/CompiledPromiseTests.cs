using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>
/// What the compiler refuses is the product: each promise of the typed surface as a program that must not compile, beside its twin that must.
/// </summary>
public sealed class CompiledPromiseTests
{
    private const string Setup =
        """
        using Pyvene.Typed;
        using Sample;
        internal static class Program
        {
            internal static void Main(LanguageModel<Gpt2> model)
            {
                // here
            }
        }
        """;

    [Theory]
    [InlineData("a site of the architecture", "_ = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput);", null)]
    [InlineData("a site of another architecture", "_ = Gpt2.Experiment.Zero(Toy.Layer(0).MlpOutput);", "CS0619")]
    [InlineData("a source site of another architecture", "_ = Gpt2.Experiment.Interchange(Toy.Layer(0).MlpOutput.At(0));", "CS0619")]
    [InlineData("a handle of the architecture",
        "var e = Gpt2.Experiment.Collect(Gpt2.Layer(0).MlpOutput, out var h); using var run = model.Run(e, \"a\"); _ = run[h];", null)]
    [InlineData("a handle of another architecture",
        "var e = Toy.Experiment.Collect(Toy.Layer(0).MlpOutput, out var h); using var run = model.Run(Gpt2.Experiment, \"a\"); _ = run[h];", "CS1503")]
    [InlineData("an experiment on another architecture", "using var run = model.Run(Toy.Experiment, \"a\");", "CS1503")]
    [InlineData("as many sources as the experiment reads",
        "using var run = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(0)), \"a\", \"b\");", null)]
    [InlineData("too few sources", "using var run = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(0)), \"a\");", "CS1503")]
    [InlineData("too many sources", "using var run = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(0)), \"a\", \"b\", \"c\");", "CS1503")]
    [InlineData("a second source without a first", "_ = Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(0).From(Source.Second));", "CS0619")]
    [InlineData("a head of a head component", "_ = Gpt2.Layer(0).HeadQueryOutput.Head(1);", null)]
    [InlineData("a head where one is chosen", "_ = Gpt2.Layer(0).HeadQueryOutput.Head(1).Head(2);", "CS1061")]
    [InlineData("a head of a component without heads", "_ = Gpt2.Layer(0).MlpOutput.Head(1);", "CS1061")]
    [InlineData("a key/value head of key/value heads", "_ = ToyViews.Layer(0).Key.KeyValueHead(1).At(0);", null)]
    [InlineData("a query head of key/value heads", "_ = ToyViews.Layer(0).Key.Head(1);", "CS1929")]
    [InlineData("a position of attention weights", "_ = Gpt2.Layer(0).AttentionWeight.At(1);", "CS1061")]
    [InlineData("a query of attention weights", "_ = Gpt2.Layer(0).AttentionWeight.Query(1);", null)]
    [InlineData("a layer as a head", "_ = Gpt2.Layer(0).HeadQueryOutput.Head(Gpt2.Layer(3));", "CS1503")]
    [InlineData("the index of a layer as a head", "_ = Gpt2.Layer(0).HeadQueryOutput.Head(Gpt2.Layer(3).Index);", "CS1503")]
    [InlineData("the index of a layer as a position", "_ = Gpt2.Layer(0).MlpOutput.At(Gpt2.Layer(3).Index);", "CS1503")]
    [InlineData("the index of a layer as a neuron", "_ = Gpt2.Layer(0).MlpActivation.Neuron(Gpt2.Layer(3).Index);", "CS1503")]
    [InlineData("the index of a layer as a layer", "_ = Gpt2.Layer(Gpt2.Layer(3).Index);", null)]
    [InlineData("the layer above", "_ = Gpt2.Layer(Gpt2.Layer(3).Index + 1);", null)]
    [InlineData("a layer of another architecture", "Gpt2.Block layer = Toy.Layer(0); _ = layer;", "CS0029")]
    [InlineData("a head as a layer", "foreach (var head in Gpt2.Small.AllHeads) _ = Gpt2.Layer(head);", "CS1503")]
    [InlineData("a query head as a key/value head", "QueryHead head = 1; _ = ToyViews.Layer(0).Key.KeyValueHead(head);", "CS1503")]
    [InlineData("a key/value head as a query head", "KeyValueHead head = 1; _ = Gpt2.Layer(0).HeadQueryOutput.Head(head);", "CS1503")]
    [InlineData("query heads as key/value heads", "_ = ToyViews.Layer(0).Key.KeyValueHeads(Heads.Of(1));", "CS1503")]
    [InlineData("a head as a sense", "QueryHead head = 1; _ = Backpack.SenseNetworkOutput.Sense(head);", "CS1503")]
    [InlineData("a head as a position", "QueryHead head = 1; _ = Gpt2.Layer(0).MlpOutput.At(head);", "CS1503")]
    [InlineData("a head as a generated token", "QueryHead head = 1; _ = Steps.At(head);", "CS1503")]
    [InlineData("a head as a neuron", "QueryHead head = 1; _ = Gpt2.Layer(0).MlpActivation.Neuron(head);", "CS1503")]
    [InlineData("a position as a head", "System.Index position = ^1; _ = Gpt2.Layer(0).HeadQueryOutput.Head(position);", "CS1503")]
    [InlineData("a neuron of the residual stream", "_ = Gpt2.Layer(0).BlockOutput.Neuron(1);", "CS1061")]
    [InlineData("a position that is chosen twice", "_ = Gpt2.Layer(0).MlpOutput.At(1).At(2);", "CS1061")]
    [InlineData("a source position without one in the base", "_ = Gpt2.Layer(0).MlpOutput.ReadAt(2);", "CS0311")]
    [InlineData("a time step of a model that has none", "_ = Gpt2.Layer(0).MlpOutput.AtStep(2);", "CS1061")]
    [InlineData("a step of a generation where none is generated", "_ = Gru.Layer(0).CellOutput.During(Steps.Each);", "CS0311")]
    [InlineData("source heads where none are chosen", "_ = Gpt2.Layer(0).HeadQueryOutput.ReadHeads(2);", "CS0311")]
    [InlineData("an experiment in series that is generated from two sources",
        "_ = model.Generate(Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput).Interchange(Gpt2.Layer(1).MlpOutput.From(Source.Second)).InSeries(), \"a\", "
            + "\"b\");",
        "CS1503")]
    [InlineData("layers of a model of another architecture", "_ = Toy.AllLayers.On(model);", "CS1503")]
    [InlineData("a loop over layers whose number nobody knows", "foreach (var layer in Gpt2.AllLayers) _ = layer;", "CS1579")]
    [InlineData("a sweep over layers of another architecture",
        "_ = model.Sweep(Toy.AllLayers, layer => Gpt2.Experiment.Zero(layer.MlpOutput), \"a\", Metric.Rank(\"b\"));", "CS0619")]
    [InlineData("a sweep over the numbers of another architecture's layers",
        "_ = model.Sweep(Toy.AllLayers, layer => Gpt2.Experiment.Zero(Gpt2.Layer(layer.Index).MlpOutput), \"a\", Metric.Rank(\"b\"));", "CS0029")]
    [InlineData("the product of axes of two architectures", "_ = Gpt2.AllLayers.By(Toy.AllLayers);", "CS0411")]
    [InlineData("a source by number where their number has a type", "_ = Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.From(Source.At(4)));", "CS0619")]
    [InlineData("a prompt for many sources", "using var run = model.Run(Gpt2.Experiment.WithSources(2), \"a\", \"b\");", "CS1503")]
    [InlineData("more sources behind the first step", "_ = Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput).WithSources(2);", "CS1929")]
    [InlineData("a constant of another architecture's experiment",
        "_ = Toy.Experiment.Add(Toy.Layer(0).MlpOutput, new float[8], out var c); _ = Gpt2.Experiment.With(c, new float[8]);", "CS1503")]
    [InlineData("a misspelt part of a partition", "var parts = Partition.Of((System.DayOfWeek.Monday, 0..4)); _ = parts[System.DayOfWeek.Mondy];", "CS0117")]
    [InlineData("a component that does not exist", "_ = Gpt2.Layer(0).MlpOuput;", "CS1061")]
    [InlineData("an architecture as an object", "_ = new Gpt2();", "CS1729")]
    [InlineData("a loop that keeps the type",
        "var e = Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput); for (var i = 1; i < 4; i++) e = e.Interchange(Gpt2.Layer(i).MlpOutput);", null)]
    public void TheCompilerDecides(string what, string statement, string? error)
    {
        var program = Programs.Library(Setup.Replace("// here", statement, StringComparison.Ordinal));
        Programs.Driver("Sample", new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good), DescriptorFile.Read("views"))
            .RunGeneratorsAndUpdateCompilation(program, out var output, out _);
        var errors = output.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.Id)
            .Distinct();
        Assert.True(
            error is null ? !errors.Any() : errors.Contains(error),
            $"{what}: expected {error ?? "no error"}, but got "
                + $"{string.Join("; ", output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))}.");
    }
}
