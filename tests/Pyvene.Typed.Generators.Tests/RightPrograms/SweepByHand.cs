// The same by hand, into an array of one's own.
using var model = Gpt2.Load("gpt2");
var effects = new double[model.LayerCount, model.HeadCount];
foreach (var layer in Gpt2.AllLayers.On(model))
{
    foreach (var head in Gpt2.AllHeads.On(model))
    {
        using var run = model.Run(
            Gpt2.Experiment.Zero(layer.HeadAttentionValueOutput.Head(head)), "The capital of Spain is", new RunOptions { Effects = EffectCheck.Report });
        effects[layer.Index, head] = run.Logits[0, -1, 0].item<float>();
    }
}

Console.WriteLine(effects.Length);
