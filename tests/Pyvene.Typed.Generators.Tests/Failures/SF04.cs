// SF04: an alias of another architecture "did not resolve". Components are those of this architecture.
// Caught by: CS1061 PVT201
var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(4).HookResidPost);
Console.WriteLine(experiment);
