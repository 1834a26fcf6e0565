// Path patching: what the first source does to the second is what the base gets.
using var model = Gpt2.Load("gpt2");
var path = Gpt2.Experiment
    .Interchange(Gpt2.Layer(3).BlockOutput.At(^1))
    .Interchange(Gpt2.Layer(9).BlockOutput.At(^1).From(Source.Second))
    .InSeries();
using var run = model.Run(path, "The capital of Spain is", "The language of Spain is", "The capital of Italy is");
Console.WriteLine(run.TopTokens());
