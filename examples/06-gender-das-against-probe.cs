#:project ../src/Pyvene.Typed/Pyvene.Typed.csproj
// Reading is not causing: at which places can a probe read the gender of a name, and at which does one direction decide between "he" and "she" (DAS)?
// Run: dotnet run examples/06-gender-das-against-probe.cs
using Pyvene.Typed;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Training;

TorchSharp.torch.set_num_threads(1); // so small a model gains nothing of more
using var model = Gpt2.Load("models/primer");
var verbs = "walked ran laughed sang waited slept worked danced cried smiled".Split(' ');
var women = "Laura Olivia Nancy Anna Susan Helen Lily Nina Karen Grace Emily Julia Ruth Rose Kate Emma Alice Sarah Lucy Betty".Split(' ');
var men = "Adam George Brian Peter Henry James Carl Felix Frank Jack David Daniel Eric Victor Simon Oliver Kevin Mark Leo John".Split(' ');
var newWomen = "Mary Diana Jane Martha Maria Eva Linda Sophie Clara Amy".Split(' ');
var newMen = "Oscar Arthur Luke Samuel Steven Tom Robert Hugo Max Paul".Split(' ');
var positions = Axis.Of(0, 1, 2); // "Mary ran because": the name, the verb, the last token

using var das = model.TrainGrid(
    Gpt2.AllLayers,
    positions,
    (layer, position) => Gpt2.Experiment.Apply(layer.BlockOutput.At(position), new LowRankRotatedSpace(width: 128, rank: 1)),
    Pairs(women, men, count: 320, seed: 1),
    new TrainingOptions { Epochs = 3, BatchSize = 16, Optimiser = Optimiser.Adam(0.05), Evaluation = Pairs(newWomen, newMen, count: 100, seed: 2) });

// Every name stands once, so that the probe too is judged on names that it has not seen.
LabelledPrompt[] names = [.. Labelled([.. women, .. newWomen], 1), .. Labelled([.. men, .. newMen], 0)];
var probe = model.Probe(Gpt2.AllLayers, positions, (layer, position) => layer.BlockOutput.At(position), names, new ProbeOptions { HeldOut = 0.5 });

Console.WriteLine($"{"",7}  {"DAS, new names",-21}  {"probe",-21}  probe, labels shuffled");
Console.WriteLine($"{"layer",-7}{string.Concat(Enumerable.Repeat("     name   verb   last", 3))}");
foreach (var layer in Gpt2.AllLayers.On(model))
{
    Console.WriteLine($"{layer.Index,-7}{Row(das.Accuracy)}{Row(probe)}{Row(probe.Of(ProbeScore.ControlMetric))}");

    string Row(SweepTable<Gpt2.Block, int> table) => "  " + string.Concat(positions.Select(position => $"{table[layer, position],7:F2}"));
}

Console.WriteLine($"\nWithout an intervention the pronoun is the source's in {das.Accuracy.Clean:F2} of the pairs: those of one gender.");

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
