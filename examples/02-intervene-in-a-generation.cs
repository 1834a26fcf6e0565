#:project ../src/Pyvene.Typed/Pyvene.Typed.csproj
// Does an edit of the prompt carry through the text that follows? Swap one activation, then let the model write.
// Run: dotnet run examples/02-intervene-in-a-generation.cs
using Pyvene.Typed;
using Pyvene.Typed.Generation;

using var model = Gpt2.Load("models/primer");
foreach (var field in model.Unread) Console.Error.WriteLine($"Not read: {field}");
var eight = new GenerationOptions { MaxNewTokens = 8 };
const string Spain = "The capital of Spain is", Italy = "The capital of Italy is";

var swap = Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(^1).During(Steps.Prompt));  // once, in the prompt
var ablate = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput.During(Steps.Each));                   // every generated token

Console.WriteLine($"clean:   {model.Generate(Spain, eight)}");
Console.WriteLine($"swapped: {model.Generate(swap, @base: Spain, source: Italy, eight)}");
var ablated = model.Generate(ablate, Spain, eight);
Console.WriteLine($"ablated: {ablated}");
Console.WriteLine(ablated.Receipts[0]);
