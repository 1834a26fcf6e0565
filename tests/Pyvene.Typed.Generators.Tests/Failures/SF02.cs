// SF02: a gated hook never fires, because this model has no gate.
// Caught by: CS1061
var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(4).GateProjection);
Console.WriteLine(experiment);
