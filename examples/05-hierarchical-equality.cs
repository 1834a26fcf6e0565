#:project ../src/Pyvene.Typed/Pyvene.Typed.csproj
// Does a network that learned whether W = X is as true as Y = Z compute the two equalities on its way? Train it, then search for both in a layer (DAS).
// Run: dotnet run examples/05-hierarchical-equality.cs
using Pyvene.Typed;
using Pyvene.Typed.Causal;
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
Console.WriteLine("The network: loss and accuracy on new inputs");
plain.Train(Facts(120_000, seed: 1), options with { TrainsModel = true, Evaluation = Facts(20_000, seed: 2) }, new Curve());

var place = Mlp.Layer(0).BlockOutput;
var alignment = Mlp.Experiment.Align(Equality.Variables.WX, place.Features(..8)).Align(Equality.Variables.YZ, place.Features(8..16));
var held = Interchanges(20_000, seed: 5);
using var aligned = alignment.Bind(network, Interchanges(40_000, seed: 3));
var control = aligned.Evaluate(held, batchSize: 4096); // the rotation is still random
Console.WriteLine("The rotation: loss and interchange intervention accuracy on new examples");
var found = aligned.Train(options with { Epochs = 6, Optimiser = Optimiser.Adam(2e-2), ClipNorm = null, Evaluation = held }, new Curve()).Evaluation!;
Console.WriteLine($"IIA {found.Accuracy:F3} with the rotation that was found, {control.Accuracy:F3} with a random one");

static CounterfactualSet Facts(int count, long seed)
{
    var samples = Equality.DrawFactual(count, seed, new() { Inputs = Drawn });
    return CounterfactualSet.OfTensors(Vectors(samples.Inputs), [], samples.LabelTensor().to(int64).squeeze(1));
}

CounterfactualSet Interchanges(int count, long seed)
{
    var sampling = new CausalSampling<Equality> { Inputs = Drawn, Sources = (random, _) => Drawn(random) };
    return alignment.ToExamples(alignment.DrawCounterfactual(count, batchSize: 1, seed, sampling.ToOptions()), Vectors);
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

internal sealed class Curve : IProgress<TrainingStep>
{
    public void Report(TrainingStep step)
    {
        if (step.Evaluation is not { } held) return;
        Console.WriteLine($"{step.Epoch,3}  {held.Loss:F4}  {held.Accuracy:F3}  {new string('█', (int)(held.Accuracy * 50))}");
    }
}
