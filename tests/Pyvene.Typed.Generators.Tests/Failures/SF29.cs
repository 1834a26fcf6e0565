// SF29: a component is named by a string that nothing knows.
// Here: cannot be written
// Caught by: CS0021
var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(4)["mlp_ouput"]);
Console.WriteLine(experiment);
