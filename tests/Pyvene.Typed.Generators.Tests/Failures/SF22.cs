// SF22: gradients are null. A run says what it records, and is asked for a gradient only if it has one.
// Caught by: PVT219
static object Attribute(LanguageModel<Gpt2> model)
{
    var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(6).BlockOutput.At(^1), out var residual);
    using var run = model.Run(experiment, "The capital of Spain is");
    using var gradient = run.Gradient(run.Logits[0, -1, 42], residual);
    return gradient.norm().item<float>();
}
