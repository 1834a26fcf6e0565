// All experiments of a grid, as a query.
var grid =
    from layer in Gpt2.Small.Layers(6..)
    from head in Gpt2.Small.AllHeads
    select (layer, head, experiment: Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(head).At(^1)));
foreach (var (layer, head, experiment) in grid) Console.WriteLine($"{layer}, head {head}: {experiment}");
