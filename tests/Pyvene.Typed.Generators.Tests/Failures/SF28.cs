// SF28: an intervention for every step of generation acts on the prompt alone. Every place says when.
// Caught by: PVT214
static object Generate(LanguageModel<Gpt2> model)
{
    var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(4).MlpOutput);
    return model.Generate(experiment, "The capital of Spain is");
}
