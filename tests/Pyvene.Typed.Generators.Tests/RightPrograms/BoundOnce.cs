// One experiment on many prompts: it is bound once.
using var model = Gpt2.Load("gpt2");
using var plan = model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At("Spain").ReadAt(3)));
foreach (var country in new[] { "Italy", "Peru", "Japan" })
{
    using var run = plan.Run("The capital of Spain is", $"The capital of {country} is");
    Console.WriteLine(run.TopTokens());
}

Console.WriteLine(plan.Explain("The capital of Spain is", "The capital of Italy is"));
