#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// Can one direction turn how a story ends? The difference of moods, added while the model writes, at several strengths, beside random directions.
// Run: dotnet run examples/studies/03-steering-a-story.cs (a real GPT-2: … -- --model openai-community/gpt2)
using Pyvene.Typed;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Lab;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
using var model = Gpt2.Load(args is ["--model", var name] ? name : "models/primer");
string[] places = ["store", "park", "school", "garden", "library", "station", "market", "office", "beach", "museum"];
(string Name, string She)[] people = [("Mary", "She"), ("John", "He"), ("Sarah", "She"), ("Paul", "He"), ("Anna", "She"), ("Peter", "He")];
string[] happy = Stories("happy", people[..4]), sad = Stories("sad", people[..4]), told = Stories("sad", people[4..]); // the names of `told` are new

string[] goodDeeds = [" smiled", " laughed", " danced", " thanked"], badDeeds = [" cried", " shouted", " sat", " broke"];

// How much of the next token's probability for one of eight deeds goes to the four good ones?
var (good, bad) = (FirstTokens(goodDeeds), FirstTokens(badDeeds));
var share = Metric.Of("share of good deeds", logits =>
{
    var p = logits.softmax(-1);
    return p.index_select(-1, good).sum(-1) / (p.index_select(-1, good).sum(-1) + p.index_select(-1, bad).sum(-1));
});

// The direction of every layer: the mean over happy stories minus that over sad ones, at the last token.
var directions = Gpt2.AllLayers.On(model).ToDictionary(layer => layer.Index, layer => Mean(layer, happy) - Mean(layer, sad));
var random = Control.MatchedRandom(20);
var table = model.Sweep(
    Gpt2.AllLayers, Axis.Of(0.25, 0.5, 1, 2, 4), (layer, strength) => Gpt2.Experiment.Add(layer.BlockOutput.At(^1), directions[layer.Index] * strength),
    told, share, new RunOptions { Controls = [random] });
Console.WriteLine($"sad stories of new people\n{table}");
using (var cheered = model.Run(Stories("happy", people[4..]))) Console.WriteLine($"happy stories of these people: {cheered.Measure(share).Mean:F2}\n");
var picture = table.HeatMap(title: "good deeds, mood direction").Beside(table.Of(random).HeatMap(title: "random directions"));
picture.SaveHtml("steering-a-story.html");
picture.SaveSvg("steering-a-story.svg");

// While it writes: added to the prompt's last token alone, or to every one that follows, too.
var middle = Gpt2.Layer(model.LayerCount / 2);
var sentence = new GenerationOptions { MaxNewTokens = 8, StopStrings = ["."] };
Console.WriteLine("stories that begin with a good deed, log-probability of a token in the clean model, and the first story");
foreach (var (when, steps) in new[] { ("prompt's end", Steps.Prompt), ("every token", Steps.Prompt.And(Steps.Each)) })
{
    foreach (var strength in (double[])[0, 0.5, 1, 2, 4])
    {
        var steer = Gpt2.Experiment.Add(middle.BlockOutput.At(^1).During(steps), directions[middle.Index] * strength);
        using var written = model.Generate(steer, told, sentence, new RunOptions { Effects = EffectCheck.Report });
        var deeds = written.Texts.Average(text => goodDeeds.Any(word => text.StartsWith(word, StringComparison.Ordinal)) ? 1.0 : 0);
        Console.WriteLine($"{when,-12} {strength,3}  {deeds,5:P0}  {LogProbability(written),6:F2}  {told[0]}{written.Texts[0]}");
    }
}

// What else does it change? The same addition, where moods have no say.
using var capital = model.Run(Gpt2.Experiment.Add(middle.BlockOutput.At(^1), directions[middle.Index]), "The capital of Spain is");
Console.WriteLine($"\n{capital.TopTokens(3)}");

double LogProbability(GeneratedText written) => told.Zip(written.Texts).Average(story =>
{
    using var run = model.Run(story.First + story.Second);
    var (start, ids) = (model.Tokenizer!.Encode(story.First).Count, model.Tokenizer.Encode(story.First + story.Second));
    return Enumerable.Range(start, ids.Count - start).Average(at => run.Logits[0, at - 1].log_softmax(-1)[ids[at]].item<float>());
});

string[] Stories(string mood, (string Name, string She)[] of) =>
    [.. of.SelectMany(one => places.Select(place => $"{one.Name} was very {mood} at the {place}. {one.She}"))];

Tensor FirstTokens(string[] words) => tensor(words.Select(word => (long)model.Tokenizer!.Encode(word)[0]).ToArray());

Tensor Mean(Gpt2.Block layer, string[] stories)
{
    using var run = model.Run(Gpt2.Experiment.Collect(layer.BlockOutput.At(^1), out var states), stories);
    return run[states].mean([0, 1]).MoveToOuterDisposeScope();
}
