#:project ../src/Pyvene.Typed/Pyvene.Typed.csproj
// Where does a language model keep "Spain"? Swap an activation with one of another prompt and see what it says.
// Run: dotnet run examples/01-first-intervention.cs
using Pyvene.Typed;

using var model = Gpt2.Load("models/primer");

var experiment = Gpt2.Experiment
    .Interchange(Gpt2.Layer(3).BlockOutput.At(^1))                      // the last position, behind block 3
    .Collect(Gpt2.Layer(5).AttentionWeight.Head(1), out var pattern);

experiment.ToConfig().Save("swap.json");                                // an experiment is plain data
using var run = model.Run(experiment, @base: "The capital of Spain is", source: "The capital of Italy is");
Console.WriteLine(run.TopTokens(5));                                    // next tokens, before | after
Console.WriteLine($"{run.Receipts[0]}; pattern [{string.Join(", ", run[pattern].shape)}]\n");

var map = model.Sweep(
    Gpt2.AllLayers,
    Positions.All,
    (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position)),
    @base: "The capital of Spain is",
    source: "The capital of Italy is",
    Metric.Probability(" Rome"));
Console.WriteLine(map);
