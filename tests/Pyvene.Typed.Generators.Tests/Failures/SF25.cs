// SF25: a steering vector has the wrong width. Known checkpoints carry the widths of their components.
// Caught by: PVT218
static Experiment<Gpt2, NoSource> Steer() => Gpt2.Experiment.Add(Gpt2.Small.Layer(6).BlockOutput.At(^1), new float[1024]);
