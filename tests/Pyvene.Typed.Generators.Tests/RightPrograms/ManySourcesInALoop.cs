// A source for every head, as many as there are.
using var model = Gpt2.Load("gpt2");
string[] prompts = [.. Enumerable.Range(0, 12).Select(number => $"The capital of country {number} is")];
var experiment = Gpt2.Experiment.WithSources(prompts.Length);
foreach (var head in Gpt2.Small.AllHeads)
{
    experiment = experiment.Interchange(Gpt2.Layer(9).HeadAttentionValueOutput.Head(head).At(^1).From(Source.At(head)));
}

using var run = model.Run(experiment, "The capital of Spain is", [.. prompts]);
Console.WriteLine(run.Receipts.Count);
