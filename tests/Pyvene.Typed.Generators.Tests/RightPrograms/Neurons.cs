// One neuron, some, and a range of them.
var mlp = Gpt2.Layer(5).MlpActivation;
Console.WriteLine(Gpt2.Experiment.Zero(mlp.Neuron(17)).Zero(mlp.Neurons(3, 99).At(^1)).Zero(mlp.Features(100..200)));
