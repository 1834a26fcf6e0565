// On the prompt, on every token, on the first eight, and on both.
using var model = Gpt2.Load("gpt2");
var mlp = Gpt2.Layer(3).MlpOutput;
Site<Gpt2>[] places = [mlp.During(Steps.Prompt), mlp.During(Steps.Each), mlp.During(Steps.In(0..8)), mlp.At(^1).During(Steps.Prompt.And(Steps.At(0, 4)))];
foreach (var place in places) Console.WriteLine(model.Generate(Gpt2.Experiment.Zero(place), "Once upon a time"));
