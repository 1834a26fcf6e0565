// Two sources side by side: the country from one prompt, the relation from another.
using var model = Gpt2.Load("gpt2");
var experiment = Gpt2.Experiment
    .Interchange(Gpt2.Layer(3).BlockOutput.At("Spain").ReadAt("Italy"))
    .Interchange(Gpt2.Layer(3).BlockOutput.At("capital").ReadAt("language").From(Source.Second));
using var run = model.Run(experiment, "The capital of Spain is", first: "The capital of Italy is", second: "The language of Spain is");
Console.WriteLine(run.TopTokens());
