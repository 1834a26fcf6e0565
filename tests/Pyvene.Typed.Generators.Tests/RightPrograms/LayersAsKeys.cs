// A layer is a value: it is compared, kept as a key, printed, and counted on from.
var scores = new Dictionary<Gpt2.Block, double>();
foreach (var layer in Gpt2.Small.Layers(..^1)) scores[layer] = Score(layer, Gpt2.Small.Layer(layer.Index + 1));
var best = scores.MaxBy(score => score.Value).Key;
Console.WriteLine(best == Gpt2.Layer(3) ? $"{best} it is" : $"{best}, number {best.Index} of {scores.Count}");

static double Score(Gpt2.Block layer, Gpt2.Block next) => (next.Index - layer.Index) / 12.0;
