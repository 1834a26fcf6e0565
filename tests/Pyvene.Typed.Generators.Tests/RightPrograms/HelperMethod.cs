// A method of one's own takes a layer and a head, and its types are short.
Console.WriteLine(Patch(Gpt2.Layer(9), 6));
Console.WriteLine(Patch(Gpt2.Small.Layer(9), 6));

static Experiment<Gpt2, OneSource> Patch(Gpt2.Block layer, QueryHead head) => Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(head).At(^1));
