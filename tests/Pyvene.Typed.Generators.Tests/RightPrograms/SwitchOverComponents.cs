// Which stream is chosen by a word of the command line.
var place = args.FirstOrDefault() ?? "block";
var experiments = Gpt2.Small.AllLayers.Select(layer => Gpt2.Experiment.Zero(Place(layer, place).At(^1)));
Console.WriteLine(string.Join("\n", experiments));

static PositionComponent<Gpt2> Place(Gpt2.Block layer, string name) => name switch
{
    "block" => layer.BlockOutput,
    "attention" => layer.AttentionOutput,
    "mlp" => layer.MlpOutput,
    _ => throw new ArgumentException($"'{name}' is none of block, attention and mlp."),
};
