// SF18: a function writes to its local, not to the model. What it returns is written, and it must return something.
// Caught by: CS1643
var experiment = Gpt2.Experiment.Apply(Gpt2.Layer(4).MlpOutput, values => { values = values * 0; });
Console.WriteLine(experiment);
