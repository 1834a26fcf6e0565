// SF30: there are more interventions than sources.
// Caught by: CS1503 PVT221
static object Run(LanguageModel<Gpt2> model)
{
    var experiment = Gpt2.Experiment
        .Interchange(Gpt2.Layer(4).MlpOutput)
        .Interchange(Gpt2.Layer(5).MlpOutput.From(Source.Second));
    using var run = model.Run(experiment, @base: "The capital of Spain is", source: "The capital of Italy is");
    return run.Logits.clone();
}
