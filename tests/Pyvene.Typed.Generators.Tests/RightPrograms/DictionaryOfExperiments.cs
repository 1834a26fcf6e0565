// Experiments by name, all run on one prompt.
var experiments = new Dictionary<string, Experiment<Gpt2, OneSource>>
{
    ["stream"] = Gpt2.Experiment.Interchange(Gpt2.Layer(6).BlockOutput.At(^1)),
    ["attention"] = Gpt2.Experiment.Interchange(Gpt2.Layer(6).AttentionOutput.At(^1)),
    ["MLP"] = Gpt2.Experiment.Interchange(Gpt2.Layer(6).MlpOutput.At(^1)),
};
using var model = Gpt2.Load("gpt2");
foreach (var (name, experiment) in experiments)
{
    using var run = model.Run(experiment, "The capital of Spain is", "The capital of Italy is");
    Console.WriteLine($"{name}\n{run.TopTokens()}");
}
