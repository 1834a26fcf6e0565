#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// Which heads go on with a list that repeats? Look for the textbook's pattern, take every head out, and see which heads the pattern stands on.
// Run: dotnet run examples/studies/04-induction-heads.cs (a real GPT-2: … -- --model openai-community/gpt2)
using Pyvene.Typed;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Lab;

using var model = Gpt2.Load(args is ["--model", var name] ? name : "models/primer");
string[] words = ("dog teacher boat tree picture house car bird king farmer doctor store park school garden library station market office beach "
    + "museum drink book ring ball flower letter hat lamp apple war journey meeting storm game strike trial").Split(' ');
var random = new Random(1);
string[][] lists = [.. Enumerable.Range(0, 40).Select(_ => words.OrderBy(_ => random.Next()).Take(6).ToArray())];
string[] prompts = [.. lists.Select(list => string.Join(' ', [.. list, .. list[..4]]))]; // six words, then four of them again: the fifth comes next
var metric = Metric.Probability([.. lists.Select(list => " " + list[4])]);

// Who looks at what followed the word's earlier occurrence? In these lists, and in random tokens, which this model may never have seen repeated.
var scores = model.HeadScores(HeadPattern.Induction, prompts);
Console.WriteLine($"{scores}\nin random tokens: {string.Join("; ", model.HeadScores(HeadPattern.Induction).Highest(2))}\n");

// Who is needed? Every head is taken out by itself; the control changes its values by as much in random directions.
var options = new RunOptions { Controls = [Control.MatchedRandom(5)] };
var without = model.Sweep(
    Gpt2.AllLayers, Gpt2.AllHeads, (layer, head) => Gpt2.Experiment.Zero(layer.HeadAttentionValueOutput.Head(head)), prompts, metric, options);
Console.WriteLine($"each head taken out: {without}");
var both = scores.Highest(2).Aggregate(
    Gpt2.Experiment, (steps, one) => steps.Zero(Gpt2.Layer(one.Layer).HeadAttentionValueOutput.Head(one.Head)));
using (var run = model.Run(both, prompts)) Console.WriteLine($"both heads with the pattern taken out: {run.Measure(metric).Mean:F2}\n");

// What does the pattern stand on? How much of the strongest head's attention to the answer is left without each head below it.
var induction = scores.Highest(1)[0];
var clean = AttentionToTheAnswer(Gpt2.Experiment);
var lost = new double[model.LayerCount, model.HeadCount];
foreach (var layer in Gpt2.Layers(..induction.Layer.Value).On(model))
{
    foreach (var head in Gpt2.AllHeads.On(model))
    {
        var left = AttentionToTheAnswer(Gpt2.Experiment.Zero(layer.HeadAttentionValueOutput.Head(head)));
        lost[layer.Index, head] = (clean - left) / clean;
    }
}

string[] layers = [.. Gpt2.AllLayers.On(model).Select(layer => $"layer {layer.Index}")], heads = [.. Gpt2.AllHeads.On(model).Select(head => $"head {head}")];
var attention = HeatMap.Of("attention lost without it", lost, layers, heads, ColourScale.Sequential());
Console.WriteLine($"layer {induction.Layer}, head {induction.Head} gives {clean:F2} of its attention to the answer\n{attention}");
Console.WriteLine(model.HeadScores(HeadPattern.PreviousToken, prompts));

var needed = new double[model.LayerCount, model.HeadCount];
foreach (var layer in Gpt2.AllLayers.On(model)) foreach (var head in Gpt2.AllHeads.On(model)) needed[layer.Index, head] = without.Clean - without[layer, head];
var picture = HeatMap.Of("induction score", scores.ToArray(), layers, heads, ColourScale.Sequential())
    .Beside(HeatMap.Of("p(next word) lost without it", needed, layers, heads, ColourScale.Sequential()))
    .Beside(attention);
picture.SaveHtml("induction-heads.html");
picture.SaveSvg("induction-heads.svg");

double AttentionToTheAnswer(Experiment<Gpt2, NoSource> experiment)
{
    using var run = model.Run(experiment.Collect(Gpt2.Layer(induction.Layer).AttentionWeight.Head(induction.Head), out var pattern), prompts);
    using var weights = run[pattern][.., 0, -1, -6]; // [example]: from the last word to the one that is to come, five words back
    return weights.mean().item<float>();
}
