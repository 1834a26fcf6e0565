// SF21: .output[0] picks a row of the batch once a module no longer returns a tuple. A component is one tensor.
// Here: cannot be written
// Caught by: CS0021
var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(4).BlockOutput[0]);
Console.WriteLine(experiment);
