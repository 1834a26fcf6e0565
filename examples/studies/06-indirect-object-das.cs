#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// "When Mary and John went to the store, John gave a drink to": does the last position hold which name is meant, or whether it is the first or the second one?
// Run: dotnet run examples/studies/06-indirect-object-das.cs (a real GPT-2: … -- --model openai-community/gpt2)
using Pyvene.Typed;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Lab;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
set_num_threads(1);    // so small a model gains nothing of more
random.manual_seed(1); // where the rotations start
using var model = Gpt2.Load(args is ["--model", var given] ? given : "models/primer");
string[] names = "Mary Sarah Anna Laura Alice Julia John James Robert David Tom Paul Mark Peter Jack".Split(' ');
string[] places = "store park school garden library station market office".Split(' '), things = "drink book ring ball flower letter key hat".Split(' ');

var layers = Axis.Of(Gpt2.AllLayers.On(model).Where(layer => layer.Index % (model.LayerCount / 3) == 1));
var options = new TrainingOptions { Epochs = 4, BatchSize = 16, Optimiser = Optimiser.Adam(0.02), Schedule = RateSchedule.Linear(), Seed = 1 };
(string Name, Func<InterventionModule> Of, TrainingOptions Options)[] kinds =
[
    ("1 direction", () => new LowRankRotatedSpace(model.HiddenSize, rank: 1), options),
    ("20 directions", () => new LowRankRotatedSpace(model.HiddenSize, rank: 20), options),
    ("boundless", () => new BoundlessRotatedSpace(model.HiddenSize), options with
    {
        Optimiser = options.Optimiser.With("intervention_boundaries", 0.02),
        Temperatures = TemperatureSchedule.Linear(50, 0.1),
        Regularisers = [Regulariser.Boundary(0.1)],
    }),
    ("mask", () => new SigmoidMask(model.HiddenSize), options with
    {
        Temperatures = TemperatureSchedule.Linear(1e-2, 1e-4),
        Regularisers = [new(RegulariserKind.L1, "mask", 0.01)],
    }),
];

// Two hypotheses about what an interchange at the last position brings from the source: the name that is meant, or which of the two names is meant.
var named = Search(Variable.Name);
var placed = Search(Variable.Place);
var picture = named.Beside(placed);
picture.SaveHtml("indirect-object-das.html");
picture.SaveSvg("indirect-object-das.svg");

HeatMap Search(Variable variable)
{
    var (examples, held) = (Examples(variable, count: 256, seed: 1), Examples(variable, count: 128, seed: 2));
    string[] columns = [.. kinds.Select(kind => kind.Name), "whole state", "random"];
    var accuracy = new double[layers.Count, columns.Length];
    foreach (var (column, kind) in kinds.Index())
    {
        using var grid = model.TrainGrid(
            layers,
            layer => Gpt2.Experiment.Apply(layer.BlockOutput.At(^1), kind.Of()),
            examples,
            kind.Options with { Evaluation = held, Controls = column == 0 ? [Control.FullComponent, Control.MatchedRandom(3)] : [] });
        foreach (var (row, layer) in layers.Index())
        {
            accuracy[row, column] = grid.Accuracy[layer];
            if (column > 0) continue;
            accuracy[row, kinds.Length] = grid.Accuracy.Of(Control.FullComponent)[layer];
            accuracy[row, kinds.Length + 1] = grid.Accuracy.Of(Control.MatchedRandom(3))[layer];
        }

        var used = grid.Cells.Select(cell => cell.Experiment.Interventions[0].Intervention).Cast<Learned>().Select(learned => learned.Module).OfType<IGate>()
            .Select(gate => $"{gate.ComputeGate(ones(1, model.HiddenSize)).sum().item<float>():F0}");
        if (used.Any()) Console.WriteLine($"{variable}, {kind.Name}: {string.Join(", ", used)} of {model.HiddenSize} dimensions are exchanged");
    }

    string[] rows = [.. layers.Select(layer => $"layer {layer.Index}")];
    var map = HeatMap.Of($"IIA of the {variable.ToString().ToLowerInvariant()}", accuracy, rows, columns, ColourScale.Sequential());
    Console.WriteLine(map);
    return map;
}

CounterfactualSet Examples(Variable variable, int count, int seed)
{
    var random = new Random(seed);
    return CounterfactualSet.Of(Enumerable.Range(0, count).Select(number =>
    {
        random.Shuffle(names);
        var (isFirst, sourceIsFirst) = (number % 2 == 0, number / 2 % 2 == 0);
        var (@base, source) = (Text(names[0], names[1], isFirst), Text(names[2], names[3], sourceIsFirst));
        var ofPlace = isFirst == sourceIsFirst ? names[0] : names[1];
        return new Counterfactual(@base, source, $" {(variable == Variable.Name ? names[2] : ofPlace)}");
    }));

    string Text(string answer, string again, bool isFirst)
    {
        var pair = isFirst ? $"{answer} and {again}" : $"{again} and {answer}";
        return $"When {pair} went to the {places[random.Next(8)]}, {again} gave a {things[random.Next(8)]} to";
    }
}

internal enum Variable
{
    Name,
    Place,
}
