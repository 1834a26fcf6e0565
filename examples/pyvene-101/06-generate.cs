#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 20-24: interventions while a model writes. Steering by an embedding, by a source, by a function that logs, and its strength.
// Run: dotnet run examples/pyvene-101/06-generate.cs
using Pyvene.Typed;
using Pyvene.Typed.Generation;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
using var model = Gpt2.Load("models/primer");
var greedy = new GenerationOptions { MaxNewTokens = 9 };
const string Prompt = "Mary walked because she was";
Console.WriteLine($"clean:      {model.Generate(Prompt, greedy)}");

// Cell 20: an embedding is added to what every MLP writes, at the prompt and at every token.
using var read = model.Run(Gpt2.Experiment.Collect(Gpt2.EmbeddingOutput.At(^1), out var embedding), " happy");
var happy = read[embedding].squeeze();
var steps = Steps.Prompt.And(Steps.Each);
var everywhere = Gpt2.AllLayers.On(model).Aggregate(Gpt2.Experiment, (all, layer) => all.Add(layer.MlpOutput.During(steps), happy * 0.3));
Console.WriteLine($"embedding:  {model.Generate(everywhere, Prompt, greedy)}");

// Cell 21: the same from a source: a function of the token that is written and of the source's first one.
var layers = Gpt2.Layers(2..).On(model).Aggregate(
    Gpt2.Experiment.WithSources(1),
    (all, layer) => all.Apply(layer.MlpOutput.At(^1).ReadAt(0).During(steps).From(Source.At(0)), (values, source) => values + source));
Console.WriteLine($"source:     {model.Generate(layers, Prompt, [" happy"], greedy)}");

// Cells 22, 23: a function that logs what it is given.
var calls = 0;
var logged = Gpt2.Experiment.Apply(Gpt2.Layer(3).BlockOutput.During(steps), values =>
{
    if (calls++ < 3) Console.WriteLine($"(called {calls - 1} times before) [{string.Join(", ", values.shape)}]");
    return values + (happy * 5);
});
Console.WriteLine($"logged:     {model.Generate(logged, Prompt, greedy)}");

// Cell 24: another strength is another constant of the same experiment.
var steer = Gpt2.Experiment.Add(Gpt2.Layer(3).BlockOutput.During(steps), happy, out var steering);
foreach (var strength in (double[])[1, 5, 20])
{
    Console.WriteLine($"{strength,2} times:   {model.Generate(steer.With(steering, happy * strength), Prompt, greedy)}");
}
