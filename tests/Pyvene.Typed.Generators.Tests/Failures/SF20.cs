// SF20: options of generation are given to a forward run, which takes no notice.
// Caught by: CS1503
static object Run(LanguageModel<Gpt2> model)
{
    using var run = model.Run(Gpt2.Experiment, "The capital of Spain is", new Pyvene.Typed.Generation.GenerationOptions());
    return run.Logits.clone();
}
