// SF31: the rank of a trained intervention is larger than the width. Where both are written out, the editor says so.
// Caught by: PVT202
using Pyvene.Typed.Interventions.Trainable;
using var rotation = new LowRankRotatedSpace(width: 768, rank: 1024);
Console.WriteLine(Gpt2.Experiment.Apply(Gpt2.Layer(6).BlockOutput.At(^1), rotation));
