#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 25 and 38: a model that the library does not know, registered by an attribute; here with senses, as the backpack model has.
// Run: dotnet run examples/pyvene-101/11-own-modules.cs
using Pyvene.Typed;
using TorchSharp.Modules;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
random.manual_seed(1);
using var backpack = new Backpack();
var nurse = tensor(new long[,] { { 7, 3, 9, 4 } }); // [batch, position]

// Cell 38: the attribute on the class is the whole registration; its components are typed places.
using var collect = Experiment.On<Backpack>().Collect(Backpack.Components.Senses.Output, out var senses).Bind(backpack);
using var seen = collect.Run(nurse);
Console.WriteLine($"senses [{string.Join(", ", seen[senses].shape)}]: batch, sense, position, dModel\n");

// Cell 25: sense 10 of token 2, weaker step by step.
foreach (var factor in (double[])[0, 0.7, 1])
{
    var weaker = Experiment.On<Backpack>().Apply(Backpack.Components.Senses.Output.Head(10).At(2), sense => sense * factor);
    using var plan = weaker.Bind(backpack);
    using var run = plan.Run(nurse, new RunOptions { Effects = EffectCheck.Report }); // a factor of 1 changes nothing, on purpose
    Console.WriteLine($"times {factor:F1}: {run.Receipts[0].ChangedElements} of {run.Receipts[0].Elements} values of the sense changed, the output too: "
        + $"{!run.Output.allclose(run.CleanOutput!)}");
}

/// <summary>Sums the senses of all tokens so far: a word is a bag of 16 vectors (Hewitt et al., 2023).</summary>
[InterventionModel]
internal sealed partial class Backpack : nn.Module<Tensor, Tensor>
{
    [Component(Axes = "batch, sense, position, dModel", Summary = "What every sense of every token says.")]
    private readonly SenseTable senses = new();
    private readonly Linear head = nn.Linear(8, 20);

    public Backpack() : base("backpack") => RegisterComponents();

    public override Tensor forward(Tensor tokens) => head.call(senses.call(tokens).sum([1]).cumsum(1));
}

internal sealed class SenseTable : nn.Module<Tensor, Tensor>
{
    private readonly Embedding vectors = nn.Embedding(20, 16 * 8);

    public SenseTable() : base("senses") => RegisterComponents();

    public override Tensor forward(Tensor tokens) => vectors.call(tokens).view(tokens.shape[0], tokens.shape[1], 16, 8).transpose(1, 2);
}
