// A steering vector from two prompts, added to every token that is generated.
using var model = Gpt2.Load("gpt2");
var read = Gpt2.Experiment.Collect(Gpt2.Layer(6).BlockOutput.At(^1), out var stream);
using var love = model.Run(read, "I love this");
using var hate = model.Run(read, "I hate this");
using var direction = (love[stream] - hate[stream]).squeeze();
var steer = Gpt2.Experiment.Add(Gpt2.Layer(6).BlockOutput.During(Steps.Each), direction);
Console.WriteLine(model.Generate(steer, "I think that"));
