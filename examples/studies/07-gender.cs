#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// Reading is not causing: where does one direction decide between "he" and "she" (DAS), where can a probe read the gender of the name, where is it needed?
// Run: dotnet run examples/studies/07-gender.cs (on a real GPT-2: -- --model openai-community/gpt2)
using Pyvene.Typed;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Lab;
using Pyvene.Typed.Training;

TorchSharp.torch.set_num_threads(1); // so small a model gains nothing of more
TorchSharp.torch.random.manual_seed(1); // where the directions start
using var model = Gpt2.Load(args is ["--model", var given] ? given : "models/primer");
var verbs = "walked ran laughed sang waited slept worked danced cried smiled".Split(' ');
var women = "Laura Olivia Nancy Anna Susan Helen Lily Nina Karen Grace Emily Julia Ruth Rose Kate Emma Alice Sarah Lucy Betty".Split(' ');
var men = "Adam George Brian Peter Henry James Carl Felix Frank Jack David Daniel Eric Victor Simon Oliver Kevin Mark Leo John".Split(' ');
var newWomen = "Mary Diana Jane Martha Maria Eva Linda Sophie Clara Amy".Split(' ');
var newMen = "Oscar Arthur Luke Samuel Steven Tom Robert Hugo Max Paul".Split(' ');
var tokens = Axis.Of(Token.Name, Token.Verb, Token.Because);

// Causing: one direction, trained so that the pronoun becomes the source's; what it makes of names that it has not seen.
using var das = model.TrainGrid(
    Gpt2.AllLayers,
    tokens,
    (layer, token) => Gpt2.Experiment.Apply(At(layer, token), new LowRankRotatedSpace(model.HiddenSize, rank: 1)),
    Pairs(women, men, count: 320, seed: 1),
    new TrainingOptions
    {
        Epochs = 3,
        BatchSize = 16,
        Optimiser = Optimiser.Adam(0.05),
        Evaluation = Pairs(newWomen, newMen, count: 100, seed: 2),
        Controls = [Control.FullComponent, Control.MatchedRandom(5)],
        Seed = 1,
    });
Console.WriteLine($"Causing: does one direction bring the source's pronoun?\n{das.Accuracy}");

// Reading: every name stands once, so that the probe too is judged on names that it has not seen.
var probe = model.Probe(Gpt2.AllLayers, tokens, At, [.. Labelled([.. women, .. newWomen], 1), .. Labelled([.. men, .. newMen], 0)], new() { HeldOut = 0.5 });
Console.WriteLine($"Reading: does a probe tell women from men?\n{probe}\nThe same with shuffled labels\n{probe.Of(ProbeScore.ControlMetric)}");

// Needing: what a linear probe could read is erased (LEACE, fitted to the training names); is the pronoun of new names still right?
LabelledPrompt[] seen = [.. Labelled(women, 1), .. Labelled(men, 0)], unseen = [.. Labelled(newWomen, 1), .. Labelled(newMen, 0)];
var erased = model.Sweep(
    Gpt2.AllLayers,
    tokens,
    (layer, token) => Gpt2.Experiment.Apply(At(layer, token), ConceptErasure.Leace(model, At(layer, token), seen)),
    Prompt.Of([.. unseen.Select(one => one.Prompt.Texts[0])]),
    Metric.IsLikeliest([.. unseen.Select(one => one.Label == 1 ? " she" : " he")]),
    new RunOptions { Controls = [Control.MatchedRandom(5)] });
Console.WriteLine($"Needing: is the pronoun right without it?\n{erased}");

// How well the erasure holds: a probe on what is left, fitted and judged on names that the erasure was not fitted to.
foreach (var token in tokens)
{
    var left = Gpt2.AllLayers.On(model).Select(layer =>
    {
        var (place, erasure) = (At(layer, token), ConceptErasure.Leace(model, At(layer, token), seen));
        using var values = model.CollectValues(Gpt2.Experiment.Apply(place, erasure), place, unseen);
        using var labels = Probes.LabelsOf(unseen);
        return $"{ProbeScore.Of(values, labels, new() { HeldOut = 0.5 }).Accuracy.Mean:F2}";
    });
    Console.WriteLine($"a new probe after the erasure, at {token}, by layer: {string.Join(" ", left)}");
}

var picture = das.Accuracy.HeatMap(title: "causing: one direction")
    .Beside(probe.HeatMap(title: "reading: probe"))
    .Beside(erased.HeatMap(title: "needing: erased"));
picture.SaveHtml("gender.html");
picture.SaveSvg("gender.svg");

static Site<Gpt2> At(Gpt2.Block layer, Token token) => layer.BlockOutput.At(^(int)token);

CounterfactualSet Pairs(string[] she, string[] he, int count, int seed)
{
    var random = new Random(seed);
    return CounterfactualSet.Of(Enumerable.Range(0, count).Select(_ =>
    {
        var (@base, source) = (Drawn(), Drawn());
        return new Counterfactual(@base.Sentence, source.Sentence, source.Pronoun);
    }));

    (string Sentence, string Pronoun) Drawn()
    {
        var (of, pronoun) = random.Next(2) == 0 ? (she, " she") : (he, " he");
        return ($"{of[random.Next(of.Length)]} {verbs[random.Next(verbs.Length)]} because", pronoun);
    }
}

IEnumerable<LabelledPrompt> Labelled(string[] names, int label) =>
    names.Select((name, number) => new LabelledPrompt($"{name} {verbs[number % verbs.Length]} because", label));

// The tokens of "Mary ran because", from the end.
internal enum Token
{
    Name = 3,
    Verb = 2,
    Because = 1,
}
