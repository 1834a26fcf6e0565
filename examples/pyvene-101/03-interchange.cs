#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 10, 12, 16 and 17: values of another prompt, vectors that are added, one number of one head, an intervention of your own.
// Run: dotnet run examples/pyvene-101/03-interchange.cs
using System.Text.Json.Nodes;
using Pyvene.Typed;
using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

using var model = Gpt2.Load("models/primer");
const string Spain = "The capital of Spain is", Italy = "The capital of Italy is";

// Cell 10: half of the features at the country's position come from the other prompt.
using var half = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(0).BlockOutput.At("Spain").ReadAt("Italy").Features(0..64)), Spain, Italy);
Console.WriteLine($"{half.TopTokens(3)}\n{half.Receipts[0]}\n");

// Cell 12: one vector is added at four positions.
using var vector = linspace(-1, 1, 128);
using var added = model.Run(Gpt2.Experiment.Add(Gpt2.Layer(0).MlpOutput.At(0..4), vector), Spain);
Console.WriteLine($"{added.TopTokens(3)}\n{added.Receipts[0]}\n");

// Cell 16: head 3, position 3, the first number of its values.
using var one = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(3).HeadAttentionValueOutput.Head(3).At(3).Features(0..1)), Spain, Italy);
Console.WriteLine($"{one.Receipts[0]}\n");

// Cell 17: an intervention of your own, which configurations keep.
InterventionTypes.Register("multiplier", parameters => new Multiplier(parameters.Number("factor")));
var times99 = Gpt2.Experiment.Apply(Gpt2.Layer(0).MlpOutput.At(3), new Multiplier(99));
using var multiplied = model.Run(times99, Spain);
Console.WriteLine(multiplied.TopTokens(3));
Console.WriteLine(times99.ToConfig().ToJson());

internal sealed record Multiplier(double Factor) : SourcelessIntervention
{
    public override string Type => "multiplier";

    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => @base * Factor;

    public override JsonObject ToParameters() => new() { ["factor"] = Factor };
}
