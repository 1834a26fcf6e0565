// From the start, from the end, a range, a text, for every example, and a value kept for later.
var layer = Gpt2.Layer(5);
Positions subject = 1..^1;
Experiment<Gpt2, OneSource>[] experiments =
[
    Gpt2.Experiment.Interchange(layer.BlockOutput.At(0)),
    Gpt2.Experiment.Interchange(layer.BlockOutput.At(^1)),
    Gpt2.Experiment.Interchange(layer.BlockOutput.At(0, 3, ^1)),
    Gpt2.Experiment.Interchange(layer.BlockOutput.At(1..4)),
    Gpt2.Experiment.Interchange(layer.BlockOutput.At("Spain").ReadAt("Italy")),
    Gpt2.Experiment.Interchange(layer.BlockOutput.At(Positions.PerExample([1], [3])).ReadAt(0)),
    Gpt2.Experiment.Interchange(layer.BlockOutput.At(subject).ReadAt(0..3)),
];
Console.WriteLine(experiments.Length);
