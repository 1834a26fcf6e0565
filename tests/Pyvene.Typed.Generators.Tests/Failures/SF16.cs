// SF16: a later site is read to write an earlier one. A step takes its values from a source, a constant or its own place, never from another step.
// Here: cannot be written
// Caught by: CS1503 PVT221
var experiment = Gpt2.Experiment
    .Collect(Gpt2.Layer(10).MlpOutput.At(^1), out var later)
    .Interchange(Gpt2.Layer(4).MlpOutput.At(^1), later);
Console.WriteLine(experiment);
