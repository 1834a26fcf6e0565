// One backward pass says of every layer about how much the answer would change if the source's value were there.
using var model = Gpt2.Load("gpt2");
var experiment = Gpt2.Experiment;
List<Collected<Gpt2>> residuals = [];
foreach (var layer in Gpt2.Small.AllLayers)
{
    experiment = experiment.Collect(layer.BlockOutput.At(^1), out var residual);
    residuals.Add(residual);
}

using var clean = model.Run(experiment, "The capital of Spain is", new RunOptions { Gradients = true });
using var source = model.Run(experiment, "The capital of Italy is");
using var score = clean.Logits[0, -1, 42];
foreach (var (residual, gradient) in residuals.Zip(clean.Gradients(score, residuals)))
{
    using var effect = ((source[residual] - clean[residual]) * gradient).sum();
    Console.WriteLine($"{residual.Place}: {effect.item<float>():F3}");
    gradient.Dispose();
}
