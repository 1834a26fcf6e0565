// Runs on one model from several tasks are let in one after the other.
using var model = Gpt2.Load("gpt2");
var tops = await System.Threading.Tasks.Task.WhenAll(Gpt2.Small.AllLayers.Select(layer => System.Threading.Tasks.Task.Run(() => Top(layer))));
Console.WriteLine(string.Join("\n", tops));

string Top(Gpt2.Block layer)
{
    using var run = model.Run(Gpt2.Experiment.Zero(layer.MlpOutput.At(^1)), "The capital of Spain is");
    return run.TopTokens(1).ToString();
}
