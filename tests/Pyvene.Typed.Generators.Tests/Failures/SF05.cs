// SF05: bare token ids are taken for a batch, and padding on the left shifts positions. A prompt knows its padding.
// Caught by: CS1503 PVT221
static object Run(LanguageModel<Gpt2> model, Tensor ids)
{
    using var run = model.Run(Gpt2.Experiment, ids);
    return run.Logits.clone();
}
