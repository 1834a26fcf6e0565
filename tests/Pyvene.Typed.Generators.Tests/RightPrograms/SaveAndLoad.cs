// An experiment is data: it is saved, loaded, compared, and bound to any model of its architecture.
using var model = Gpt2.Load("gpt2");
var config = Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(^1)).ToConfig();
config.Save("swap.json");
Console.WriteLine(InterventionConfig.Load("swap.json") == config);
using var plan = InterventionPlan.Bind(model.Module, config);
Console.WriteLine(plan);
