// Every other layer, the last three, and those above the middle.
var even = Gpt2.Small.AllLayers.Where(layer => layer.Index % 2 == 0);
var upper = Gpt2.Small.AllLayers.Where(layer => layer.Index >= 6).OrderByDescending(layer => layer.Index.Value);
var experiments = even.Concat(upper).Concat(Gpt2.Small.Layers(^3..)).Distinct().ToDictionary(layer => layer, layer => Gpt2.Experiment.Zero(layer.MlpOutput));
Console.WriteLine(experiments[Gpt2.Small.Layer(4)]);
