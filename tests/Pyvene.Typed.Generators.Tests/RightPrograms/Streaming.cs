// Text as it comes, under an experiment, until somebody has read enough.
using var model = Gpt2.Load("gpt2");
using var stop = new System.Threading.CancellationTokenSource(TimeSpan.FromSeconds(5));
var ablate = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput.During(Steps.Each));
await foreach (var piece in model.StreamAsync(ablate, "Once upon a time", cancellationToken: stop.Token)) Console.Write(piece);
