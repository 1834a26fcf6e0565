// Restore windows of five layers around each.
var windows = Gpt2.Small.AllLayers.Select(layer => Window(layer.Index));
Console.WriteLine(string.Join("\n", windows));

static Experiment<Gpt2, OneSource> Window(LayerIndex center) => Gpt2.Small.AllLayers
    .Where(layer => Math.Abs(layer.Index - center) <= 2)
    .Aggregate(
        Experiment.On<Gpt2>().Interchange(Gpt2.Layer(center).MlpOutput.At(3)), (experiment, layer) => experiment.Interchange(layer.AttentionOutput.At(3)));
