// Corrupt the subject once, then restore one place at a time.
var noise = new Pyvene.Typed.Interventions.Noise(randn(1, 4, 768), 0.13);
var corrupted = Gpt2.Experiment.Apply(Gpt2.EmbeddingOutput.At(0..4), noise);
var restored = Gpt2.Small.AllLayers.Select(layer => corrupted.Interchange(layer.BlockOutput.At(3)));
Console.WriteLine(string.Join("\n", restored));
