#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// Do the features of a sparse autoencoder mean something? Trained on the residual stream, found by what they tell apart, and taken out of it.
// Run: dotnet run examples/studies/11-sparse-autoencoder.cs
using Pyvene.Typed;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Lab;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
set_num_threads(1); // so small a model gains nothing of more
random.manual_seed(1);
using var model = Gpt2.Load("models/primer");
var random1 = new Random(1);
string[] women = "Mary Sarah Anna Laura Alice Julia Emma Susan Helen Grace".Split(' ');
string[] men = "John James Robert David Tom Paul Mark Peter Jack Adam".Split(' ');
string[] countries = "Spain Italy France Germany Greece Russia Japan China Egypt Cuba Kenya Peru".Split(' ');
string[] verbs = "walked ran laughed sang waited slept".Split(' '), things = "key dog teacher boat tree picture house car".Split(' ');
string[] places = "store park school garden library station".Split(' '), words = [.. things, .. places];

// Ten kinds of prompts, in pairs that differ by what the model must know at the last token.
(string Name, Func<string> Of)[] kinds =
[
    ("capital", () => $"The capital of {Any(countries)} is"), ("language", () => $"The language of {Any(countries)} is"),
    ("she", () => $"{Any(women)} {Any(verbs)} because"), ("he", () => $"{Any(men)} {Any(verbs)} because"),
    ("happy", () => $"{Any(women)} was very {Any("happy", "glad")} at the {Any(places)}. She"),
    ("sad", () => $"{Any(women)} was very {Any("sad", "angry")} at the {Any(places)}. She"),
    ("one", () => $"The {Any(things)} near the {Any(things)}s"), ("many", () => $"The {Any(things)}s near the {Any(things)}"),
    ("list", () => string.Join(' ', Enumerable.Repeat(words.OrderBy(_ => random1.Next()).Take(4).ToArray(), 2).SelectMany(list => list).Take(6))),
    ("sum", () => $"{random1.Next(10)} plus {random1.Next(10)} is"),
];
string[][] seen = [.. kinds.Select(kind => Many(kind.Of, 300))], held = [.. kinds.Select(kind => Many(kind.Of, 60))];

// An autoencoder of 256 features, trained on what layer 3 leaves at all tokens.
var stream = Gpt2.Layer(3).BlockOutput;
var states = cat([.. seen.Select(prompts => StatesOf(prompts).flatten(0, 1))]); // [token, width]
using var sae = new Autoencoder(model.HiddenSize, latents: 256);
var decoder = sae.named_parameters().Single(parameter => parameter.name == "decoder_weight").parameter; // [width, latent]
using (var optimiser = optim.Adam(sae.parameters(), 3e-3))
{
    for (var step = 0; step < 1500; step++)
    {
        using var one = NewDisposeScope();
        var batch = states[randint(states.shape[0], [256])];
        var latents = sae.ToSpace(batch);
        var loss = (sae.FromSpace(latents) - batch).square().sum([-1]).mean() + (3 * (latents * decoder.norm(0)).sum([-1]).mean());
        optimiser.zero_grad();
        loss.backward();
        optimiser.step();
    }
}

using var free = no_grad();
var features = sae.ToSpace(states);
var lost = (sae.FromSpace(features) - states).square().sum() / (states - states.mean([0])).square().sum();
var count = features.gt(0).sum([-1]).to(float32).mean();
Console.WriteLine($"{1 - lost.item<float>():P1} of the variance of {states.shape[0]} states with {count.item<float>():F0} of 256 features a token; "
    + $"{features.gt(0).any(0).logical_not().sum().item<long>()} features are never active");

// What does a feature tell? The one for a kind is active there most often, and least often in the other kinds.
var active = stack([.. held.Select(prompts => sae.ToSpace(StatesOf(prompts)[.., -1]).gt(0).to(float32).mean([0]))]); // [kind, latent]
var chosen = Enumerable.Range(0, kinds.Length).Select(kind =>
    (int)(active[kind] - ((active.sum([0]) - active[kind]) / (kinds.Length - 1))).argmax().item<long>()).ToArray();
string[] rows = [.. kinds.Select((kind, at) => $"{kind.Name}: {chosen[at]}")], columns = [.. kinds.Select(kind => kind.Name)];
var activity = Map("active", (row, column) => active[column, chosen[row]].item<float>());

// What does it do? Taken out of the stream at the last token, the rest stays as it is: p(what the model said before).
var same = Metric.Of("p(same answer)", (logits, clean) => logits.softmax(-1).gather(-1, clean.argmax(-1, true)).squeeze(-1));
var matched = Control.MatchedRandom(5);
var tables = held.Select(prompts => model.Sweep(
    Axis.Of(chosen), feature => Without(feature), prompts, same, new RunOptions { Controls = [matched], Effects = EffectCheck.Report })).ToArray();
var effect = Map("of p(same answer), left without it", (row, column) => tables[column][chosen[row]] / tables[column].Clean);
var control = Map("changed by as much at random", (row, column) => tables[column].Of(matched)[chosen[row]] / tables[column].Clean);
var picture = activity.Beside(effect).Beside(control);
Console.WriteLine(picture);
foreach (var (kind, prompts) in held.Index())
{
    using var run = model.Run(Without(chosen[kind]), prompts[0], new RunOptions { Effects = EffectCheck.Report });
    var said = run.TopTokens(1).Examples[0];
    Console.WriteLine($"{prompts[0]}{said.Before![0].Text} →{said.After[0].Text}");
}

picture.SaveHtml("sparse-autoencoder.html");
picture.SaveSvg("sparse-autoencoder.svg");

Experiment<Gpt2, NoSource> Without(int feature) => Gpt2.Experiment.Apply(
    stream.At(^1), values => values - (sae.ToSpace(values)[.., .., feature].unsqueeze(-1) * decoder[.., feature]));

HeatMap Map(string title, Func<int, int, double> cell)
{
    var values = new double[kinds.Length, kinds.Length];
    for (var row = 0; row < kinds.Length; row++) for (var column = 0; column < kinds.Length; column++) values[row, column] = cell(row, column);
    return HeatMap.Of(title, values, rows, columns, ColourScale.Sequential());
}

Tensor StatesOf(string[] prompts) // [prompt, token, width]
{
    using var run = model.Run(Gpt2.Experiment.Collect(stream, out var values), prompts);
    return run[values].clone();
}

string Any(params string[] of) => of[random1.Next(of.Length)];

static string[] Many(Func<string> of, int count) => [.. Enumerable.Range(0, count).Select(_ => of())];
