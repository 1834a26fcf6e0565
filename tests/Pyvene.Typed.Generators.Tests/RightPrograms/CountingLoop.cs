// A loop with a number works as it does with a layer.
var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput);
for (var layer = 1; layer < 12; layer++) experiment = experiment.Interchange(Gpt2.Layer(layer).MlpOutput);
Console.WriteLine(experiment);
