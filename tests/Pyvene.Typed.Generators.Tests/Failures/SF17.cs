// SF17: .save() is forgotten, and the value is gone. Results are return values, and there is nothing to save.
// Here: cannot be written
// Caught by: CS1061
var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(4).MlpOutput, out var values);
Console.WriteLine(experiment);
values.save();
