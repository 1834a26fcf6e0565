// SF32: a string that nothing knows becomes a custom hook point. The typed surface takes no strings for places.
// Here: cannot be written
// Caught by: CS1503 PVT221
var experiment = Gpt2.Experiment.Zero("blocks.99.hook_custom");
Console.WriteLine(experiment);
