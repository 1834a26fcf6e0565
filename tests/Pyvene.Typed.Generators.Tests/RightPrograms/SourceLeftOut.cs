// The second source is left out in this run, on purpose.
using var model = Gpt2.Load("gpt2");
var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput.At(^1)).Interchange(Gpt2.Layer(4).MlpOutput.At(^1).From(Source.Second));
using var run = model.Run(experiment, "The capital of Spain is", "The capital of Italy is", Source.Skip);
Console.WriteLine(run.TopTokens());
