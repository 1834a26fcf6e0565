// SF14: results are kept until memory is full.
// Caught by: PVT204
static void Run(LanguageModel<Gpt2> model, string[] prompts)
{
    foreach (var prompt in prompts)
    {
        var run = model.Run(Gpt2.Experiment, prompt);
        Console.WriteLine(run.TopTokens(1));
    }
}
