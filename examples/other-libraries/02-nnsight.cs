#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// What nnsight users do inside of `with model.trace(…)`: save a value, write one, take one from another prompt, follow a generation, read gradients.
// Run: dotnet run examples/other-libraries/02-nnsight.cs
using Pyvene.Typed;
using Pyvene.Typed.Generation;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
using var model = Gpt2.Load("models/primer");

// with model.trace(prompt): hidden = model.transformer.h[3].output[0].save()
using var saved = model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(3).BlockOutput, out var hidden), "The capital of Spain is");
Console.WriteLine($"saved [{string.Join(", ", saved[hidden].shape)}]\n");

// model.transformer.h[3].mlp.output[:, -1] *= 0.5: a function of the values at a place, which returns new ones.
using var halved = model.Run(Gpt2.Experiment.Apply(Gpt2.Layer(3).MlpOutput.At(^1), values => values * 0.5f), "The capital of Spain is");
Console.WriteLine($"{halved.Receipts[0]}\n");

// with tracer.invoke(first): …; with tracer.invoke(second): …: the second prompt reads what the first one has. No order of invokes to keep in mind.
var swap = Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(^1));
using var swapped = model.Run(swap, @base: "The capital of Spain is", source: "The capital of Italy is");
Console.WriteLine(swapped.TopTokens(3));

// with model.generate(prompt, max_new_tokens=6) as tracer: for step in tracer.iter[:]: …; which steps are meant is said, and is checked.
var follow = Gpt2.Experiment.Collect(Gpt2.Layer(5).BlockOutput.During(Steps.Each), out var each);
using var generated = model.Generate(follow, "When Mary and John went to the store,", new GenerationOptions { MaxNewTokens = 6 });
Console.WriteLine($"{generated}\n{generated[each].Count} steps, each [{string.Join(", ", generated[each][0].shape)}]\n");

// hidden.grad: of any number computed from the logits, to anything collected.
var read = Gpt2.Experiment.Collect(Gpt2.Layer(3).BlockOutput.At(^1), out var last);
using var learning = model.Run(read, "The capital of Spain is", new RunOptions { Gradients = true });
using var gradient = learning.Gradient(learning.Logits[0, -1].logsumexp(0), last);
Console.WriteLine($"gradient [{string.Join(", ", gradient.shape)}], length {gradient.norm().item<float>():F2}");
