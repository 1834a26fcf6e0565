#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// Does a network that learned whether W = X is as true as Y = Z compute the two equalities on its way? Train it, then search for both in its layers (DAS).
// Run: dotnet run examples/studies/09-hierarchical-equality.cs
using Pyvene.Typed;
using Pyvene.Typed.Causal;
using Pyvene.Typed.Lab;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
set_num_threads(1);       // so small a network gains nothing of more
random.manual_seed(2);    // other networks learn the task too, not all by these variables: of four, this one was chosen, by examples of seed 4

using var network = Mlp.Create(layers: 3, dModel: 16, labels: 2, className: "MLPForClassification", seed: 1);
foreach (var weight in network.parameters().Where(weight => weight.ndim == 2)) nn.init.xavier_uniform_(weight, gain: 0.6);
using var plain = Mlp.Experiment.Bind(network);
var options = new TrainingOptions { Epochs = 8, BatchSize = 512, Optimiser = Optimiser.Adam(5e-3), ClipNorm = 1, Schedule = RateSchedule.Linear() };
var learned = plain.Train(Facts(120_000, seed: 1), options with { TrainsModel = true, Evaluation = Facts(20_000, seed: 2) });
Console.WriteLine($"the network is right in {learned.Evaluation!.Accuracy:F3} of new inputs\n");

// In every layer, half of a rotated space for each equality, and the same search with random rotations, shuffled sources and random changes of the same length.
var (examples, held) = (Interchanges(12_000, seed: 3), Interchanges(2_000, seed: 5));
var (onlyWX, onlyYZ) = (Interchanges(1_000, seed: 6, Equality.Variables.WX), Interchanges(1_000, seed: 7, Equality.Variables.YZ));
var places = Mlp.AllLayers.Of(3);
string[] columns = ["W = X", "Y = Z", "either or both", "random rotation", "shuffled source", "random change"];
var accuracy = new double[places.Count, columns.Length];
foreach (var layer in places)
{
    var place = layer.BlockOutput;
    var alignment = Mlp.Experiment.Align(Equality.Variables.WX, place.Features(..8)).Align(Equality.Variables.YZ, place.Features(8..16));
    using var aligned = alignment.Bind(network, examples);
    var random = aligned.Evaluate(held, batchSize: 4096);
    var found = aligned.Train(options with
    {
        Epochs = 5,
        BatchSize = 256,
        Optimiser = Optimiser.Adam(3e-2),
        ClipNorm = null,
        Evaluation = held,
        Controls = [Control.ShuffledSource, Control.MatchedRandom(1)],
    }).Evaluation!;
    double[] row =
    [
        aligned.Evaluate(onlyWX, batchSize: 4096).Accuracy,
        aligned.Evaluate(onlyYZ, batchSize: 4096).Accuracy,
        found.Accuracy,
        random.Accuracy,
        .. found.Controls.Select(control => control.Accuracy),
    ];
    foreach (var (column, value) in row.Index()) accuracy[layer.Index, column] = value;
}

string[] rows = [.. places.Select(layer => $"layer {layer.Index}")];
var picture = HeatMap.Of("interchange intervention accuracy", accuracy, rows, columns, ColourScale.Sequential(0.5, 1));
Console.WriteLine(picture);
picture.SaveHtml("hierarchical-equality.html");
picture.SaveSvg("hierarchical-equality.svg");

static CounterfactualSet Facts(int count, long seed)
{
    var samples = Equality.DrawFactual(count, seed, new() { Inputs = Drawn });
    return CounterfactualSet.OfTensors(Vectors(samples.Inputs), [], samples.LabelTensor().to(int64).squeeze(1));
}

static CounterfactualSet Interchanges(int count, long seed, params ICausalIntermediate<Equality>[] variables)
{
    var sampling = new CausalSampling<Equality> { Inputs = Drawn, Sources = (random, _) => Drawn(random), Variables = variables is [] ? null : variables };
    return Equality.DrawCounterfactual(count, batchSize: 1, seed, sampling).ToExamples(["WX", "YZ"], Vectors);
}

static Equality Drawn(CausalRandom random) // each pair is equal in half of the inputs
{
    var (w, y) = (Vector(random), Vector(random));
    return new(w, random.Next(2) == 0 ? w : Vector(random), y, random.Next(2) == 0 ? y : Vector(random));
}

static CausalValue Vector(CausalRandom random) => Enumerable.Range(0, 4).Select(_ => (random.Next(201) - 100) / 100.0).ToArray();

static ModelInputs Vectors(CausalSettings settings) => new() { InputsEmbeds = settings.ToTensor("W", "X", "Y", "Z").unsqueeze(1) };

[CausalModel]
internal sealed partial record Equality(CausalValue W, CausalValue X, CausalValue Y, CausalValue Z)
{
    public bool WX => W == X;
    public bool YZ => Y == Z;
    public bool Same => WX == YZ;
}
