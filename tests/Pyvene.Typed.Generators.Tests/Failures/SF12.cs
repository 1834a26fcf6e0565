// SF12: folded weights are compared with raw ones. Nothing folds weights: every model has those of its checkpoint.
// Here: cannot be written
// Caught by: CS1739
using var model = Gpt2.Load("models/primer", foldLayerNorm: true);
using var run = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(4).MlpOutput), @base: "The capital of Spain is");
